"""What registration says while typing of a unit's other seals and of names that no chip holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytestqt.qtbot import QtBot

from sealdesk.domain.access import PLATFORM
from sealdesk.stages.registration.rules import CancelOrder, ReturnOrder

WAIT_MS = 10_000


def codes(page: Any, field: str) -> set[str]:
    return {problem.code for problem in page.problem_panel.problems if problem.field == field}


def test_second_seal_of_which_a_unit_has_one_is_told_before_it_is_submitted(qtbot: QtBot, open_stage: Any, counter: Any) -> None:
    first, second = counter.submitted(), counter.draft()
    page = open_stage("registration")[1]
    page.open(second)
    qtbot.waitUntil(lambda: codes(page, "seals.0.seal_type") == {"registration.seal.exists"}, timeout=WAIT_MS)
    assert counter.order(first).number in str(page.problem_panel.problems[0])
    counter.do(ReturnOrder(first, "重复", "临江市公安局", 2), PLATFORM)
    counter.do(CancelOrder(first))
    page.open(counter.draft())
    qtbot.waitUntil(lambda: page.editing.order.id not in ("", second) and page.problem_button.text() == "可以提交", timeout=WAIT_MS)


def test_name_that_no_chip_holds_stands_at_the_units_name_and_goes_with_another_product(
    qtbot: QtBot, open_stage: Any, counter: Any
) -> None:
    unit = replace(counter.unit, name="临江市𠮷庆文化传播有限公司")
    order_id = counter.draft(counter.seal("04", "contract.40", "seal.chip"), unit=unit)
    page = open_stage("registration")[1]
    page.open(order_id)
    qtbot.waitUntil(lambda: codes(page, "unit.name") == {"registration.chip.character"}, timeout=WAIT_MS)
    problem = next(problem for problem in page.problem_panel.problems if problem.field == "unit.name")
    assert "𠮷 (U+20BB7)" in str(problem)
    page.open(counter.draft(counter.seal("04", "contract.40", "seal.copper"), unit=unit))
    qtbot.waitUntil(lambda: page.editing.order.id != order_id and page.problem_button.text() == "可以提交", timeout=WAIT_MS)
