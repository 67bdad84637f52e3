"""The search box over a real store: what was registered is found by name, initials, number and code."""

from __future__ import annotations

from sealdesk.workflow.finding import found


def answers(counter, typed):
    """What is found, as kind and stage."""
    return {(answer.kind, answer.stage) for answer in counter.ask(lambda session: found(session, typed))}


def test_an_order_is_found_by_unit_initials_and_number_and_leads_to_its_stage(counter):
    order_id = counter.submitted()
    assert ("unit", "registration") in answers(counter, "云帆")
    assert ("order", "registration") in answers(counter, "云帆")
    assert ("seal", "registration") in answers(counter, "合同")
    assert {subject.subject for subject in counter.ask(lambda session: found(session, "yf"))} == {order_id}
    assert answers(counter, "不存在的单位") == set()


def test_a_seal_and_a_permit_lead_to_where_they_are_worked_on(counter):
    order_id = counter.submitted()
    counter.receive(order_id)
    assert ("order", "acceptance") in answers(counter, "云帆")
    number = counter.permit_content(order_id)["number"][:8]
    assert ("permit", "acceptance") in answers(counter, number)
    assert any(kind == "seal" for kind, _stage in answers(counter, "2206810"))
