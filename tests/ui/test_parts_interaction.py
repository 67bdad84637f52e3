"""PIN prompts spend nothing unasked and leave nothing behind; lanes that wait for a person are always released."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import UserCancelled
from sealdesk.core.lanes import Lane
from sealdesk.domain.pin import Pin
from sealdesk.ui.interaction import Bridge, Danger, DangerDialog, PinDialog, PinRequest, ask_pin, confirm

D = TypeVar("D", PinDialog, DangerDialog)
REQUEST = PinRequest("签收 3 份准许证", "张建国的 USB Key", tries_left=5, length_min=6)
DANGER = Danger("报废芯片？", "不能恢复。", "报废")


def dialog_of(qtbot: QtBot, window: QWidget, kind: type[D]) -> D:
    found: list[D] = []

    def look() -> bool:
        found[:] = [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]
        return bool(found)

    qtbot.waitUntil(look)
    return found[0]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_pin_is_handed_over_once_by_enter(qtbot: QtBot, window: QWidget) -> None:
    answers: list[Pin] = []
    dialog = ask_pin(window, REQUEST, answers.append)
    qtbot.keyClicks(dialog.edit, "123456")
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(answers))
    assert [pin.reveal() for pin in answers] == [b"123456"]


def test_pin_too_short_is_not_handed_over(qtbot: QtBot, window: QWidget) -> None:
    answers: list[Pin] = []
    dialog = ask_pin(window, REQUEST, answers.append)
    qtbot.keyClicks(dialog.edit, "12345")
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert dialog.isVisible() and not answers
    dialog.reject()


def test_escape_hands_over_nothing(qtbot: QtBot, window: QWidget) -> None:
    answers: list[Pin] = []
    dialog = ask_pin(window, REQUEST, answers.append)
    qtbot.keyClicks(dialog.edit, "123456")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not answers
    assert dialog.edit.text() == ""


def test_pin_is_masked_and_cannot_be_pasted(qtbot: QtBot, window: QWidget) -> None:
    QGuiApplication.clipboard().setText("999999")
    dialog = ask_pin(window, REQUEST, lambda _pin: None)
    qtbot.keyClick(dialog.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier)
    qtbot.mouseClick(dialog.edit, Qt.MouseButton.MiddleButton)
    assert dialog.edit.text() == ""
    qtbot.keyClicks(dialog.edit, "1")
    assert dialog.edit.displayText() != "1"
    dialog.reject()


@pytest.mark.parametrize(
    ("left", "words"), [(5, "还可以试 5 次。"), (2, "还可以试 2 次。"), (1, "只剩 1 次机会，再输错将锁定。"), (0, "PIN 已锁定，不能再试。")]
)
def test_tries_left_are_said(qtbot: QtBot, window: QWidget, left: int, words: str) -> None:
    dialog = ask_pin(window, PinRequest("登录", "USB Key", tries_left=left), lambda _pin: None)
    assert dialog.tries.text() == words
    assert words in dialog.edit.accessibleDescription()
    assert dialog.edit.isEnabled() is (left > 0)
    dialog.reject()


def test_dangerous_thing_is_not_done_by_enter(qtbot: QtBot, window: QWidget) -> None:
    done: list[int] = []
    dialog = confirm(window, DANGER, lambda: done.append(1))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not done
    dialog = confirm(window, DANGER, lambda: done.append(1))
    dialog.do_button.click()
    assert done == [1]


@pytest.fixture
def bridge(window: QWidget) -> Bridge:
    return Bridge(window)


def on_lane(lane: Lane, call: Callable[[], object]) -> list[object]:
    """Start `call` on the lane; its answer or error appears in the list."""
    ends: list[object] = []

    def note() -> None:
        try:
            ends.append(call())
        except UserCancelled as cancelled:
            ends.append(cancelled)

    lane.submit(lambda _task: note())
    return ends


def test_lane_gets_the_pin_that_the_person_types(qtbot: QtBot, window: QWidget, bridge: Bridge, lane: Lane) -> None:
    ends = on_lane(lane, lambda: bridge.ask_pin(REQUEST).reveal())
    dialog = dialog_of(qtbot, window, PinDialog)
    qtbot.keyClicks(dialog.edit, "654321")
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: ends == [b"654321"])


def test_lane_is_released_when_the_person_gives_up(qtbot: QtBot, window: QWidget, bridge: Bridge, lane: Lane) -> None:
    ends = on_lane(lane, lambda: bridge.ask_pin(REQUEST))
    dialog_of(qtbot, window, PinDialog).reject()
    qtbot.waitUntil(lambda: bool(ends))
    assert isinstance(ends[0], UserCancelled)


def test_lane_is_released_when_its_job_is_cancelled(qtbot: QtBot, window: QWidget, bridge: Bridge, lane: Lane) -> None:
    job = lane.submit(lambda task: bridge.ask_pin(REQUEST, task))
    dialog = dialog_of(qtbot, window, PinDialog)
    job.cancel()
    qtbot.waitUntil(lambda: job.done)
    assert isinstance(job.error, UserCancelled)
    qtbot.waitUntil(lambda: not window.findChildren(PinDialog) or not dialog.isVisible())


def test_lane_is_released_when_the_program_closes(qtbot: QtBot, window: QWidget, bridge: Bridge, lane: Lane) -> None:
    ends = on_lane(lane, lambda: bridge.confirm(DANGER))
    dialog_of(qtbot, window, DangerDialog)
    bridge.release()
    qtbot.waitUntil(lambda: bool(ends))
    assert isinstance(ends[0], UserCancelled)
    later = on_lane(lane, lambda: bridge.ask_pin(REQUEST))
    qtbot.waitUntil(lambda: bool(later))
    assert isinstance(later[0], UserCancelled)


def test_lane_learns_both_answers_of_a_confirmation(qtbot: QtBot, window: QWidget, bridge: Bridge, lane: Lane) -> None:
    ends = on_lane(lane, lambda: bridge.confirm(DANGER))
    dialog_of(qtbot, window, DangerDialog).do_button.click()
    qtbot.waitUntil(lambda: ends == [True])
    ends = on_lane(lane, lambda: bridge.confirm(DANGER))
    dialog_of(qtbot, window, DangerDialog).leave_button.click()
    qtbot.waitUntil(lambda: ends == [False])


def test_bridge_asks_on_the_window_thread_only(qtbot: QtBot, window: QWidget, bridge: Bridge, lane: Lane) -> None:
    threads: list[int] = []
    window_thread = threading.get_ident()
    ends = on_lane(lane, lambda: bridge.ask_pin(REQUEST))
    dialog = dialog_of(qtbot, window, PinDialog)
    dialog.finished.connect(lambda _code: threads.append(threading.get_ident()))
    dialog.reject()
    qtbot.waitUntil(lambda: bool(ends))
    assert threads == [window_thread]
