"""模板: choosing system templates, taking the shop's own in and giving them out, and the editor of faces.

Must not know of orders beyond how many seals were made from a template.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import N_
from sealdesk.stages.templates.rules import MANAGE
from sealdesk.ui import desk as window
from sealdesk.ui.desk import Shell, WorkspaceSpec
from sealdesk.workflow.desk import Desk


def _build(desk: window.Desk, shell: Shell) -> QWidget:
    from sealdesk.ui.workspaces.templates.workspace import TemplatesWorkspace  # late: draws on the face engine

    return TemplatesWorkspace(cast(Desk, desk), shell)


SPEC = WorkspaceSpec(
    name="templates",
    title=N_("Templates"),
    icon="templates",
    permission=MANAGE.name,
    build=_build,
    late=f"{__name__}.workspace",
)
