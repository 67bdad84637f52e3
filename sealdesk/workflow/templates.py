"""Which templates a new seal may be made from: the mandated ones, those the shop chose, and the shop's own. It changes none of them.

Shared by registration, which offers them, and by the stage that manages them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.face import stp
from sealdesk.face.template import Template
from sealdesk.face.templates import TEMPLATES
from sealdesk.models.templates import ChosenTemplateRow, LocalTemplateRow

USUAL = frozenset(
    {
        "unit.enterprise.38",
        "unit.enterprise.45",
        "unit.individual.38",
        "department.enterprise.38",
        "purpose.star.38",
        "purpose.star.40",
        "purpose.blank.40",
        "finance.35",
        "finance.square.22",
        "contract.38",
        "contract.50",
        "person.square.18",
        "person.square.22",
        "social.local.42",
        "nonenterprise.local.42",
        "customs.50x36",
        "steel.42",
    }
)
"""What a new shop begins with beside the mandated ones, until it takes them out: one size of everything that is asked for every week."""


OWN_PREFIX = "local."
"""What the name of every template of a shop begins with (`face.stp`)."""


@dataclass(frozen=True, slots=True)
class Available:
    """A template that may be chosen for a new seal; `file` is the text of its `.stp` file and empty for the system's own."""

    template: Template
    file: str = ""


def reference(name: str, version: int) -> str:
    """How an order names one version of a template of the shop; it means the same drawing for ever."""
    return f"{OWN_PREFIX}{name}@{version}"


@lru_cache(maxsize=128)
def local_template(called: str, file: str) -> Template:
    """The template in the text of a `.stp` file, under the name by which an order knows it.

    Raises:
        UserError: the text is no template file.
    """
    return dataclasses.replace(stp.template(stp.read(file.encode())), name=called)


def is_chosen(template: Template, decided: dict[str, bool]) -> bool:
    """Whether the shop uses a template of the system, given what it decided by name."""
    return template.mandated or decided.get(template.name, template.name in USUAL)


def decisions(session: Session) -> dict[str, bool]:
    """What the shop decided about templates of the system, by name."""
    return {row.name: row.chosen for row in session.execute(select(ChosenTemplateRow)).scalars()}


def newest_local(session: Session) -> tuple[LocalTemplateRow, ...]:
    """The newest version of each template of the shop, retired ones too, in the order of their titles."""
    rows = session.execute(select(LocalTemplateRow).order_by(LocalTemplateRow.version)).scalars()
    newest = {row.name: row for row in rows}
    return tuple(sorted(newest.values(), key=lambda row: (row.title, row.name)))


def available_templates(session: Session) -> tuple[Available, ...]:
    """What registration offers: the system's templates that are mandated or chosen, then the shop's own that are not retired."""
    decided = decisions(session)
    system = tuple(Available(template) for template in TEMPLATES if is_chosen(template, decided))
    own = tuple(
        Available(local_template(reference(row.name, row.version), row.content), row.content)
        for row in newest_local(session)
        if row.retired_at is None
    )
    return system + own
