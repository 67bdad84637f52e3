"""What the burning station says of a chip, from the facts alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Progress
from sealdesk.domain import seals
from sealdesk.domain.chips import DONE, OPEN, BurnStep
from sealdesk.domain.ports import TokenIdentity
from sealdesk.stages.production.queries import Burn, Ticket
from sealdesk.stages.production.rules import ReadBackError
from sealdesk.ui.parts.stepper import StepState
from sealdesk.ui.theme import Tone
from sealdesk.ui.workspaces.production.burn_runs import Run
from sealdesk.ui.workspaces.production.course import GIVEN_UP, Station, course_of, missing_steps, why_not
from sealdesk.ui.workspaces.production.queue_panel import scanned, state_chip

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
CHIP = TokenIdentity("芯片座 1", "CHIP0001", "", "GM", "chip")


def ticket(state: str = seals.ACCEPTED, **facts: Any) -> Ticket:
    values: dict[str, Any] = {
        "seal_id": "seal-1", "order_id": "order-1", "order_number": "DD1", "unit_name": "单位", "seal_name": "合同专用章",
        "seal_type": "04",
        "carrier": "chip", "product": "seal.chip", "material": "copper", "seal_code": "2206810001001", "state": state,
        "exported_at": None, "updated_at": NOON, "due_on": "", "spec": None,
    }  # fmt: skip
    return Ticket(**{**values, **facts})


def burn(state: str = OPEN, *done: BurnStep) -> Burn:
    steps = {str(step): {"done": "2026-03-12T04:00:00.000Z"} for step in done}
    return Burn("burn-1", "seal-1", "CHIP0001", state, steps, "", (), False, "", NOON)


def station(**facts: Any) -> Station:
    values: dict[str, Any] = {"ticket": ticket(), "burn": None, "run": None, "chip": CHIP, "owners": {}}
    return Station(**{**values, **facts})


def test_new_chip_is_ready() -> None:
    shown = station()
    assert why_not(shown) is None
    course = course_of(shown)
    assert (course.word, course.number, len(course.steps)) == ("就绪", "CHIP0001", 7)


def test_missing_chip_is_asked_for() -> None:
    shown = station(chip=None)
    assert why_not(shown) == "请插入新芯片。"
    assert course_of(shown).word == "插入芯片"


@pytest.mark.parametrize(("owner", "refused"), [("seal-2", True), (GIVEN_UP, True), ("seal-1", False)])
def test_chip_of_another_seal_or_given_up_is_refused(owner: str, refused: bool) -> None:
    shown = station(owners={"CHIP0001": owner})
    assert (why_not(shown) is not None) is refused
    assert (course_of(shown).tone is Tone.WARN) is refused


def test_interrupted_burning_takes_its_own_chip_only() -> None:
    begun = burn(OPEN, BurnStep.IDENTIFY, BurnStep.KEY)
    there = station(ticket=ticket(seals.BURNING), burn=begun, owners={"CHIP0001": "seal-1"})
    assert missing_steps(begun)[0] is BurnStep.CERTIFICATE
    assert why_not(there) is None
    assert course_of(there).word == "未完成"
    other = station(ticket=ticket(seals.BURNING), burn=begun, chip=TokenIdentity("芯片座 1", "CHIP0009", "", "GM", "chip"))
    assert "CHIP0001" in str(why_not(other))


def test_failed_step_says_what_to_do() -> None:
    error = ReadBackError(what="FACE")
    run = Run("seal-1", "芯片座 1", "CHIP0001", Progress("x", 4, 7), is_over=True, error=error)
    course = course_of(station(run=run))
    states = [step.state for step in course.steps]
    assert (course.tone, states[4], states[5]) == (Tone.FAULT, StepState.FAILED, StepState.TODO)
    assert _(error.advice) in course.steps[4].detail


def test_finished_chip_is_good() -> None:
    shown = station(ticket=ticket(seals.MADE), burn=burn(DONE, *BurnStep))
    assert (course_of(shown).word, course_of(shown).tone) == ("合格", Tone.OK)
    assert why_not(shown) == "这枚芯片已灌制完成。"


def test_scanned_code_names_one_ticket_or_none() -> None:
    first, second = ticket(), ticket(seal_id="seal-2", seal_code="2206810001002")
    assert scanned((first, second), "sealdesk:seal:2206810001002") is second
    assert scanned((first, second), "DD1") is first
    assert scanned((first, second), "单位") is None, "two fit"
    assert scanned((first, second), "nothing") is None


def test_state_is_told_as_a_word() -> None:
    assert state_chip(ticket(), frozenset()).word == "待制作"
    assert state_chip(ticket(exported_at=NOON), frozenset()).word == "已导出"
    assert state_chip(ticket(), frozenset({"seal-1"})).word == "灌制中"
    assert state_chip(ticket(seals.BURNING), frozenset()).tone is Tone.WARN
