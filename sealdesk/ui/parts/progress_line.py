"""One line on a job that takes a while: what it does now, how far it is, and a cancel that really cancels."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Progress
from sealdesk.ui.jobs import Running
from sealdesk.ui.parts.buttons import quiet
from sealdesk.ui.parts.layouts import column, row, text
from sealdesk.ui.theme import Delay, Space


class ProgressLine(QWidget):
    """Hidden until `follow` is called, and for quick jobs not shown at all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running: Running | None = None
        self._step = text("", "soft")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Progress"))
        self.cancel_button = quiet(_("Cancel"), self._on_cancel_clicked, icon="close")
        layout = row(gap=Space.M)
        layout.addLayout(column(self._step, self._bar, gap=Space.XS), 1)
        layout.addWidget(self.cancel_button)
        self.setLayout(layout)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(Delay.PROGRESS_MS)
        self._timer.timeout.connect(self.show)
        self.hide()

    def follow(self, running: Running, step: str) -> None:
        """Show this job from a moment later on; pass `show_progress` to `jobs.run` and call `end` when it has ended."""
        self._running = running
        self.cancel_button.setEnabled(True)
        self.show_progress(Progress(step))
        self._timer.start()

    def show_progress(self, progress: Progress) -> None:
        """Say what is being done now."""
        self._step.setText(progress.step)
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        self.setAccessibleName(progress.step)

    def end(self) -> None:
        """The job has ended."""
        self._timer.stop()
        self._running = None
        self.hide()

    def _on_cancel_clicked(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._step.setText(_("Stopping at the next safe place…"))
            self.cancel_button.setEnabled(False)
