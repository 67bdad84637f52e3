"""Burning a chip: identity first, PIN last, each step recorded as an intent, done, read back and recorded again. Runs on the chip's lane.

What to do next is decided from what the chip holds, never from what we believe we wrote: so a burning that was cut anywhere is finished by
simply starting it again with the same chip; when only the line broke, it starts again by itself. No PIN is tried unless it is known which
one counts.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.certificates import Certificate, CertificateRequest, Subject, verify_chain
from sealdesk.crypto.sm2 import PublicKey, verify
from sealdesk.domain.chips import BURN_STEP_TITLES, FILE_FACE, FILE_ORDER, FILE_PERMIT, BurnStep
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import SealChip
from sealdesk.face.faces import chip_picture
from sealdesk.stages.production import queries
from sealdesk.stages.production.queries import Asking, Burn, BurnPlan, CertificateRequested
from sealdesk.stages.production.rules import (
    AskForCertificateAgain,
    BeginBurning,
    CertificateHeldError,
    CertificateMismatchError,
    CertificateRefusedError,
    CertificateWaitingError,
    ChipTakenError,
    ChooseCardPin,
    FactoryPinLowError,
    FinishBurning,
    OtherChipError,
    ReadBackError,
    RecordBurnStep,
    RequestCertificate,
    StrangeChipError,
)
from sealdesk.wire.roles import SEAL_CHIP
from sealdesk.workflow.chips import despite_broken_lines
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.uow import MissingError

FACTORY_PIN = "41"
"""The PIN of a factory-fresh chip (manual, 芯片印章)."""
CARD_PIN_DIGITS = 6
CERTIFICATE_WAIT_S = 120.0
ANSWER_OVERDUE_S = 15.0
"""How long after the platform took a request its certificate is expected; it comes with the same exchange or the next."""
_LOOK_S = 0.1
_CHALLENGE = b"sealdesk.chip.proof.1"


@dataclass(frozen=True, slots=True)
class BurnReport:
    """What a finished burning left behind."""

    burn_id: str
    seal_id: str
    chip_serial: str
    certificate: bytes
    files: Mapping[str, bytes]


def burn(desk: Desk, seal_id: str, reader: str) -> Job[BurnReport]:
    """Burn the chip in `reader` for the seal, or finish a burning of it; the job reports each step as it begins.

    Raises (in the job):
        ChipTakenError, SpoiledChipError, OtherChipError, StrangeChipError, FactoryPinLowError: no PIN was tried.
        CertificateWaitingError, CertificateRefusedError, CertificateHeldError: the chip stays good; start again to ask again.
        CertificateMismatchError, CertificateError, ReadBackError, DeviceError
    """

    def work(chip: SealChip, task: Task) -> BurnReport:
        return despite_broken_lines(lambda: Burning(desk, seal_id, chip, task).run())

    return desk.devices.with_chip(reader, work, CERTIFICATE_WAIT_S + 60)


class Burning:
    """One run of the steps over one chip."""

    def __init__(self, desk: Desk, seal_id: str, chip: SealChip, task: Task) -> None:
        self._desk = desk
        self._seal_id = seal_id
        self._chip = chip
        self._task = task
        self._serial = chip.identity().serial
        plan = desk.tell(lambda session: queries.burn_plan(session, seal_id))
        if plan is None:
            raise MissingError(what="seal", id=seal_id)
        self._plan: BurnPlan = plan
        self._face = chip_picture(plan.spec, plan.seal_code)
        self._burn_id = ""

    def run(self) -> BurnReport:
        """Do what is missing, from the first step that is not on the chip."""
        self._step(BurnStep.IDENTIFY, self._identify)
        self._step(BurnStep.KEY, self._key)
        self._step(BurnStep.CERTIFICATE, self._certificate)
        self._step(BurnStep.IMPORT, self._import)
        self._step(BurnStep.DATA, self._data)
        self._step(BurnStep.VERIFY, self._verify)
        self._step(BurnStep.PIN, self._pin)
        leaf = self._leaf()
        self._desk.do(FinishBurning(self._burn_id))
        files = {FILE_ORDER: self._plan.order_file, FILE_PERMIT: self._plan.permit_file, FILE_FACE: self._face}
        return BurnReport(self._burn_id, self._seal_id, self._serial, leaf.der, files)

    def _step(self, step: BurnStep, work: Callable[[], Mapping[str, str]]) -> None:
        self._task.check()
        position = list(BurnStep).index(step)
        self._task.report(_(BURN_STEP_TITLES[step]), position, len(BurnStep))
        if step is not BurnStep.IDENTIFY:
            self._record(step, "intent", {})
        self._record(step, "done", work())

    def _record(self, step: BurnStep, phase: str, facts: Mapping[str, str]) -> None:
        if not self._row().steps.get(step, {}).get("done"):
            self._desk.do(RecordBurnStep(self._burn_id, step, phase, facts))

    def _row(self) -> Burn:
        row = self._desk.tell(lambda session: queries.live_burn(session, self._seal_id))
        if row is None:
            raise MissingError(what="burn", id=self._burn_id)
        return row

    def _identify(self) -> Mapping[str, str]:
        """Read what the chip is before anything is recorded or written; then tie it to the seal."""
        held = self._chip.read_file(FILE_ORDER)
        named = "" if held is None else queries.seal_named_in(held)
        if named not in ("", self._seal_id):
            raise ChipTakenError(serial=self._serial, seal=self._name_of(named))
        row = self._desk.tell(lambda session: queries.live_burn(session, self._seal_id))
        if row is not None and row.chip_serial != self._serial:
            raise OtherChipError(serial=row.chip_serial)
        if row is None and held is not None and not named:  # of a begun one it was torn by a power cut, and is written again
            raise StrangeChipError(serial=self._serial, what=_("it already holds data"))
        if row is None and held is None and self._chip.public_key() is not None:
            raise StrangeChipError(serial=self._serial, what=_("it already holds a key"))
        self._choose_pin(begun=row)
        self._burn_id = self._desk.do(BeginBurning(self._seal_id, self._serial))
        self._unlock()
        self._write(FILE_ORDER, self._plan.order_file)
        return {"serial": self._serial}

    def _name_of(self, seal_id: str) -> str:
        other = self._desk.tell(lambda session: queries.ticket(session, seal_id))
        return seal_id if other is None else other.seal_name

    def _choose_pin(self, begun: Burn | None) -> str:
        """The PIN that counts now, by the chip's own word; refuses when it cannot be known.

        Raises:
            StrangeChipError: the PIN is neither the factory's nor one we chose. FactoryPinLowError: two tries or fewer are left.
        """
        status = self._chip.pin_status()
        if status.tries_left <= min(2, status.tries_max - 1):
            raise FactoryPinLowError(left=status.tries_left)
        if status.is_default:
            return FACTORY_PIN
        chosen = self._desk.tell(lambda session: queries.card_pin(session, self._seal_id)) if begun is not None else ""
        if not chosen:
            raise StrangeChipError(serial=self._serial, what=_("its PIN is not the factory's"))
        return chosen

    def _unlock(self) -> None:
        pin = Pin(self._choose_pin(self._row()))
        try:
            self._chip.unlock(pin)
        finally:
            pin.wipe()

    def _write(self, name: str, content: bytes) -> None:
        if self._chip.read_file(name) != content:
            self._chip.write_file(name, content)
        if self._chip.read_file(name) != content:
            raise ReadBackError(what=name)

    def _key(self) -> Mapping[str, str]:
        point = self._chip.public_key() or self._chip.generate_key()
        if self._chip.public_key() != point:
            raise ReadBackError(what=_("public key"))
        known = self._row().public_point
        if known and known != point.hex():
            raise CertificateMismatchError(reason=_("the chip holds another key than before"))
        return {"point": point.hex()}

    def _certificate(self) -> Mapping[str, str]:
        """Ask with a request that the chip's own key signed, and wait until the platform's answer has arrived.

        Taken up again it asks again where the last request came to nothing; once more, too, when an answered one brings nothing.
        """
        if not self._row().certificates:
            self._ask()
        waited, answered = 0.0, 0.0
        while not self._row().certificates:
            requested = self._requested()
            if requested.asking is Asking.REFUSED:
                raise CertificateRefusedError(reason=requested.reason)
            if requested.asking is Asking.HELD:
                raise CertificateHeldError(reason=requested.reason)
            if waited >= CERTIFICATE_WAIT_S:
                raise CertificateWaitingError
            if answered < ANSWER_OVERDUE_S <= answered + _LOOK_S and requested.asking is Asking.ANSWERED:
                self._desk.do(AskForCertificateAgain(self._burn_id))
            if waited % 5.0 < _LOOK_S:
                self._desk.sync.nudge()
            self._task.wait(_LOOK_S)
            waited += _LOOK_S
            answered += _LOOK_S if requested.asking is Asking.ANSWERED else 0.0
        return {"certificate": self._leaf().fingerprint}

    def _requested(self) -> CertificateRequested:
        return self._desk.tell(lambda session: queries.certificate_requested(session, self._burn_id))

    def _ask(self) -> None:
        """Leave the request for the platform, or once more the one that came to nothing."""
        requested = self._requested()
        if requested.asking is Asking.NOT_YET:
            subject = Subject(
                common_name=self._plan.seal_name[:64], organization=self._plan.unit_name[:64], serial_number=self._plan.seal_code
            )
            point = self._chip.public_key() or b""
            tbs = CertificateRequest.to_be_signed(subject, PublicKey.from_point(point))
            request = CertificateRequest.assemble(tbs, self._chip.sign(tbs))
            self._desk.do(RequestCertificate(self._burn_id, point.hex(), request.der))
            return
        overdue = requested.answered_at is not None and (self._desk.clock.now() - requested.answered_at).total_seconds() >= ANSWER_OVERDUE_S
        if requested.asking in (Asking.REFUSED, Asking.DROPPED) or (requested.asking is Asking.ANSWERED and overdue):
            self._desk.do(AskForCertificateAgain(self._burn_id))

    def _leaf(self) -> Certificate:
        """The issued certificate, checked against the trust and the chip's key."""
        chain = [Certificate.from_der(base64.b64decode(der)) for der in self._row().certificates]
        leaf = chain[0]
        trust = self._plan.trust
        verify_chain(leaf, (*chain[1:], *trust.intermediates), (trust.root,), self._desk.clock.now(), revoked=trust.revocations)
        if leaf.public_key.point != self._chip.public_key():
            raise CertificateMismatchError(reason=_("it is for another key"))
        if SEAL_CHIP not in leaf.extended_key_usage:
            raise CertificateMismatchError(reason=_("it is not a certificate for a seal's chip"))
        if leaf.serial_number != self._plan.seal_code:
            raise CertificateMismatchError(reason=_("it names another seal code"))
        return leaf

    def _import(self) -> Mapping[str, str]:
        leaf = self._leaf()
        if self._chip.certificate() != leaf.der:
            self._unlock()
            self._chip.import_certificate(leaf.der)
        if self._chip.certificate() != leaf.der:
            raise ReadBackError(what=_("certificate"))
        return {"certificate": leaf.fingerprint}

    def _data(self) -> Mapping[str, str]:
        if self._plan.permit_file:
            self._write(FILE_PERMIT, self._plan.permit_file)
        self._write(FILE_FACE, self._face)
        return {"face_bytes": str(len(self._face)), "permit_bytes": str(len(self._plan.permit_file))}

    def _verify(self) -> Mapping[str, str]:
        """Everything once more from the chip, and a signature that proves that key and certificate belong together."""
        expected = {FILE_ORDER: self._plan.order_file, FILE_FACE: self._face}
        if self._plan.permit_file:
            expected[FILE_PERMIT] = self._plan.permit_file
        for name, content in expected.items():
            if self._chip.read_file(name) != content:
                raise ReadBackError(what=name)
        leaf = self._leaf()
        if self._chip.certificate() != leaf.der:
            raise ReadBackError(what=_("certificate"))
        challenge = _CHALLENGE + secrets.token_bytes(32)
        if not verify(leaf.public_key, challenge, self._chip.sign(challenge)):
            raise ReadBackError(what=_("signature of the chip"))
        return {"certificate": leaf.fingerprint}

    def _pin(self) -> Mapping[str, str]:
        """Change the factory PIN to the card's, which was written down before the chip is told."""
        chosen = "".join(secrets.choice("0123456789") for _digit in range(CARD_PIN_DIGITS))
        chosen = self._desk.do(ChooseCardPin(self._burn_id, chosen))
        if self._chip.pin_status().is_default:
            old, new = Pin(FACTORY_PIN), Pin(chosen)
            try:
                self._chip.change_pin(old, new)
            finally:
                old.wipe()
                new.wipe()
        self._chip.lock()
        if self._chip.pin_status().is_default:
            raise ReadBackError(what=N_("PIN"))
        self._unlock()
        self._chip.lock()
        return {"pin": "card"}
