"""签收证明 for one or several permits with one PIN: verified, signed on the USB key, recorded. Runs on the key's lane."""

from __future__ import annotations

from sealdesk.core.clock import stamp
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import SigningKey
from sealdesk.stages.acceptance.queries import permit_view
from sealdesk.stages.acceptance.rules import CountersignPermit, PermitMissingError, PermitNotInOrderError
from sealdesk.wire.permits import CountersignatureContent, PartyBody
from sealdesk.workflow import facts
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.signing import Signature


def countersign(desk: Desk, order_ids: tuple[str, ...], reader: str, pin: Pin) -> Job[tuple[str, ...]]:
    """Countersign the permits of these orders; the job's result are the orders done. The PIN is wiped at the end.

    Raises (in the job):
        PermitNotInOrderError: seen before a PIN is spent. AnotherKeyError, WrongPinError, CertificateError …
    """

    def work(key: SigningKey, task: Task) -> tuple[str, ...]:
        try:
            return _countersign(desk, order_ids, key, pin, task)
        finally:
            pin.wipe()

    return desk.devices.with_key(reader, work)


def _countersign(desk: Desk, order_ids: tuple[str, ...], key: SigningKey, pin: Pin, task: Task) -> tuple[str, ...]:
    contents = [_content(desk, order_id) for order_id in order_ids]
    signature = Signature(key, desk.actor, desk.tell(facts.trust), desk.clock.now())
    signature.unlock(pin)
    done: list[str] = []
    try:
        for index, content in enumerate(contents):
            task.check()
            task.report(_("Countersigning permit {number}").format(number=content.permit), index, len(contents))
            record = signature.sign(content.model_dump(mode="json"))
            desk.do(CountersignPermit(content.order, content.permit, record.to_json()))
            done.append(content.order)
    finally:
        signature.close()
    return tuple(done)


def _content(desk: Desk, order_id: str) -> CountersignatureContent:
    now = desk.clock.now()
    view = desk.tell(lambda session: permit_view(session, order_id, now))
    if view is None or view.verdict is None or view.verdict.permit is None:
        raise PermitMissingError
    if not view.verdict.holds:
        raise PermitNotInOrderError(reason=view.verdict.reason)
    shop = desk.tell(facts.shop)
    return CountersignatureContent(
        permit=view.verdict.permit.number,
        permit_digest=sm3(SignedRecord.from_json(view.record).content).hex(),
        order=order_id,
        shop=PartyBody(code=shop.code, name=shop.name),
        operator=desk.actor.name,
        signed_at=stamp(now),
    )
