"""Work that needs the PIN of the USB key: asks for it with the tries left, and once more after a wrong one; signs nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from sealdesk.core.errors import SealdeskError, UserCancelled
from sealdesk.core.lanes import Job, Progress, Task
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import PinStatus, ReaderState, SigningKey
from sealdesk.ui.desk import Desk, Shell
from sealdesk.ui.interaction import PinRequest

T = TypeVar("T")

ASKED_AGAIN = frozenset({"device.pin.wrong", "user.pin.length"})
"""Codes of refusals after which the person types the PIN once more."""


class KeyWork(Generic[T]):
    """One piece of work under the PIN of the key in `reader`. `start` gets the PIN, and wipes it when the job has ended.

    `begun` is called when the PIN was given, so nothing looks busy while the person still thinks.
    """

    def __init__(
        self,
        desk: Desk,
        shell: Shell,
        owner: QObject,
        reader: ReaderState,
        purpose: str,
        start: Callable[[Pin], Job[T]],
        *,
        done: Callable[[T], object],
        failed: Callable[[BaseException], object],
        begun: Callable[[], object] | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> None:
        self._desk = desk
        self._shell = shell
        self._owner = owner
        self._reader = reader
        self._purpose = purpose
        self._start = start
        self._done = done
        self._failed = failed
        self._begun = begun
        self._progress = progress
        self.is_asking = False

    def ask(self, problem: str = "") -> KeyWork[T]:
        """Look how many tries are left, without spending one, and ask; `is_asking` until the question stands on the screen."""
        self.is_asking = True
        job = self._desk.devices.with_key(self._reader.reader, _tries)
        self._shell.run(job, self._owner, lambda status: self._show(status, problem), self._on_unreadable)
        return self

    def _on_unreadable(self, error: BaseException) -> None:
        self.is_asking = False
        self._failed(error)

    def _show(self, status: PinStatus, problem: str) -> None:
        self.is_asking = False
        token = self._reader.token
        device = " ".join(part for part in (self._reader.owner, "" if token is None else token.serial) if part)
        request = PinRequest(self._purpose, device or self._reader.reader, status.tries_left, problem)
        self._shell.ask_pin(request, self._on_answered)

    def _on_answered(self, pin: Pin) -> None:
        if self._begun is not None:
            self._begun()
        self._shell.run(self._start(pin), self._owner, self._done, self._on_failed, self._progress)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, SealdeskError) and error.code in ASKED_AGAIN:
            self._failed(UserCancelled())  # nothing runs while the PIN is asked for again
            self.ask(str(error))
            return
        self._failed(error)


def _tries(key: SigningKey, _task: Task) -> PinStatus:
    return key.pin_status()
