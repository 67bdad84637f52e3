"""Sign the query information on the maker's key, then burn it into the chip and read it back.

Two readers, two jobs, one after the other.
"""

from __future__ import annotations

from sealdesk.core.clock import stamp
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Task
from sealdesk.domain.chips import FILE_QUERY
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import SealChip, SigningKey
from sealdesk.domain.query_information import QueryInformation
from sealdesk.stages.signature.information import values_of
from sealdesk.stages.signature.queries import SignaturePlan, signature_plan
from sealdesk.stages.signature.rules import FinishSignature, NotSignedError, SignQuery
from sealdesk.wire.production import QueryContent
from sealdesk.workflow import facts
from sealdesk.workflow.chips import burn_file
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.signing import Signature
from sealdesk.workflow.uow import MissingError


def sign(desk: Desk, seal_id: str, information: QueryInformation, reader: str, pin: Pin) -> Job[str]:
    """Sign the reviewed query information with the key in `reader`; the job's result is the record. The PIN is wiped at the end."""

    def work(key: SigningKey, task: Task) -> str:
        try:
            plan = _plan(desk, seal_id)
            content = QueryContent(
                order=plan.order_id,
                seal=plan.seal_id,
                chip_serial=plan.chip_serial,
                values=values_of(information),
                signed_at=stamp(desk.clock.now()),
            )
            signature = Signature(key, desk.actor, desk.tell(facts.trust), desk.clock.now())
            signature.unlock(pin)
            try:
                task.report(_("Signing the query information"))
                record = signature.sign(content.model_dump(mode="json")).to_json()
            finally:
                signature.close()
            desk.do(SignQuery(seal_id, record))
            return record
        finally:
            pin.wipe()

    return desk.devices.with_key(reader, work)


def burn_signature(desk: Desk, seal_id: str, reader: str) -> Job[str]:
    """Burn the signed record into the chip in `reader`, read it back, and record that; the job's result is what was read."""

    def work(chip: SealChip, task: Task) -> str:
        plan = _plan(desk, seal_id)
        if not plan.record:
            raise NotSignedError(name=plan.seal_name)
        task.report(_("Burning the signed query information"))
        read = burn_file(desk, chip, seal_id, plan.chip_serial, FILE_QUERY, plan.record.encode())
        desk.do(FinishSignature(seal_id, read.decode()))
        return read.decode()

    return desk.devices.with_chip(reader, work)


def _plan(desk: Desk, seal_id: str) -> SignaturePlan:
    plan = desk.tell(lambda session: signature_plan(session, seal_id))
    if plan is None:
        raise MissingError(what="seal", id=seal_id)
    return plan
