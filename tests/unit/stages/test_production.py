"""Production: artwork only of accepted seals, chips tied to one seal, the certificate asked for once."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from sealdesk.core.errors import PermissionDeniedError
from sealdesk.crypto.certificates import Subject
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.domain.access import PLATFORM, Actor
from sealdesk.domain.chips import BurnStep
from sealdesk.domain.machine import WrongStateError
from sealdesk.models.burns import BurnRow
from sealdesk.models.outbox import OutboxRow
from sealdesk.stages.production import queries
from sealdesk.stages.production.rules import (
    ArtworkClosedError,
    BeginBurning,
    CertificateMismatchError,
    ChipTakenError,
    ChooseCardPin,
    FinishBurning,
    HasChipError,
    MarkSealMade,
    NoChipSealError,
    NotExportedError,
    OtherChipError,
    ReasonMissingError,
    ReceiveCertificate,
    RecordBurnStep,
    RecordExport,
    RequestCertificate,
    SpoilChip,
    SpoiledChipError,
)
from sealdesk.stages.registration.rules import CancelOrder, DraftSeal, ReturnOrder
from sealdesk.workflow.uow import MissingError

NOBODY_ID, OTHER_ID = "99999999-9999-4999-8999-999999999999", "44444444-4444-4444-8444-444444444444"


def second_contract(draft) -> DraftSeal:
    return DraftSeal("22222222-2222-4222-8222-222222222222", "04", "contract.40", draft.seals[1].fields, "seal.chip")


def chip_certificate(counter, key) -> tuple[str, ...]:
    issued = counter.authority.issue_chip(key, Subject(common_name="章", serial_number="2206810000001"), counter.clock.now())
    return (base64.b64encode(issued.der).decode(),)


def burn(counter, burn_id):
    return counter.ask(lambda session: session.get(BurnRow, burn_id))


@pytest.fixture
def counter(counter_with_order):
    """The counter with an accepted order."""
    return counter_with_order


# ---- by hand


def test_a_physical_seal_is_exported_then_made(counter, accepted):
    order_id, seal_id = accepted.order_id, accepted.unit_seal
    with counter.refused(NotExportedError):
        counter.do(MarkSealMade(seal_id))
    counter.do(RecordExport(seal_id, ("svg", "pdf")))
    counter.do(MarkSealMade(seal_id))
    assert counter.seal_states(order_id) == ["seal.made", "seal.accepted"]
    assert counter.state(order_id) == "order.accepted"
    assert counter.outbox()[-1] == "seal.made"
    counter.do(RecordExport(seal_id, ("svg",)))  # it can be engraved again until it is handed over
    with counter.refused(WrongStateError):
        counter.do(MarkSealMade(seal_id))


def test_artwork_leaves_only_after_acceptance(counter, draft):
    order_id = counter.submitted(second_contract(draft), replace(draft.seals[1], id=NOBODY_ID))
    for prepare in (lambda: None, lambda: counter.receive(order_id)):
        prepare()
        for seal_id in (counter.seal_of(order_id, 0), counter.seal_of(order_id, 1)):
            with counter.refused(WrongStateError):
                counter.do(RecordExport(seal_id, ("svg",)))
            with counter.refused(WrongStateError):
                counter.do(BeginBurning(counter.seal_of(order_id, 1), "CHIP0001"))


def test_artwork_of_a_cancelled_seal_is_not_exported(counter, draft):
    order_id = counter.submitted(second_contract(draft))
    counter.do(ReturnOrder(order_id, "x", "审核员", 2), PLATFORM)
    counter.do(CancelOrder(order_id))
    with counter.refused(WrongStateError):
        counter.do(RecordExport(counter.seal_of(order_id), ("svg",)))


def test_artwork_is_closed_when_the_seal_was_handed_over(counter, accepted):
    seal_id = accepted.unit_seal

    def deliver():
        with counter.store.write() as session:
            session.connection().exec_driver_sql(f"update seals set state = 'seal.delivered' where id = '{seal_id}'")

    counter.lane.call(deliver)
    with counter.refused(ArtworkClosedError):
        counter.do(RecordExport(seal_id, ("svg",)))


def test_a_chip_seal_is_not_marked_made_by_hand(counter, accepted):
    seal_id = accepted.chip_seal
    counter.do(RecordExport(seal_id, ("svg",)))
    with counter.refused(HasChipError):
        counter.do(MarkSealMade(seal_id))


def test_an_order_of_physical_seals_waits_for_hand_over_once_all_are_made(counter, draft):
    order_id = counter.accepted(*(replace(draft.seals[1], id=seal_id, product="seal.copper") for seal_id in (NOBODY_ID, OTHER_ID)))
    for at, expected in ((0, "order.accepted"), (1, "order.produced")):
        seal_id = counter.seal_of(order_id, at)
        counter.do(RecordExport(seal_id, ("svg",)))
        counter.do(MarkSealMade(seal_id))
        assert counter.state(order_id) == expected


# ---- a chip and a seal


@pytest.fixture
def chip_seal(accepted) -> str:
    """The accepted chip seal."""
    return accepted.chip_seal


def test_a_chip_is_tied_to_its_seal_once(counter, chip_seal):
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    assert counter.do(BeginBurning(chip_seal, "CHIP0001")) == burn_id
    assert counter.row(chip_seal, "state") == "seal.burning"
    with counter.refused(OtherChipError):
        counter.do(BeginBurning(chip_seal, "CHIP0002"))
    assert [ticket.seal_id for ticket in counter.ask(lambda session: queries.queue(session, ("seal.burning",)))] == [chip_seal]


def test_a_physical_seal_gets_no_chip(counter, accepted):
    seal_id = accepted.unit_seal
    with counter.refused(NoChipSealError):
        counter.do(BeginBurning(seal_id, "CHIP0001"))


def test_a_chip_of_another_seal_is_refused(counter, draft, chip_seal):
    other = counter.seal_of(counter.accepted(second_contract(draft)))
    counter.do(BeginBurning(chip_seal, "CHIP0001"))
    with counter.refused(ChipTakenError):
        counter.do(BeginBurning(other, "CHIP0001"))


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_chip_is_given_up_only_with_a_reason(counter, chip_seal, reason):
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    with counter.refused(ReasonMissingError):
        counter.do(SpoilChip(burn_id, reason))


def test_a_spoiled_chip_leaves_its_seal_to_another_and_is_never_used_again(counter, draft, chip_seal):
    other_id, seal_id = counter.seal_of(counter.accepted(second_contract(draft))), chip_seal
    burn_id = counter.do(BeginBurning(seal_id, "CHIP0001"))
    counter.do(ChooseCardPin(burn_id, "123456"))
    counter.do(SpoilChip(burn_id, " 触点损坏 "))
    spoiled = burn(counter, burn_id)
    assert (spoiled.state, spoiled.spoiled_reason, spoiled.sealed_pin) == ("spoiled", "触点损坏", "")
    assert [chip.chip_serial for chip in counter.ask(queries.spoiled_chips)] == ["CHIP0001"]
    assert counter.row(seal_id, "state") == "seal.accepted"
    for other in (seal_id, other_id):
        with counter.refused(SpoiledChipError):
            counter.do(BeginBurning(other, "CHIP0001"))
    assert counter.do(BeginBurning(seal_id, "CHIP0002")) != burn_id


def test_nothing_is_recorded_for_a_burning_that_is_over_or_unknown(counter, chip_seal):
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    counter.do(SpoilChip(burn_id, "坏"))
    for gone in (burn_id, NOBODY_ID):
        for command in (
            RecordBurnStep(gone, BurnStep.KEY, "intent", {}),
            RequestCertificate(gone, "04", b""),
            ChooseCardPin(gone, "123456"),
            FinishBurning(gone),
            SpoilChip(gone, "x"),
        ):
            with counter.refused(MissingError):
                counter.do(command)


def test_the_first_card_pin_stays(counter, chip_seal):
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    assert counter.do(ChooseCardPin(burn_id, "123456")) == "123456"
    assert counter.do(ChooseCardPin(burn_id, "654321")) == "123456"
    counter.do(FinishBurning(burn_id))
    assert counter.do(ChooseCardPin(burn_id, "654321")) == "123456"
    counter.do(FinishBurning(burn_id))  # again changes nothing
    assert counter.outbox().count("seal.made") == 1


def test_steps_keep_what_was_read_back(counter, chip_seal):
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    counter.do(RecordBurnStep(burn_id, BurnStep.KEY, "intent", {}))
    counter.do(RecordBurnStep(burn_id, BurnStep.KEY, "done", {"point": "04ab"}))
    steps = counter.ask(lambda session: queries.live_burn(session, chip_seal)).steps
    assert set(steps["key"]) == {"intent", "done", "point"}
    assert steps["key"]["point"] == "04ab"


# ---- the certificate


def test_the_certificate_is_asked_for_once(counter, chip_seal):
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    for _turn in range(3):
        counter.do(RequestCertificate(burn_id, "04ab", b"request"))
    assert counter.outbox().count("certificate.request") == 1
    body = counter.ask(lambda session: session.query(OutboxRow.body).filter(OutboxRow.kind == "certificate.request").scalar())
    assert (body["seal"], body["chip_serial"], base64.b64decode(body["request"])) == (chip_seal, "CHIP0001", b"request")
    with counter.refused(CertificateMismatchError):
        counter.do(RequestCertificate(burn_id, "04cd", b"request"))


def test_a_right_certificate_stays_and_a_wrong_one_is_put_right(counter, chip_seal):
    order_id = counter.ask(lambda session: queries.ticket(session, chip_seal)).order_id
    key, other = PrivateKey.generate().public, PrivateKey.generate().public
    right, wrong = chip_certificate(counter, key), chip_certificate(counter, other)
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    counter.do(ReceiveCertificate(order_id, chip_seal, 4, right), PLATFORM)
    assert burn(counter, burn_id).certificates is None  # nobody asked for it yet
    counter.do(RequestCertificate(burn_id, key.point.hex(), b"request"))
    for arriving, kept in ((wrong, wrong), (right, right), (wrong, right), (chip_certificate(counter, key), right)):
        counter.do(ReceiveCertificate(order_id, chip_seal, 4, arriving), PLATFORM)
        assert tuple(burn(counter, burn_id).certificates) == kept


def test_a_late_certificate_for_a_spoiled_chip_does_not_reach_the_next_one(counter, chip_seal):
    order_id = counter.ask(lambda session: queries.ticket(session, chip_seal)).order_id
    first, second = PrivateKey.generate().public, PrivateKey.generate().public
    spoiled = counter.do(BeginBurning(chip_seal, "CHIP0001"))
    counter.do(RequestCertificate(spoiled, first.point.hex(), b"request"))
    counter.do(SpoilChip(spoiled, "坏"))
    counter.do(ReceiveCertificate(order_id, chip_seal, 4, chip_certificate(counter, first)), PLATFORM)
    burn_id = counter.do(BeginBurning(chip_seal, "CHIP0002"))
    counter.do(RequestCertificate(burn_id, second.point.hex(), b"request"))
    counter.do(ReceiveCertificate(order_id, chip_seal, 5, chip_certificate(counter, first)), PLATFORM)
    assert not burn(counter, burn_id).certificates
    right = chip_certificate(counter, second)
    counter.do(ReceiveCertificate(order_id, chip_seal, 6, right), PLATFORM)
    assert tuple(burn(counter, burn_id).certificates) == right


@pytest.mark.parametrize(
    "command",
    [
        RecordExport("x", ("svg",)),
        MarkSealMade("x"),
        BeginBurning("x", "C"),
        RecordBurnStep("x", "key", "done"),
        RequestCertificate("x", "04", b""),
        ReceiveCertificate("x", "x", 1, ("",)),
        ChooseCardPin("x", "1"),
        FinishBurning("x"),
        SpoilChip("x", "y"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_without_the_permission_nothing_happens(counter, command):
    with counter.refused(PermissionDeniedError):
        counter.do(command, Actor("n", "无", frozenset({"registration.edit", "signature.sign"})))


def copper(draft) -> DraftSeal:
    return DraftSeal(str(uuid4()), "04", "contract.40", draft.seals[1].fields, "seal.copper")


def test_made_seals_are_listed_newest_first_and_bounded_and_the_queue_is_counted(counter, draft):
    order_id = counter.accepted(*(copper(draft) for _number in range(3)))
    ids = [counter.seal_of(order_id, place) for place in range(3)]
    before = counter.ask(queries.queue_count)
    assert before == len(counter.ask(queries.queue))
    for seal_id in ids:
        counter.clock.advance(timedelta(minutes=1))
        counter.do(RecordExport(seal_id, ("svg",)))
        counter.do(MarkSealMade(seal_id))
    assert [ticket.seal_id for ticket in counter.ask(lambda session: queries.made(session, 2))] == ids[:0:-1]
    assert counter.ask(queries.queue_count) == before - 3
