"""The opening window says its steps, asks the passphrase, tells what failed, and makes room for the sign-in in the same window."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sealdesk.cli.passphrases import VARIABLE
from sealdesk.cli.window import Installation
from sealdesk.core.errors import StorageError
from sealdesk.core.lanes import Task
from sealdesk.core.single import SingleProgram
from sealdesk.domain.access import EVERYTHING, Actor
from sealdesk.models.keystore import KEY_FILE
from sealdesk.ui import style_sheet
from sealdesk.ui.app import Course
from sealdesk.ui.first_run import FirstRunPage
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.opening import Ask, Opened
from sealdesk.ui.opening_pages import FailurePage, PassphrasePage
from sealdesk.ui.sign_in import SignInPage
from sealdesk.ui.theme import Scheme


class DamagedStoreError(StorageError):
    code = "storage.damaged"
    sentence = "本机数据库 {file} 已损坏。"
    advice = "请检查磁盘，恢复最近的备份。"


@dataclass(frozen=True)
class Request:
    is_new: bool
    attempt: int


Work = Callable[[Task, Ask], Any]


@pytest.fixture
def begin(qtbot: QtBot) -> Iterator[Callable[[Work], Course]]:
    """Opens windows, and ends them."""
    courses: list[Course] = []

    def made(work: Work) -> Course:
        course = Course(work)
        courses.append(course)
        qtbot.addWidget(course.opening)
        course.opening.show()
        qtbot.waitExposed(course.opening)
        course.opening.activateWindow()
        return course

    yield made
    for course in courses:
        course.opening.close()
        course.opening.end()
        if course.main is not None:
            course.main.close()


def on_page(qtbot: QtBot, course: Course, kind: type[Any]) -> Any:
    qtbot.waitUntil(lambda: course.opening.findChild(kind) is not None or isinstance(course.opening.page, kind), timeout=20_000)
    return course.opening.page if isinstance(course.opening.page, kind) else course.opening.findChild(kind)


def test_steps_are_told_and_the_sign_in_takes_the_place(
    qtbot: QtBot, begin: Callable[[Work], Course], sign_in_service: Any, desk: Any, shots: Path | None, qapp: QApplication
) -> None:
    go_on, seen = threading.Event(), threading.Event()

    def work(task: Task, _ask: Ask) -> Opened:
        seen.set()
        task.report("正在打开本机数据库", 1, 3)
        go_on.wait(10)
        return Opened(sign_in_service, lambda actor: desk, ())

    course = begin(work)
    size = course.opening.size()
    qtbot.waitUntil(lambda: course.opening.step == "正在打开本机数据库")
    assert seen.is_set()
    picture(qtbot, course, shots, qapp, "opening-step")
    go_on.set()
    page = on_page(qtbot, course, SignInPage)
    assert page.window() is course.opening
    assert course.opening.size() == size
    picture(qtbot, course, shots, qapp, "opening-sign-in")
    page.signed_in.emit(Actor("u1", "李晓梅", frozenset({EVERYTHING})))
    assert isinstance(course.main, MainWindow)
    assert course.main.isVisible()
    assert not course.opening.isVisible()


def test_failure_stands_in_the_window_and_can_be_tried_again(
    qtbot: QtBot, begin: Callable[[Work], Course], sign_in_service: Any, desk: Any, shots: Path | None, qapp: QApplication
) -> None:
    tries: list[int] = []

    def work(_task: Task, _ask: Ask) -> Opened:
        tries.append(1)
        if len(tries) == 1:
            raise DamagedStoreError(file="sealdesk.db")
        return Opened(sign_in_service, lambda actor: desk, ())

    course = begin(work)
    page = on_page(qtbot, course, FailurePage)
    assert page.sentence.text() == "本机数据库 sealdesk.db 已损坏。"
    assert page.advice.text() == "请检查磁盘，恢复最近的备份。"
    picture(qtbot, course, shots, qapp, "opening-failure")
    page.copy_button.click()
    assert "code: storage.damaged" in QGuiApplication.clipboard().text()
    page.details_button.click()
    assert page.details.isVisible()
    page.retry_button.click()
    on_page(qtbot, course, SignInPage)
    assert len(tries) == 2


@pytest.mark.allowed_logs("the opening failed in an unforeseen way")
def test_bug_while_opening_is_told_too(qtbot: QtBot, begin: Callable[[Work], Course]) -> None:
    def work(_task: Task, _ask: Ask) -> Opened:
        raise RuntimeError("surprise")

    page = on_page(qtbot, begin(work), FailurePage)
    assert page.sentence.text() == "程序内部出错，您录入的内容没有丢失。"
    assert "surprise" not in page.details.toPlainText()


def test_new_passphrase_is_typed_twice_the_same(
    qtbot: QtBot, begin: Callable[[Work], Course], shots: Path | None, qapp: QApplication
) -> None:
    given: list[str] = []

    def work(_task: Task, ask: Ask) -> Opened:
        given.append(ask(Request(True, 1)))
        raise DamagedStoreError(file="end")

    course = begin(work)
    page = on_page(qtbot, course, PassphrasePage)
    picture(qtbot, course, shots, qapp, "opening-passphrase")
    qtbot.keyClicks(page.passphrase.editor, "short")
    page.submit()
    assert str(page.passphrase.problem) == "口令至少 10 个字符，最好是一句话。"
    page.passphrase.set_value("a sentence of mine")
    page.again.set_value("another sentence")
    page.submit()
    assert str(page.again.problem) == "两次输入的口令不一致。"
    assert given == []
    page.again.set_value("a sentence of mine")
    page.submit()
    on_page(qtbot, course, FailurePage)
    assert given == ["a sentence of mine"]


def test_wrong_passphrase_is_told_at_its_field(
    qtbot: QtBot, begin: Callable[[Work], Course], sign_in_service: Any, desk: Any, shots: Path | None, qapp: QApplication
) -> None:
    def work(_task: Task, ask: Ask) -> Opened:
        attempt = 1
        while ask(Request(False, attempt)) != "the right one":
            attempt += 1
        return Opened(sign_in_service, lambda actor: desk, ())

    course = begin(work)
    page = on_page(qtbot, course, PassphrasePage)
    assert page.passphrase.problem is None
    page.passphrase.set_value("wrong")
    page.submit()
    qtbot.waitUntil(lambda: (shown := course.opening.findChild(PassphrasePage)) is not None and shown.passphrase.problem is not None)
    page = course.opening.findChild(PassphrasePage)
    assert str(page.passphrase.problem) == "口令不正确。"
    picture(qtbot, course, shots, qapp, "opening-passphrase-wrong")
    page.passphrase.set_value("the right one")
    page.submit()
    on_page(qtbot, course, SignInPage)


def test_closing_the_window_ends_a_waiting_question(qtbot: QtBot, begin: Callable[[Work], Course]) -> None:
    ended = threading.Event()

    def work(_task: Task, ask: Ask) -> Opened:
        try:
            ask(Request(False, 1))
        finally:
            ended.set()
        raise AssertionError("answered by nobody")

    course = begin(work)
    on_page(qtbot, course, PassphrasePage)
    course.opening.close()
    assert ended.wait(5)


# ---- with the real installation


@pytest.fixture
def no_key_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder on a system without a key store."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    monkeypatch.setattr("sealdesk.models.keystore.system_backend", lambda: None)
    return tmp_path / "home"


def opened(begin: Callable[[Work], Course], installations: list[Installation], home: Path) -> Course:
    installation = Installation(home, SingleProgram(home), pcsc=False)
    installations.append(installation)
    return begin(installation.open)


@pytest.fixture
def installations() -> Iterator[list[Installation]]:
    made: list[Installation] = []
    yield made
    for installation in made:
        installation.close()


def test_new_installation_asks_a_passphrase_and_leads_to_the_first_run(
    qtbot: QtBot, begin: Callable[[Work], Course], installations: list[Installation], no_key_store: Path
) -> None:
    course = opened(begin, installations, no_key_store)
    page = on_page(qtbot, course, PassphrasePage)
    page.passphrase.set_value("only for this test")
    page.again.set_value("only for this test")
    page.submit()
    on_page(qtbot, course, FirstRunPage)
    assert (no_key_store / KEY_FILE).exists()


def test_second_start_on_the_same_folder_is_refused_until_the_first_ends(
    qtbot: QtBot, begin: Callable[[Work], Course], installations: list[Installation], no_key_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "only for this test")
    on_page(qtbot, opened(begin, installations, no_key_store), FirstRunPage)
    second = opened(begin, installations, no_key_store)
    page = on_page(qtbot, second, FailurePage)
    assert page.sentence.text() == f"本程序已经打开了这个数据文件夹（进程 {os.getpid()}）。"
    installations[0].close()
    page.retry_button.click()
    on_page(qtbot, second, FirstRunPage)


def test_lost_key_is_told_with_its_advice(
    qtbot: QtBot, begin: Callable[[Work], Course], installations: list[Installation], no_key_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "only for this test")
    on_page(qtbot, opened(begin, installations, no_key_store), FirstRunPage)
    installations[0].close()
    (no_key_store / KEY_FILE).unlink()
    page = on_page(qtbot, opened(begin, installations, no_key_store), FailurePage)
    assert "code: storage.key.lost" in page.details.toPlainText()
    assert page.advice.text()


def test_folder_that_cannot_be_made_is_told(
    qtbot: QtBot, begin: Callable[[Work], Course], installations: list[Installation], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    page = on_page(qtbot, opened(begin, installations, tmp_path / "file" / "home"), FailurePage)
    assert "code: storage.lock" in page.details.toPlainText()


def picture(qtbot: QtBot, course: Course, shots: Path | None, qapp: QApplication, name: str) -> None:
    """Both schemes, when somebody wants to look."""
    if shots is None:
        return
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        style_sheet.apply(qapp, scheme)
        qtbot.wait(120)
        course.opening.grab().save(str(shots / f"{name}-{scheme.value}.png"))
