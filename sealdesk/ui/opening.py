"""The window before anybody is signed in: painted first, it says what is being done now, asks the passphrase and tells what failed.

It opens nothing itself: the work it is given runs on a lane of its own. What is imported here is imported before the first paint, so
nothing heavy may be.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QLayout, QProgressBar, QStackedLayout, QWidget
from shiboken6 import isValid

from sealdesk.core.errors import SealdeskError, UserCancelled
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Lane, Progress, Rank, Task
from sealdesk.domain.access import Actor
from sealdesk.ui import icons, jobs, style_sheet
from sealdesk.ui.parts.layouts import column, frame, row, text
from sealdesk.ui.theme import Delay, Size, Space

if TYPE_CHECKING:
    from sealdesk.ui.desk import Desk, WorkspaceSpec
    from sealdesk.ui.sign_in import SignInService

PATIENCE_S = 30.0
"""How long the end of the program waits for an opening that is under way; it stops at its next safe place."""
_LOOK_S = 0.1

_log = logging.getLogger(__name__)


class PassphraseRequest(Protocol):
    """What is asked: a new passphrase or the one chosen before; `attempt` counts from 1."""

    @property
    def is_new(self) -> bool: ...

    @property
    def attempt(self) -> int: ...


Ask = Callable[[PassphraseRequest], str]
"""Asks for the passphrase and waits; raises `UserCancelled` when the person gives up."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an opened installation gives to the window: the logic of the sign-in, the desk of whoever signs in, and the workspaces."""

    service: SignInService
    desk_of: Callable[[Actor], Desk]
    specs: Sequence[WorkspaceSpec]


Open = Callable[[Task, Ask], Opened]
"""Opens the installation; runs on a lane, reports its steps, and stops between them when the task says so."""


class OpeningWindow(QWidget):
    """Starts the work when it has been painted. `opened` brings what the work ended with; the window then shows its first page."""

    opened = Signal(object)

    def __init__(self, work: Open) -> None:
        super().__init__()
        jobs.prepare()
        style_sheet.dress(self)
        self._work = work
        self._lane = Lane("opening", Rank.FRONT)
        self._running: jobs.Running | None = None
        self._begun = False
        self.setWindowTitle(_("sealdesk"))
        self.setProperty("surface", "paper")
        self.resize(Size.SIGN_IN_WIDTH + Size.SIDE_WIDTH + 4 * Size.ROW_TALL, Size.WINDOW_MIN_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._stack = QStackedLayout(self)
        self._page = QWidget()
        self._stack.addWidget(self._page)
        self._say(_("Starting"))
        self._fallback = QTimer(self)  # a window that starts minimised is never painted
        self._fallback.setSingleShot(True)
        self._fallback.setInterval(Delay.SETTLE_MS)
        self._fallback.timeout.connect(self.begin)
        self._fallback.start()

    @property
    def page(self) -> QWidget:
        """What is shown now."""
        return self._page

    @property
    def step(self) -> str:
        """What is being done now, as it is shown."""
        return self._step.text() if isValid(self._step) else ""

    def begin(self) -> None:
        """Start the work, once; it is called by the first paint."""
        self._fallback.stop()
        if not self._begun:
            self._begun = True
            self._start()

    def show_page(self, page: QWidget) -> None:
        """Put `page` in the place of what is shown; in one step, so that nothing flickers."""
        self.setUpdatesEnabled(False)
        before = self._page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self._stack.removeWidget(before)
        before.hide()
        before.deleteLater()
        self._page = page
        self.setUpdatesEnabled(True)

    def end(self) -> None:
        """Stop the work at its next safe place and wait for that; after the window was closed."""
        self._cancel()
        if not self._lane.close(PATIENCE_S):
            _log.warning("the opening did not end in time")

    # -- the work --------------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        job: Job[Opened] = self._lane.submit(lambda task: self._work(task, lambda request: self._ask(request, task)))
        self._running = jobs.run(job, self, self._on_opened, self._on_failed, self._on_progress)

    def _on_opened(self, opened: Opened) -> None:
        self._running = None
        self.opened.emit(opened)

    def _on_failed(self, error: BaseException) -> None:
        self._running = None
        if isinstance(error, UserCancelled):
            self.close()
            return
        if not isinstance(error, SealdeskError):
            _log.error("the opening failed in an unforeseen way", exc_info=error)
        from sealdesk.ui.opening_pages import FailurePage

        page = FailurePage(error)
        page.retried.connect(self._on_retried)
        page.left.connect(self.close)
        self._page_of(page)

    def _on_retried(self) -> None:
        self._say(_("Starting"))
        self._start()

    def _on_progress(self, progress: Progress) -> None:
        if isValid(self._step):
            self._step.setText(progress.step)
            self.setAccessibleDescription(progress.step)
            self._bar.setRange(0, max(progress.total, 1))
            self._bar.setValue(progress.done)

    # -- the passphrase --------------------------------------------------------------------------------------------------------

    def _ask(self, request: PassphraseRequest, task: Task) -> str:
        """Show the question and wait for its answer; called on the lane, which may wait for a person as nobody waits for it."""
        from sealdesk.ui.opening_pages import PassphrasePage  # here and not on the window's thread, which must not wait for it

        answer = _Answer()

        def show() -> None:
            if isValid(self) and not task.stopped:
                page = PassphrasePage(is_new=request.is_new, attempt=request.attempt)
                page.given.connect(lambda words: self._on_given(answer, words))
                page.left.connect(self.close)
                self._page_of(page)

        jobs.post(show)
        return answer.wait(task)

    def _on_given(self, answer: _Answer, words: str) -> None:
        self._say(_("Opening the key file"))
        answer.give(words)

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    # -- the look --------------------------------------------------------------------------------------------------------------

    def _page_of(self, content: QWidget | QLayout) -> None:
        self.show_page(_framed(content))

    def _say(self, step: str) -> None:
        """Show the page of the steps, at one of them."""
        self._step = text(step, "soft")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Progress"))
        self._bar.setRange(0, 1)
        self._page_of(column(self._step, self._bar, gap=Space.S))
        self.setAccessibleDescription(step)

    # -- Qt --------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._begun:
            QTimer.singleShot(0, self.begin)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._cancel()
        super().closeEvent(event)


class _Answer:
    """A passphrase on its way from the person to the lane."""

    def __init__(self) -> None:
        self._given = threading.Event()
        self._words = ""

    def give(self, words: str) -> None:
        self._words = words
        self._given.set()

    def wait(self, task: Task) -> str:
        while not self._given.wait(_LOOK_S):
            task.check()
        words, self._words = self._words, ""
        return words


def _framed(content: QWidget | QLayout) -> QWidget:
    """The program's mark above `content`, where the sign-in has its own, and the paper of its side."""
    mark = QLabel()
    icons.bind(mark, "seal", "seal", Size.ICON_XL)
    words = column(text(_("sealdesk"), "title"), text(_("The workstation of a seal-engraving factory"), "soft"), gap=0)
    narrow = QWidget()
    narrow.setFixedWidth(Size.SIGN_IN_WIDTH)
    narrow.setLayout(column(row(mark, words, None, gap=Space.M), content, gap=Space.L))
    side = frame("side", column())
    side.setFixedWidth(Size.SIDE_WIDTH)
    page = QWidget()
    page.setLayout(row(None, column(None, narrow, None), None, side, gap=0))
    return page
