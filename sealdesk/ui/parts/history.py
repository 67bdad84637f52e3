"""The history of a thing in sentences, the newest first, each with its time and its person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sealdesk.core.clock import CHINA, SystemClock
from sealdesk.core.i18n import _
from sealdesk.ui import icons
from sealdesk.ui.parts.layouts import clear, column, row, rule, text
from sealdesk.ui.theme import Size, Space, Tone


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened."""

    when: datetime
    who: str
    sentence: str
    tone: Tone = Tone.IDLE


def day_words(when: datetime, now: datetime | None = None) -> str:
    """The day of a time in words, in the shop's zone: today, yesterday, or the date."""
    day = when.astimezone(CHINA).date()
    today = (now or SystemClock().now()).astimezone(CHINA).date()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return day.isoformat()


class History(QWidget):
    """Happenings under their days."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("History"))
        self._lines: QVBoxLayout = column(gap=Space.S)
        self.setLayout(self._lines)

    def show_happenings(self, happenings: Sequence[Happening], now: datetime | None = None) -> None:
        """Show other happenings, in any order."""
        clear(self._lines)
        day = ""
        for happening in sorted(happenings, key=lambda one: one.when, reverse=True):
            words = day_words(happening.when, now)
            if words != day:
                if day:
                    self._lines.addWidget(rule())
                self._lines.addWidget(text(words, "caption"))
                day = words
            self._lines.addWidget(_line(happening))
        if not happenings:
            self._lines.addWidget(text(_("Nothing has happened yet."), "soft"))
        self._lines.addStretch(1)


def _line(happening: Happening) -> QWidget:
    time = text(happening.when.astimezone(CHINA).strftime("%H:%M"), "caption")
    time.setFixedWidth(Size.ROW + Space.S)
    mark = QLabel()
    mark.setFixedSize(Size.ICON, Size.ICON)
    icons.bind(mark, "todo" if happening.tone is Tone.IDLE else happening.tone.value, happening.tone.value)
    sentence = text(happening.sentence, "", wrap=True)
    sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    line = QWidget()
    line.setAccessibleName(f"{time.text()} {happening.who} {happening.sentence}")
    layout = row(gap=Space.S)
    for widget in (time, mark):
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
    layout.addLayout(column(sentence, text(happening.who, "caption"), gap=0), 1)
    line.setLayout(layout)
    return line
