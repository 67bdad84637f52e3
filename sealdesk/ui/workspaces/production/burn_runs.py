"""The burnings that run in this window, one for each seal, side by side on their readers; what they mean on screen is not known here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from sealdesk.core.errors import UserCancelled
from sealdesk.core.lanes import Progress
from sealdesk.stages.production import burning
from sealdesk.ui.desk import Shell
from sealdesk.ui.jobs import Running
from sealdesk.workflow.desk import Desk


@dataclass(frozen=True, slots=True)
class Run:
    """One burning as the window knows it: where it runs, what it does now, and how it ended."""

    seal_id: str
    reader: str
    serial: str
    progress: Progress
    is_over: bool = False
    is_stopping: bool = False
    error: BaseException | None = None


class BurnRuns(QObject):
    """Starts and cancels burnings. `changed` brings the seal's id whenever its burning moved on."""

    changed = Signal(str)

    def __init__(self, desk: Desk, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._runs: dict[str, Run] = {}
        self._running: dict[str, Running] = {}

    def of(self, seal_id: str) -> Run | None:
        """The burning of a seal that runs or ended badly here, or None."""
        return self._runs.get(seal_id)

    def is_running(self, seal_id: str) -> bool:
        """Whether the seal is being burned now."""
        return seal_id in self._running

    def seals(self) -> frozenset[str]:
        """The seals that are being burned now."""
        return frozenset(self._running)

    def busy_readers(self) -> frozenset[str]:
        """The readers that are at work."""
        return frozenset(self._runs[seal_id].reader for seal_id in self._running)

    def start(self, seal_id: str, reader: str, serial: str) -> None:
        """Burn the chip in `reader` for the seal, or go on where a burning was cut off."""
        if seal_id in self._running or reader in self.busy_readers():
            return
        self._runs[seal_id] = Run(seal_id, reader, serial, Progress(""))
        self._running[seal_id] = self._shell.run(
            burning.burn(self._desk, seal_id, reader),
            self,
            lambda _report: self._end(seal_id, None),
            lambda error: self._end(seal_id, error),
            lambda progress: self._note(seal_id, progress),
        )
        self.changed.emit(seal_id)

    def cancel(self, seal_id: str) -> None:
        """Stop at the next safe place; the chip can be finished later."""
        running = self._running.get(seal_id)
        if running is not None:
            self._runs[seal_id] = replace(self._runs[seal_id], is_stopping=True)
            running.cancel()
            self.changed.emit(seal_id)

    def forget(self, seal_id: str) -> None:
        """Take an ended burning off the screen."""
        if seal_id not in self._running and self._runs.pop(seal_id, None) is not None:
            self.changed.emit(seal_id)

    def _note(self, seal_id: str, progress: Progress) -> None:
        if seal_id in self._running:
            self._runs[seal_id] = replace(self._runs[seal_id], progress=progress)
            self.changed.emit(seal_id)

    def _end(self, seal_id: str, error: BaseException | None) -> None:
        self._running.pop(seal_id, None)
        if error is None or isinstance(error, UserCancelled):
            self._runs.pop(seal_id, None)
        else:
            self._runs[seal_id] = replace(self._runs[seal_id], is_over=True, error=error)
        self.changed.emit(seal_id)
