"""登记: the counter's workspace, where units, seals, faces and proof documents are typed and submitted.

Must not know what becomes of an order after it was submitted.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import N_
from sealdesk.domain.orders import RETURNED
from sealdesk.stages.registration.queries import order_lines
from sealdesk.stages.registration.rules import EDIT
from sealdesk.ui import desk as window
from sealdesk.ui.desk import Shell, WorkspaceSpec
from sealdesk.workflow.desk import Desk


def _build(desk: window.Desk, shell: Shell) -> QWidget:
    from sealdesk.ui.workspaces.registration.workspace import RegistrationWorkspace  # late: draws on the face engine

    return RegistrationWorkspace(cast(Desk, desk), shell)


SPEC = WorkspaceSpec(
    name="registration",
    title=N_("Register"),
    icon="registration",
    permission=EDIT.name,
    build=_build,
    count=lambda session: len(order_lines(session, (RETURNED,))),
    nouns=frozenset({"orders"}),
    late=f"{__name__}.workspace",
)
