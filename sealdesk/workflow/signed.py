"""All signed records that belong to an order, for whoever has to show or check them; verifies nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.core.i18n import N_
from sealdesk.models.deliveries import DeliveryRow
from sealdesk.models.orders import SealRow
from sealdesk.models.permits import PermitRow


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """A signed record by its short name and title; `record` is JSON of `crypto.records.SignedRecord`."""

    name: str
    title: str
    record: str


def records_of_order(session: Session, order_id: str) -> tuple[OrderRecord, ...]:
    """Permit, countersignature, query information of each chip, delivery: those that there are, in this order."""
    found: list[OrderRecord] = []
    permit = session.execute(select(PermitRow).where(PermitRow.order_id == order_id)).scalar_one_or_none()
    if permit is not None:
        found.append(OrderRecord("permit", N_("Permit"), permit.record))
        found.append(OrderRecord("countersignature", N_("Countersignature"), permit.countersignature))
    seals = select(SealRow.signed_record).where(SealRow.order_id == order_id).order_by(SealRow.position)
    found += [OrderRecord("query", N_("Query information"), record) for record in session.execute(seals).scalars()]
    deliveries = select(DeliveryRow.record).where(DeliveryRow.order_id == order_id, DeliveryRow.state != "withdrawn")
    found += [OrderRecord("delivery", N_("Delivery record"), record) for record in session.execute(deliveries).scalars()]
    return tuple(entry for entry in found if entry.record)
