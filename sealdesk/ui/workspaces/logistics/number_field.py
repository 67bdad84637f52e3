"""A document number that is whole while it is typed and masked afterwards; who may see it whole is asked elsewhere."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence

from sealdesk.core.i18n import _
from sealdesk.domain.identifiers import mask_document
from sealdesk.ui.parts.fields import Check, TextField

_STAR = "*"


class NumberField(TextField):
    """`masked` comes when the number was covered or shown. Typing into a covered number begins a new one."""

    masked = Signal()
    _covered = ""  # of the class: events come before the field is whole

    def __init__(self, name: str, *, check: Check) -> None:
        super().__init__(name, _("Document number"), required=True, check=check, length_max=30)
        self.line.textEdited.disconnect()
        self.line.textEdited.connect(self._on_typed)

    @property
    def is_masked(self) -> bool:
        """Whether the number is covered now."""
        return bool(self._covered)

    def value(self) -> str:
        return self._covered or super().value()

    def set_value(self, value: Any) -> None:
        words = "" if value is None else str(value)
        if words != self.value():
            self._covered = ""
            super().set_value(words)
        self._cover()

    def reveal(self) -> None:
        """Show the number whole until the cursor leaves the field or another number comes."""
        if self._covered:
            number, self._covered = self._covered, ""
            self.line.setText(number)
            self.line.setFocus()
            self.masked.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._covered and _changes(event):
            self._covered = ""
            self.line.clear()
            self.masked.emit()
        handled = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut and self.problem is None:
            self._cover()
        return handled

    def _cover(self) -> None:
        number = super().value()
        if not self._covered and number:
            self._covered = number
            self.line.setText(mask_document(number))
            self.masked.emit()

    def _on_typed(self, typed: str) -> None:
        if self._covered:  # dropped or chosen from a menu, so no key came before it
            self._covered = ""
            self.line.setText(typed if _STAR not in typed else "")
            self.masked.emit()
        self._on_edited()


def _changes(event: QEvent) -> bool:
    """Whether the event is about to change the text."""
    if isinstance(event, QInputMethodEvent):
        return bool(event.commitString() or event.preeditString())
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
        return False
    takes_away = event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
    return takes_away or event.matches(QKeySequence.StandardKey.Paste) or (event.text().isprintable() and event.text() != "")
