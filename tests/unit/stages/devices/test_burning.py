"""Burning a software chip through the device manager: whole, cut at any command, and refused before a PIN is tried."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import text

from sealdesk.central.authority import Office, found_authority
from sealdesk.core.errors import DeviceError, UserCancelled
from sealdesk.crypto.certificates import Certificate, CertificateError, CertificateRequest, Subject
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.domain.access import PLATFORM
from sealdesk.domain.chips import BurnStep
from sealdesk.domain.pin import Pin
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.emulator import Card, Fault, FaultKind
from sealdesk.hardware.errors import NoChipError, OutcomeUnknownError, WrongKindError
from sealdesk.models.burns import BurnRow
from sealdesk.stages.production import burning, queries
from sealdesk.stages.production.rules import (
    CertificateMismatchError,
    CertificateWaitingError,
    ChipTakenError,
    FactoryPinLowError,
    OtherChipError,
    ReceiveCertificate,
    SpoilChip,
    SpoiledChipError,
    StrangeChipError,
)
from sealdesk.stages.registration.rules import DraftSeal
from sealdesk.workflow import chips
from sealdesk.workflow.uow import MissingError

READER = "读卡器"
CUTS = [FaultKind.CUT_BEFORE, FaultKind.CUT_INSIDE, FaultKind.CUT_AFTER, FaultKind.EMPTY_ANSWER]


class WatchedCard(Card):
    """A chip that notes the fewest tries its PIN ever had left."""

    fewest_tries = 99

    def process(self, apdu: bytes) -> bytes:
        try:
            return super().process(apdu)
        finally:
            self.fewest_tries = min(self.fewest_tries, self.state.applications[0].user.tries_left)


@pytest.fixture
def counter(counter_with_order):
    """The counter with an accepted order."""
    return counter_with_order


@pytest.fixture
def chip_seal(accepted) -> str:
    """The accepted chip seal."""
    return accepted.chip_seal


def fresh_chip(workplace, serial: str = "CHIP0001") -> WatchedCard:
    return WatchedCard(workplace.chip(serial).state)


def burn(workplace, seal_id):
    return burning.burn(workplace.desk, seal_id, READER).result(60)


def check_burned(workplace, seal_id, card) -> None:
    """One key, one request, one certificate, everything on the chip, the card's PIN set, no try ever lost."""
    row = workplace.counter.ask(lambda session: session.query(BurnRow).filter(BurnRow.seal_id == seal_id, BurnRow.state == "done").one())
    plan = workplace.counter.ask(lambda session: queries.burn_plan(session, seal_id))
    application = card.state.applications[0]
    files = {file.name: file.content for file in application.files}
    assert files["ORDER"] == plan.order_file
    assert files["PERMIT"] == plan.permit_file
    assert len(files["FACE"]) > 1000
    assert set(files) == {"ORDER", "PERMIT", "FACE"}
    (container,) = application.containers
    leaf = Certificate.from_der(container.certificate)
    assert leaf.public_key.point.hex() == row.public_point
    assert len(workplace.platform.requests) == 1
    assert not application.user.is_default
    assert card.fewest_tries == application.user.tries_left == application.user.tries_max
    pin = workplace.counter.ask(lambda session: queries.card_pin(session, seal_id))
    assert (len(pin), pin.isdigit()) == (6, True)
    workplace.devices.with_chip(READER, lambda chip, _task: chip.unlock(Pin(pin))).result(10)
    assert workplace.counter.row(seal_id, "state") == "seal.made"
    assert workplace.counter.outbox().count("seal.made") == 1


def unburn(workplace, seal_id) -> None:
    """As if nothing had been burned, so that one accepted seal serves many chips."""

    def work() -> None:
        with workplace.counter.store.write() as session:
            for statement in (
                "delete from burns",
                "delete from outbox",
                f"update seals set state = 'seal.accepted', made_at = null where id = '{seal_id}'",
            ):
                session.execute(text(statement))

    workplace.counter.lane.call(work)
    workplace.platform.requests.clear()


# ---- whole


def test_a_chip_is_burned_from_the_factory_to_the_cards_pin(workplace, chip_seal):
    card = workplace.insert(READER, fresh_chip(workplace))
    steps = []
    job = burning.burn(workplace.desk, chip_seal, READER).on_progress(lambda progress: steps.append(progress.done))
    report = job.result(60)
    check_burned(workplace, chip_seal, card)
    assert report.chip_serial == "CHIP0001"
    assert sorted(set(steps)) == list(range(len(BurnStep)))
    leaf = Certificate.from_der(report.certificate)
    assert leaf.serial_number == workplace.counter.row(chip_seal, "seal_code")
    assert json.loads(report.files["ORDER"])["seal"] == chip_seal
    row = workplace.counter.ask(lambda session: queries.live_burn(session, chip_seal))
    assert all({"done"} <= set(row.steps[step]) for step in BurnStep)


def test_the_cards_pin_stands_in_no_table(workplace, chip_seal):
    workplace.insert(READER, fresh_chip(workplace))
    burn(workplace, chip_seal)
    pin = workplace.counter.ask(lambda session: queries.card_pin(session, chip_seal))
    trail = workplace.counter.ask(lambda session: session.execute(text("select group_concat(arguments) from audit")).scalar())
    sent = workplace.counter.ask(lambda session: session.execute(text("select group_concat(body) from outbox")).scalar())
    kept = workplace.counter.ask(lambda session: session.execute(text("select card_pin from burns")).scalar())
    assert pin not in kept
    assert f'"{pin}"' not in trail + sent
    assert "card_pin" not in trail + sent


def test_burning_a_finished_chip_again_changes_nothing(workplace, chip_seal):
    card = workplace.insert(READER, fresh_chip(workplace))
    first = burn(workplace, chip_seal)
    state = card.state.applications[0]
    kept = [(file.name, file.content) for file in state.files], state.user.key
    assert burn(workplace, chip_seal) == first
    assert ([(file.name, file.content) for file in state.files], state.user.key) == kept
    check_burned(workplace, chip_seal, card)


# ---- cut


def apdus_of_a_burning(workplace, seal_id) -> int:
    card = workplace.insert(READER, fresh_chip(workplace))
    before = card.faults.count
    burn(workplace, seal_id)
    return card.faults.count - before


def cut_at(workplace, seal_id, kind: FaultKind, at: int) -> WatchedCard:
    """A chip whose line is cut at one APDU of its burning (counted from the work's first)."""
    unburn(workplace, seal_id)
    card = fresh_chip(workplace)
    workplace.insert(READER, card)
    card.faults.add(Fault(kind, at=at))
    return card


def check_every(workplace, seal_id, kind: FaultKind, places, *, by_hand: bool) -> None:
    for at in places:
        card = cut_at(workplace, seal_id, kind, at)
        try:
            burn(workplace, seal_id)
        except OutcomeUnknownError:
            assert by_hand or at <= 10  # recognising the chip comes before the burning
            workplace.insert(READER, card)
            burn(workplace, seal_id)
        check_burned(workplace, seal_id, card)


@pytest.mark.parametrize("kind", CUTS)
def test_one_broken_line_does_not_bother_anybody(workplace, chip_seal, kind):
    total = apdus_of_a_burning(workplace, chip_seal)
    assert total > 60
    check_every(workplace, chip_seal, kind, (23, total // 2, total - 5), by_hand=False)


@pytest.mark.parametrize("kind", CUTS[:3])
def test_a_chip_cut_at_some_command_is_finished_by_starting_again(workplace, chip_seal, kind, monkeypatch):
    monkeypatch.setattr(chips, "BROKEN_LINES_FORGIVEN", 0)
    total = apdus_of_a_burning(workplace, chip_seal)
    check_every(workplace, chip_seal, kind, (31, total // 2, total - 9), by_hand=True)


@pytest.mark.long
@pytest.mark.parametrize("forgiven", [0, 2])
@pytest.mark.parametrize("kind", CUTS)
def test_a_chip_cut_at_every_fourth_command_is_finished(workplace, chip_seal, kind, forgiven, monkeypatch):
    """Each kind of cut begins at another command, so that together they leave none out."""
    monkeypatch.setattr(chips, "BROKEN_LINES_FORGIVEN", forgiven)
    total = apdus_of_a_burning(workplace, chip_seal)
    check_every(workplace, chip_seal, kind, range(1 + CUTS.index(kind), total + 1, 4), by_hand=forgiven == 0)


@pytest.mark.parametrize(
    ("kind", "ins"),
    [
        (FaultKind.CUT_AFTER, layout.INS_GEN_ECC_KEY_PAIR),
        (FaultKind.CUT_BEFORE, layout.INS_IMPORT_CERTIFICATE),
        (FaultKind.CUT_INSIDE, layout.INS_WRITE_FILE),
        (FaultKind.CUT_AFTER, layout.INS_VERIFY_PIN),
        (FaultKind.CUT_BEFORE, layout.INS_CHANGE_PIN),
        (FaultKind.CUT_AFTER, layout.INS_CHANGE_PIN),
    ],
)
def test_a_cut_in_what_matters_most_is_forgiven(workplace, chip_seal, kind, ins):
    card = workplace.insert(READER, fresh_chip(workplace))
    card.faults.add(Fault(kind, ins=ins))
    burn(workplace, chip_seal)
    check_burned(workplace, chip_seal, card)


def test_a_line_that_keeps_breaking_is_told(workplace, chip_seal):
    card = workplace.insert(READER, fresh_chip(workplace))
    card.faults.add(Fault(FaultKind.CUT_BEFORE, ins=layout.INS_GEN_ECC_KEY_PAIR, repeated=True))
    with pytest.raises(OutcomeUnknownError):
        burn(workplace, chip_seal)
    assert workplace.counter.row(chip_seal, "state") == "seal.burning"
    card.faults.clear()
    burn(workplace, chip_seal)
    check_burned(workplace, chip_seal, card)


def answer_later(workplace, seal_id) -> None:
    """The platform's answer to the request that it left open."""
    body = workplace.platform.requests[-1]
    order_id = workplace.counter.ask(lambda session: queries.ticket(session, seal_id)).order_id
    workplace.counter.do(ReceiveCertificate(order_id, seal_id, 4, workplace.platform.issue_rightly(body)), PLATFORM)


def test_a_burning_that_was_stopped_is_finished_later(workplace, chip_seal):
    card = workplace.insert(READER, fresh_chip(workplace))
    workplace.platform.issue = lambda body: ()
    job = burning.burn(workplace.desk, chip_seal, READER)
    job.on_progress(lambda progress: job.cancel() if progress.done == 2 else None)
    with pytest.raises(UserCancelled):
        job.result(60)
    answer_later(workplace, chip_seal)
    burn(workplace, chip_seal)
    check_burned(workplace, chip_seal, card)


# ---- refused before a PIN is tried


def refused(workplace, seal_id, card, error) -> DeviceError:
    """The burning is refused; the chip did not change and no try was spent."""
    application = card.state.applications[0]
    before = ([(file.name, file.content) for file in application.files], application.user.tries_left, len(application.containers))
    facts = workplace.counter.facts()
    with pytest.raises(error) as raised:
        burn(workplace, seal_id)
    assert ([(f.name, f.content) for f in application.files], application.user.tries_left, len(application.containers)) == before
    assert workplace.counter.facts() == facts
    return raised.value


def test_a_chip_of_another_seal_is_refused(workplace, counter, draft, chip_seal):
    other = DraftSeal("22222222-2222-4222-8222-222222222222", "04", "contract.40", draft.seals[1].fields, "seal.chip")
    order_id = counter.accepted(other)
    card = workplace.insert(READER, fresh_chip(workplace))
    burn(workplace, chip_seal)
    error = refused(workplace, counter.seal_of(order_id), card, ChipTakenError)
    assert counter.row(chip_seal, "name") in str(error)


def test_another_chip_than_the_one_begun_is_refused(workplace, chip_seal):
    first = workplace.insert(READER, fresh_chip(workplace))
    first.faults.add(Fault(FaultKind.CUT_BEFORE, ins=layout.INS_GEN_ECC_KEY_PAIR, repeated=True))
    with pytest.raises(OutcomeUnknownError):
        burn(workplace, chip_seal)
    card = workplace.insert(READER, fresh_chip(workplace, "CHIP0002"))
    assert "CHIP0001" in str(refused(workplace, chip_seal, card, OtherChipError))


def test_a_chip_that_was_given_up_is_refused(workplace, counter, chip_seal):
    card = workplace.insert(READER, fresh_chip(workplace))
    card.faults.add(Fault(FaultKind.CUT_BEFORE, ins=layout.INS_GEN_ECC_KEY_PAIR, repeated=True))
    with pytest.raises(OutcomeUnknownError):
        burn(workplace, chip_seal)
    card.faults.clear()
    counter.do(SpoilChip(counter.ask(lambda session: queries.live_burn(session, chip_seal)).id, "坏"))
    refused(workplace, chip_seal, card, SpoiledChipError)


def test_a_used_chip_is_refused(workplace, chip_seal):
    card = fresh_chip(workplace)
    workplace.insert(READER, card)

    def make_key(chip, _task):
        chip.unlock(Pin("41"))
        chip.generate_key()

    workplace.devices.with_chip(READER, make_key).result(10)
    refused(workplace, chip_seal, card, StrangeChipError)


def test_a_chip_that_names_no_seal_or_an_unknown_one_is_refused(workplace, chip_seal):
    for content, error in ((b"\0\0\0", StrangeChipError), (b'{"seal":"elsewhere"}', ChipTakenError)):
        card = workplace.insert(READER, fresh_chip(workplace))

        def write(chip, _task, content=content):
            chip.unlock(Pin("41"))
            chip.write_file("ORDER", content)

        workplace.devices.with_chip(READER, write).result(10)
        refused(workplace, chip_seal, card, error)


def test_a_chip_with_a_strange_pin_is_refused_without_trying_it(workplace, chip_seal):
    card = workplace.insert(READER, fresh_chip(workplace))
    workplace.devices.with_chip(READER, lambda chip, _task: chip.change_pin(Pin("41"), Pin("998877"))).result(10)
    refused(workplace, chip_seal, card, StrangeChipError)


@pytest.mark.parametrize("left", [0, 1, 2])
def test_the_last_tries_are_not_risked(workplace, chip_seal, left):
    card = workplace.insert(READER, fresh_chip(workplace))
    card.state.applications[0].user.tries_left = left
    assert refused(workplace, chip_seal, card, FactoryPinLowError).left == left


def test_no_chip_and_a_key_in_its_place_are_refused(workplace, chip_seal):
    workplace.insert(READER, fresh_chip(workplace))
    workplace.software.remove(READER)
    with pytest.raises(NoChipError):
        burn(workplace, chip_seal)
    workplace.makers_key(READER)
    with pytest.raises(WrongKindError):
        burn(workplace, chip_seal)


def test_a_seal_that_is_not_there_is_refused(workplace):
    workplace.insert(READER, fresh_chip(workplace))
    with pytest.raises(MissingError):
        burn(workplace, "99999999-9999-4999-8999-999999999999")


# ---- certificates that do not fit


def asked(body) -> CertificateRequest:
    return CertificateRequest.from_der(base64.b64decode(body["request"]))


def for_another_key(platform, body):
    return platform.certificates(PrivateKey.generate().public, asked(body).subject)


def naming_another_code(platform, body):
    return platform.certificates(asked(body).public_key, Subject(common_name="章", serial_number="2206819999999"))


def a_makers(platform, body):
    authority, now = platform._counter.authority, platform._counter.clock.now()
    leaf = authority.issue_maker(asked(body).public_key, "章", body["seal_code"], "店", now)
    return (base64.b64encode(leaf.der).decode(),)


@pytest.mark.parametrize("issue", [for_another_key, naming_another_code, a_makers])
def test_a_certificate_that_does_not_fit_never_reaches_the_chip(workplace, chip_seal, issue):
    card = workplace.insert(READER, fresh_chip(workplace))
    workplace.platform.issue = lambda body: issue(workplace.platform, body)
    with pytest.raises(CertificateMismatchError):
        burn(workplace, chip_seal)
    assert not card.state.applications[0].containers[0].certificate
    assert workplace.counter.row(chip_seal, "state") == "seal.burning"


def test_a_certificate_of_another_root_never_reaches_the_chip(workplace, chip_seal, tmp_path):
    other = found_authority(tmp_path / "other", "别的平台", Office("1" * 12, "别处"), workplace.counter.clock.now())
    card = workplace.insert(READER, fresh_chip(workplace))

    def issue(body):
        leaf = other.issue_chip(asked(body).public_key, asked(body).subject, workplace.counter.clock.now())
        return tuple(base64.b64encode(c.der).decode() for c in (leaf, other.intermediate, other.root))

    workplace.platform.issue = issue
    with pytest.raises(CertificateError):
        burn(workplace, chip_seal)
    assert not card.state.applications[0].containers[0].certificate


def test_a_platform_that_does_not_answer_is_waited_for_and_told(workplace, chip_seal, monkeypatch):
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 0.3)
    card = workplace.insert(READER, fresh_chip(workplace))
    workplace.platform.issue = lambda body: ()
    with pytest.raises(CertificateWaitingError):
        burn(workplace, chip_seal)
    assert card.fewest_tries == 6
    answer_later(workplace, chip_seal)
    burn(workplace, chip_seal)
    check_burned(workplace, chip_seal, card)
