"""What the one search box finds: units, orders, seals and permits, each with the stage where it stands now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.domain import orders, seals
from sealdesk.domain.orders import ORDER_MACHINE
from sealdesk.domain.seals import SEAL_MACHINE, Carrier
from sealdesk.models import search
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.permits import PermitRow
from sealdesk.models.units import UnitRow

STAGE_OF_ORDER = {
    orders.DRAFT: "registration",
    orders.RETURNED: "registration",
    orders.SUBMITTED: "registration",
    orders.CANCELLED: "registration",
    orders.PERMITTED: "acceptance",
    orders.COUNTERSIGNED: "acceptance",
    orders.READY: "acceptance",
    orders.ACCEPTED: "production",
    orders.PRODUCED: "logistics",
    orders.DELIVERED: "logistics",
}
"""Where an order is worked on, by its state."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found: `kind` is "unit", "order", "seal" or "permit"; `subject` is what its stage takes to show it."""

    kind: str
    title: str
    detail: str
    stage: str
    subject: str


def found(session: Session, typed: str, limit: int = 12) -> tuple[Found, ...]:
    """What `typed` (two characters suffice) may mean, best first."""
    answers: list[Found] = []
    ways = {search.UNIT: _unit, search.ORDER: _order, search.SEAL: _seal, search.PERMIT: _permit}
    for kind, subject_id in search.find(session, typed, limit):
        answer = ways[kind](session, subject_id)
        if answer is not None:
            answers.append(answer)
    return tuple(answers)


def _unit(session: Session, unit_id: str) -> Found | None:
    """A unit leads to its latest order."""
    unit = session.get(UnitRow, unit_id)
    latest = select(OrderRow).where(OrderRow.unit_id == unit_id).order_by(OrderRow.updated_at.desc()).limit(1)
    order = session.execute(latest).scalar_one_or_none()
    if unit is None or order is None:
        return None
    return Found("unit", unit.name, unit.uscc or unit.registration_number, STAGE_OF_ORDER[order.state], order.id)


def _order(session: Session, order_id: str) -> Found | None:
    order = session.get(OrderRow, order_id)
    if order is None:
        return None
    title = order.unit_name or order.number
    return Found("order", title, f"{order.number} · {ORDER_MACHINE.title(order.state)}", STAGE_OF_ORDER[order.state], order.id)


def _permit(session: Session, number: str) -> Found | None:
    """A permit leads to its order."""
    permit = session.get(PermitRow, number)
    order = None if permit is None else session.get(OrderRow, permit.order_id)
    if order is None:
        return None
    return Found("permit", number, order.unit_name, STAGE_OF_ORDER[order.state], order.id)


def _seal(session: Session, seal_id: str) -> Found | None:
    seal = session.get(SealRow, seal_id)
    if seal is None:
        return None
    detail = " · ".join(part for part in (seal.seal_code, SEAL_MACHINE.title(seal.state)) if part)
    if seal.state in (seals.ACCEPTED, seals.BURNING):
        return Found("seal", seal.name, detail, "production", seal.id)
    if seal.state == seals.MADE and Carrier(seal.carrier).has_chip:
        return Found("seal", seal.name, detail, "signature", seal.id)
    return Found("seal", seal.name, detail, STAGE_OF_ORDER[seal.order.state], seal.order_id)
