"""Handlers of logistics."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import select

from sealdesk.core.clock import CHINA, parse_stamp
from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_, _
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord, open_record
from sealdesk.domain.deliveries import check_collector
from sealdesk.domain.events import Touched
from sealdesk.domain.orders import ORDER_MACHINE, PRODUCED
from sealdesk.domain.seals import SEAL_MACHINE, Carrier, SealType
from sealdesk.models import card_pins
from sealdesk.models.burns import BurnRow
from sealdesk.models.deliveries import DeliveryRow
from sealdesk.models.orders import OrderRow
from sealdesk.stages.logistics.queries import live_delivery
from sealdesk.stages.logistics.rules import (
    DELIVER,
    DONE,
    REVEAL,
    SIGNED,
    WITHDRAWN,
    ChipNotBurnedError,
    DeliverOrder,
    DeliveryRecordError,
    NotReadyError,
    OpenDeliveryError,
    RecordDeliveryBurned,
    RevealDocument,
    SignDelivery,
    WithdrawalReasonError,
    WithdrawDelivery,
)
from sealdesk.wire import production as wire
from sealdesk.wire.roles import MAKER
from sealdesk.workflow import facts
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.route import ready_for_hand_over
from sealdesk.workflow.uow import MissingError, UnitOfWork


def sign_delivery(command: SignDelivery, uow: UnitOfWork) -> None:
    """Begin a hand-over: papers checked, record verified and kept.

    Raises:
        PapersNotSeenError, CollectorNameMissingError, CollectorIsAnotherError, NotReadyError, OpenDeliveryError, DeliveryRecordError
    """
    order = uow.order(command.order_id)
    _require_ready(order)
    live = live_delivery(uow.session, order.id)
    if live is not None:
        raise OpenDeliveryError(name=live.collector.name)
    if order.unit is not None:
        today = uow.now.astimezone(CHINA).date()
        check_collector(command.collector, order.handler, order.unit.principal, command.papers, today)
    content = _checked_record(command, order, uow)
    uow.session.add(
        DeliveryRow(
            id=command.delivery_id,
            order_id=order.id,
            number=command.number,
            state=SIGNED,
            collector=command.collector,
            authorisation=command.papers.authorisation,
            seal_ids=[seal.id for seal in order.seals],
            burned=[],
            record=command.record,
            delivered_at=parse_stamp(content.signed_at),
            delivered_by=uow.actor.id,
        )
    )
    uow.touched |= Touched.DELIVERIES


def record_delivery_burned(command: RecordDeliveryBurned, uow: UnitOfWork) -> None:
    """The record was read back from a chip.

    Raises:
        DeliveryRecordError: the chip holds something else.
    """
    row = _open_delivery(uow, command.delivery_id)
    if command.read_back != row.record:
        raise DeliveryRecordError(reason=_("the chip holds something else"))
    if command.seal_id not in row.burned:
        row.burned = [*row.burned, command.seal_id]
    uow.touched |= Touched.DELIVERIES


def withdraw_delivery(command: WithdrawDelivery, uow: UnitOfWork) -> None:
    """Keep the record as withdrawn; the order waits for hand-over again.

    Raises:
        WithdrawalReasonError: nobody said why.
    """
    if not command.reason.strip():
        raise WithdrawalReasonError(field="reason")
    row = _open_delivery(uow, command.delivery_id)
    row.state = WITHDRAWN
    row.number = f"{row.number}-{command.delivery_id[:8]}"
    uow.touched |= Touched.DELIVERIES


def deliver_order(command: DeliverOrder, uow: UnitOfWork) -> None:
    """Finish a hand-over.

    Raises:
        ChipNotBurnedError: a chip does not carry the record yet. NotReadyError, WrongStateError
    """
    row = _open_delivery(uow, command.delivery_id)
    order = uow.order(row.order_id)
    _require_ready(order)
    for seal in order.seals:
        if Carrier(seal.carrier).has_chip and seal.id not in row.burned:
            raise ChipNotBurnedError(name=seal.name)
    row.state = DONE
    uow.move_order(order, "DeliverOrder")
    for seal in order.seals:
        uow.move_seal(seal, "DeliverSignedSeal" if Carrier(seal.carrier).has_chip else "DeliverSeal")
        seal.delivered_at = uow.now
        for burn in uow.session.execute(select(BurnRow).where(BurnRow.seal_id == seal.id)).scalars():
            card_pins.forget(uow.session, burn)
    guarded = [seal.id for seal in order.seals if SealType(seal.seal_type).needs_permit]
    if guarded:
        uow.send("order.delivered", order.id, wire.OrderDelivered(seals=guarded, record=row.record))
    uow.touched |= Touched.DELIVERIES | Touched.CHIPS


def reveal_document(command: RevealDocument, uow: UnitOfWork) -> None:
    """Nothing but the audit record, which the bus writes.

    Raises:
        MissingError: there is no such order.
    """
    uow.order(command.order_id)


def _open_delivery(uow: UnitOfWork, delivery_id: str) -> DeliveryRow:
    row = uow.session.get(DeliveryRow, delivery_id)
    if row is None or row.state != SIGNED:
        raise MissingError(what="delivery", id=delivery_id)
    return row


def _require_ready(order: OrderRow) -> None:
    for seal in order.seals:
        if not ready_for_hand_over(seal):
            raise NotReadyError(name=seal.name, state=SEAL_MACHINE.title(seal.state))
    if order.state != PRODUCED:
        raise NotReadyError(name=order.number, state=ORDER_MACHINE.title(order.state))


def _checked_record(command: SignDelivery, order: OrderRow, uow: UnitOfWork) -> wire.DeliveryContent:
    trust = facts.trust(uow.session)
    try:
        signed = SignedRecord.from_json(command.record)
        verified = open_record(signed, (trust.root,), uow.now, revoked=trust.revocations)
        content = wire.DeliveryContent.model_validate_json(signed.content)
    except (SealdeskError, ValidationError) as error:
        raise DeliveryRecordError(reason=str(error) if isinstance(error, SealdeskError) else _("it cannot be read")) from error
    digest = sm3(command.collector.document_number.encode()).hex()
    same = (
        content.order == order.id
        and content.number == command.number
        and content.collector == command.collector.name
        and content.collector_document_digest == digest
        and content.seals == [seal.seal_code or seal.id for seal in order.seals]
    )
    if not same:
        raise DeliveryRecordError(reason=_("it is about another hand-over"))
    if MAKER not in verified.signer.extended_key_usage or verified.signer.fingerprint != uow.actor.key_fingerprint:
        raise DeliveryRecordError(reason=_("it is not by your own maker's key"))
    return content


STAGE = Stage(
    name="logistics",
    title=N_("Logistics"),
    permissions=(DELIVER, REVEAL),
    handlings=(
        Handling(
            SignDelivery, DELIVER.name, sign_delivery, lambda c: c.order_id, N_("{actor} checked the papers and signed delivery {number}")
        ),
        Handling(
            RecordDeliveryBurned,
            DELIVER.name,
            record_delivery_burned,
            lambda c: c.seal_id,
            N_("{actor} burned the delivery record into the chip"),
        ),
        Handling(
            WithdrawDelivery, DELIVER.name, withdraw_delivery, lambda c: c.delivery_id, N_("{actor} withdrew the hand-over: {reason}")
        ),
        Handling(
            RevealDocument, REVEAL.name, reveal_document, lambda c: c.order_id, N_("{actor} looked at the collector's document number")
        ),
        Handling(DeliverOrder, DELIVER.name, deliver_order, lambda c: c.delivery_id, N_("{actor} handed the seals over")),
    ),
)
