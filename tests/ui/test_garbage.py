"""Widgets that nobody holds any more die on the window's thread, whichever thread made the garbage."""

from __future__ import annotations

import gc
import threading
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.ui import jobs
from sealdesk.ui.garbage import PAUSE_MS


class Cyclic(QWidget):
    """Holds itself, so that only the collector finds it."""

    def __init__(self, deaths: list[int]) -> None:
        super().__init__()
        self.itself = self
        self.destroyed.connect(lambda: deaths.append(threading.get_ident()), Qt.ConnectionType.DirectConnection)


class Cycle:
    """Garbage of a lane."""

    def __init__(self) -> None:
        self.itself = self


def make_garbage(count: int) -> None:
    for _number in range(count):
        Cycle()


def test_widgets_die_on_the_windows_thread(qtbot: QtBot, qapp: Any) -> None:
    jobs.prepare()
    deaths: list[int] = []
    QLabel("话", Cyclic(deaths))
    worker = threading.Thread(target=make_garbage, args=(3 * gc.get_threshold()[0],))
    worker.start()
    worker.join()
    assert deaths == []
    qtbot.waitUntil(lambda: bool(deaths))
    assert deaths == [threading.get_ident()]


def test_garbage_of_lanes_is_collected_while_the_window_runs(qtbot: QtBot, qapp: Any) -> None:
    jobs.prepare()
    qtbot.wait(2 * PAUSE_MS)
    make_garbage(10 * gc.get_threshold()[0])
    qtbot.waitUntil(lambda: gc.get_count()[0] <= gc.get_threshold()[0])


def test_python_does_not_collect_by_itself_once_there_is_a_window(qapp: Any) -> None:
    jobs.prepare()
    assert not gc.isenabled()
