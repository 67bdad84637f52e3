"""The main window shows what the person may use, builds it late, can be driven by keys alone, and closes in order."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import PlatformError, StorageError, UserCancelled
from sealdesk.core.lanes import Job, Lane
from sealdesk.core.settings import UI_GEOMETRY
from sealdesk.domain.access import Actor
from sealdesk.domain.ports import ReaderState
from sealdesk.ui.desk import WorkspaceSpec
from sealdesk.ui.interaction import DangerDialog, PinDialog, PinRequest
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.command_palette import Hit
from sealdesk.ui.theme import Delay


class Page(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName("输入")
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(name))
        layout.addWidget(self.line)
        self.subjects: list[object] = []
        self.saved = 0
        self.saving: Job[Any] | None = None

    def show_subject(self, subject: object) -> None:
        self.subjects.append(subject)

    def save_draft(self) -> Job[Any] | None:
        self.saved += 1
        return None if self.saving is None or (self.saving.done and self.saving.error is None) else self.saving


class Bench:
    """The specs and what was built of them."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.pages: dict[str, Page] = {}
        self.waiting = 3
        names = {"production": "生产", "today": "今日", "registration": "登记", "finance": "财务"}
        self.specs = tuple(self.spec(name, title) for name, title in names.items())

    def spec(self, name: str, title: str) -> WorkspaceSpec:
        def build(_desk: Any, _shell: Any) -> QWidget:
            assert name not in self.pages
            self.pages[name] = Page(title)
            return self.pages[name]

        counting = name == "production"
        return WorkspaceSpec(
            name,
            title,
            name,
            f"{name}.see",
            build,
            (lambda _session: self.waiting) if counting else None,
            frozenset({"seals"}) if counting else frozenset(),
            self.find if counting else None,
        )

    def find(self, _desk: Any, words: str) -> Job[tuple[Hit, ...]]:
        return self.lane.submit(lambda _task: (Hit("单位", "unit", f"找到 {words}", "", "registration", words),))


@pytest.fixture
def bench(lane: Lane) -> Bench:
    return Bench(lane)


@pytest.fixture
def window(qtbot: QtBot, desk: Any, bench: Bench) -> MainWindow:
    made = MainWindow(desk, bench.specs)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def tabs(window: MainWindow) -> list[str]:
    return [button.text() for button in window.rail.findChildren(QAbstractButton)]


def test_tabs_stand_in_the_order_of_the_work(window: MainWindow) -> None:
    assert tabs(window) == ["今日", "登记", "生产", "财务"]
    assert window.open_stage == "today"


def test_only_what_the_person_may_use_is_shown(qtbot: QtBot, desk: Any, bench: Bench) -> None:
    desk.actor = Actor("u2", "王师傅", frozenset({"production.see"}))
    window = MainWindow(desk, bench.specs)
    qtbot.addWidget(window)
    assert tabs(window) == ["生产"]
    window.go("finance")
    assert window.open_stage == "production"


def test_stage_that_the_order_does_not_know_is_refused(desk: Any, bench: Bench) -> None:
    with pytest.raises(ValueError, match="kitchen"):
        MainWindow(desk, (*bench.specs, bench.spec("kitchen", "厨房")))


def test_workspace_is_built_when_first_opened_and_kept(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:
    assert set(bench.pages) == {"today"}
    window.go("registration")
    bench.pages["registration"].line.setText("半个名字")
    window.go("today")
    window.go("registration")
    assert bench.pages["registration"].line.text() == "半个名字"
    assert not window.is_built("finance")


def test_digits_with_control_jump_to_the_tabs(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.open_stage == "production"
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.open_stage == "registration"
    bench.pages["registration"].line.setFocus()
    qtbot.keyClick(bench.pages["registration"].line, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.open_stage == "today"


def test_rail_is_walked_with_the_arrows(qtbot: QtBot, window: MainWindow) -> None:
    button = window.rail.button("today")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Down)
    assert window.rail.button("registration").hasFocus()
    qtbot.keyClick(window.rail.button("registration"), Qt.Key.Key_Space)
    assert window.open_stage == "registration"


def test_tab_reaches_search_rail_workspace_and_strips(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:
    window.search.setFocus()
    reached = []
    for _step in range(20):
        focused = window.focusWidget()
        assert focused is not None
        reached.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        if window.focusWidget() is window.search:
            break
    assert {"今日", "输入", "USB Key 张建国", "在线"} <= set(reached)
    assert window.focusWidget() is window.search, "Tab comes round again"


def test_everything_that_takes_the_focus_is_named(window: MainWindow) -> None:
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and type(widget) not in (QWidget,)
    ]
    assert nameless == []


def test_count_is_shown_and_follows_changes(qtbot: QtBot, window: MainWindow, desk: Any, bench: Bench) -> None:
    button = window.rail.button("production")
    qtbot.waitUntil(lambda: button.count == 3)
    assert button.accessibleName() == "生产 3 项待办"
    bench.waiting = 1
    desk.lanes.data.call(lambda: desk.change("seals"))
    qtbot.waitUntil(lambda: button.count == 1)


def test_workspaces_hear_of_changes_as_long_as_they_live(qtbot: QtBot, window: MainWindow, desk: Any) -> None:
    heard: list[str] = []
    alive, gone = QWidget(window), QWidget()
    window.on_changed(alive, frozenset({"orders"}), lambda: heard.append("orders"))
    window.on_changed(alive, frozenset({"people"}), lambda: heard.append("people"))
    window.on_changed(gone, frozenset({"orders"}), lambda: heard.append("gone"))
    from shiboken6 import delete

    delete(gone)
    for _time in range(5):
        desk.change("orders")
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(200)
    assert heard == ["orders"]


def test_search_finds_units_and_goes_there(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.search.hasFocus)
    qtbot.keyClicks(window.search, "ys")
    qtbot.waitUntil(lambda: any(hit.title == "找到 ys" for hit in window.palette_sheet.hits()))
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.open_stage == "registration"
    assert bench.pages["registration"].subjects == ["ys"]
    assert window.palette_sheet.isHidden() and window.search.text() == ""


def test_search_knows_the_tabs_and_escape_leaves_it(qtbot: QtBot, window: MainWindow) -> None:
    window.palette_sheet.open()
    qtbot.waitUntil(lambda: [hit.title for hit in window.palette_sheet.hits()] == ["今日", "登记", "生产", "财务"])
    qtbot.keyClick(window.search, Qt.Key.Key_Down)
    qtbot.keyClick(window.search, Qt.Key.Key_Down)
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.open_stage == "production"
    window.palette_sheet.open()
    qtbot.keyClick(window.search, Qt.Key.Key_Escape)
    assert window.palette_sheet.isHidden()


def test_strips_follow_devices_and_platform_from_any_thread(qtbot: QtBot, window: MainWindow, desk: Any) -> None:
    assert window.device_strip.words()[0] == "USB Key 张建国"
    desk.lanes.data.call(lambda: desk.devices.change(ReaderState("读卡器 B", "lost")))
    qtbot.waitUntil(lambda: window.device_strip.words() == ("读卡器 B：读卡器断开，请重新插上",))
    now = type(desk.sync.now)(online=False, waiting=4)
    desk.lanes.data.call(lambda: desk.sync.change(now))
    qtbot.waitUntil(lambda: window.sync_strip.words() == ("4 项待发送", "离线"))


def test_failure_of_a_workspace_stands_in_its_banner(qtbot: QtBot, window: MainWindow) -> None:
    banner = Banner(window)
    window.failing(banner)(PlatformError())
    assert banner.isVisible() and banner.sentence


def test_closing_saves_drafts_releases_prompts_and_keeps_the_geometry(
    qtbot: QtBot, window: MainWindow, desk: Any, bench: Bench, lane: Lane
) -> None:
    window.go("registration")
    job = lane.submit(lambda task: window.bridge.ask_pin(PinRequest("签收", "USB Key"), task))
    qtbot.waitUntil(lambda: bool(window.findChildren(PinDialog)))
    with qtbot.waitSignal(window.closed):
        window.close()
    qtbot.waitUntil(lambda: job.done)
    assert isinstance(job.error, UserCancelled)
    assert bench.pages["registration"].saved == 1
    assert desk.settings.get(UI_GEOMETRY)
    assert desk.devices.listeners == [] and desk.listeners == []


def test_tabs_are_built_ahead_and_leave_the_focus_and_the_open_tab_alone(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:
    window.search.setFocus()
    window.build_ahead()
    qtbot.waitUntil(lambda: all(window.is_built(name) for name in ("today", "registration", "production", "finance")))
    assert window.open_stage == "today" and window.search.hasFocus()
    page = bench.pages["registration"]
    window.go("registration")
    assert window.stack.currentWidget() is page


def test_nothing_is_built_ahead_in_a_window_that_is_closed(qtbot: QtBot, window: MainWindow) -> None:
    window.build_ahead()
    window.close()
    qtbot.wait(Delay.SETTLE_MS + 4 * Delay.SEARCH_MS)
    assert not window.is_built("registration")


def test_window_stays_until_what_was_typed_is_on_the_disk(qtbot: QtBot, window: MainWindow, bench: Bench, lane: Lane) -> None:
    window.go("registration")
    disk = Event()
    bench.pages["registration"].saving = lane.submit(lambda _task: disk.wait())
    assert not window.close()
    assert window.isVisible()
    with qtbot.waitSignal(window.closed):
        disk.set()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_window_asks_before_it_closes_without_what_could_not_be_saved(
    qtbot: QtBot, window: MainWindow, bench: Bench, lane: Lane
) -> None:
    def full(_task: object) -> None:
        raise StorageError

    window.go("registration")
    bench.pages["registration"].saving = lane.submit(full)
    closings: list[int] = []
    window.closed.connect(lambda: closings.append(1))
    window.close()
    qtbot.waitUntil(lambda: bool(window.findChildren(DangerDialog)))
    [dialog] = window.findChildren(DangerDialog)
    qtbot.keyClick(dialog.leave_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChildren(DangerDialog))
    assert window.isVisible() and not closings
    window.close()
    qtbot.waitUntil(lambda: bool(window.findChildren(DangerDialog)))
    qtbot.mouseClick(window.findChildren(DangerDialog)[0].do_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert closings == [1]


def test_impatient_closing_asks_only_once(qtbot: QtBot, window: MainWindow, bench: Bench, lane: Lane) -> None:
    disk = Event()

    def full(_task: object) -> None:
        disk.wait()
        raise StorageError

    window.go("registration")
    bench.pages["registration"].saving = lane.submit(full)
    for _time in range(3):
        window.close()
    disk.set()
    qtbot.waitUntil(lambda: bool(window.findChildren(DangerDialog)))
    qtbot.wait(50)
    [dialog] = window.findChildren(DangerDialog)
    qtbot.keyClick(dialog.leave_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.findChildren(DangerDialog))
    window.close()  # asked again, it asks again
    qtbot.waitUntil(lambda: bool(window.findChildren(DangerDialog)))


def test_window_opens_where_it_was_closed(qtbot: QtBot, window: MainWindow, desk: Any, bench: Bench) -> None:
    window.resize(1200, 700)
    window.close()
    bench.pages.clear()
    again = MainWindow(desk, bench.specs)
    qtbot.addWidget(again)
    assert again.size().width() == 1200 and again.size().height() == 700


def test_tab_opened_while_the_search_box_has_the_cursor_takes_it(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:
    window.search.setFocus()
    qtbot.keyClick(window.search, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.open_stage == "registration"
    assert bench.pages["registration"].line.hasFocus()
