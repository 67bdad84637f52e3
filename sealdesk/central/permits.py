"""What a shop says about its permit: the countersignature, and that it took the order on."""

from __future__ import annotations

from sealdesk.central.case import Case
from sealdesk.central.errors import Refused
from sealdesk.central.route import SEAL_ACCEPTED, SEAL_APPROVED
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord
from sealdesk.wire import errors as codes
from sealdesk.wire import permits as wire


def countersign_permit(case: Case, body: wire.CountersignPermit) -> None:
    """Keep the shop's signature over the permit.

    Raises:
        Refused: it is over another permit, or not by a maker of this shop.
    """
    case.require("permit.countersign")
    order = case.known_order()
    content: wire.CountersignatureContent = case.record(body.record, wire.CountersignatureContent)
    digest = sm3(SignedRecord.from_json(order.permit).content).hex()
    if content.permit != order.permit_number or content.permit_digest != digest or content.order != order.id:
        raise Refused(codes.BAD_SIGNATURE, reason="permit")
    if content.shop.code != case.shop.code:
        raise Refused(codes.BAD_SIGNATURE, reason="shop")
    order.countersignature = body.record
    case.move("permit.countersign")


def accept_order(case: Case, body: wire.AcceptOrder) -> None:
    """The shop took the order on."""
    case.move("order.accept")
    order = case.known_order()
    order.acceptance = body.model_dump(mode="json")
    for seal in order.seals:
        if seal.state != SEAL_APPROVED:
            raise Refused(codes.WRONG_STATE, state=seal.state, seal=seal.name)
        seal.state = SEAL_ACCEPTED
