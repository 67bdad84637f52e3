"""Lanes: named threads that own things, with jobs that report, can be cancelled, and may wait only downwards.

One data lane owns the database, one lane per reader owns the reader, one owns the network, two compute. The ranks below say
who may wait for whom: a lane may wait only for lanes of a higher rank, so two lanes can never wait for each other. The window
has no rank and never waits.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

from sealdesk.core.errors import UserCancelled

T = TypeVar("T")

_log = logging.getLogger(__name__)
_here = threading.local()


class Rank(IntEnum):
    """The order of waiting; see the module's docstring."""

    FRONT = 0
    DEVICE = 10
    NETWORK = 20
    DATA = 30
    COMPUTING = 40


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job does now. `total` is 0 while the amount is not known."""

    step: str
    done: int = 0
    total: int = 0


class Task:
    """A running job, seen from inside: it reports progress and asks whether it should stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._listeners: list[Callable[[Progress], None]] = []

    @property
    def stopped(self) -> bool:
        """Whether somebody cancelled."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `UserCancelled` when somebody cancelled; call it where stopping is safe."""
        if self._stop.is_set():
            raise UserCancelled

    def wait(self, seconds: float) -> None:
        """Sleep, but wake at once and raise `UserCancelled` on cancel."""
        if self._stop.wait(seconds):
            raise UserCancelled

    def report(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done now. Listeners run on this lane and must only hand the value on."""
        progress = Progress(step, done, total)
        for listener in self._listeners:
            listener(progress)


class Job(Generic[T]):
    """A piece of work handed to a lane, seen from outside."""

    def __init__(self, lane: Lane, work: Callable[[Task], T]) -> None:
        self._lane = lane
        self._work = work
        self._task = Task()
        self._future: Future[T] = Future()

    def cancel(self) -> None:
        """Ask the job to stop: at once when it has not begun, at its next safe place otherwise."""
        self._task._stop.set()

    def on_progress(self, listener: Callable[[Progress], None]) -> Job[T]:
        """Call `listener` on the working lane for each report."""
        self._task._listeners.append(listener)
        return self

    def on_done(self, listener: Callable[[Job[T]], None]) -> Job[T]:
        """Call `listener` (on the working lane, or here when already done) once the job has ended."""
        self._future.add_done_callback(lambda _future: listener(self))
        return self

    @property
    def done(self) -> bool:
        """Whether the job has ended, one way or the other."""
        return self._future.done()

    @property
    def error(self) -> BaseException | None:
        """What an ended job raised, or None."""
        return self._future.exception(timeout=0)

    def result(self, timeout_s: float | None = None) -> T:
        """Wait for the result, or raise what the job raised.

        Raises:
            RuntimeError: called on a lane that may not wait for this one.
            TimeoutError: the job has not ended in time (it goes on).
        """
        here: Lane | None = getattr(_here, "lane", None)
        if here is not None and here.rank >= self._lane.rank and not self._future.done():
            raise RuntimeError(f"lane {here.name} may not wait for lane {self._lane.name}")
        return self._future.result(timeout_s)

    def _run(self) -> None:
        if self._task.stopped:
            self._future.set_exception(UserCancelled())
            return
        try:
            result = self._work(self._task)
        except BaseException as error:  # noqa: BLE001 - handed on to whoever asked
            self._future.set_exception(error)
        else:
            self._future.set_result(result)


class Lane:
    """One thread with a queue. Whatever it owns is touched on it alone."""

    def __init__(self, name: str, rank: Rank) -> None:
        self.name = name
        self.rank = rank
        self._jobs: queue.SimpleQueue[Job[object] | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._current: Job[object] | None = None
        self._thread = threading.Thread(target=self._main, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Task], T]) -> Job[T]:
        """Queue `work`; it runs on this lane's thread after everything queued before it."""
        job = Job(self, work)
        if self._closed.is_set():
            job._future.set_exception(UserCancelled())
            return job
        self._jobs.put(job)  # type: ignore[arg-type]
        return job

    def call(self, work: Callable[[], T], timeout_s: float | None = None) -> T:
        """Run `work` on this lane and wait for its result; at once when already on this lane."""
        if self.is_here():
            return work()
        return self.submit(lambda _task: work()).result(timeout_s)

    def is_here(self) -> bool:
        """Whether the caller runs on this lane."""
        return getattr(_here, "lane", None) is self

    def require(self) -> None:
        """Raise unless the caller runs on this lane.

        Raises:
            RuntimeError: called from somewhere else.
        """
        if not self.is_here():
            raise RuntimeError(f"only for lane {self.name}")

    def close(self, timeout_s: float = 5.0) -> bool:
        """Cancel what is queued and running, end the thread; False when it did not end in time."""
        self._closed.set()
        current = self._current
        if current is not None:
            current.cancel()
        self._jobs.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _main(self) -> None:
        _here.lane = self
        while True:
            job = self._jobs.get()
            if job is None:
                break
            if self._closed.is_set():
                job.cancel()
            self._current = job
            try:
                job._run()
            except CancelledError:
                _log.debug("a job of lane %s was cancelled", self.name)
            finally:
                self._current = None
