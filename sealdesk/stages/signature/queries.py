"""What the signature stage shows: chips that wait for it, and the query information as it would be signed, beside permit and chip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.core.clock import CHINA
from sealdesk.crypto.records import SignedRecord
from sealdesk.domain.chips import DONE
from sealdesk.domain.query_information import QueryInformation, if_it_fits
from sealdesk.domain.seals import MADE, Carrier, SealStatus
from sealdesk.models.burns import BurnRow
from sealdesk.models.card_pins import card_pin
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.permits import PermitRow
from sealdesk.wire.permits import PermitContent
from sealdesk.workflow import facts


@dataclass(frozen=True, slots=True)
class WaitingChip:
    """A chip seal that was made and is not signed yet. `signed` says whether the record only waits to be burned."""

    seal_id: str
    order_id: str
    order_number: str
    unit_name: str
    seal_name: str
    seal_code: str
    chip_serial: str
    signed: bool
    made_at: datetime | None
    spec: Any


@dataclass(frozen=True, slots=True)
class SignaturePlan:
    """What is to be signed and burned for one seal."""

    seal_id: str
    order_id: str
    seal_name: str
    chip_serial: str
    information: QueryInformation
    record: str
    card_pin_known: bool


def waiting_chips(session: Session) -> tuple[WaitingChip, ...]:
    """Made chip seals without a burned signature, the oldest first."""
    statement = (
        select(SealRow, BurnRow)
        .join(BurnRow, (BurnRow.seal_id == SealRow.id) & (BurnRow.state == DONE))
        .join(OrderRow, SealRow.order_id == OrderRow.id)
        .where(SealRow.state == MADE, SealRow.carrier != Carrier.PHYSICAL)
        .order_by(SealRow.made_at)
    )
    return tuple(
        WaitingChip(
            seal_id=seal.id,
            order_id=seal.order_id,
            order_number=seal.order.number,
            unit_name=seal.order.unit_name,
            seal_name=seal.name,
            seal_code=seal.seal_code,
            chip_serial=burn.chip_serial,
            signed=bool(seal.signed_record),
            made_at=seal.made_at,
            spec=seal.face_spec,
        )
        for seal, burn in session.execute(statement)
    )


def signature_plan(session: Session, seal_id: str) -> SignaturePlan | None:
    """What is to be signed for a seal, filled from permit, registration and burning; None when it has no finished chip."""
    seal = session.get(SealRow, seal_id)
    burn = session.execute(select(BurnRow).where(BurnRow.seal_id == seal_id, BurnRow.state == DONE)).scalar_one_or_none()
    if seal is None or burn is None:
        return None
    return SignaturePlan(
        seal_id=seal.id,
        order_id=seal.order_id,
        seal_name=seal.name,
        chip_serial=burn.chip_serial,
        information=_information(session, seal, burn),
        record=seal.signed_record,
        card_pin_known=bool(card_pin(session, burn)),
    )


def _information(session: Session, seal: SealRow, burn: BurnRow) -> QueryInformation:
    order, unit, shop = seal.order, seal.order.unit, facts.shop(session)
    row = session.execute(select(PermitRow).where(PermitRow.order_id == order.id)).scalar_one()
    permit = PermitContent.model_validate_json(SignedRecord.from_json(row.record).content)
    assert unit is not None, "an accepted order has a unit"
    resident = order.handler.document_kind == "resident_id"
    return QueryInformation(
        seal_serial=seal.seal_code,
        seal_name=seal.name,
        state_code=SealStatus.ACCEPTED,
        user_company_code=unit.code,
        user_company_name_chs=unit.name,
        user_company_name_min=if_it_fits("user_company_name_min", unit.name_minority),
        user_company_name_eng=if_it_fits("user_company_name_eng", unit.name_english),
        approval_company_code=permit.issuer.code,
        approval_company_name_chs=permit.issuer.name,
        product_company_code=shop.code,
        product_company_name_chs=shop.name,
        seal_type_code=seal.seal_type,
        operator=order.handler.name,
        operator_id=order.handler.document_number if resident else "",
        approver=permit.issuer.name[:15],
        approval_date=permit.issued_on.replace("-", ""),
        undertake_date=_day(row.countersigned_at),
        product_date=_day(burn.finished_at),
        compress_label="2",
        person_name=unit.principal.name,
        person_identity=unit.principal.document_number if unit.principal.document_kind == "resident_id" else "",
        approve_no=permit.number,
        social_credit=unit.uscc,
        company_type=unit.kind,
        seal_spec=f"{seal.width_mm:g}/{seal.height_mm:g}",
    )


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(CHINA):%Y%m%d}"


def permitted_values(session: Session, seal_id: str) -> dict[str, str]:
    """What the permit says of a seal, by the names of `QueryInformation`; only the fields that a permit has."""
    seal = session.get(SealRow, seal_id)
    row = None if seal is None else session.execute(select(PermitRow).where(PermitRow.order_id == seal.order_id)).scalar_one_or_none()
    if seal is None or row is None:
        return {}
    permit = PermitContent.model_validate_json(SignedRecord.from_json(row.record).content)
    values = {
        "user_company_code": permit.unit.code,
        "user_company_name_chs": permit.unit.name,
        "approval_company_code": permit.issuer.code,
        "approval_company_name_chs": permit.issuer.name,
        "product_company_code": permit.shop.code,
        "product_company_name_chs": permit.shop.name,
        "operator": permit.handler,
        "operator_id": permit.handler_document,
        "approval_date": permit.issued_on.replace("-", ""),
        "approve_no": permit.number,
        "social_credit": permit.uscc,
    }
    for permitted in permit.seals:
        if permitted.id == seal.id:
            values["seal_serial"] = permitted.seal_code
            values["seal_name"] = permitted.name
            values["seal_type_code"] = permitted.seal_type
            values["seal_spec"] = f"{permitted.width_mm:g}/{permitted.height_mm:g}"
    return values
