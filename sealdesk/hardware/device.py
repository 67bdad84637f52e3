"""Connections to cards: bytes in, bytes and a status word out, whatever lies between; no knowledge of commands.

Every exception and every answer of fewer than two bytes means *outcome unknown*: the card may or may not have executed the command.
"""

from __future__ import annotations

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sealdesk.hardware.errors import OutcomeUnknownError, ReaderLostError

T = TypeVar("T")


class Connection(ABC):
    """A powered card in a reader, owned by one thread at a time."""

    @abstractmethod
    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """Send one command APDU; returns the answer's data and status word.

        Raises:
            OutcomeUnknownError: no whole answer came; the card may or may not have executed the command.
            ReaderLostError: the reader did not answer before the deadline, and was given up.
        """

    @abstractmethod
    def reset(self) -> None:
        """Power the card down and up again; every state but what it stores is gone.

        Raises:
            DeviceError: the card or the reader is gone, or the card stays mute.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the card without resetting it under other programs; never raises, may be called twice."""

    @property
    @abstractmethod
    def atr(self) -> bytes:
        """The card's answer to reset."""

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other programs out for a few commands that belong together; never while waiting for a person."""
        yield


def split_answer(answer: bytes) -> tuple[bytes, int]:
    """Data and status word of a raw answer.

    Raises:
        OutcomeUnknownError: fewer than two bytes.
    """
    if len(answer) < 2:
        raise OutcomeUnknownError
    return answer[:-2], int.from_bytes(answer[-2:], "big")


class _Caller:
    """A thread that makes calls which may never return, so that its owner can give up waiting."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._main, name=f"reader-{name}", daemon=True)
        self._thread.start()

    def call(self, work: Callable[[], T], timeout_s: float) -> T:
        """Run `work` on the thread.

        Raises:
            TimeoutError: it has not returned in time and is abandoned.
        """
        outcome: queue.SimpleQueue[tuple[bool, T | BaseException]] = queue.SimpleQueue()

        def run() -> None:
            try:
                outcome.put((True, work()))
            except Exception as error:  # noqa: BLE001 - handed to whoever waits
                outcome.put((False, error))

        self._calls.put(run)
        try:
            fine, value = outcome.get(timeout=timeout_s)
        except queue.Empty:
            raise TimeoutError from None
        if not fine:
            assert isinstance(value, BaseException)
            raise value
        return value  # type: ignore[return-value]

    def finish(self) -> None:
        """End the thread after the call that it is in."""
        self._calls.put(None)

    def _main(self) -> None:
        while True:
            work = self._calls.get()
            if work is None:
                return
            work()


class DeadlineConnection(Connection):
    """A connection whose calls are bounded in time, because a mute card blocks SCardTransmit for ever and nothing cancels it.

    The inner connection lives on a thread of its own. When a call takes longer than `apdu_timeout_s`, or all calls together longer than
    the budget, the reader is declared lost: `on_lost` is told once, the thread is abandoned, and every further call fails at once.
    Time between calls (a person typing a PIN) is not counted.
    """

    def __init__(
        self,
        reader: str,
        opener: Callable[[], Connection],
        *,
        apdu_timeout_s: float,
        budget_s: float,
        on_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._reader = reader
        self._apdu_timeout_s = apdu_timeout_s
        self._budget_s = budget_s
        self._on_lost = on_lost
        self._is_lost = False
        self._is_closed = False
        self._caller = _Caller(reader)
        try:
            self._inner = self._bounded(opener)
        except BaseException:
            self._caller.finish()
            raise
        self._atr = self._inner.atr

    @property
    def atr(self) -> bytes:
        return self._atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        return self._bounded(lambda: self._inner.transmit(apdu))

    def reset(self) -> None:
        self._bounded(self._inner.reset)
        self._atr = self._inner.atr

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        if not self._is_lost:
            try:
                self._caller.call(self._inner.close, self._apdu_timeout_s)
            except TimeoutError:
                self._give_up()
        self._caller.finish()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        inner = self._inner.exclusive()
        self._bounded(inner.__enter__)
        try:
            yield
        finally:
            if not self._is_lost:
                self._bounded(lambda: inner.__exit__(None, None, None))

    def _bounded(self, work: Callable[[], T]) -> T:
        if self._is_lost:
            raise ReaderLostError(reader=self._reader)
        begin = time.monotonic()
        try:
            return self._caller.call(work, max(0.0, min(self._apdu_timeout_s, self._budget_s)))
        except TimeoutError:
            self._give_up()
            raise ReaderLostError(reader=self._reader) from None
        finally:
            self._budget_s -= time.monotonic() - begin

    def _give_up(self) -> None:
        self._is_lost = True
        self._on_lost()
