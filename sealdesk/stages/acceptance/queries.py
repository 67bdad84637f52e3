"""What acceptance shows: permits to countersign, orders ready to accept, and one permit with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.domain.orders import COUNTERSIGNED, PERMITTED, READY
from sealdesk.domain.seals import SealType
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.permits import PermitRow
from sealdesk.stages.acceptance.verification import PermitVerdict, Registered, RegisteredSeal, verify_permit
from sealdesk.workflow import facts

WAITING_STATES = (PERMITTED, COUNTERSIGNED, READY)


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that waits for acceptance. `permit` is its number, or empty where none is needed."""

    id: str
    number: str
    state: str
    unit_name: str
    handler_name: str
    seal_names: tuple[str, ...]
    permit: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AcceptedSeal:
    """A seal of an order in acceptance, with the face as it is to be made. `spec` is the face's JSON description."""

    id: str
    name: str
    seal_type: str
    carrier: str
    seal_code: str
    spec: object


@dataclass(frozen=True, slots=True)
class PermitView:
    """An order with its permit, the verdict on it, and its faces."""

    order: WaitingOrder
    record: str
    verdict: PermitVerdict | None
    countersigned_at: datetime | None
    seals: tuple[AcceptedSeal, ...]


def waiting_orders(session: Session) -> tuple[WaitingOrder, ...]:
    """Orders that can be countersigned or accepted, the oldest first."""
    rows = session.execute(select(OrderRow).where(OrderRow.state.in_(WAITING_STATES)).order_by(OrderRow.updated_at)).scalars()
    return tuple(_waiting(session, row) for row in rows)


def permit_view(session: Session, order_id: str, at: datetime) -> PermitView | None:
    """One order with its permit held against our registration; None when the order is not there.

    The moment that counts is `at` while the order waits; a permit that was used in time is judged as of the day it came.
    """
    order = session.get(OrderRow, order_id)
    if order is None:
        return None
    row = permit_row(session, order_id)
    verdict = None
    if row is not None:
        moment = at if order.state in WAITING_STATES else row.received_at
        verdict = verify_permit(row.record, registered(session, order), facts.trust(session), moment)
    return PermitView(
        order=_waiting(session, order),
        record="" if row is None else row.record,
        verdict=verdict,
        countersigned_at=None if row is None else row.countersigned_at,
        seals=tuple(AcceptedSeal(seal.id, seal.name, seal.seal_type, seal.carrier, seal.seal_code, seal.face_spec) for seal in order.seals),
    )


def permit_row(session: Session, order_id: str) -> PermitRow | None:
    """The permit of an order, or None."""
    return session.execute(select(PermitRow).where(PermitRow.order_id == order_id)).scalar_one_or_none()


def registered(session: Session, order: OrderRow) -> Registered:
    """What we registered in this order, as the permit must repeat it."""
    unit = order.unit
    return Registered(
        order_id=order.id,
        shop_code=facts.shop(session).code,
        unit_name=order.unit_name,
        uscc="" if unit is None else unit.uscc,
        handler=order.handler,
        seals=tuple(_registered_seal(seal) for seal in order.seals if SealType(seal.seal_type).needs_permit),
    )


def _registered_seal(seal: SealRow) -> RegisteredSeal:
    return RegisteredSeal(
        id=seal.id,
        seal_type=seal.seal_type,
        name=seal.name,
        template=seal.template,
        fields=tuple(sorted(seal.face_fields.items())),
        width_mm=seal.width_mm,
        height_mm=seal.height_mm,
    )


def _waiting(session: Session, row: OrderRow) -> WaitingOrder:
    permit = permit_row(session, row.id)
    return WaitingOrder(
        id=row.id,
        number=row.number,
        state=row.state,
        unit_name=row.unit_name,
        handler_name=row.handler.name,
        seal_names=tuple(seal.name for seal in row.seals),
        permit="" if permit is None else permit.number,
        updated_at=row.updated_at,
    )
