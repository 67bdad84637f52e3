"""Runs the newest of several wishes on a lane, one at a time: what was asked for meanwhile replaces what has not begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

from sealdesk.core.lanes import Lane
from sealdesk.ui import jobs


class Newest(QObject):
    """`want` never blocks. Results arrive in the order of the wishes, so the last one shown is the newest.

    With `delay_ms` a wish waits until no newer one has come for that long.
    """

    def __init__(
        self,
        lane: Lane,
        done: Callable[[Any], object],
        failed: Callable[[BaseException], object],
        parent: QObject,
        *,
        delay_ms: int = 0,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._done = done
        self._failed = failed
        self._next: Callable[[], Any] | None = None
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._start)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return not self._busy and self._next is None

    def want(self, work: Callable[[], Any]) -> None:
        """Have `work` done on the lane, instead of anything that waits."""
        self._next = work
        if self._timer.interval():
            self._timer.start()
        else:
            self._start()

    def drop(self) -> None:
        """Forget what waits; what runs is still delivered."""
        self._next = None
        self._timer.stop()

    def _start(self) -> None:
        if self._busy or self._next is None:
            return
        work, self._next = self._next, None
        self._busy = True
        jobs.run(self._lane.submit(lambda _task: work()), self, self._on_done, self._on_failed)

    def _on_done(self, result: Any) -> None:
        self._busy = False
        self._done(result)
        self._go_on()

    def _on_failed(self, error: BaseException) -> None:
        self._busy = False
        self._failed(error)
        self._go_on()

    def _go_on(self) -> None:
        if not self._timer.isActive():
            self._start()
