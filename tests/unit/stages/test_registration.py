"""Registration: what is refused before anything is sent, each at its own field, and what is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from uuid import uuid4

import pytest

from sealdesk.core.errors import PermissionDeniedError, ProblemsError
from sealdesk.domain.access import PLATFORM, Actor
from sealdesk.domain.machine import WrongStateError
from sealdesk.domain.orders import ProofKind
from sealdesk.models.orders import OrderRow
from sealdesk.models.outbox import OutboxRow
from sealdesk.stages.registration.queries import existing_seals, open_order, order_lines, unit_by_name, units_like
from sealdesk.stages.registration.rules import (
    AttachProof,
    CancelOrder,
    Draft,
    DraftGoods,
    DraftSeal,
    PaperKindError,
    PaperSizeError,
    RemoveProof,
    ReturnOrder,
    SaveDraft,
    SubmitOrder,
    UnknownChoiceError,
    decode_draft,
    encode_draft,
)
from sealdesk.workflow.history import history_of_order
from sealdesk.workflow.uow import MissingError

SEAL_ID = "11111111-1111-4111-8111-111111111111"


def problems(counter, draft: Draft, **papers) -> dict[str, str]:
    """The refusal's fields and codes; nothing may have changed."""
    order_id = counter.draft(draft, **papers)
    with counter.refused(ProblemsError) as refused:
        counter.do(SubmitOrder(order_id))
    return {str(problem.field): problem.code for problem in refused.value.problems}


def test_a_draft_survives_encoding(draft):
    assert decode_draft(encode_draft(draft)) == draft


def test_an_empty_draft_can_be_kept_but_not_submitted(counter):
    found = problems(counter, Draft(), papers=())
    assert found["unit.name"] == "registration.required"
    assert found["seals"] == "registration.empty"
    assert found["unit.uscc"].startswith("identifier.uscc")


def test_submission_sends_one_message_with_everything(counter):
    order_id = counter.submitted()
    assert counter.state(order_id) == "order.submitted"
    assert counter.outbox() == ["registration.submit"]
    body = counter.ask(lambda session: session.query(OutboxRow.body).scalar())
    assert body["unit"]["name"] == "临江市云帆文化传播有限公司"
    assert [(sent["seal_type"], sent["carrier"]) for sent in body["seals"]] == [("01", "physical"), ("04", "chip")]
    assert {proof["kind"] for proof in body["proofs"]} == {"unit_certificate", "principal_id", "handler_id", "power_of_attorney"}
    assert len(counter.seal_states(order_id)) == 2


def test_an_order_is_not_submitted_twice(counter):
    order_id = counter.submitted()
    with counter.refused(WrongStateError):
        counter.do(SubmitOrder(order_id))


def test_a_known_unit_is_found_by_its_full_name(counter, draft):
    counter.submitted()
    assert counter.ask(lambda session: unit_by_name(session, draft.unit.name)) == draft.unit
    assert counter.ask(lambda session: unit_by_name(session, "别的单位")) is None
    assert [unit.name for unit in counter.ask(lambda session: units_like(session, "云帆"))] == [draft.unit.name]


@pytest.mark.parametrize("missing", [ProofKind.UNIT_CERTIFICATE, ProofKind.PRINCIPAL_ID, ProofKind.HANDLER_ID, ProofKind.POWER_OF_ATTORNEY])
def test_each_missing_paper_has_its_own_sentence(counter, draft, missing):
    papers = tuple(kind for kind in ProofKind if kind not in (missing, ProofKind.OTHER))
    assert problems(counter, draft, papers=papers) == {f"proofs.{missing}": "registration.proof.missing"}


def test_the_person_in_charge_needs_no_power_of_attorney(counter, own_handler):
    papers = (ProofKind.UNIT_CERTIFICATE, ProofKind.PRINCIPAL_ID, ProofKind.HANDLER_ID)
    counter.do(SubmitOrder(counter.draft(own_handler, papers)))
    assert counter.outbox() == ["registration.submit"]


def test_a_unit_has_one_seal_of_its_legal_name(counter, draft):
    counter.submitted()
    found = problems(counter, replace(draft, seals=(replace(draft.seals[0], id=SEAL_ID),)))
    assert found == {"seals.0.seal_type": "registration.seal.exists"}


@pytest.mark.parametrize("changes", [{"name": "临江市云帆文化传播有限公司 "}, {"name": "临江市云帆文化传播有限公司总部"}])
def test_a_unit_under_another_spelling_of_its_name_is_known_by_its_code(counter, draft, changes):
    counter.submitted()
    unit = replace(draft.unit, **changes)
    seal = replace(draft.seals[0], id=SEAL_ID, fields=MappingProxyType({"name": unit.name.strip()}))
    assert problems(counter, replace(draft, unit=unit, seals=(seal,))) == {"seals.0.seal_type": "registration.seal.exists"}


def test_a_unit_without_code_is_known_by_its_name_however_it_is_spaced(counter, draft):
    unit = replace(draft.unit, name="临江 云帆", uscc="", registration_number="110108000000016")
    seal = replace(draft.seals[0], fields=MappingProxyType({"name": "临江 云帆"}))
    counter.do(SubmitOrder(counter.draft(replace(draft, unit=unit, seals=(seal,)))))
    again = replace(draft, unit=replace(unit, name=" 临江   云帆"), seals=(replace(seal, id=SEAL_ID),))
    assert problems(counter, again) == {"seals.0.seal_type": "registration.seal.exists"}


def test_a_seal_given_up_before_it_was_made_does_not_stand_in_the_way(counter, draft):
    order_id = counter.submitted()
    counter.do(ReturnOrder(order_id, "资料不全", "审核员", 2), PLATFORM)
    counter.do(CancelOrder(order_id))
    assert counter.seal_states(order_id) == ["seal.cancelled", "seal.cancelled"]
    counter.submitted(replace(draft.seals[0], id=SEAL_ID))


def test_a_replacement_of_that_seal_is_possible(counter, draft):
    counter.submitted()
    again = replace(draft.seals[0], id=SEAL_ID, reason="replacement")
    counter.do(SubmitOrder(counter.draft(replace(draft, seals=(again,)))))
    assert counter.outbox() == ["registration.submit", "registration.submit"]


def test_two_of_them_in_one_order_are_refused(counter, draft):
    twice = replace(draft.seals[0], id=SEAL_ID)
    assert problems(counter, replace(draft, seals=(draft.seals[0], twice))) == {"seals.1.seal_type": "registration.seal.twice"}


def test_a_template_of_another_type_is_refused(counter, draft):
    wrong = replace(draft.seals[0], template="contract.40")
    assert problems(counter, replace(draft, seals=(wrong,))) == {"seals.0.template": "registration.template.type"}


def test_a_name_on_the_face_that_is_not_the_units_is_refused(counter, draft):
    wrong = replace(draft.seals[0], fields=MappingProxyType({"name": "临江市云帆文化有限公司"}))
    assert problems(counter, replace(draft, seals=(wrong,))) == {"seals.0.fields.name": "registration.face.name"}


def test_a_character_without_glyph_is_refused_at_its_seal(counter, draft):
    wrong = replace(draft.seals[1], fields=MappingProxyType({"name": "临江市\U0010fffd有限公司"}))
    assert problems(counter, replace(draft, seals=(wrong,))) == {"seals.0.fields.name": "registration.face"}


def test_a_chip_seal_without_code_is_refused(counter, draft):
    other = DraftSeal(SEAL_ID, "99", "", MappingProxyType({}), "seal.chip")
    found = problems(counter, replace(draft, seals=(other,)))
    assert found["seals.0.product"] == "registration.product.chip"


@pytest.mark.parametrize("quantity", [0, -1, 10_000])
def test_a_quantity_out_of_bounds_is_refused(counter, draft, quantity):
    found = problems(counter, replace(draft, goods=(DraftGoods("goods.ink_red", quantity),)))
    assert found == {"goods.0.quantity": "registration.quantity"}


def test_goods_alone_go_straight_to_acceptance(counter, draft):
    order_id = counter.draft(replace(draft, seals=(), goods=(DraftGoods("goods.ink_red", 2),)), papers=())
    assert counter.do(SubmitOrder(order_id)) == "order.ready"
    assert counter.outbox() == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"uscc": "91220699MA0YB0016X"}, "unit.uscc", "identifier.uscc"),
        ({"uscc": "91220699MA0YB0O16Y"}, "unit.uscc", "identifier.uscc"),
        ({"uscc": "", "registration_number": "123"}, "unit.registration_number", "identifier.registration"),
        ({"area_code": "999999"}, "unit.area_code", "identifier.area"),
        ({"address": "  "}, "unit.address", "registration.required"),
        ({"name": "长" * 121}, "unit.name", "registration.too_long"),
        ({"address": "长" * 201}, "unit.address", "registration.too_long"),
        ({"name_english": "x" * 121}, "unit.name_english", "registration.too_long"),
        ({"phone": "123"}, "unit.phone", "identifier.phone"),
        ({"kind": "77"}, "unit.kind", "registration.choice"),
    ],
)
def test_each_wrong_identifier_is_refused_at_its_field(counter, draft, changes, field, code):
    found = problems(counter, replace(draft, unit=replace(draft.unit, **changes), seals=draft.seals[1:]))
    assert list(found) == [field]
    assert found[field].startswith(code)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": ""}, "handler.name", "registration.required"),
        ({"name": "长" * 61}, "handler.name", "registration.too_long"),
        ({"document_number": "220699199309089281"}, "handler.document_number", "identifier."),
        ({"document_kind": "library_card"}, "handler.document_number", "identifier."),
        ({"phone": "12"}, "handler.phone", "identifier.phone"),
    ],
)
def test_each_wrong_particular_of_a_person_is_refused_at_its_field(counter, draft, changes, field, code):
    found = problems(counter, replace(draft, handler=replace(draft.handler, **changes)))
    assert list(found) == [field]
    assert found[field].startswith(code)
    of_principal = replace(draft, unit=replace(draft.unit, principal=replace(draft.unit.principal, **changes)))
    assert list(problems(counter, of_principal)) == [f"unit.principal.{field.partition('.')[2]}"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"seal_type": "42"}, "seal_type", "registration.choice"),
        ({"product": "seal.of_gold"}, "product", "registration.choice"),
        ({"product": "goods.ink_red"}, "product", "registration.choice"),
        ({"template": "no.such"}, "template", "registration.choice"),
        ({"reason": "because"}, "reason", "registration.choice"),
        ({"name": "长" * 161}, "name", "registration.too_long"),
        ({"fields": MappingProxyType({"name": " "})}, "fields.name", "registration.required"),
    ],
)
def test_each_wrong_choice_of_a_seal_is_refused_at_its_field(counter, draft, changes, field, code):
    assert problems(counter, replace(draft, seals=(replace(draft.seals[0], **changes),))) == {f"seals.0.{field}": code}


def test_goods_that_are_not_sold_are_refused(counter, draft):
    assert problems(counter, replace(draft, goods=(DraftGoods("seal.chip", 1),))) == {"goods.0.product": "registration.choice"}


def test_a_returned_order_is_edited_and_submitted_again(counter, draft):
    order_id = counter.submitted()
    counter.do(ReturnOrder(order_id, "地址与营业执照不符", "审核员", 2), PLATFORM)
    assert counter.state(order_id) == "order.returned"
    shown = counter.ask(lambda session: open_order(session, order_id))
    assert shown.return_reason == "地址与营业执照不符"
    seal_ids = [seal.id for seal in shown.draft.seals]
    counter.do(SaveDraft(order_id, replace(shown.draft, unit=replace(draft.unit, address="江湾路 66 号 3 层"))))
    counter.do(SubmitOrder(order_id))
    assert counter.state(order_id) == "order.submitted"
    assert counter.ask(lambda session: [seal.id for seal in session.get(OrderRow, order_id).seals]) == seal_ids
    assert counter.ask(lambda session: session.get(OrderRow, order_id).return_reason) == ""


def test_only_the_platform_returns_orders(counter):
    order_id = counter.submitted()
    clerk = Actor("c", "小王", frozenset({"registration.edit", "registration.submit"}))
    with counter.refused(PermissionDeniedError):
        counter.do(ReturnOrder(order_id, "x", "y", 2), clerk)


@pytest.mark.parametrize(
    "command",
    [
        SaveDraft(SEAL_ID, Draft()),
        AttachProof(SEAL_ID, ProofKind.OTHER, "ab" * 32, "x.pdf", "application/pdf", 1),
        RemoveProof(SEAL_ID, SEAL_ID),
        SubmitOrder(SEAL_ID),
        CancelOrder(SEAL_ID),
    ],
    ids=lambda command: type(command).__name__,
)
def test_without_the_permission_nothing_happens(counter, command):
    with counter.refused(PermissionDeniedError) as refused:
        counter.do(command, Actor("n", "无", frozenset({"production.make"})))
    assert refused.value.name.startswith("registration.")


def test_an_editor_may_not_submit(counter, draft):
    order_id = counter.draft(draft)
    with counter.refused(PermissionDeniedError):
        counter.do(SubmitOrder(order_id), Actor("e", "小王", frozenset({"registration.edit"})))


def test_numbers_run_through_the_chinese_day(counter):
    """22:00 in Beijing is 14:00 UTC; two hours later a new day has begun there, not in Greenwich."""
    counter.clock.advance(timedelta(hours=12))  # 22:00 in Beijing
    numbers = [counter.do(SaveDraft(str(uuid4()), Draft())) for _turn in range(2)]
    counter.clock.advance(timedelta(hours=1, minutes=59))
    numbers.append(counter.do(SaveDraft(str(uuid4()), Draft())))
    counter.clock.advance(timedelta(minutes=1))
    numbers.append(counter.do(SaveDraft(str(uuid4()), Draft())))
    shop = "220681000007"
    assert numbers == [f"{shop}20261123000001", f"{shop}20261123000002", f"{shop}20261123000003", f"{shop}20261124000001"]


def test_saving_again_keeps_the_number(counter):
    first = counter.do(SaveDraft(SEAL_ID, Draft()))
    assert counter.do(SaveDraft(SEAL_ID, Draft())) == first


def test_a_paper_in_a_slot_is_replaced_by_a_newer_one(counter, draft):
    order_id = counter.draft(draft)
    counter.do(AttachProof(order_id, ProofKind.HANDLER_ID, "cd" * 32, "new.png", "image/png", 5))
    proofs = counter.ask(lambda session: open_order(session, order_id)).proofs
    assert [proof.file_name for proof in proofs if proof.kind == ProofKind.HANDLER_ID] == ["new.png"]


@pytest.mark.parametrize(
    ("media_type", "size", "error"),
    [("text/html", 10, PaperKindError), ("image/png", 0, PaperSizeError), ("image/png", 20_000_001, PaperSizeError)],
)
def test_a_paper_that_nobody_can_open_is_refused(counter, draft, media_type, size, error):
    order_id = counter.draft(draft)
    with counter.refused(error):
        counter.do(AttachProof(order_id, ProofKind.OTHER, "cd" * 32, "x", media_type, size))


def test_a_cancelled_order_frees_the_unit(counter, draft):
    order_id = counter.draft(draft)
    counter.do(CancelOrder(order_id))
    assert counter.state(order_id) == "order.cancelled"
    with counter.refused(WrongStateError):
        counter.do(SaveDraft(order_id, draft))


def test_a_paper_for_no_slot_is_refused(counter, draft):
    order_id = counter.draft(draft)
    with counter.refused(UnknownChoiceError):
        counter.do(AttachProof(order_id, "horoscope", "cd" * 32, "x.png", "image/png", 5))


def test_other_papers_lie_beside_each_other_and_can_be_taken_out(counter, draft):
    order_id = counter.draft(draft, ())
    first, second = (counter.do(AttachProof(order_id, ProofKind.OTHER, "cd" * 32, name, "image/png", 5)) for name in ("一.png", "二.png"))
    counter.do(RemoveProof(order_id, first))
    assert [proof.id for proof in counter.ask(lambda session: open_order(session, order_id)).proofs] == [second]


def test_a_paper_with_a_very_long_name_can_be_submitted(counter, draft):
    order_id = counter.draft(draft)
    counter.do(AttachProof(order_id, ProofKind.OTHER, "cd" * 32, "长" * 250 + ".png", "image/png", 5))
    counter.do(SubmitOrder(order_id))
    names = [proof["file_name"] for proof in counter.ask(lambda session: session.query(OutboxRow.body).scalar())["proofs"]]
    assert max(map(len, names)) == 160
    assert any(name.endswith("长.png") for name in names)


def test_a_submitted_order_takes_no_papers_and_no_edits(counter, draft):
    order_id = counter.submitted()
    for command in (
        SaveDraft(order_id, draft),
        AttachProof(order_id, ProofKind.OTHER, "cd" * 32, "x.png", "image/png", 5),
        CancelOrder(order_id),
    ):
        with counter.refused(WrongStateError):
            counter.do(command)


def test_an_order_that_is_not_there_is_refused(counter):
    for command in (SubmitOrder(SEAL_ID), CancelOrder(SEAL_ID), RemoveProof(SEAL_ID, SEAL_ID)):
        with counter.refused(MissingError):
            counter.do(command)


def test_a_returned_order_without_guarded_seals_any_more_goes_straight_in(counter, draft):
    order_id = counter.submitted()
    counter.do(ReturnOrder(order_id, "不予批准", "审核员", 2), PLATFORM)
    counter.do(SaveDraft(order_id, replace(draft, seals=(), goods=(DraftGoods("goods.ink_red", 1),))))
    assert counter.do(SubmitOrder(order_id)) == "order.ready"
    assert counter.seal_states(order_id) == []
    assert counter.outbox() == ["registration.submit"]


def test_lists_show_orders_by_their_state(counter):
    order_id = counter.submitted()
    (line,) = counter.ask(lambda session: order_lines(session, ("order.submitted",)))
    assert (line.id, line.seals, line.handler_name) == (order_id, 2, "林知夏")
    assert counter.ask(lambda session: order_lines(session, ("order.draft",))) == ()
    assert counter.ask(lambda session: open_order(session, SEAL_ID)) is None


def test_several_saves_in_a_row_are_told_once(counter, draft):
    order_id = counter.draft(draft, papers=())
    for address in ("江湾路 1 号", "江湾路 2 号", "江湾路 3 号"):
        counter.do(SaveDraft(order_id, replace(draft, unit=replace(draft.unit, address=address))))
    counter.do(CancelOrder(order_id))
    told = counter.ask(lambda session: history_of_order(session, order_id, counter.bus.sentence))
    assert len(told) == 2


# ---- names that go into a chip


RARE = "临江市𠮷庆文化传播有限公司"


def renamed(draft: Draft, name: str, *seals: DraftSeal) -> Draft:
    """The same order by a unit of another name, on its faces too."""
    unit = replace(draft.unit, name=name)
    return replace(draft, unit=unit, seals=tuple(replace(seal, fields=MappingProxyType({"name": name})) for seal in seals))


def test_a_name_outside_the_chips_character_set_is_refused_for_a_chip_seal_and_names_character_and_code_point(counter, draft):
    order_id = counter.draft(renamed(draft, RARE, draft.seals[1]))
    with counter.refused(ProblemsError) as refused:
        counter.do(SubmitOrder(order_id))
    found = {problem.field: problem for problem in refused.value.problems if problem.code.startswith("registration.chip")}
    assert list(found) == ["unit.name"]  # the seal's name was made of it and is not blamed once more
    assert "𠮷" in str(found["unit.name"]) and "U+20BB7" in str(found["unit.name"])
    assert found["unit.name"].advise()


def test_a_seal_without_chip_takes_a_name_outside_the_chips_character_set(counter, draft):
    physical = replace(draft.seals[1], product="seal.copper")
    order_id = counter.draft(replace(renamed(draft, RARE, physical), handler=replace(draft.handler, name="𠮷" * 20)))
    counter.do(SubmitOrder(order_id))
    assert counter.state(order_id) == "order.submitted"


@pytest.mark.parametrize(("length", "refused"), [(15, False), (16, True)])
@pytest.mark.parametrize("whose", ["handler", "unit.principal"])
def test_a_persons_name_is_measured_in_bytes_for_a_chip_seal(counter, draft, whose, length, refused):
    name = "林" * length
    if whose == "handler":
        draft = replace(draft, handler=replace(draft.handler, name=name))
    else:
        draft = replace(draft, unit=replace(draft.unit, principal=replace(draft.unit.principal, name=name)))
    order_id = counter.draft(draft)
    if not refused:
        counter.do(SubmitOrder(order_id))
        return
    with counter.refused(ProblemsError) as raised:
        counter.do(SubmitOrder(order_id))
    (problem,) = raised.value.problems
    assert (problem.field, problem.code) == (f"{whose}.name", "registration.chip.too_long")
    assert (problem.found_bytes, problem.most_bytes, problem.excess) == (32, 30, 2)


def test_a_typed_seal_name_is_judged_at_its_own_seal(counter, draft):
    chip = replace(draft.seals[1], name="𠮷庆合同专用章")
    assert problems(counter, replace(draft, seals=(draft.seals[0], chip))) == {"seals.1.name": "registration.chip.character"}
    long = replace(draft.seals[1], name="章" * 81)
    assert problems(counter, replace(draft, seals=(draft.seals[0], long))) == {"seals.1.name": "registration.chip.too_long"}


def test_minority_and_english_names_that_no_chip_holds_do_not_stop_a_chip_seal(counter, draft):
    order_id = counter.draft(replace(draft, unit=replace(draft.unit, name_minority="ཁྲིན་ཏུའུ", name_english="Yunfan " * 17)))
    counter.do(SubmitOrder(order_id))
    assert counter.state(order_id) == "order.submitted"


def test_the_units_seals_in_other_orders_are_found_by_name_and_by_code(counter, draft):
    order_id = counter.submitted()

    def found(unit, besides=""):
        return counter.ask(lambda session: existing_seals(session, unit, besides))

    (known,) = found(draft.unit)
    assert known.seal_type == "01"
    assert found(replace(draft.unit, name="改了名的公司")) == (known,)
    assert found(replace(draft.unit, name=f" {draft.unit.name} ", uscc="")) == (known,)
    assert found(replace(draft.unit, name="别的公司", uscc="")) == ()
    assert found(draft.unit, besides=order_id) == ()
    counter.do(ReturnOrder(order_id, "重复", "临江市公安局", 2), PLATFORM)
    counter.do(CancelOrder(order_id))
    assert found(draft.unit) == ()
