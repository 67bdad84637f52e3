"""The production signature: the right information, by the right key, on the right chip, read back."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

from sealdesk.core.clock import stamp
from sealdesk.core.errors import PermissionDeniedError, UserError
from sealdesk.crypto.certificates import Subject
from sealdesk.crypto.records import SignedRecord, sign_record
from sealdesk.domain.access import Actor
from sealdesk.domain.machine import WrongStateError
from sealdesk.domain.pin import Pin
from sealdesk.domain.query_information import decode, encode
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.emulator import Card, Fault, FaultKind
from sealdesk.hardware.errors import PinLengthError, WrongPinError
from sealdesk.models.units import UnitRow
from sealdesk.stages.production.rules import MarkSealMade, RecordExport
from sealdesk.stages.signature import signing
from sealdesk.stages.signature.queries import signature_plan, waiting_chips
from sealdesk.stages.signature.rules import FinishSignature, NotSignedError, QuerySignatureError, SignQuery
from sealdesk.workflow.chips import CardPinUnknownError, ChipReadBackError, FewTriesError, WrongChipError, write_and_read_back
from sealdesk.workflow.signing import AnotherKeyError, KeyPinLockedError
from sealdesk.workflow.uow import MissingError

READER, KEY_READER, KEY_PIN = "读卡器", "密钥", "246810"


@pytest.fixture
def counter(counter_with_chip):
    """The counter with an order whose chip seal is burned and whose physical seal is not made."""
    return counter_with_chip


@pytest.fixture
def burned(burned_chip):
    """The order, its chip seal, and the burned chip."""
    return burned_chip.order_id, burned_chip.chip_seal, Card(copy.deepcopy(burned_chip.chip))


def plan_of(counter, seal_id):
    return counter.ask(lambda session: signature_plan(session, seal_id))


def record(counter, seal_id, signer=None, chain=None, **changes) -> str:
    """The signed query information, right unless told otherwise."""
    plan = plan_of(counter, seal_id)
    content = {
        "type": "sealdesk.query.1",
        "order": plan.order_id,
        "seal": seal_id,
        "chip_serial": plan.chip_serial,
        "values": json.loads(encode(plan.information)),
        "signed_at": stamp(counter.clock.now()),
    }
    return sign_record({**content, **changes}, signer or counter.maker_key, chain or counter.chain).to_json()


def test_the_information_comes_from_permit_registration_and_chip(counter, burned):
    _order_id, seal_id, _card = burned
    plan = plan_of(counter, seal_id)
    information = plan.information
    assert decode(encode(information)) == information
    assert information.seal_serial == counter.row(seal_id, "seal_code")
    assert (information.user_company_code, information.user_company_name_chs) == ("220681000123", "临江市云帆文化传播有限公司")
    assert (information.approval_company_name_chs, information.product_company_code) == ("临江市公安局", "220681000007")
    assert (information.operator, information.person_name) == ("林知夏", "沈云帆")
    assert (information.approval_date, information.undertake_date, information.product_date) == ("20261123",) * 3
    assert information.approve_no.startswith("2026")
    assert (plan.chip_serial, plan.card_pin_known) == ("CHIP0001", True)
    (waiting,) = counter.ask(waiting_chips)
    assert (waiting.seal_id, waiting.signed) == (seal_id, False)


def test_signed_burned_and_read_back(workplace, counter, burned):
    order_id, seal_id, card = burned
    workplace.insert(READER, card)
    _key, desk = workplace.makers_key()
    signed = signing.sign(desk, seal_id, plan_of(counter, seal_id).information, KEY_READER, Pin(KEY_PIN)).result(30)
    assert counter.ask(waiting_chips)[0].signed
    assert signing.burn_signature(desk, seal_id, READER).result(30) == signed
    files = {file.name: file.content for file in card.state.applications[0].files}
    assert files["QUERY"] == signed.encode()
    assert counter.seal_states(order_id) == ["seal.accepted", "seal.signed"]
    assert counter.state(order_id) == "order.accepted"  # the other seal is not made yet
    counter.do(RecordExport(counter.seal_of(order_id), ("svg",)))
    counter.do(MarkSealMade(counter.seal_of(order_id)))
    assert counter.state(order_id) == "order.produced"
    assert counter.outbox().count("seal.signed") == 1
    with counter.refused(WrongStateError):
        counter.do(SignQuery(seal_id, signed))
    with counter.refused(WrongStateError):
        counter.do(FinishSignature(seal_id, signed))


def test_a_broken_line_while_the_signature_is_burned_is_forgiven(workplace, counter, burned):
    _order_id, seal_id, card = burned
    workplace.insert(READER, card)
    counter.do(SignQuery(seal_id, record(counter, seal_id)))
    card.faults.add(Fault(FaultKind.CUT_INSIDE, ins=layout.INS_WRITE_FILE))
    signing.burn_signature(workplace.desk, seal_id, READER).result(30)
    assert counter.row(seal_id, "state") == "seal.signed"
    assert card.state.applications[0].user.tries_left == 6


@pytest.mark.parametrize(
    "changes",
    [
        {"seal": "99999999-9999-4999-8999-999999999999"},
        {"order": "99999999-9999-4999-8999-999999999999"},
        {"chip_serial": "CHIP0002"},
        {"type": "sealdesk.delivery.1"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_record_about_something_else_is_refused(counter, burned, changes):
    _order_id, seal_id, _card = burned
    wrong = record(counter, seal_id, **changes)
    with counter.refused(QuerySignatureError):
        counter.do(SignQuery(seal_id, wrong))


def test_a_record_with_another_code_or_with_fields_out_of_order_is_refused(counter, burned):
    _order_id, seal_id, _card = burned
    values = json.loads(encode(plan_of(counter, seal_id).information))
    for changed, error in (({"SealSerial": "2206819999999"}, QuerySignatureError), ({"SealName": ""}, UserError), ({"X": "1"}, UserError)):
        wrong = record(counter, seal_id, values={**values, **changed})
        with counter.refused(error):
            counter.do(SignQuery(seal_id, wrong))


def test_only_the_own_makers_key_signs(counter, burned):
    _order_id, seal_id, _card = burned
    authority, now = counter.authority, counter.clock.now()
    key = type(counter.maker_key).generate()
    colleague = authority.issue_maker(key.public, "王师傅", "220681000007", "店", now)
    chip = authority.issue_chip(key.public, Subject(common_name="章"), now)
    for certificate in (colleague, chip):
        wrong = record(counter, seal_id, key, (certificate, authority.intermediate))
        with counter.refused(QuerySignatureError):
            counter.do(SignQuery(seal_id, wrong))
    with counter.refused(QuerySignatureError):  # a chip is no maker, whoever signed in with it
        counter.do(SignQuery(seal_id, wrong), replace(counter.maker, key_fingerprint=chip.fingerprint))


def test_a_changed_record_and_one_that_cannot_be_read_are_refused(counter, burned):
    _order_id, seal_id, _card = burned
    right = SignedRecord.from_json(record(counter, seal_id))
    changed = SignedRecord(right.content.replace("林知夏".encode(), "林知冬".encode()), right.signature, right.chain).to_json()
    for wrong in (changed, "", "{}"):
        with counter.refused(QuerySignatureError):
            counter.do(SignQuery(seal_id, wrong))


def test_nothing_is_signed_before_the_chip_is_made(counter, draft, burned):
    order_id = counter.accepted(replace(draft.seals[1], id="44444444-4444-4444-8444-444444444444"))
    for seal_id in (counter.seal_of(order_id), counter.seal_of(burned[0])):
        assert plan_of(counter, seal_id) is None
        with counter.refused(WrongStateError):
            counter.do(SignQuery(seal_id, "{}"))
        with counter.refused(NotSignedError):
            counter.do(FinishSignature(seal_id, "{}"))


def test_a_physical_seal_is_not_signed(counter, burned):
    order_id, chip_seal, _card = burned
    seal_id = counter.seal_of(order_id)
    counter.do(RecordExport(seal_id, ("svg",)))
    counter.do(MarkSealMade(seal_id))
    right = record(counter, chip_seal)
    with counter.refused(QuerySignatureError):
        counter.do(SignQuery(seal_id, right))


def test_what_was_read_back_must_be_what_was_signed(counter, burned):
    _order_id, seal_id, _card = burned
    first, second = record(counter, seal_id), record(counter, seal_id, signed_at="2026-11-23T02:00:01.000Z")
    counter.do(SignQuery(seal_id, first))
    counter.do(SignQuery(seal_id, second))  # it may be signed again until it is burned
    with counter.refused(QuerySignatureError):
        counter.do(FinishSignature(seal_id, first))
    counter.do(FinishSignature(seal_id, second))


def test_burning_needs_a_signature_and_the_right_chip(workplace, counter, burned, tries):
    _order_id, seal_id, card = burned
    workplace.insert(READER, card)
    with pytest.raises(NotSignedError):
        signing.burn_signature(workplace.desk, seal_id, READER).result(30)
    counter.do(SignQuery(seal_id, record(counter, seal_id)))
    other = workplace.insert(READER, workplace.chip("CHIP0002"))
    with pytest.raises(WrongChipError):
        signing.burn_signature(workplace.desk, seal_id, READER).result(30)
    assert tries(other) == 6
    workplace.insert(READER, card)
    card.state.applications[0].user.tries_left = 2
    with pytest.raises(FewTriesError):
        signing.burn_signature(workplace.desk, seal_id, READER).result(30)
    assert tries(card) == 2
    with pytest.raises(MissingError):
        signing.burn_signature(workplace.desk, "99999999-9999-4999-8999-999999999999", READER).result(30)


def test_a_card_pin_that_is_not_known_is_not_guessed(workplace, counter, burned, tries):
    _order_id, seal_id, card = burned
    workplace.insert(READER, card)
    counter.do(SignQuery(seal_id, record(counter, seal_id)))

    def forget():
        with counter.store.write() as session:
            session.connection().exec_driver_sql("update burns set card_pin = ''")

    counter.lane.call(forget)
    with pytest.raises(CardPinUnknownError):
        signing.burn_signature(workplace.desk, seal_id, READER).result(30)
    assert tries(card) == 6


def test_signing_spends_no_pin_when_anything_else_is_wrong(workplace, counter, burned, tries):
    _order_id, seal_id, _card = burned
    information = plan_of(counter, seal_id).information
    key, desk = workplace.makers_key()
    pin = Pin("000000")
    with pytest.raises(AnotherKeyError):
        signing.sign(workplace.desk, seal_id, information, KEY_READER, pin).result(30)
    assert not pin  # wiped
    with pytest.raises(UserError):
        signing.sign(desk, seal_id, replace(information, seal_name=""), KEY_READER, Pin("000000")).result(30)
    with pytest.raises(PinLengthError):
        signing.sign(desk, seal_id, information, KEY_READER, Pin("1")).result(30)
    assert tries(key) == 6
    with pytest.raises(WrongPinError) as wrong:
        signing.sign(desk, seal_id, information, KEY_READER, Pin("000000")).result(30)
    assert (wrong.value.left, tries(key)) == (5, 5)
    key.state.applications[0].user.tries_left = 0
    with pytest.raises(KeyPinLockedError):
        signing.sign(desk, seal_id, information, KEY_READER, Pin(KEY_PIN)).result(30)


def test_a_chip_that_does_not_keep_what_is_written_is_told():
    class Forgetful:
        def read_file(self, name):
            return b"something else"

        def write_file(self, name, content):
            pass

    with pytest.raises(ChipReadBackError):
        write_and_read_back(Forgetful(), "QUERY", b"record")


@pytest.mark.parametrize("command", [SignQuery("x", "y"), FinishSignature("x", "y")], ids=lambda command: type(command).__name__)
def test_without_the_permission_nothing_happens(counter, command):
    with counter.refused(PermissionDeniedError):
        counter.do(command, Actor("n", "无", frozenset({"production.make"})))


def test_names_that_a_chip_cannot_hold_stay_out_of_its_optional_fields(counter, burned):
    seal_id = burned[1]

    def rename():
        with counter.store.write() as session:
            unit = session.query(UnitRow).one()
            unit.name_minority, unit.name_english = "ཁྲིན་ཏུའུ", "Yunfan Culture Co."

    counter.lane.call(rename)
    information = plan_of(counter, seal_id).information
    assert (information.user_company_name_min, information.user_company_name_eng) == ("", "Yunfan Culture Co.")
    assert decode(encode(information)) == information
