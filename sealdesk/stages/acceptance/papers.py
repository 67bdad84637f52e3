"""The copy of a permit on paper, with our verdict on it and our countersignature."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from sealdesk.core.clock import CHINA, parse_stamp
from sealdesk.core.i18n import _
from sealdesk.crypto.certificates import Certificate
from sealdesk.crypto.records import SignedRecord
from sealdesk.documents.permit import CountersignatureNote, PermitPaper, PermitSeal, VerdictLine, permit_pdf
from sealdesk.domain.identifiers import mask_document
from sealdesk.domain.seals import SEAL_TYPE_TITLES, SealType
from sealdesk.models.orders import OrderRow
from sealdesk.stages.acceptance.queries import permit_row, permit_view
from sealdesk.stages.acceptance.rules import PermitMissingError
from sealdesk.wire.permits import CountersignatureContent
from sealdesk.workflow.paper import face_art, letterhead, size_of


def permit_copy(session: Session, order_id: str, at: datetime) -> bytes:
    """The permit of an order as PDF.

    Raises:
        PermitMissingError: there is none that can be read.
    """
    view, row, order = permit_view(session, order_id, at), permit_row(session, order_id), session.get(OrderRow, order_id)
    if view is None or row is None or order is None or view.verdict is None or view.verdict.permit is None:
        raise PermitMissingError
    permit, specs = view.verdict.permit, {seal.id: seal.face_spec for seal in order.seals}
    return permit_pdf(
        PermitPaper(
            letterhead=letterhead(session),
            number=permit.number,
            issuer_name=permit.issuer_name,
            issuer_code=permit.issuer_code,
            unit_name=permit.unit_name,
            unit_code=permit.unit_code,
            uscc=permit.uscc,
            principal_name="" if order.unit is None else order.unit.principal.name,
            handler_name=permit.handler_name,
            handler_document=mask_document(permit.handler_document),
            issued_on=permit.issued_on,
            valid_until=permit.valid_until,
            seals=tuple(
                PermitSeal(
                    name=seal.name,
                    type_title=_(SEAL_TYPE_TITLES[SealType(seal.seal_type)]),
                    code=seal.seal_code,
                    size=size_of(seal.width_mm, seal.height_mm),
                    face=face_art(specs[seal.seal_id]) if seal.seal_id in specs else None,
                )
                for seal in permit.seals
            ),
            verdict=tuple(VerdictLine(f"{step.title}  {step.detail}".strip(), bool(step.passed)) for step in view.verdict.steps),
            countersignature=_note(row.countersignature),
            qr=f"sealdesk:permit:{permit.number}",
        )
    )


def _note(record: str) -> CountersignatureNote | None:
    if not record:
        return None
    signed = SignedRecord.from_json(record)
    content = CountersignatureContent.model_validate_json(signed.content)
    signer = Certificate.from_der(signed.chain[0])
    return CountersignatureNote(
        signer=f"{content.operator} ({content.shop.name})",
        signed_at=f"{parse_stamp(content.signed_at).astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        certificate_serial=f"{signer.serial:X}",
        fingerprint=signer.fingerprint,
    )
