"""What waits, section by section, as the person at the desk may see it: one query over the stages, frozen rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sealdesk.core.i18n import N_, _
from sealdesk.domain.access import Actor
from sealdesk.domain.orders import COUNTERSIGNED, PERMITTED, PRODUCED, READY, RETURNED
from sealdesk.domain.seals import BURNING
from sealdesk.stages.acceptance.queries import WaitingOrder, waiting_orders
from sealdesk.stages.acceptance.rules import ACCEPT
from sealdesk.stages.logistics.queries import deliverable_orders
from sealdesk.stages.logistics.rules import DELIVER
from sealdesk.stages.production.queries import queue
from sealdesk.stages.production.rules import BURN
from sealdesk.stages.registration.queries import order_lines
from sealdesk.stages.registration.rules import EDIT
from sealdesk.stages.signature.queries import waiting_chips
from sealdesk.stages.signature.rules import SIGN
from sealdesk.ui.theme import Tone


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what it is, what is to be said about it, since when, and what its stage is told to show."""

    subject: str
    title: str
    detail: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """What waits of one kind. `title` and `advice` are marked texts."""

    name: str
    stage: str
    title: str
    advice: str
    tone: Tone
    lines: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    stage: str
    permission: str
    title: str
    advice: str
    tone: Tone
    read: Callable[[Any], tuple[Waiting, ...]]


def sections(session: Any, actor: Actor) -> tuple[Section, ...]:
    """Everything that waits for this person, the most urgent first; kinds of which nothing waits are left out."""
    found = []
    for kind in _KINDS:
        lines = kind.read(session) if actor.may(kind.permission) else ()
        if lines:
            found.append(Section(kind.name, kind.stage, kind.title, kind.advice, kind.tone, lines))
    return tuple(found)


def _returned(session: Any) -> tuple[Waiting, ...]:
    return tuple(Waiting(row.id, row.unit_name, row.return_reason, row.updated_at) for row in order_lines(session, (RETURNED,)))


def _orders(session: Any, states: tuple[str, ...]) -> tuple[Waiting, ...]:
    return tuple(_order(row) for row in waiting_orders(session) if row.state in states)


def _order(row: WaitingOrder) -> Waiting:
    permit = _("Permit {number}").format(number=row.permit) if row.permit.isdigit() else row.number
    return Waiting(row.id, row.unit_name, f"{permit} · " + _("{count} seals").format(count=len(row.seal_names)), row.updated_at)


def _burning(session: Any) -> tuple[Waiting, ...]:
    return tuple(Waiting(row.seal_id, row.unit_name, row.seal_name, row.updated_at) for row in queue(session, (BURNING,)))


def _unsigned(session: Any) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(row.seal_id, row.unit_name, f"{row.seal_name} · " + _("Chip {serial}").format(serial=row.chip_serial), row.made_at)
        for row in waiting_chips(session)
    )


def _deliverable(session: Any) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(row.id, row.unit_name, f"{row.handler.name} · " + _("{count} seals").format(count=len(row.seals)), row.updated_at)
        for row in deliverable_orders(session, (PRODUCED,))
    )


_KINDS = (
    _Kind("returned", "registration", EDIT.name, N_("Returned registrations"), N_("Put right and submit again"), Tone.WARN, _returned),
    _Kind("burning", "production", BURN.name, N_("Chips left half burned"), N_("Insert the chip to finish it"), Tone.FAULT, _burning),
    _Kind(
        "permits",
        "acceptance",
        ACCEPT.name,
        N_("Permits to countersign"),
        N_("Countersign and accept"),
        Tone.BUSY,
        lambda session: _orders(session, (PERMITTED,)),
    ),
    _Kind(
        "orders",
        "acceptance",
        ACCEPT.name,
        N_("Orders to accept"),
        N_("Take on for production"),
        Tone.BUSY,
        lambda session: _orders(session, (COUNTERSIGNED, READY)),
    ),
    _Kind("signature", "signature", SIGN.name, N_("Chips to sign"), N_("Sign and burn the query information"), Tone.BUSY, _unsigned),
    _Kind("delivery", "logistics", DELIVER.name, N_("Waiting for hand-over"), N_("Check papers and hand over"), Tone.OK, _deliverable),
)
"""In the order of urgency: what a customer or a half-made chip waits for comes first."""
