"""When typing is saved by itself: a moment after it stops, and at the latest two seconds after it began."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from sealdesk.ui.theme import Delay

LATEST_MS = 1900
"""A power cut loses at most two seconds of typing."""


class Autosave(QObject):
    """`due` comes when what was noted has to be saved."""

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._settled = self._timer(Delay.SETTLE_MS)
        self._latest = self._timer(LATEST_MS)

    def note(self) -> None:
        """Something was typed."""
        self._settled.start()
        if not self._latest.isActive():
            self._latest.start()

    def clear(self) -> None:
        """All is saved, or is to be forgotten."""
        self._settled.stop()
        self._latest.stop()

    def _timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(self._on_timeout)
        return timer

    def _on_timeout(self) -> None:
        self.clear()
        self.due.emit()
