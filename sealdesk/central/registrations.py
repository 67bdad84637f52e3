"""Registrations at the platform: what must be there before a reviewer sees one, and which seals a unit may not have twice."""

from __future__ import annotations

import re
import unicodedata

from sealdesk.central.case import Case
from sealdesk.central.errors import Refused
from sealdesk.central.route import RETURNED, SEAL_REGISTERED
from sealdesk.central.store import OrderRow, SealRow
from sealdesk.crypto.digests import sha256_hex
from sealdesk.domain.orders import Reason, required_proofs
from sealdesk.domain.seals import ONE_PER_UNIT, SEAL_TYPE_TITLES, SealType
from sealdesk.wire import errors as codes
from sealdesk.wire.registrations import SealBody, SubmitRegistration, UnitBody

_AREA = re.compile(r"[1-9][0-9]{5}")


def submit_registration(case: Case, body: SubmitRegistration) -> None:
    """Take a registration in, the first time or again after it was returned.

    Raises:
        Refused: a file is missing, a seal exists already, the body contradicts itself, or the order is past this.
    """
    case.require("registration.submit")
    _check_body(body)
    _check_files(case, body)
    key = unit_key(body.unit)
    case.work.lock(f"unit:{key}")
    _check_seals(case, body, key)
    order = case.order
    if order is None:
        order = OrderRow(id=case.subject, shop_code=case.shop.code, state="nothing", rev=0)
        case.order = order
    else:
        order.seals.clear()
        case.work.flush()
    order.number = body.number
    order.unit_name = body.unit.name
    order.registration = body.model_dump(mode="json")
    order.submitted_at = case.at
    case.move("registration.submit")
    order.seals.extend(_row(seal, position, key) for position, seal in enumerate(body.seals))
    case.work.add(order)
    case.work.flush()


def unit_key(unit: UnitBody) -> str:
    """One spelling for a unit however it was typed: by its credit code where it has one, otherwise by its name."""
    spelled = f"uscc:{unit.uscc.upper()}" if unit.uscc else "name:" + "".join(unicodedata.normalize("NFKC", unit.name).split())
    return sha256_hex(spelled.encode())


def _check_body(body: SubmitRegistration) -> None:
    """Refuse what contradicts itself."""
    ids = [seal.id for seal in body.seals]
    if len(set(ids)) != len(ids):
        raise Refused(codes.MALFORMED, field="seals")
    if _AREA.fullmatch(body.unit.area_code) is None:
        raise Refused(codes.MALFORMED, field="unit.area_code")
    for seal in body.seals:
        if not SealType(seal.seal_type).needs_permit:
            raise Refused(codes.MALFORMED, field="seal_type")
    same = (body.handler.document_kind, body.handler.document_number) == (
        body.unit.principal.document_kind,
        body.unit.principal.document_number,
    )
    given = {proof.kind for proof in body.proofs}
    for kind in required_proofs(handler_is_principal=same):
        if str(kind) not in given:
            raise Refused(codes.ATTACHMENT_MISSING, kind=str(kind))


def _check_files(case: Case, body: SubmitRegistration) -> None:
    for proof in body.proofs:
        row = case.work.files.upload(case.shop.code, proof.attachment)
        if row is None or not row.complete or row.size != proof.size:
            raise Refused(codes.ATTACHMENT_MISSING, kind=proof.kind, file_name=proof.file_name)


def _check_seals(case: Case, body: SubmitRegistration, key: str) -> None:
    """One seal of a kind that a unit may have once, over all shops, unless it takes another's place (design, domain 10)."""
    seen: set[str] = set()
    for seal in body.seals:
        taken = case.work.subjects.seal(seal.id)
        if taken is not None and taken.order_id != case.subject:
            raise Refused(codes.MALFORMED, field="seals.id")
        kind = SealType(seal.seal_type)
        if kind not in ONE_PER_UNIT:
            continue
        if seal.seal_type in seen:
            raise Refused(codes.SEAL_EXISTS, unit=body.unit.name, kind=SEAL_TYPE_TITLES[kind])
        seen.add(seal.seal_type)
        if seal.reason == Reason.NEW.value and case.work.subjects.seals_of_unit(key, seal.seal_type, case.subject, RETURNED):
            raise Refused(codes.SEAL_EXISTS, unit=body.unit.name, kind=SEAL_TYPE_TITLES[kind])


def _row(seal: SealBody, position: int, key: str) -> SealRow:
    return SealRow(
        id=seal.id,
        position=position,
        state=SEAL_REGISTERED,
        seal_type=seal.seal_type,
        name=seal.name,
        reason=seal.reason,
        carrier=seal.carrier,
        unit_key=key,
        seal_code=None,
        chip_serial="",
        record="",
    )
