"""What logistics shows: orders ready for hand-over, one hand-over whole, and the facts of a slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sealdesk.domain.chips import DONE as BURNED
from sealdesk.domain.orders import DELIVERED, PRODUCED
from sealdesk.domain.seals import Carrier
from sealdesk.domain.units import Person
from sealdesk.models.burns import BurnRow
from sealdesk.models.card_pins import card_pin
from sealdesk.models.deliveries import DeliveryRow
from sealdesk.models.orders import GoodsRow, OrderRow, SealRow
from sealdesk.stages.logistics.rules import WITHDRAWN
from sealdesk.workflow import facts

MOST_DELIVERED = 200
"""Orders handed over that a list shows; each is read whole."""


@dataclass(frozen=True, slots=True)
class DeliverableSeal:
    """A seal as it goes over the counter. `chip_serial` is empty without chip; `burned` says whether the delivery record is on it."""

    id: str
    name: str
    seal_type: str
    carrier: str
    seal_code: str
    chip_serial: str
    burned: bool
    spec: Any


@dataclass(frozen=True, slots=True)
class DeliverableGoods:
    """Goods that go with the seals."""

    product: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A hand-over that was begun or done."""

    id: str
    number: str
    state: str
    collector: Person
    record: str
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class DeliverableOrder:
    """An order at the counter, with who may collect it."""

    id: str
    number: str
    state: str
    unit_name: str
    principal: Person
    handler: Person
    seals: tuple[DeliverableSeal, ...]
    goods: tuple[DeliverableGoods, ...]
    delivery: Delivery | None
    shop_name: str
    updated_at: datetime


def deliverable_orders(session: Session, states: tuple[str, ...] = (PRODUCED,)) -> tuple[DeliverableOrder, ...]:
    """Orders in these states, the oldest first."""
    rows = session.execute(select(OrderRow).where(OrderRow.state.in_(states)).order_by(OrderRow.updated_at)).scalars()
    return tuple(_order(session, row) for row in rows)


def delivered_orders(session: Session, limit: int = MOST_DELIVERED) -> tuple[DeliverableOrder, ...]:
    """Orders that were handed over, the newest first; older ones are found by the search."""
    rows = session.execute(select(OrderRow).where(OrderRow.state == DELIVERED).order_by(OrderRow.updated_at.desc()).limit(limit)).scalars()
    return tuple(_order(session, row) for row in rows)


def waiting_count(session: Session) -> int:
    """How many orders wait for hand-over."""
    return session.execute(select(func.count()).select_from(OrderRow).where(OrderRow.state == PRODUCED)).scalar_one()


def deliverable_order(session: Session, order_id: str) -> DeliverableOrder | None:
    """One order at the counter, or None."""
    row = session.get(OrderRow, order_id)
    return None if row is None else _order(session, row)


def live_delivery(session: Session, order_id: str) -> DeliveryRow | None:
    """The hand-over of an order that was not withdrawn, or None."""
    statement = select(DeliveryRow).where(DeliveryRow.order_id == order_id, DeliveryRow.state != WITHDRAWN)
    return session.execute(statement).scalar_one_or_none()


def card_pins(session: Session, order_id: str) -> dict[str, str]:
    """The card PINs of an order's chips by seal id, for the PIN mailer alone; empty once the order was handed over."""
    statement = select(BurnRow).join(SealRow, SealRow.id == BurnRow.seal_id).where(SealRow.order_id == order_id, BurnRow.state == BURNED)
    pins = {row.seal_id: card_pin(session, row) for row in session.execute(statement).scalars()}
    return {seal_id: pin for seal_id, pin in pins.items() if pin}


def _order(session: Session, row: OrderRow) -> DeliverableOrder:
    delivery = live_delivery(session, row.id)
    burned = set(delivery.burned) if delivery is not None else set()
    nobody = Person("", "", "", "")
    return DeliverableOrder(
        id=row.id,
        number=row.number,
        state=row.state,
        unit_name=row.unit_name,
        principal=nobody if row.unit is None else row.unit.principal,
        handler=row.handler,
        seals=tuple(_seal(session, seal, burned) for seal in row.seals),
        goods=tuple(_goods(goods) for goods in row.goods),
        delivery=None if delivery is None else _delivery(delivery),
        shop_name=facts.shop(session).name,
        updated_at=row.updated_at,
    )


def _seal(session: Session, seal: SealRow, burned: set[str]) -> DeliverableSeal:
    serial = ""
    if Carrier(seal.carrier).has_chip:
        statement = select(BurnRow.chip_serial).where(BurnRow.seal_id == seal.id, BurnRow.state == BURNED)
        serial = session.execute(statement).scalar_one_or_none() or ""
    return DeliverableSeal(seal.id, seal.name, seal.seal_type, seal.carrier, seal.seal_code, serial, seal.id in burned, seal.face_spec)


def _goods(row: GoodsRow) -> DeliverableGoods:
    return DeliverableGoods(row.product_id, row.quantity)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(row.id, row.number, row.state, row.collector, row.record, row.delivered_at)
