"""Runs jobs of the lanes for the window: their results arrive on the window's thread, and never for a widget that is gone.

Nothing here waits. What a job ends with, and what it reports meanwhile, is posted through one queued signal.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from sealdesk.core.lanes import Job, Progress
from sealdesk.ui.garbage import Collector

T = TypeVar("T")

_log = logging.getLogger(__name__)


class _Post(QObject):
    """Carries calls to the window's thread; it outlives every widget."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)
        self._collector = Collector(self)

    def send(self, call: Callable[[], None]) -> None:
        self._posted.emit(call)

    def _on_posted(self, call: Callable[[], None]) -> None:
        call()


_post: _Post | None = None


def post(call: Callable[[], None]) -> None:
    """Run `call` on the window's thread soon; may be called from any lane once `prepare` has been called on the window's thread."""
    if _post is None:
        raise RuntimeError("prepare() was not called on the window's thread")
    _post.send(call)


def prepare() -> None:
    """Tie the post to the thread that calls this, the window's; calling it again changes nothing."""
    global _post
    if _post is None:
        _post = _Post()


class Running:
    """A job as the window holds it: it can be cancelled, and says whether its end was delivered or dropped."""

    def __init__(self, job: Job[Any], owner: QObject) -> None:
        self._job = job
        self._owner = owner
        self._lock = threading.Lock()
        self._latest: Progress | None = None
        self.finished = False

    def cancel(self) -> None:
        """Ask the job to stop; it ends with `UserCancelled` at its next safe place."""
        self._job.cancel()

    def _wanted(self) -> bool:
        return isValid(self._owner)

    def _note(self, progress: Progress, deliver: Callable[[], None]) -> None:
        with self._lock:
            first = self._latest is None
            self._latest = progress
        if first:  # otherwise a delivery is under way and will find the newer report
            post(deliver)

    def _take(self) -> Progress | None:
        with self._lock:
            progress, self._latest = self._latest, None
        return progress


def run(
    job: Job[T],
    owner: QObject,
    done: Callable[[T], object],
    failed: Callable[[BaseException], object],
    progress: Callable[[Progress], object] | None = None,
) -> Running:
    """Have `done` or `failed` called on the window's thread when `job` has ended, unless `owner` was destroyed before.

    Reports of progress are joined when they come faster than the window draws. The calls always come later, never from inside `run`.
    """
    prepare()
    running = Running(job, owner)

    def deliver_progress() -> None:
        latest = running._take()
        if latest is not None and progress is not None and running._wanted() and not running.finished:
            progress(latest)

    def deliver_end() -> None:
        running.finished = True
        if not running._wanted():
            _log.debug("the result of a job was dropped, its owner is gone")
            return
        error = job.error
        if error is None:
            done(job.result(0))
        else:
            failed(error)

    if progress is not None:
        job.on_progress(lambda report: running._note(report, deliver_progress))
    job.on_done(lambda _job: post(deliver_end))
    return running
