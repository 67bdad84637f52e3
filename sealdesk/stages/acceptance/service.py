"""Handlers of acceptance. A permit is verified here, in the transaction, whatever the window showed before."""

from __future__ import annotations

from pydantic import ValidationError

from sealdesk.core.clock import stamp
from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_, _
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord, open_record
from sealdesk.domain.events import Touched
from sealdesk.domain.permits import Permit
from sealdesk.domain.seals import REGISTERED, SealType
from sealdesk.face.faces import with_permit
from sealdesk.models.orders import OrderRow
from sealdesk.models.permits import PermitRow
from sealdesk.stages.acceptance.queries import permit_row, registered
from sealdesk.stages.acceptance.rules import (
    ACCEPT,
    COUNTERSIGN,
    AcceptOrder,
    CountersignatureError,
    CountersignPermit,
    PermitMissingError,
    PermitNotInOrderError,
    PermitNumberTakenError,
    ReceivePermit,
)
from sealdesk.stages.acceptance.verification import PermitVerdict, verify_permit
from sealdesk.wire import permits as wire
from sealdesk.wire.roles import MAKER
from sealdesk.workflow import facts
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.uow import UnitOfWork


def receive_permit(command: ReceivePermit, uow: UnitOfWork) -> bool:
    """Keep a permit as it came. Codes and cuts go onto the faces only when it holds; returns whether it does."""
    order = uow.order(command.order_id)
    verdict = verify_permit(command.record, registered(uow.session, order), facts.trust(uow.session), uow.now)
    row = permit_row(uow.session, order.id)
    if row is not None:
        uow.session.delete(row)
        uow.session.flush()
    number = _number_to_keep(uow, order, verdict)
    uow.session.add(PermitRow(number=number, order_id=order.id, record=command.record, received_at=uow.now))
    uow.move_order(order, "ReceivePermit")
    order.rev = command.rev
    uow.touched |= Touched.PERMITS
    if verdict.holds and verdict.permit is not None:
        _mark_faces(uow, order, verdict.permit)
        for seal in order.seals:
            if SealType(seal.seal_type).needs_permit and seal.state == REGISTERED:
                uow.move_seal(seal, "ReceivePermit")
    return verdict.holds


def _number_to_keep(uow: UnitOfWork, order: OrderRow, verdict: PermitVerdict) -> str:
    """The permit's number; for one that does not hold a mark of ours, so that a wrong paper never takes the number of a right one.

    Raises:
        PermitNumberTakenError: another order has a permit of that number.
    """
    if not verdict.holds or verdict.permit is None:
        return f"?{order.number[-12:]}"
    if uow.session.get(PermitRow, verdict.permit.number) is not None:
        raise PermitNumberTakenError(number=verdict.permit.number)
    return verdict.permit.number


def countersign_permit(command: CountersignPermit, uow: UnitOfWork) -> None:
    """Keep the countersignature, after both the permit and it were verified, and tell the platform.

    Raises:
        PermitNotInOrderError: the permit does not hold. CountersignatureError: the signature is not over this permit.
    """
    order = uow.order(command.order_id)
    row = permit_row(uow.session, order.id)
    if row is None:
        raise PermitMissingError
    verdict = require_permit(uow, order, row)
    _check_countersignature(command, uow, row, verdict)
    row.countersignature = command.record
    row.countersigned_at = uow.now
    row.countersigned_by = uow.actor.id
    uow.move_order(order, "CountersignPermit")
    uow.touched |= Touched.PERMITS
    uow.send("permit.countersign", order.id, wire.CountersignPermit(record=command.record))


def accept_order(command: AcceptOrder, uow: UnitOfWork) -> None:
    """Take the order on. A seal that needs a permit can never be accepted without one.

    Raises:
        PermitMissingError, PermitNotInOrderError, WrongStateError
    """
    order = uow.order(command.order_id)
    guarded = [seal for seal in order.seals if SealType(seal.seal_type).needs_permit]
    row = permit_row(uow.session, order.id)
    if guarded:
        if row is None:
            raise PermitMissingError
        require_permit(uow, order, row)
        uow.move_order(order, "AcceptOrder")
    else:
        uow.move_order(order, "AcceptOrderWithoutPermit")
    for seal in order.seals:
        uow.move_seal(seal, "AcceptOrder" if seal in guarded else "AcceptOrderWithoutPermit")
    if not order.seals:
        uow.move_order(order, "CompleteProduction")
    if guarded:
        uow.send("order.accept", order.id, wire.AcceptOrder(accepted_at=stamp(uow.now), operator=uow.actor.name))


def require_permit(uow: UnitOfWork, order: OrderRow, row: PermitRow) -> PermitVerdict:
    """The verdict on a permit that holds now.

    Raises:
        PermitNotInOrderError: it does not; the reason is the first step that failed.
    """
    verdict = verify_permit(row.record, registered(uow.session, order), facts.trust(uow.session), uow.now)
    if not verdict.holds:
        raise PermitNotInOrderError(reason=verdict.reason)
    return verdict


def _check_countersignature(command: CountersignPermit, uow: UnitOfWork, row: PermitRow, verdict: PermitVerdict) -> None:
    trust = facts.trust(uow.session)
    try:
        record = SignedRecord.from_json(command.record)
        verified = open_record(record, (trust.root,), uow.now, revoked=trust.revocations)
        content = wire.CountersignatureContent.model_validate_json(record.content)
    except (SealdeskError, ValidationError) as error:
        raise CountersignatureError(reason=str(error) if isinstance(error, SealdeskError) else _("it cannot be read")) from error
    digest = sm3(SignedRecord.from_json(row.record).content).hex()
    same = verdict.permit is not None and content.permit == verdict.permit.number == command.permit
    if content.permit_digest != digest or not same or content.order != command.order_id:
        raise CountersignatureError(reason=_("it is over another permit"))
    if content.shop.code != facts.shop(uow.session).code:
        raise CountersignatureError(reason=_("it names another shop"))
    if MAKER not in verified.signer.extended_key_usage or verified.signer.fingerprint != uow.actor.key_fingerprint:
        raise CountersignatureError(reason=_("it is not by your own maker's key"))


def _mark_faces(uow: UnitOfWork, order: OrderRow, permit: Permit) -> None:
    given = {seal.seal_id: seal for seal in permit.seals}
    for seal in order.seals:
        permitted = given.get(seal.id)
        if permitted is not None:
            seal.seal_code = permitted.seal_code
            seal.face_spec = with_permit(seal.face_spec, permitted.seal_code, permitted.cuts)
    if order.unit is not None:
        order.unit.code = permit.unit_code


STAGE = Stage(
    name="acceptance",
    title=N_("Acceptance"),
    permissions=(COUNTERSIGN, ACCEPT),
    handlings=(
        Handling(ReceivePermit, "platform.apply", receive_permit, lambda c: c.order_id, N_("A permit arrived from the platform")),
        Handling(
            CountersignPermit, COUNTERSIGN.name, countersign_permit, lambda c: c.order_id, N_("{actor} countersigned permit {permit}")
        ),
        Handling(AcceptOrder, ACCEPT.name, accept_order, lambda c: c.order_id, N_("{actor} accepted the order")),
    ),
)
