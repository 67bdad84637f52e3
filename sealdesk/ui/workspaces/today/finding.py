"""What the search box finds in the store: units, orders, seals and permits, each leading to where it stands now."""

from __future__ import annotations

from typing import Any

from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Job
from sealdesk.ui.desk import Desk
from sealdesk.ui.parts.command_palette import Hit
from sealdesk.workflow.finding import found

GROUPS = {
    "unit": (N_("Units"), "unit"),
    "order": (N_("Orders"), "registration"),
    "seal": (N_("Seals"), "seal"),
    "permit": (N_("Permits"), "acceptance"),
}
"""Title and icon of each kind of answer."""


def find(desk: Desk, typed: str) -> Job[tuple[Hit, ...]]:
    """Search while somebody types; two characters suffice."""

    def query(session: Any) -> tuple[Hit, ...]:
        hits = []
        for answer in found(session, typed):
            group, icon = GROUPS[answer.kind]
            hits.append(Hit(_(group), icon, answer.title, answer.detail, answer.stage, answer.subject))
        return tuple(hits)

    return desk.ask(query)
