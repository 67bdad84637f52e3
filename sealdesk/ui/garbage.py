"""Collects reference cycles on the window's thread only; nothing else decides when.

Left to itself, Python collects on whichever thread happens to allocate, and a widget that a lane destroys hangs or crashes the program.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 250
"""How often it is looked whether enough has been left behind."""
WHOLE_PAUSE_S = 30.0
"""Everything is looked through no more often: that takes longer than the window may stand still."""


class Collector(QObject):
    """Stands in for Python's own collector, with its thresholds, on the thread that makes it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._whole_at = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def _collect(self) -> None:
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(len(counts)) if counts[generation] > limits[generation]]
        if 2 in due and time.monotonic() - self._whole_at > WHOLE_PAUSE_S:
            gc.collect()
            self._whole_at = time.monotonic()
        elif due:
            gc.collect(min(due[-1], 1))


def keep_what_is_loaded() -> None:
    """Leave what was made up to now, modules above all, out of every later search."""
    gc.freeze()
