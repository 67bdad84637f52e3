"""The paper of production: the job ticket of one seal, from what the store holds."""

from __future__ import annotations

from sqlalchemy.orm import Session

from sealdesk.core.i18n import N_, _
from sealdesk.documents.ticket import JobTicket, ticket_pdf
from sealdesk.domain.orders import REASON_TITLES, Reason
from sealdesk.domain.seals import CARRIER_TITLES, SEAL_TYPE_TITLES, Carrier, SealType, product
from sealdesk.face.export import profiles
from sealdesk.models.orders import SealRow
from sealdesk.workflow.paper import face_art, letterhead, size_of
from sealdesk.workflow.uow import MissingError

QR_PREFIX = "sealdesk:seal:"
"""What stands before the seal code in the ticket's QR; the scan field takes it off again."""

_PHYSICAL_STEPS = (N_("Export the face for the material"), N_("Engrave the face"), N_("Compare an imprint with the face"))
_CHIP_STEPS = (*_PHYSICAL_STEPS, N_("Burn the chip"), N_("Sign the query information"))


def job_ticket(session: Session, seal_id: str, material: str = "") -> bytes:
    """The ticket that goes with a seal through the workshop, as PDF; `material` overrides the product's.

    Raises:
        MissingError: the seal is not there.
    """
    seal = session.get(SealRow, seal_id)
    if seal is None:
        raise MissingError(what="seal", id=seal_id)
    carrier, chosen = Carrier(seal.carrier), material or seal.material
    return ticket_pdf(
        JobTicket(
            letterhead=letterhead(session),
            number=f"{seal.order.number}-{seal.position}",
            order_number=seal.order.number,
            unit_name=seal.order.unit_name,
            seal_name=seal.name,
            type_title=_(SEAL_TYPE_TITLES[SealType(seal.seal_type)]),
            carrier_title=_(CARRIER_TITLES[carrier]),
            product=_product(seal.product_id),
            seal_code=seal.seal_code,
            size=size_of(seal.width_mm, seal.height_mm),
            due=seal.order.due_on,
            urgency="",
            face=None if seal.face_spec is None else face_art(seal.face_spec),
            making=profiles.explained(profiles.profile(chosen)) if chosen else (),
            steps=tuple(_(step) for step in (_CHIP_STEPS if carrier.has_chip else _PHYSICAL_STEPS)),
            remarks="" if seal.reason == Reason.NEW else _(REASON_TITLES[Reason(seal.reason)]),
            qr=f"{QR_PREFIX}{seal.seal_code or seal.id}",
        )
    )


def _product(product_id: str) -> str:
    try:
        return _(product(product_id).title)
    except KeyError:
        return product_id
