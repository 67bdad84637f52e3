"""Jobs deliver on the window's thread, never block it, and forget owners that are gone."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import UserCancelled
from sealdesk.core.lanes import Lane, Progress, Task
from sealdesk.ui import jobs
from sealdesk.ui.parts.progress_line import ProgressLine


def nothing(_value: object) -> None:
    return None


def test_result_arrives_on_the_window_thread(qtbot: QtBot, lane: Lane) -> None:
    arrived: list[tuple[int, QThread]] = []
    owner = QObject()
    jobs.run(lane.submit(lambda _task: 42), owner, lambda value: arrived.append((value, QThread.currentThread())), nothing)
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived == [(42, owner.thread())]


def test_result_of_an_ended_job_never_arrives_from_inside_run(qtbot: QtBot, lane: Lane) -> None:
    job = lane.submit(lambda _task: 1)
    job.result(5)
    arrived: list[int] = []
    owner = QObject()
    jobs.run(job, owner, arrived.append, nothing)
    assert not arrived
    qtbot.waitUntil(lambda: arrived == [1])


def test_window_goes_on_while_a_job_works(qtbot: QtBot, lane: Lane) -> None:
    release = threading.Event()
    arrived: list[object] = []
    beats: list[int] = []
    owner = QObject()
    timer = QTimer(owner)
    timer.setInterval(1)
    timer.timeout.connect(lambda: beats.append(1))
    timer.start()
    jobs.run(lane.submit(lambda _task: release.wait(10)), owner, arrived.append, nothing)
    qtbot.waitUntil(lambda: len(beats) >= 5)
    assert not arrived
    release.set()
    qtbot.waitUntil(lambda: bool(arrived))


def test_error_is_delivered_as_it_was_raised(qtbot: QtBot, lane: Lane) -> None:
    def work(_task: Task) -> int:
        raise KeyError("x")

    failures: list[BaseException] = []
    owner = QObject()
    jobs.run(lane.submit(work), owner, nothing, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], KeyError)


def test_result_for_a_destroyed_owner_is_dropped(qtbot: QtBot, lane: Lane) -> None:
    from shiboken6 import delete

    release = threading.Event()
    arrived: list[object] = []
    owner = QObject()
    running = jobs.run(lane.submit(lambda _task: release.wait(10)), owner, arrived.append, arrived.append)
    delete(owner)
    release.set()
    qtbot.waitUntil(lambda: running.finished)
    assert arrived == []


def test_cancelled_job_ends_as_cancelled(qtbot: QtBot, lane: Lane) -> None:
    failures: list[BaseException] = []
    owner = QObject()
    running = jobs.run(lane.submit(lambda task: task.wait(30)), owner, nothing, failures.append)
    running.cancel()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], UserCancelled)


def test_progress_is_joined_and_the_last_report_is_seen(qtbot: QtBot, lane: Lane) -> None:
    hold = threading.Event()

    def work(task: Task) -> str:
        hold.wait(5)
        for done in range(1, 1001):
            task.report("burning", done, 1000)
        return "end"

    seen: list[Progress] = []
    ended: list[str] = []
    owner = QObject()
    jobs.run(lane.submit(work), owner, ended.append, nothing, seen.append)
    hold.set()
    lane.call(lambda: None)  # all reports are made before the window looks
    qtbot.waitUntil(lambda: ended == ["end"])
    assert seen[-1] == Progress("burning", 1000, 1000)
    assert len(seen) < 1000


def test_progress_line_shows_the_step_and_cancels(qtbot: QtBot, lane: Lane) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    ended: list[Any] = []

    def work(task: Task) -> None:
        task.report("写入证书", 2, 6)
        task.wait(30)

    line.follow(jobs.run(lane.submit(work), line, nothing, ended.append, line.show_progress), "开始")
    qtbot.waitUntil(lambda: line.accessibleName() == "写入证书")
    qtbot.waitUntil(line.isVisible)
    line.cancel_button.click()
    qtbot.waitUntil(lambda: bool(ended))
    assert isinstance(ended[0], UserCancelled)
    line.end()
    assert line.isHidden()
