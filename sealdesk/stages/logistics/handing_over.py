"""Hand-over at the counter: sign the delivery record on the maker's key, burn it into each chip, finish. Each a job of its own lane."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sealdesk.core.clock import CHINA, stamp
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.digests import sm3
from sealdesk.domain.chips import FILE_DELIVERY
from sealdesk.domain.deliveries import CheckedPapers, check_collector
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import SealChip, SigningKey
from sealdesk.domain.units import Person
from sealdesk.stages.logistics.queries import DeliverableOrder, deliverable_order
from sealdesk.stages.logistics.rules import DeliverOrder, RecordDeliveryBurned, SignDelivery
from sealdesk.wire.production import DeliveryContent
from sealdesk.workflow import facts
from sealdesk.workflow.chips import burn_file
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.signing import Signature
from sealdesk.workflow.uow import MissingError


@dataclass(frozen=True, slots=True)
class Begun:
    """A hand-over that was begun."""

    delivery_id: str
    number: str
    record: str


def sign_delivery(desk: Desk, order_id: str, collector: Person, papers: CheckedPapers, reader: str, pin: Pin) -> Job[Begun]:
    """Check the collector, sign the record with the key in `reader`, and begin the hand-over. The PIN is wiped at the end.

    Raises (in the job):
        PapersNotSeenError, CollectorNameMissingError, CollectorIsAnotherError and the like: before a PIN is spent.
    """

    def work(key: SigningKey, task: Task) -> Begun:
        try:
            order = _order(desk, order_id)
            today = desk.clock.now().astimezone(CHINA).date()
            check_collector(collector, order.handler, order.principal, papers, today)
            content = _content(desk, order, collector)
            signature = Signature(key, desk.actor, desk.tell(facts.trust), desk.clock.now())
            signature.unlock(pin)
            try:
                task.report(_("Signing the delivery record"))
                record = signature.sign(content.model_dump(mode="json")).to_json()
            finally:
                signature.close()
            begun = Begun(str(uuid4()), content.number, record)
            desk.do(SignDelivery(order_id, begun.delivery_id, content.number, collector, papers, record))
            return begun
        finally:
            pin.wipe()

    return desk.devices.with_key(reader, work)


def burn_delivery(desk: Desk, order_id: str, seal_id: str, reader: str) -> Job[str]:
    """Burn the delivery record into the chip of one seal and read it back; the job's result is what was read."""

    def work(chip: SealChip, task: Task) -> str:
        order = _order(desk, order_id)
        if order.delivery is None:
            raise MissingError(what="delivery", id=order_id)
        seal = next(seal for seal in order.seals if seal.id == seal_id)
        task.report(_("Burning the delivery record into {name}").format(name=seal.name))
        read = burn_file(desk, chip, seal_id, seal.chip_serial, FILE_DELIVERY, order.delivery.record.encode())
        desk.do(RecordDeliveryBurned(order.delivery.id, seal_id, read.decode()))
        return read.decode()

    return desk.devices.with_chip(reader, work)


def finish(desk: Desk, delivery_id: str) -> Job[None]:
    """The seals are in the collector's hands; print slip and PIN mailer before, the card PINs are forgotten here."""
    return desk.lanes.data.submit(lambda _task: desk.do(DeliverOrder(delivery_id)))


def _order(desk: Desk, order_id: str) -> DeliverableOrder:
    order = desk.tell(lambda session: deliverable_order(session, order_id))
    if order is None:
        raise MissingError(what="order", id=order_id)
    return order


def _content(desk: Desk, order: DeliverableOrder, collector: Person) -> DeliveryContent:
    now = desk.clock.now()
    return DeliveryContent(
        number=f"JF{now.astimezone(CHINA):%Y%m%d}{order.number[-12:]}",
        order=order.id,
        unit=order.unit_name,
        seals=[seal.seal_code or seal.id for seal in order.seals],
        collector=collector.name,
        collector_document_kind=collector.document_kind,
        collector_document_digest=sm3(collector.document_number.encode()).hex(),
        operator=desk.actor.name,
        signed_at=stamp(now),
    )
