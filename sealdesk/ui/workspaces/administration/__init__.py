"""系统: people with their keys and permissions, audit trail, exchange with the platform, settings and diagnosis.

Must not know of orders and seals beyond the words that the audit trail has for them.
"""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import N_
from sealdesk.ui import desk as window
from sealdesk.ui.desk import Shell, WorkspaceSpec


def _build(desk: window.Desk, shell: Shell) -> QWidget:
    from sealdesk.ui.workspaces.administration.workspace import AdministrationWorkspace
    from sealdesk.workflow.desk import Desk

    return AdministrationWorkspace(cast(Desk, desk), shell)


def _count(session: Any) -> int:
    from sealdesk.workflow import outbox

    return outbox.counts(session).decisions


SPEC = WorkspaceSpec(
    name="administration",
    title=N_("Administration"),
    icon="administration",
    permission="",  # diagnosis and appearance are for everybody; the pages for others ask for their own
    build=_build,
    count=_count,
    nouns=frozenset({"outbox"}),
    late=f"{__name__}.workspace",
)
