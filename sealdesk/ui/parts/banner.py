"""A banner in place: one sentence about what happened here, what to do, and at most two actions; never a dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from sealdesk.core.i18n import _
from sealdesk.ui import icons, theme
from sealdesk.ui.parts.buttons import icon_button, quiet
from sealdesk.ui.parts.layouts import clear, column, margins, row, text
from sealdesk.ui.theme import Size, Space, Tone


class Banner(QFrame):
    """Hidden until something is said; Esc or the cross closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "banner")
        self._icon = QLabel()
        self._icon.setFixedSize(Size.ICON_M, Size.ICON_M)
        self._sentence = text("", "", wrap=True)
        self._advice = text("", "soft", wrap=True)
        self._actions: QHBoxLayout = row(gap=Space.XS)
        self._close = icon_button("close", _("Close"), self.hide)
        layout = row(gap=Space.S, around=margins(x=Space.M, y=Space.XS))
        layout.addWidget(self._icon)
        layout.addLayout(column(self._sentence, self._advice, gap=Space.XXS, around=margins(x=0, y=Space.XS)), 1)
        layout.addLayout(self._actions)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is being said."""
        return self._sentence.text()

    def say(self, sentence: str, tone: Tone, advice: str = "", actions: tuple[tuple[str, Callable[[], object]], ...] = ()) -> None:
        """Show the banner with its words and its actions (word, what it does)."""
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        icons.bind(self._icon, "info" if tone is Tone.BUSY else tone.value, tone.value, Size.ICON_M)
        theme.set_property(self, "tone", tone.value)
        clear(self._actions)
        for words, action in actions:
            self._actions.addWidget(quiet(words, action))
        self.setAccessibleName(f"{sentence} {advice}".strip())
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)
