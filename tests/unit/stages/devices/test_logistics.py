"""Hand-over: to the right person, with the record on every chip, and the card PINs forgotten afterwards."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from sealdesk.core import i18n
from sealdesk.core.clock import stamp
from sealdesk.core.errors import PermissionDeniedError, UserError
from sealdesk.crypto.certificates import Subject
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord, sign_record
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.domain.access import Actor
from sealdesk.domain.deliveries import CheckedPapers, CollectorIsAnotherError, CollectorNameMissingError, PapersNotSeenError
from sealdesk.domain.pin import Pin
from sealdesk.domain.units import Person
from sealdesk.models.burns import BurnRow
from sealdesk.models.deliveries import DeliveryRow
from sealdesk.stages.acceptance.rules import AcceptOrder
from sealdesk.stages.logistics import handing_over, papers
from sealdesk.stages.logistics.queries import card_pins, deliverable_order, deliverable_orders, delivered_orders, waiting_count
from sealdesk.stages.logistics.rules import (
    ChipNotBurnedError,
    DeliverOrder,
    DeliveryRecordError,
    NotReadyError,
    OpenDeliveryError,
    RecordDeliveryBurned,
    SignDelivery,
    WithdrawalReasonError,
    WithdrawDelivery,
)
from sealdesk.stages.production import burning
from sealdesk.stages.production.rules import ArtworkClosedError, MarkSealMade, RecordExport
from sealdesk.stages.registration.rules import Draft, DraftGoods, SubmitOrder
from sealdesk.stages.signature import signing
from sealdesk.stages.signature.queries import signature_plan
from sealdesk.workflow.chips import WrongChipError
from sealdesk.workflow.uow import MissingError

READER, KEY_READER, KEY_PIN = "读卡器", "密钥", "246810"
SEEN = CheckedPapers(original_seen=True)
STRANGER = Person("周未", "resident_id", "22069919900101001X", "19900000003")


def physical(counter, draft, seal_id: str = "33333333-3333-4333-8333-333333333333") -> str:
    """An order with one physical contract seal, ready for hand-over."""
    order_id = counter.accepted(replace(draft.seals[1], id=seal_id, product="seal.copper"))
    counter.do(RecordExport(seal_id, ("svg",)))
    counter.do(MarkSealMade(seal_id))
    return order_id


def sign(counter, order_id, collector=None, seen=SEEN, signer=None, chain=None, **changes) -> SignDelivery:
    """The command with its signed record, right unless told otherwise."""
    order = counter.ask(lambda session: deliverable_order(session, order_id))
    collector = collector or order.handler
    number = f"JF20261123{order.number[-12:]}"
    content = {
        "type": "sealdesk.delivery.1",
        "number": number,
        "order": order_id,
        "unit": order.unit_name,
        "seals": [seal.seal_code for seal in order.seals],
        "collector": collector.name,
        "collector_document_kind": collector.document_kind,
        "collector_document_digest": sm3(collector.document_number.encode()).hex(),
        "operator": "李师傅",
        "signed_at": stamp(counter.clock.now()),
    }
    if "collector_name" in changes:
        changes["collector"] = changes.pop("collector_name")
    record = sign_record({**content, **changes}, signer or counter.maker_key, chain or counter.chain).to_json()
    return SignDelivery(order_id, str(uuid4()), number, collector, seen, record)


@pytest.fixture
def counter(counter_ready):
    """The counter with an order that waits for hand-over."""
    return counter_ready


@pytest.fixture
def ready(counter) -> str:
    """That order, of one physical seal."""
    order_id, counter.prepared = counter.prepared, ""
    return order_id


@pytest.fixture
def handler(draft) -> Person:
    return draft.handler


# ---- who may collect


def test_the_handler_and_the_person_in_charge_may_collect(counter, draft, ready):
    for collector in (draft.handler, draft.unit.principal, replace(draft.handler, phone="13900000000")):
        command = sign(counter, ready, collector)
        counter.do(command)
        counter.do(WithdrawDelivery(command.delivery_id, "改日"))


@pytest.mark.parametrize(
    ("changes", "seen", "error", "field"),
    [
        ({}, CheckedPapers(original_seen=False), PapersNotSeenError, "papers.original_seen"),
        ({"name": "周未"}, SEEN, CollectorIsAnotherError, "collector.name"),
        ({"document_number": "22069919900101001X"}, SEEN, CollectorIsAnotherError, "collector.name"),
        ({"name": "  "}, CheckedPapers(True, "ab" * 32), CollectorNameMissingError, "collector.name"),
        ({"name": "周未", "document_number": "123"}, CheckedPapers(True, "ab" * 32), UserError, "collector.document_number"),
        ({"name": "周未", "document_kind": "library_card"}, CheckedPapers(True, "ab" * 32), UserError, "collector.document_number"),
    ],
)
def test_anybody_else_is_refused_at_the_field(counter, handler, ready, changes, seen, error, field):
    command = sign(counter, ready, replace(handler, **changes), seen)
    with counter.refused(error) as refused:
        counter.do(command)
    assert refused.value.field == field


def test_a_power_of_attorney_lets_another_person_collect(counter, handler, ready):
    collector = replace(handler, name="周未")
    counter.do(sign(counter, ready, collector, CheckedPapers(True, "ab" * 32)))
    assert counter.ask(lambda session: session.query(DeliveryRow.authorisation).scalar()) == "ab" * 32


def test_the_collector_is_checked_before_a_pin_is_spent(workplace, counter, handler, ready, tries):
    key, desk = workplace.makers_key()
    for collector, seen in ((replace(handler, name="周未"), SEEN), (handler, CheckedPapers(False))):
        with pytest.raises(UserError):
            handing_over.sign_delivery(desk, ready, collector, seen, KEY_READER, Pin("000000")).result(30)
    assert tries(key) == 6
    with pytest.raises(MissingError):
        handing_over.sign_delivery(desk, str(uuid4()), handler, SEEN, KEY_READER, Pin("000000")).result(30)


# ---- what is signed


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "JF1"},
        {"order": "99999999-9999-4999-8999-999999999999"},
        {"seals": ["2206819999999"]},
        {"seals": []},
        {"collector_name": "周未"},
        {"collector_document_digest": "00" * 32},
        {"type": "sealdesk.query.1"},
    ],
    ids=str,
)
def test_a_record_about_another_hand_over_is_refused(counter, ready, changes):
    command = sign(counter, ready, **changes)
    with counter.refused(DeliveryRecordError):
        counter.do(command)


def test_only_the_own_makers_key_signs(counter, ready):
    authority, key = counter.authority, PrivateKey.generate()
    colleague = authority.issue_maker(key.public, "王师傅", "220681000007", "店", counter.clock.now())
    chip = authority.issue_chip(key.public, Subject(common_name="章"), counter.clock.now())
    for certificate in (colleague, chip):
        command = sign(counter, ready, signer=key, chain=(certificate, authority.intermediate))
        with counter.refused(DeliveryRecordError):
            counter.do(command)


def test_a_changed_record_is_refused(counter, ready):
    command = sign(counter, ready)
    signed = SignedRecord.from_json(command.record)
    changed = SignedRecord(signed.content.replace("林知夏".encode(), "林知冬".encode()), signed.signature, signed.chain).to_json()
    for wrong in (changed, "{}", ""):
        with counter.refused(DeliveryRecordError):
            counter.do(replace(command, record=wrong))


# ---- when


def test_an_order_is_handed_over_only_when_everything_is_ready(counter, draft, ready):
    order_id = counter.accepted(*draft.seals)
    command = sign(counter, order_id)
    with counter.refused(NotReadyError):
        counter.do(command)
    submitted = counter.submitted(replace(draft.seals[1], id="44444444-4444-4444-8444-444444444444"))
    with counter.refused(NotReadyError):
        counter.do(replace(command, order_id=submitted))


def test_a_hand_over_that_is_under_way_keeps_a_second_one_away(counter, ready):
    first = sign(counter, ready)
    counter.do(first)
    second = sign(counter, ready)
    with counter.refused(OpenDeliveryError):
        counter.do(second)
    with pytest.raises(WithdrawalReasonError):
        counter.do(WithdrawDelivery(first.delivery_id, "  "))
    counter.do(WithdrawDelivery(first.delivery_id, "领取人没有带证件"))
    for command in (WithdrawDelivery(first.delivery_id, "x"), DeliverOrder(first.delivery_id), DeliverOrder(str(uuid4()))):
        with counter.refused(MissingError):
            counter.do(command)
    counter.do(second)
    counter.do(DeliverOrder(second.delivery_id))
    assert (counter.state(ready), counter.seal_states(ready)) == ("order.delivered", ["seal.delivered"])
    assert [order.id for order in counter.ask(delivered_orders)] == [ready]
    assert counter.ask(lambda session: delivered_orders(session, 0)) == ()
    assert (counter.ask(waiting_count), counter.ask(deliverable_orders)) == (0, ())
    assert counter.outbox().count("order.delivered") == 1
    third = sign(counter, ready)
    with counter.refused(NotReadyError) as refused:
        counter.do(third)
    assert "order." not in str(refused.value)
    with counter.refused(ArtworkClosedError):
        counter.do(RecordExport(counter.seal_of(ready), ("svg",)))


def test_orders_of_different_days_handed_over_on_one_day_get_different_numbers(workplace, counter, draft, handler):
    _key, desk = workplace.makers_key()
    first = physical(counter, draft)
    counter.clock.advance(timedelta(days=1))
    second = physical(counter, draft, "44444444-4444-4444-8444-444444444444")
    numbers = [
        handing_over.sign_delivery(desk, order, handler, SEEN, KEY_READER, Pin(KEY_PIN)).result(30).number for order in (first, second)
    ]
    assert len(set(numbers)) == 2
    assert all(number.startswith("JF20261124") for number in numbers)


def test_goods_alone_are_handed_over_too(workplace, counter, draft, handler):
    order_id = counter.draft(Draft(draft.unit, handler, (), (DraftGoods("goods.ink_red", 2),)), ())
    counter.do(SubmitOrder(order_id))
    counter.do(AcceptOrder(order_id))
    _key, desk = workplace.makers_key()
    begun = handing_over.sign_delivery(desk, order_id, handler, SEEN, KEY_READER, Pin(KEY_PIN)).result(30)
    handing_over.finish(desk, begun.delivery_id).result(30)
    assert (counter.state(order_id), counter.outbox().count("order.delivered")) == ("order.delivered", 0)
    assert counter.ask(lambda session: papers.delivery_slip(session, order_id)).startswith(b"%PDF")


# ---- with a chip


def test_a_chip_carries_the_record_before_it_is_handed_over(workplace, counter, draft, handler):
    counter.prepared = ""
    order_id = counter.accepted(draft.seals[1])
    seal_id = counter.seal_of(order_id)
    card = workplace.insert(READER, workplace.chip())
    _key, desk = workplace.makers_key()
    burning.burn(desk, seal_id, READER).result(60)
    information = counter.ask(lambda session: signature_plan(session, seal_id)).information
    signing.sign(desk, seal_id, information, KEY_READER, Pin(KEY_PIN)).result(30)
    signing.burn_signature(desk, seal_id, READER).result(30)
    assert order_id in [order.id for order in counter.ask(deliverable_orders)]
    with pytest.raises(MissingError):
        handing_over.burn_delivery(desk, order_id, seal_id, READER).result(30)
    begun = handing_over.sign_delivery(desk, order_id, handler, SEEN, KEY_READER, Pin(KEY_PIN)).result(30)
    with counter.refused(ChipNotBurnedError):
        counter.do(DeliverOrder(begun.delivery_id))
    with counter.refused(DeliveryRecordError):
        counter.do(RecordDeliveryBurned(begun.delivery_id, seal_id, "something else"))
    other = workplace.insert(READER, workplace.chip("CHIP0002"))
    with pytest.raises(WrongChipError):
        handing_over.burn_delivery(desk, order_id, seal_id, READER).result(30)
    assert other.state.applications[0].user.tries_left == 6
    workplace.insert(READER, card)
    assert handing_over.burn_delivery(desk, order_id, seal_id, READER).result(30) == begun.record
    assert {file.name for file in card.state.applications[0].files} == {"ORDER", "PERMIT", "FACE", "QUERY", "DELIVERY"}
    check_papers(counter, order_id, begun.number)
    handing_over.finish(desk, begun.delivery_id).result(30)
    assert counter.ask(lambda session: [row.sealed_pin for row in session.query(BurnRow)]) == [""]
    assert counter.ask(lambda session: papers.pin_mailer(session, order_id)) is None
    body = json.loads(
        counter.ask(lambda session: session.connection().exec_driver_sql("select body from outbox order by seq desc").scalar())
    )
    assert body == {"seals": [seal_id], "record": begun.record}


def check_papers(counter, order_id, number) -> None:
    """Slip and mailer say what they must, the slip without secrets and without whole document numbers."""
    i18n.use_language("zh_CN")
    slip = words(counter.ask(lambda session: papers.delivery_slip(session, order_id)))
    pin, code = counter.ask(lambda s: (next(iter(card_pins(s, order_id).values())), deliverable_order(s, order_id).seals[0].seal_code))
    for expected in (number, "临江市云帆文化传播有限公司", "林知夏", code):
        assert expected in slip
    assert pin not in slip
    assert "220699199309089282" not in slip
    assert pin in words(counter.ask(lambda session: papers.pin_mailer(session, order_id)))
    i18n.use_language("en")


def words(pdf: bytes) -> str:
    """The text of a PDF without white space."""
    return "".join(subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode().split())


def test_there_is_no_slip_before_a_hand_over_was_begun(counter, ready):
    with pytest.raises(MissingError):
        counter.ask(lambda session: papers.delivery_slip(session, ready))


@pytest.mark.parametrize(
    "command",
    [
        SignDelivery("x", "y", "1", STRANGER, SEEN, "{}"),
        RecordDeliveryBurned("x", "y", "z"),
        WithdrawDelivery("x", "y"),
        DeliverOrder("x"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_without_the_permission_nothing_happens(counter, command):
    with counter.refused(PermissionDeniedError):
        counter.do(command, Actor("n", "无", frozenset({"production.make"})))
