"""A line to search with: a magnifying glass, a moment's patience, a cross to empty it; it searches nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from sealdesk.ui import icons
from sealdesk.ui.parts.layouts import text
from sealdesk.ui.theme import Delay, Size, Space


class SearchBox(QLineEdit):
    """`asked` comes with the words a moment after the typing stops, and at once on Enter; a scanner's Enter therefore counts.

    `shortcut` is shown softly at the right while the line is empty.
    """

    asked = Signal(str)
    submitted = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, shortcut: str = "") -> None:
        super().__init__(parent)
        self.setProperty("place", "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(not shortcut)
        self.setMinimumWidth(Size.SEARCH_MIN)
        self._glass = QLabel(self)
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        icons.bind(self._glass, "search", "ink_soft")
        self._keys = text(shortcut, "key")
        self._keys.setParent(self)
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._keys.setVisible(bool(shortcut))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(Delay.SEARCH_MS)
        self._timer.timeout.connect(lambda: self.asked.emit(self.text().strip()))
        self.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self, words: str) -> None:
        self._keys.setVisible(not words and bool(self._keys.text()))
        self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self._timer.stop()
                self.asked.emit(self.text().strip())
            self.submitted.emit(self.text().strip())
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        top = (self.height() - Size.ICON) // 2
        self._glass.setGeometry(Space.S + Space.XXS, top, Size.ICON, Size.ICON)
        hint = self._keys.sizeHint()
        self._keys.setGeometry(self.width() - hint.width() - Space.S, (self.height() - hint.height()) // 2, hint.width(), hint.height())
