"""Picking one thing out of many by typing a part of it: name, code or pinyin initials, whatever the given search understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job
from sealdesk.ui import jobs, theme
from sealdesk.ui.parts.fields import Check, Field
from sealdesk.ui.theme import Delay, FontSize, Size, Space

_CHOICE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be picked: its value, its name and what tells it from others of the same name."""

    value: Any
    title: str
    detail: str = ""


Search = Callable[[str], Job[tuple[Choice, ...]]]
"""Starts a search for what was typed; it runs on a lane."""


class ChoiceDelegate(QStyledItemDelegate):
    """Draws a choice: the name, and its detail softly at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look = theme.current()
        choice: Choice = index.data(_CHOICE)
        place: QRectF = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(place, look.colour("selection"))
        inner = place.adjusted(Space.M, 0, -Space.M, 0)
        caption = theme.font(FontSize.CAPTION)
        detail_width = min(QFontMetrics(caption).horizontalAdvance(choice.detail) + Space.M, int(inner.width() / 2)) if choice.detail else 0
        body = theme.font(FontSize.BODY)
        painter.setFont(body)
        painter.setPen(look.colour("ink"))
        title = QFontMetrics(body).elidedText(choice.title, Qt.TextElideMode.ElideMiddle, int(inner.width()) - detail_width)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        if choice.detail:
            painter.setFont(caption)
            painter.setPen(look.colour("ink_soft"))
            detail = QFontMetrics(caption).elidedText(choice.detail, Qt.TextElideMode.ElideRight, detail_width)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(Size.FIELD_MIN, Size.ROW)


class PickEdit(QLineEdit):
    """A line that offers what its search finds; `picked` comes with the `Choice`, or None when the text no longer is one."""

    picked = Signal(object)

    def __init__(self, search: Search, parent: QWidget | None = None, *, length_min: int = 2) -> None:
        super().__init__(parent)
        self._search = search
        self._length_min = length_min
        self._asked = 0
        self.choice: Choice | None = None
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._popup = popup = QListView()
        popup.setProperty("place", "popup")
        popup.setAccessibleName(_("Matches"))
        self._completer.setPopup(popup)
        popup.setItemDelegate(ChoiceDelegate(popup))
        self._completer.setWidget(self)
        self._completer.activated[QModelIndex].connect(self._on_completer_activated)  # type: ignore[index]
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(Delay.SEARCH_MS)
        self._timer.timeout.connect(self._start)
        self.textEdited.connect(self._on_text_edited)

    def show_choice(self, choice: Choice | None) -> None:
        """Fill in by program."""
        self.choice = choice
        self.setText(choice.title if choice else "")

    def _on_text_edited(self, words: str) -> None:
        if self.choice is not None:
            self.choice = None
            self.picked.emit(None)
        if len(words.strip()) >= self._length_min:
            self._timer.start()
        else:
            self._timer.stop()
            self._popup.hide()

    def _start(self) -> None:
        self._asked += 1
        number = self._asked
        jobs.run(self._search(self.text().strip()), self, lambda found: self._show(number, found), lambda _error: self._show(number, ()))

    def _show(self, number: int, found: tuple[Choice, ...]) -> None:
        if number != self._asked or not self.hasFocus():
            return  # an answer to something typed earlier
        self._model.clear()
        for choice in found:
            item = QStandardItem(choice.title)
            item.setData(choice, _CHOICE)
            item.setAccessibleText(f"{choice.title} {choice.detail}")
            self._model.appendRow(item)
        if found:
            self._completer.complete(QRect(0, 0, max(self.width(), Size.PICK_WIDTH), self.height()))
        else:
            self._popup.hide()

    def _on_completer_activated(self, index: QModelIndex) -> None:
        choice = index.data(_CHOICE)
        if choice is not None:
            self.show_choice(choice)
            self.picked.emit(choice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self._popup.isVisible() and self.text().strip():
            self._start()
            return
        super().keyPressEvent(event)


class PickerField(Field):
    """A field whose value is that of the picked `Choice`; free text counts as nothing unless `free` is set."""

    picked = Signal(object)

    def __init__(
        self,
        name: str,
        label: str,
        search: Search,
        *,
        required: bool = False,
        hint: str = "",
        check: Check | None = None,
        placeholder: str = "",
        free: bool = False,
    ) -> None:
        self.line = PickEdit(search)
        self.line.setPlaceholderText(placeholder)
        self._free = free
        super().__init__(name, label, self.line, required=required, hint=hint, check=check)
        self.line.textEdited.connect(lambda _text: self._on_edited())
        self.line.picked.connect(self._on_line_picked)

    def value(self) -> Any:
        if self.line.choice is not None and not self._free:
            return self.line.choice.value
        return self.line.text().strip() if self._free else None

    def set_value(self, value: Any) -> None:
        """Show a `Choice`, or (with `free`) a text."""
        if isinstance(value, Choice) or value is None:
            self.line.show_choice(value)
        elif str(value) != self.line.text():
            self.line.setText(str(value))
        self.show_problem(None)

    def _on_line_picked(self, choice: Choice | None) -> None:
        if choice is not None:
            self._on_edited()
        self.picked.emit(choice)
