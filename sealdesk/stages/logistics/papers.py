"""The papers of a hand-over: delivery slip and PIN mailer, from what the store holds."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import N_, _
from sealdesk.documents.pin_mailer import MailedPin, PinMailer, pin_mailer_pdf
from sealdesk.documents.slip import Collector, DeliveredSeal, DeliverySlip, slip_pdf
from sealdesk.domain.identifiers import DOCUMENT_TITLES, DocumentKind, mask_document, mask_phone
from sealdesk.domain.orders import PROOF_TITLES, ProofKind
from sealdesk.domain.seals import CARRIER_TITLES, SEAL_TYPE_TITLES, Carrier, SealType
from sealdesk.models.deliveries import DeliveryRow
from sealdesk.models.orders import OrderRow
from sealdesk.models.permits import PermitRow
from sealdesk.models.users import UserRow
from sealdesk.stages.logistics.queries import card_pins, deliverable_order, live_delivery
from sealdesk.workflow.paper import letterhead, size_of
from sealdesk.workflow.uow import MissingError


def delivery_slip(session: Session, order_id: str) -> bytes:
    """The slip of an order's hand-over as PDF.

    Raises:
        MissingError: no hand-over was begun.
    """
    order, delivery = session.get(OrderRow, order_id), live_delivery(session, order_id)
    if order is None or delivery is None:
        raise MissingError(what="delivery", id=order_id)
    permit = session.execute(select(PermitRow.number).where(PermitRow.order_id == order_id)).scalar_one_or_none()
    clerk = session.get(UserRow, delivery.delivered_by)
    return slip_pdf(
        DeliverySlip(
            letterhead=letterhead(session),
            number=delivery.number,
            order_number=order.number,
            unit_name=order.unit_name,
            uscc="" if order.unit is None else order.unit.uscc,
            permit_number=permit or "",
            delivered_at=f"{delivery.delivered_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
            clerk="" if clerk is None else clerk.display_name,
            collector=_collector(order, delivery),
            papers=_papers(delivery),
            seals=tuple(
                DeliveredSeal(
                    name=seal.name,
                    code=seal.seal_code,
                    type_title=_(SEAL_TYPE_TITLES[SealType(seal.seal_type)]),
                    carrier_title=_(CARRIER_TITLES[Carrier(seal.carrier)]),
                    size=size_of(seal.width_mm, seal.height_mm),
                    with_pin_mailer=Carrier(seal.carrier).has_chip,
                )
                for seal in order.seals
            ),
            qr=f"sealdesk:delivery:{delivery.number}",
        )
    )


def pin_mailer(session: Session, order_id: str) -> bytes | None:
    """The PIN mailer of an order as PDF; None when no chip's PIN is kept (any more)."""
    order, pins = deliverable_order(session, order_id), card_pins(session, order_id)
    if order is None or not pins:
        return None
    return pin_mailer_pdf(
        PinMailer(
            letterhead=letterhead(session),
            number=order.number,
            unit_name=order.unit_name,
            pins=tuple(MailedPin(seal.name, seal.seal_code, seal.chip_serial, pins[seal.id]) for seal in order.seals if seal.id in pins),
        )
    )


def _collector(order: OrderRow, delivery: DeliveryRow) -> Collector:
    who = delivery.collector
    if who.same_as(order.handler):
        capacity = N_("Handler")
    elif order.unit is not None and who.same_as(order.unit.principal):
        capacity = N_("Person in charge")
    else:
        capacity = N_("Authorised person")
    return Collector(
        name=who.name,
        document_title=_(DOCUMENT_TITLES[DocumentKind(who.document_kind)]),
        document_masked=mask_document(who.document_number),
        phone_masked=mask_phone(who.phone),
        capacity=_(capacity),
    )


def _papers(delivery: DeliveryRow) -> tuple[str, ...]:
    seen = [_("Original document of the collector, seen")]
    if delivery.authorisation:
        seen.append(_(PROOF_TITLES[ProofKind.POWER_OF_ATTORNEY]))
    return tuple(seen)
