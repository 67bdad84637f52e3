"""Acceptance at the counter: the permit with its verdict, countersigning with one PIN, taking orders on, and buttons that say why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from sealdesk.core.clock import parse_stamp
from sealdesk.domain.access import Actor
from sealdesk.domain.orders import ACCEPTED, COUNTERSIGNED, PERMITTED
from sealdesk.domain.pin import Pin
from sealdesk.stages.acceptance.rules import ACCEPT, AcceptOrder
from sealdesk.stages.registration.rules import Draft, DraftGoods, SaveDraft, SubmitOrder
from sealdesk.ui.interaction import PinDialog
from sealdesk.ui.theme import Size

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
WAIT_MS = 10_000
READER = "软件密钥"


@pytest.fixture
def opened(qtbot: QtBot, open_stage: Callable[..., Any], counter: Any) -> Callable[[int], Any]:
    """Opens acceptance and waits until that many orders are listed."""

    def open_it(count: int) -> Any:
        page = open_stage("acceptance")[1]
        qtbot.waitUntil(lambda: page.table.rows.rowCount() == count, timeout=WAIT_MS)
        if count:
            qtbot.waitUntil(lambda: page._view is not None, timeout=WAIT_MS)
        return page

    return open_it


def words_of(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def pin_dialog(qtbot: QtBot) -> PinDialog:
    found: list[PinDialog] = []

    def there() -> bool:
        found[:] = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, PinDialog) and widget.isVisible()]
        return bool(found)

    qtbot.waitUntil(there, timeout=WAIT_MS)
    return found[0]


def enter_pin(qtbot: QtBot, pin: str) -> PinDialog:
    dialog = pin_dialog(qtbot)
    qtbot.keyClicks(dialog.edit, pin)
    qtbot.keyClick(dialog.edit, KEY.Key_Return)
    return dialog


def tick_all(qtbot: QtBot, page: Any) -> None:
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, KEY.Key_Space)


def test_permit_is_shown_as_a_document_with_face_code_and_verdict(qtbot: QtBot, counter: Any, opened: Any) -> None:
    order_id = counter.permitted()
    page = opened(1)
    seal = counter.order(order_id).seals[0]
    said = words_of(page.permit)
    assert counter.unit.name in said
    assert seal.seal_code in said
    assert counter.handler.document_number not in said, "numbers of people are masked on the screen"
    assert all(step.state == "done" for step in page.verdict.steps.steps)
    qtbot.waitUntil(lambda: page.permit.canvas(seal.id).drawing is not None, timeout=WAIT_MS)
    assert any(part.kind == "cut" for part in page.permit.canvas(seal.id).drawing.parts)
    qtbot.waitUntil(lambda: "10:00" in words_of(page.history), timeout=WAIT_MS)


def test_verdict_is_whole_in_the_window_as_it_first_opens(qtbot: QtBot, counter: Any, opened: Any) -> None:
    counter.permitted()
    page = opened(1)
    page.window().resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
    shown = page._detail.widget()
    qtbot.waitUntil(lambda: page.window().width() == Size.WINDOW_WIDTH and shown.width() == page._detail.viewport().width())


def test_countersigning_and_accepting_by_keyboard(qtbot: QtBot, counter: Any, opened: Any) -> None:
    order_id = counter.permitted()
    page = opened(1)
    assert page.accept_button.toolTip() == "请先签收证明。"
    qtbot.keyClick(page.table, KEY.Key_Q, CTRL)
    dialog = enter_pin(qtbot, counter.pin)
    assert dialog.request.tries_left is not None
    qtbot.waitUntil(lambda: counter.order(order_id).state == COUNTERSIGNED, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.accept_button.isEnabled() and page.window().focusWidget() is page.accept_button, timeout=WAIT_MS)
    assert page.countersign_button.toolTip() == "准许证已签收。"
    qtbot.keyClick(page.accept_button, KEY.Key_Space)
    qtbot.waitUntil(lambda: counter.order(order_id).state == ACCEPTED, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 0, timeout=WAIT_MS)
    assert page.pages.currentIndex() == 0


def test_acceptance_is_led_to_also_when_the_list_knows_first(qtbot: QtBot, counter: Any, opened: Any) -> None:
    counter.permitted()
    page = opened(1)
    said = page._on_countersigned
    waiting: list[Any] = []
    page._on_countersigned = waiting.append  # the end of the signing comes after the news of it
    qtbot.keyClick(page.table, KEY.Key_Q, CTRL)
    enter_pin(qtbot, counter.pin)
    qtbot.waitUntil(lambda: bool(waiting) and page.targets()[0].state == COUNTERSIGNED)
    assert page.window().focusWidget() is not page.accept_button
    said(waiting[0])
    qtbot.waitUntil(lambda: page.window().focusWidget() is page.accept_button)


@pytest.mark.long
def test_several_permits_take_one_pin(qtbot: QtBot, counter: Any, opened: Any) -> None:
    ids = [counter.permitted(unit=counter.other_unit(number)) for number in range(1, 4)]
    page = opened(3)
    tick_all(qtbot, page)
    page.countersign()
    dialog = enter_pin(qtbot, counter.pin)
    assert "3" in dialog.request.purpose
    qtbot.waitUntil(lambda: [counter.order(one).state for one in ids] == [COUNTERSIGNED] * 3, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.accept_button.isEnabled(), timeout=WAIT_MS)
    page.accept()
    qtbot.waitUntil(lambda: [counter.order(one).state for one in ids] == [ACCEPTED] * 3, timeout=WAIT_MS)


@pytest.mark.long
def test_wrong_pin_costs_one_try_and_is_asked_again(qtbot: QtBot, counter: Any, opened: Any) -> None:
    order_id = counter.permitted()
    page = opened(1)
    page.countersign()
    first = enter_pin(qtbot, "000000")
    tries = first.request.tries_left
    assert tries is not None
    qtbot.waitUntil(lambda: pin_dialog(qtbot).request.problem != "", timeout=WAIT_MS)
    assert pin_dialog(qtbot).request.tries_left == tries - 1
    enter_pin(qtbot, counter.pin)
    qtbot.waitUntil(lambda: counter.order(order_id).state == COUNTERSIGNED, timeout=WAIT_MS)


@pytest.mark.long
def test_giving_up_at_the_pin_changes_nothing(qtbot: QtBot, counter: Any, opened: Any) -> None:
    order_id = counter.permitted()
    page = opened(1)
    page.countersign()
    pin_dialog(qtbot).reject()
    assert page.countersign_button.isEnabled()
    assert counter.order(order_id).state == PERMITTED


def test_difference_is_marked_and_stops_the_countersignature(qtbot: QtBot, counter: Any, opened: Any) -> None:
    counter.permitted(handler="王二")
    page = opened(1)
    said = words_of(page.verdict)
    assert "王二" in said
    assert counter.handler.name in said
    assert not page.countersign_button.isEnabled()
    assert page.countersign_button.toolTip()
    assert not page.accept_button.isEnabled()


@pytest.mark.long
def test_expired_permit_stops_the_countersignature(counter: Any, opened: Any) -> None:
    counter.permitted()
    counter.clock.advance(parse_stamp("2026-12-25T00:00:00Z") - counter.clock.now())
    page = opened(1)
    assert not page.countersign_button.isEnabled()
    assert page._view.verdict.reason in page.countersign_button.toolTip()


@pytest.mark.long
def test_missing_key_is_said_and_a_key_that_comes_back_is_noticed(qtbot: QtBot, counter: Any, opened: Any) -> None:
    counter.permitted()
    page = opened(1)
    counter.software.remove(READER)
    qtbot.waitUntil(lambda: not page.countersign_button.isEnabled(), timeout=WAIT_MS)
    assert "生产专用章" in page.countersign_button.toolTip()
    counter.software.insert(READER, counter.key_file)
    qtbot.waitUntil(page.countersign_button.isEnabled, timeout=WAIT_MS)


@pytest.mark.long
def test_key_of_somebody_else_is_refused_in_place(qtbot: QtBot, counter: Any, opened: Any) -> None:
    order_id = counter.permitted()
    counter.desk.actor = Actor(counter.desk.actor.id, "王小姐", counter.desk.actor.permissions, "00" * 32)
    page = opened(1)
    page.countersign()
    enter_pin(qtbot, counter.pin)
    qtbot.waitUntil(lambda: not page.banner.isHidden(), timeout=WAIT_MS)
    assert "李师傅" in page.banner.sentence
    assert counter.order(order_id).state == PERMITTED
    assert page.countersign_button.isEnabled()


def test_order_without_permit_is_accepted_at_once(qtbot: QtBot, counter: Any, opened: Any) -> None:
    order_id = "11111111-1111-4111-8111-111111111111"
    counter.do(SaveDraft(order_id, Draft(counter.unit, counter.handler, (), (DraftGoods("goods.ink_red", 2),))))
    counter.do(SubmitOrder(order_id))
    page = opened(1)
    assert page.countersign_button.toolTip() == "无需准许证，不用签收。"
    assert page.accept_button.isEnabled()
    page.accept()
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 0, timeout=WAIT_MS)


def test_button_that_is_not_allowed_says_why(counter: Any, opened: Any) -> None:
    counter.permitted()
    counter.desk.actor = Actor("u2", "王小姐", frozenset({ACCEPT.name}))
    page = opened(1)
    assert not page.countersign_button.isEnabled()
    assert page.countersign_button.toolTip()
    assert counter.desk.may(AcceptOrder) is None


@pytest.mark.long
def test_order_followed_from_elsewhere_is_chosen(qtbot: QtBot, counter: Any, opened: Any) -> None:
    counter.permitted(unit=counter.other_unit(1))
    second = counter.permitted(unit=counter.other_unit(2))
    page = opened(2)
    page.show_subject(second)
    qtbot.waitUntil(lambda: page._view.order.id == second, timeout=WAIT_MS)


@pytest.mark.long
def test_pin_is_wiped_after_use(qtbot: QtBot, counter: Any, opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counter.permitted()
    wiped: list[Pin] = []
    wipe = Pin.wipe

    def wipe_and_note(pin: Pin) -> None:
        wiped.append(pin)
        wipe(pin)

    monkeypatch.setattr(Pin, "wipe", wipe_and_note)
    page = opened(1)
    page.countersign()
    enter_pin(qtbot, counter.pin)
    qtbot.waitUntil(lambda: bool(wiped), timeout=WAIT_MS)


@pytest.mark.long
def test_acceptance_looks_finished(qtbot: QtBot, counter: Any, open_stage: Any, shoot: Callable[..., None]) -> None:
    window, page = open_stage("acceptance")
    qtbot.wait(300)
    shoot(window, "acceptance-0-empty")
    two = counter.permitted(counter.seal(), counter.seal("04", "contract.40", "seal.chip"), unit=counter.other_unit(2))
    counter.permitted(unit=counter.other_unit(1))
    differs = counter.permitted(unit=counter.other_unit(3), handler="王二")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 3, timeout=WAIT_MS)
    page.table.select(two)
    qtbot.waitUntil(lambda: page._view is not None and page._view.order.id == two, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: all(canvas.drawing is not None for canvas in page.permit._canvases.values()), timeout=WAIT_MS)
    shoot(window, "acceptance-1-two")
    page.table.select(differs)
    qtbot.waitUntil(lambda: page._view.order.id == differs, timeout=WAIT_MS)
    qtbot.wait(300)
    shoot(window, "acceptance-2-differs")
    assert page.verdict.steps.steps[-1].state == "failed"
