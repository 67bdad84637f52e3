"""Production at the platform: certificates for chips, and what the shop says it made, signed and handed over."""

from __future__ import annotations

import rfc8785

from sealdesk.central.case import Case, decoded
from sealdesk.central.errors import Refused
from sealdesk.central.platform import certificate_row, close_certificate, encoded
from sealdesk.central.route import SEAL_ACCEPTED, SEAL_DELIVERED, SEAL_MADE, SEAL_SIGNED
from sealdesk.central.store import CertificateRow, SealRow
from sealdesk.core.errors import SealdeskError
from sealdesk.crypto.certificates import CertificateRequest, Subject
from sealdesk.domain import query_information
from sealdesk.domain.seals import Carrier
from sealdesk.wire import errors as codes
from sealdesk.wire import production as wire


def request_certificate(case: Case, body: wire.RequestCertificate) -> None:
    """Issue the certificate of a chip; it travels as a change. The same key gets the same certificate again.

    A seal has one live certificate: another chip for the same seal (its first one was spoiled) closes the earlier certificate.

    Raises:
        Refused: no permitted seal of this order, a request that is not signed by its key, a chip or key of another seal.
    """
    case.require("certificate.request")
    seal = case.seal(body.seal, SEAL_ACCEPTED)
    if not Carrier(seal.carrier).has_chip or seal.seal_code != body.seal_code:
        raise Refused(codes.BAD_REQUEST, reason="seal")
    request = _request(body)
    if request.subject.serial_number != body.seal_code or not request.subject.common_name:
        raise Refused(codes.BAD_REQUEST, reason="subject")
    case.work.lock(f"chip:{body.chip_serial}")
    case.work.lock(f"point:{request.public_key.point.hex()}")
    for row in case.work.subjects.certificates_of_chip(body.chip_serial):
        if row.seal_id != seal.id:
            raise Refused(codes.CHIP_TAKEN, serial=body.chip_serial)
    for row in case.work.subjects.certificates_of_point(request.public_key.point.hex()):
        if row.seal_id != seal.id or row.chip_serial != body.chip_serial:
            raise Refused(codes.CHIP_TAKEN, serial=body.chip_serial)
    case.move("certificate.request")
    live = _live(case, seal, request, body.chip_serial)
    issued = wire.CertificateIssued(seal=seal.id, certificates=[live.der, encoded(case.platform.authority.intermediate.der)])
    case.publish("certificate.issued", issued)


def seal_made(case: Case, body: wire.SealMade) -> None:
    """A seal was made. One with a chip was made on the chip that its certificate names."""
    case.require("seal.made")
    seal = case.seal(body.seal, SEAL_ACCEPTED)
    if seal.seal_code != body.seal_code:
        raise Refused(codes.BAD_REQUEST, reason="seal")
    if Carrier(seal.carrier).has_chip:
        live = case.work.subjects.live_certificates(seal.id)
        if not live or live[0].chip_serial != body.chip_serial:
            raise Refused(codes.BAD_REQUEST, reason="chip")
        seal.chip_serial = body.chip_serial
    elif body.chip_serial:
        raise Refused(codes.BAD_REQUEST, reason="chip")
    seal.made = body.model_dump(mode="json")
    seal.state = SEAL_MADE
    case.move("seal.made")
    _complete(case)


def seal_signed(case: Case, body: wire.SealSigned) -> None:
    """The query information was signed and burned.

    Raises:
        Refused: it is about another seal or chip, or not by a maker of this shop.
    """
    case.require("seal.signed")
    seal = case.seal(body.seal, SEAL_MADE)
    if not Carrier(seal.carrier).has_chip:
        raise Refused(codes.BAD_REQUEST, reason="chip")
    content: wire.QueryContent = case.record(body.record, wire.QueryContent)
    try:
        named = query_information.decode(rfc8785.dumps(dict(content.values))).seal_serial
    except SealdeskError as error:
        raise Refused(codes.BAD_SIGNATURE, reason=error.code) from error
    if (content.order, content.seal, content.chip_serial, named) != (case.subject, seal.id, seal.chip_serial, seal.seal_code):
        raise Refused(codes.BAD_SIGNATURE, reason="seal")
    seal.record = body.record
    seal.state = SEAL_SIGNED
    case.move("seal.signed")
    _complete(case)


def order_delivered(case: Case, body: wire.OrderDelivered) -> None:
    """The seals are in the customer's hands.

    Raises:
        Refused: not all seals of the order, or a record about another hand-over.
    """
    case.require("order.delivered")
    order = case.known_order()
    content: wire.DeliveryContent = case.record(body.record, wire.DeliveryContent)
    if sorted(body.seals) != sorted(seal.id for seal in order.seals):
        raise Refused(codes.BAD_REQUEST, reason="seals")
    if content.order != order.id or any(seal.seal_code not in content.seals for seal in order.seals):
        raise Refused(codes.BAD_SIGNATURE, reason="seals")
    order.delivery = body.record
    for seal in order.seals:
        seal.state = SEAL_DELIVERED
    case.move("order.delivered")


def _request(body: wire.RequestCertificate) -> CertificateRequest:
    try:
        return CertificateRequest.from_der(decoded(body.request)).verify()
    except (SealdeskError, ValueError) as error:
        raise Refused(codes.BAD_REQUEST, reason="request") from error


def _live(case: Case, seal: SealRow, request: CertificateRequest, chip_serial: str) -> CertificateRow:
    """The seal's live certificate for this key, issued now where there is none yet."""
    point = request.public_key.point.hex()
    for row in case.work.subjects.live_certificates(seal.id):
        if row.point == point:
            return row
        close_certificate(row, case.at, "superseded")
    order = case.known_order()
    subject = Subject(common_name=request.subject.common_name, organization=order.unit_name[:64], serial_number=seal.seal_code or "")
    certificate = case.platform.authority.issue_chip(request.public_key, subject, case.now)
    row = certificate_row(certificate, "chip", order.shop_code, case.at, seal.id, chip_serial)
    case.work.add(row)
    case.work.flush()
    return row


def _complete(case: Case) -> None:
    """Move the order on once every seal is made and every chip signed."""
    seals = case.known_order().seals
    if all(seal.state == (SEAL_SIGNED if Carrier(seal.carrier).has_chip else SEAL_MADE) for seal in seals):
        case.move("complete")
