"""The strip of the exchange with the platform: online, offline since when, what waits, what needs a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import _
from sealdesk.ui import icons
from sealdesk.ui.parts.layouts import row
from sealdesk.ui.theme import Size, Space, Tone


@dataclass(frozen=True, slots=True)
class SyncLine:
    """How this workplace stands with the platform."""

    online: bool
    offline_since: datetime | None = None
    waiting: int = 0
    decisions: int = 0


def sync_words(line: SyncLine) -> tuple[str, Tone, str]:
    """The icon, the tone and the words of the connection."""
    if not line.online:
        if line.offline_since is None:
            return "offline", Tone.WARN, _("Offline")
        return "offline", Tone.WARN, _("Offline since {time}").format(time=line.offline_since.astimezone(CHINA).strftime("%m-%d %H:%M"))
    if line.waiting:
        return "sending", Tone.BUSY, _("Online, sending")
    return "online", Tone.OK, _("Online")


class SyncStrip(QWidget):
    """Up to three buttons; `clicked` brings "connection", "waiting" or "decisions"."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Exchange with the platform"))
        self._connection = self._button("connection")
        self._waiting = self._button("waiting")
        self._decisions = self._button("decisions")
        self.setLayout(row(self._decisions, self._waiting, self._connection, gap=Space.XS))
        self.show_line(SyncLine(online=False))

    def show_line(self, line: SyncLine) -> None:
        """Show another state."""
        icon, tone, words = sync_words(line)
        self._say(self._connection, icon, tone, words)
        self._say(self._waiting, "idle", Tone.IDLE, _("{count} waiting to be sent").format(count=line.waiting) if line.waiting else "")
        self._say(self._decisions, "decide", Tone.WARN, _("{count} need a decision").format(count=line.decisions) if line.decisions else "")

    def words(self) -> tuple[str, ...]:
        """The words that are shown."""
        return tuple(button.text() for button in (self._decisions, self._waiting, self._connection) if button.text())

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda: self.clicked.emit(name))
        return button

    def _say(self, button: QToolButton, icon: str, tone: Tone, words: str) -> None:
        button.setText(words)
        button.setAccessibleName(words)
        button.setVisible(bool(words))
        icons.bind(button, icon, tone.value, Size.ICON)
