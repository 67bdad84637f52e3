"""Acceptance: a permit that is wrong anywhere is never countersigned nor accepted, and nothing that needs one goes without."""

from __future__ import annotations

import base64
import copy
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from sealdesk.central.authority import Office, found_authority
from sealdesk.core.errors import PermissionDeniedError
from sealdesk.crypto.certificates import Revoked, Subject, issue, new_serial
from sealdesk.crypto.records import SignedRecord, sign_record
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.domain.access import PLATFORM, Actor
from sealdesk.domain.machine import WrongStateError
from sealdesk.face import codec
from sealdesk.face.specification import FaceSpec
from sealdesk.stages.acceptance.papers import permit_copy
from sealdesk.stages.acceptance.queries import permit_view, waiting_orders
from sealdesk.stages.acceptance.rules import (
    AcceptOrder,
    CountersignatureError,
    CountersignPermit,
    PermitMissingError,
    PermitNotInOrderError,
    PermitNumberTakenError,
    ReceivePermit,
)
from sealdesk.stages.production.rules import RecordExport
from sealdesk.stages.registration.rules import Draft, DraftGoods, DraftSeal, ReturnOrder, SubmitOrder
from sealdesk.wire.roles import PERMIT_AUTHORITY
from sealdesk.workflow import facts
from sealdesk.workflow.uow import MissingError

STEPS = ["form", "signature", "entitled", "validity", "shop", "equal"]


@pytest.fixture
def counter(counter_submitted):
    """The counter with an order that waits for approval."""
    return counter_submitted


def verdict(counter, order_id):
    return counter.ask(lambda session: permit_view(session, order_id, counter.clock.now())).verdict


def failed(counter, order_id) -> list[str]:
    """The steps that did not pass; afterwards nothing can be done with the permit."""
    found = verdict(counter, order_id)
    assert [step.name for step in found.steps] == STEPS
    assert not found.holds
    assert found.reason
    record = counter.ask(lambda session: permit_view(session, order_id, counter.clock.now())).record
    countersign = CountersignPermit(order_id, "2026000001", "{}")
    if found.permit is not None:
        countersign = CountersignPermit(order_id, found.permit.number, counter.countersignature(order_id, record))
    with counter.refused(PermitNotInOrderError):
        counter.do(countersign)
    with counter.refused(PermitNotInOrderError):
        counter.do(AcceptOrder(order_id))
    assert counter.seal_states(order_id) == ["seal.registered"] * len(counter.seal_states(order_id))
    assert all(not counter.row(counter.seal_of(order_id, at), "seal_code") for at in range(len(counter.seal_states(order_id))))
    return [step.name for step in found.steps if step.passed is False]


def number_in(record: str) -> str:
    return str(json.loads(SignedRecord.from_json(record).content)["number"])


# ---- the verdict, step by step


def test_a_right_permit_passes_every_step(counter):
    order_id = counter.submitted()
    assert counter.receive(order_id) is True
    found = verdict(counter, order_id)
    assert found.holds
    assert [step.passed for step in found.steps] == [True] * 6
    assert found.signer == counter.authority.police
    assert (counter.state(order_id), counter.seal_states(order_id)) == ("order.permitted", ["seal.approved"] * 2)


@pytest.mark.parametrize("record", ["", "nonsense", "{}", '{"content":"e30=","signature":"","chain":[]}'])
def test_what_cannot_be_read_fails_at_the_first_step(counter, record):
    order_id = counter.submitted()
    assert counter.do(ReceivePermit(order_id, 3, record), PLATFORM) is False
    assert failed(counter, order_id) == ["form"]
    assert [step.passed for step in verdict(counter, order_id).steps][1:] == [None] * 5


def test_a_date_that_is_none_fails_at_the_first_step(counter):
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, valid_until="2026-13-45"))
    assert failed(counter, order_id) == ["form"]


def test_a_changed_content_fails_at_the_signature(counter):
    order_id = counter.submitted()
    record = SignedRecord.from_json(counter.permit(order_id))
    changed = SignedRecord(record.content.replace("林知夏".encode(), "林知冬".encode()), record.signature, record.chain)
    counter.receive(order_id, changed.to_json())
    assert failed(counter, order_id) == ["signature"]


def test_a_damaged_signature_fails(counter):
    order_id = counter.submitted()
    record = SignedRecord.from_json(counter.permit(order_id))
    damaged = bytearray(record.signature)
    damaged[-1] ^= 1
    counter.receive(order_id, SignedRecord(record.content, bytes(damaged), record.chain).to_json())
    assert failed(counter, order_id) == ["signature"]


def test_an_authority_of_another_root_is_not_believed(counter, tmp_path):
    other = found_authority(tmp_path / "other", "示例平台", Office("220681000000", "临江市公安局"), counter.clock.now())
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, other.police_key, (other.police, other.intermediate, other.root)))
    assert failed(counter, order_id) == ["signature"]


def test_a_signer_whose_certificate_has_run_out_is_not_believed(counter):
    authority, key, now = counter.authority, PrivateKey.generate(), counter.clock.now()
    # as the authority would have issued it, but for one day only
    short = issue(
        authority.intermediate,
        authority._keys["intermediate"],
        key.public,
        Subject(common_name="临江市公安局"),
        new_serial(),
        now - timedelta(hours=23),
        now + timedelta(hours=1),
        ca=False,
        extended_usage=(PERMIT_AUTHORITY,),
    )
    order_id = counter.submitted()
    record = counter.permit(order_id, key, (short, authority.intermediate))
    assert counter.receive(order_id, record) is True
    counter.clock.advance(timedelta(hours=2))
    with counter.refused(PermitNotInOrderError):
        counter.do(CountersignPermit(order_id, number_in(record), counter.countersignature(order_id, record)))
    assert [step.name for step in verdict(counter, order_id).steps if step.passed is False] == ["signature"]


def test_a_revoked_signer_is_not_believed(counter):
    order_id = counter.submitted()
    counter.receive(order_id)
    now, police = counter.clock.now(), counter.authority.police
    listed = counter.authority.revocation_list([Revoked(police.serial, now - timedelta(minutes=1))], 1, now)

    def revoke():
        with counter.store.write() as session:
            known = dict(facts.read(session, facts.AUTHORITY))
            facts.write(session, facts.AUTHORITY, {**known, "revocations": [base64.b64encode(listed.der).decode()]})

    counter.lane.call(revoke)
    assert [step.name for step in verdict(counter, order_id).steps if step.passed is False] == ["signature"]


def test_a_makers_key_issues_no_permits(counter):
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, counter.maker_key, counter.chain))
    assert failed(counter, order_id) == ["entitled"]


def test_a_permit_before_its_first_day_does_not_hold(counter):
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, issued_on="2026-11-24"))
    assert failed(counter, order_id) == ["validity"]


def test_a_permit_after_its_last_day_does_not_hold(counter):
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, issued_on="2026-10-01", valid_until="2026-11-22"))
    assert failed(counter, order_id) == ["validity"]


def test_validity_ends_with_the_chinese_day(counter):
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, valid_until="2026-11-23"))
    counter.clock.advance(timedelta(hours=13, minutes=59))  # 23:59 in Beijing
    assert verdict(counter, order_id).holds
    counter.clock.advance(timedelta(minutes=1))
    assert not verdict(counter, order_id).holds


def test_a_permit_for_another_shop_does_not_hold(counter):
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, shop={"code": "220681000008", "name": "别家印章店"}))
    assert failed(counter, order_id) == ["shop"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"order": "99999999-9999-4999-8999-999999999999"}, "Order"),
        ({"unit": {"code": "220681000123", "name": "临江市云帆文化传播有限公司 "}}, "Unit"),
        ({"uscc": "91220699MA0YB0016X"}, "Unified social credit code"),
        ({"handler": "林知复"}, "Handler"),
        ({"handler_document": "220699199309089281"}, "Handler's document"),
    ],
)
def test_each_field_is_compared_to_the_character(counter, changes, what):
    order_id = counter.submitted()
    counter.receive(order_id, counter.permit(order_id, **changes))
    assert failed(counter, order_id) == ["equal"]
    assert [difference.what for difference in verdict(counter, order_id).differences] == [what]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"seal_type": "02"}, "Seal type"),
        ({"name": "别的章"}, "Seal name"),
        ({"template": "unit.enterprise.42"}, "Template"),
        ({"face_fields": {"name": "临江市云帆文化传媒有限公司"}}, "Face text"),
        ({"width_mm": 40.01}, "Size"),
        ({"height_mm": 39.99}, "Size"),
    ],
)
def test_each_field_of_a_seal_is_compared(counter, changes, what):
    order_id = counter.submitted()
    seals = counter.permit_content(order_id)["seals"]
    seals[0] = {**seals[0], **changes}
    counter.receive(order_id, counter.permit(order_id, seals=seals))
    assert failed(counter, order_id) == ["equal"]
    assert [difference.what for difference in verdict(counter, order_id).differences] == [what]


def test_a_text_moved_to_another_field_of_the_face_is_a_difference(counter):
    order_id = counter.submitted()
    seals = counter.permit_content(order_id)["seals"]
    seals[0]["face_fields"] = {"other": seals[0]["face_fields"]["name"]}
    counter.receive(order_id, counter.permit(order_id, seals=seals))
    assert failed(counter, order_id) == ["equal"]


def test_a_missing_seal_an_extra_seal_and_a_code_given_twice_are_differences(counter):
    order_id = counter.submitted()
    seals = counter.permit_content(order_id)["seals"]
    extra = {**copy.deepcopy(seals[0]), "id": "99999999-9999-4999-8999-999999999999", "seal_code": "2206810009999"}
    twice = [{**seal, "seal_code": "2206810000777"} for seal in seals]
    for wrong in (seals[:1], [*seals, extra], twice):
        counter.receive(order_id, counter.permit(order_id, seals=wrong))
        assert failed(counter, order_id) == ["equal"]


# ---- bad permits are replaced, good ones are used


def test_a_bad_permit_is_kept_and_replaced_by_a_good_one(counter):
    order_id = counter.submitted()
    bad = counter.permit(order_id, handler="别人")
    counter.receive(order_id, bad)
    assert counter.ask(lambda session: permit_view(session, order_id, counter.clock.now())).record == bad
    assert counter.state(order_id) == "order.permitted"
    counter.receive(order_id)
    assert verdict(counter, order_id).holds
    assert counter.seal_states(order_id) == ["seal.approved"] * 2


def test_codes_and_cuts_of_the_latest_good_permit_stand_on_the_faces(counter):
    order_id = counter.submitted()
    for _turn in range(2):
        record = counter.permit(order_id)
        counter.receive(order_id, record)
        given = json.loads(SignedRecord.from_json(record).content)["seals"]
        for at, seal in enumerate(given):
            row = counter.seal_of(order_id, at)
            assert counter.row(row, "seal_code") == seal["seal_code"]
            spec = codec.read(FaceSpec, counter.row(row, "face_spec"))
            assert seal["seal_code"] in json.dumps(codec.plain(spec))
            assert len(spec.cuts) == 1


def test_a_bad_permit_does_not_take_the_number_of_a_good_one(counter, draft):
    first = counter.submitted()
    second = counter.submitted(DraftSeal("11111111-1111-4111-8111-111111111111", "04", "contract.40", draft.seals[1].fields, "seal.copper"))
    counter.receive(first, counter.permit(first, number="2026777777", handler="别人"))
    counter.receive(second, counter.permit(second, number="2026777777"))
    assert verdict(counter, second).holds
    with counter.refused(PermitNumberTakenError):
        counter.receive(first, counter.permit(first, number="2026777777"))


def test_a_permit_that_was_used_in_time_stays_good_to_look_at(counter):
    order_id = counter.accepted()
    counter.clock.advance(timedelta(days=400))
    assert verdict(counter, order_id).holds


def test_a_permit_that_runs_out_before_acceptance_is_not_accepted_any_more(counter):
    order_id = counter.submitted()
    record = counter.permit(order_id)
    counter.receive(order_id, record)
    counter.do(CountersignPermit(order_id, number_in(record), counter.countersignature(order_id, record)))
    counter.clock.advance(timedelta(days=31))
    with counter.refused(PermitNotInOrderError):
        counter.do(AcceptOrder(order_id))


def test_the_permit_can_be_printed_only_when_it_can_be_read(counter):
    order_id = counter.accepted()
    assert counter.ask(lambda session: permit_copy(session, order_id, counter.clock.now())).startswith(b"%PDF")
    other = counter.draft(Draft())
    with pytest.raises(PermitMissingError):
        counter.ask(lambda session: permit_copy(session, other, counter.clock.now()))


# ---- the countersignature


@pytest.fixture
def permitted(counter):
    """An order with a good permit, and the permit's record."""
    order_id = counter.submitted()
    record = counter.permit(order_id)
    counter.receive(order_id, record)
    return order_id, record


@pytest.mark.parametrize(
    "changes",
    [
        {"permit": "2026999999"},
        {"permit_digest": "00" * 32},
        {"order": "99999999-9999-4999-8999-999999999999"},
        {"shop": {"code": "220681000008", "name": "别家印章店"}},
        {"type": "sealdesk.delivery.1"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_countersignature_over_something_else_is_refused(counter, permitted, changes):
    order_id, record = permitted
    with counter.refused(CountersignatureError):
        counter.do(CountersignPermit(order_id, number_in(record), counter.countersignature(order_id, record, **changes)))


def test_a_countersignature_that_cannot_be_read_or_was_changed_is_refused(counter, permitted):
    order_id, record = permitted
    signed = SignedRecord.from_json(counter.countersignature(order_id, record))
    changed = SignedRecord(signed.content.replace("李师傅".encode(), "张师傅".encode()), signed.signature, signed.chain).to_json()
    for wrong in ("", "{}", changed):
        with counter.refused(CountersignatureError):
            counter.do(CountersignPermit(order_id, number_in(record), wrong))


def test_only_the_own_makers_key_countersigns(counter, permitted):
    order_id, record = permitted
    content = json.loads(SignedRecord.from_json(counter.countersignature(order_id, record)).content)
    authority, now = counter.authority, counter.clock.now()
    key = PrivateKey.generate()
    colleague = authority.issue_maker(key.public, "王师傅", "220681000007", "临江市精工印章有限公司", now)
    chip = authority.issue_chip(key.public, Subject(common_name="章"), now)
    signers = ((key, colleague), (key, chip), (authority.police_key, authority.police))
    for signer, certificate in signers:
        signed = sign_record(content, signer, (certificate, authority.intermediate)).to_json()
        with counter.refused(CountersignatureError):
            counter.do(CountersignPermit(order_id, number_in(record), signed))
    # not even a chip or a police unit whose certificate is what the actor signed in with
    for signer, certificate in signers[1:]:
        signed = sign_record(content, signer, (certificate, authority.intermediate)).to_json()
        actor = Actor("x", "李师傅", frozenset({"*"}), certificate.fingerprint)
        with counter.refused(CountersignatureError):
            counter.do(CountersignPermit(order_id, number_in(record), signed), actor)


def test_a_countersigned_permit_is_told_to_the_platform_once(counter, permitted):
    order_id, record = permitted
    command = CountersignPermit(order_id, number_in(record), counter.countersignature(order_id, record))
    counter.do(command)
    assert counter.outbox().count("permit.countersign") == 1
    with counter.refused(WrongStateError):
        counter.do(command)


def test_a_permit_does_not_change_after_it_was_countersigned(counter):
    order_id = counter.accepted()
    with counter.refused(WrongStateError):
        counter.receive(order_id)


# ---- nothing goes without a permit


def test_a_seal_that_needs_a_permit_is_never_accepted_without_one(counter, draft):
    seals = tuple(replace(draft.seals[1], id=f"{number}" * 8 + "-4444-4444-8444-444444444444") for number in (1, 2))
    drafted = counter.draft(replace(draft, seals=seals))
    with counter.refused(WrongStateError):
        counter.do(AcceptOrder(drafted))
    counter.do(SubmitOrder(drafted))
    with counter.refused(PermitMissingError):
        counter.do(AcceptOrder(drafted))
    with counter.refused(PermitMissingError):
        counter.do(CountersignPermit(drafted, "2026000001", "{}"))
    counter.do(ReturnOrder(drafted, "x", "审核员", 2), PLATFORM)
    with counter.refused(PermitMissingError):
        counter.do(AcceptOrder(drafted))
    counter.do(SubmitOrder(drafted))
    counter.receive(drafted)
    with counter.refused(WrongStateError):  # not countersigned
        counter.do(AcceptOrder(drafted))
    for seal_id in (counter.seal_of(drafted, 0), counter.seal_of(drafted, 1)):
        with counter.refused(WrongStateError):
            counter.do(RecordExport(seal_id, ("svg",)))


def test_a_permit_for_an_order_that_asked_for_none_is_refused(counter, draft):
    order_id = counter.draft(Draft(draft.unit, draft.handler, (), (DraftGoods("goods.ink_red", 1),)))
    counter.do(SubmitOrder(order_id))
    with counter.refused(WrongStateError):
        counter.do(ReceivePermit(order_id, 3, "{}"), PLATFORM)
    with counter.refused(MissingError):
        counter.do(ReceivePermit("99999999-9999-4999-8999-999999999999", 3, "{}"), PLATFORM)


def test_goods_go_straight_in_and_wait_for_hand_over(counter, draft):
    order_id = counter.draft(Draft(draft.unit, draft.handler, (), (DraftGoods("goods.ink_red", 1),)), ())
    counter.do(SubmitOrder(order_id))
    assert [order.id for order in counter.ask(waiting_orders)] == [order_id]
    sent = counter.outbox()
    counter.do(AcceptOrder(order_id))
    assert (counter.state(order_id), counter.outbox()) == ("order.produced", sent)
    with counter.refused(WrongStateError):
        counter.do(AcceptOrder(order_id))


@pytest.mark.parametrize(
    "command", [AcceptOrder("x"), CountersignPermit("x", "1", "{}"), ReceivePermit("x", 1, "{}")], ids=lambda c: type(c).__name__
)
def test_without_the_permission_nothing_happens(counter, command):
    with counter.refused(PermissionDeniedError):
        counter.do(command, Actor("n", "无", frozenset({"registration.edit", "production.make"})))
