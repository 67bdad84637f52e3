"""Builds the tabs that nobody opened yet, one small piece at a time, so that opening one is quick. Decides nothing about what they show."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from sealdesk.core.errors import UserCancelled
from sealdesk.core.lanes import Lane
from sealdesk.ui import jobs
from sealdesk.ui.desk import WorkspaceSpec
from sealdesk.ui.theme import Delay

_log = logging.getLogger(__name__)


class BuildingAhead(QObject):
    """Loads what a tab needs on a lane, then has it built and put into the window in two turns, then goes on to the next.

    Args:
        specs: the tabs, in the order in which they are built.
        build: builds one and keeps it; does nothing when the person was quicker.
        place: puts a built one into the window, where it is dressed; does nothing when it is there.
    """

    def __init__(
        self,
        specs: Sequence[WorkspaceSpec],
        lane: Lane,
        build: Callable[[str], object],
        place: Callable[[str], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._left = list(specs)
        self._is_stopped = False
        self._lane = lane
        self._build = build
        self._place = place
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(Delay.SETTLE_MS)
        self._pause.timeout.connect(self._load)

    def start(self) -> None:
        """Begin when the window has settled."""
        self._pause.start()

    def stop(self) -> None:
        """Build no more."""
        self._is_stopped = True
        self._left.clear()

    def _load(self) -> None:
        if self._left:
            spec = self._left.pop(0)
            jobs.run(self._lane.submit(lambda _task: _load(spec.late)), self, lambda _nothing: self._make(spec.name), _log_failure)

    def _make(self, name: str) -> None:
        self._build(name)
        QTimer.singleShot(Delay.SEARCH_MS, self, lambda: self._finish(name))

    def _finish(self, name: str) -> None:
        if self._is_stopped:
            return
        self._place(name)
        self._pause.setInterval(Delay.SEARCH_MS)
        self._pause.start()


def _load(module: str) -> None:
    if module:
        importlib.import_module(module)


def _log_failure(error: BaseException) -> None:
    if not isinstance(error, UserCancelled):
        _log.warning("a tab was not built ahead: %s", type(error).__name__)
