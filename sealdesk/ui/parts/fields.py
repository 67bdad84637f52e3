"""Fields of forms: a label above, the editor, its unit, and a sentence beside it when something is wrong; they know no rules themselves.

A field is checked by the function it is given: it gets the value and raises `UserError` when it is not acceptable. Checking happens a
moment after the typing stops, and never while an input method is composing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QStyledItemDelegate,
    QWidget,
)

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.ui import icons, theme
from sealdesk.ui.parts.layouts import column, row, text
from sealdesk.ui.theme import Delay, FontSize, Size, Space, Tone

Check = Callable[[Any], object]
"""Gets the value, raises `UserError` when it is not acceptable; what it returns is ignored."""


class MissingValueError(UserError):
    """A required field is empty."""

    code = "ui.field.missing"
    sentence = N_("Please fill in “{label}”.")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list: the value it stands for and its words."""

    value: Any
    words: str


class Field(QWidget):
    """A named place for one value. `edited` comes at every change by the person, `checked` after each check."""

    edited = Signal()
    checked = Signal(str, object)

    def __init__(
        self, name: str, label: str, editor: QWidget, *, required: bool = False, unit: str = "", hint: str = "", check: Check | None = None
    ) -> None:
        super().__init__()
        self.name = name
        self.label_text = label
        self.required = required
        self.editor = editor
        self._hint = hint
        self._check = check
        self._problem: UserError | None = None
        self._label = text(label, "label")
        self._label.setBuddy(editor)
        mark = text("*" if required else "", "required")
        self._icon = QLabel()
        self._icon.setFixedSize(Size.ICON, Size.ICON)
        self._message = text(hint, "caption", wrap=True)
        self._message.setMinimumHeight(Size.ICON)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(Delay.CHECK_MS)
        self._timer.timeout.connect(self.check_now)
        editor.setAccessibleName(_("{label}, required").format(label=label) if required else label)
        editor.setAccessibleDescription(hint)
        editor.setMinimumWidth(Size.FIELD_MIN)
        if not isinstance(editor, QPlainTextEdit):
            editor.setFixedHeight(Size.FIELD)
        editor.installEventFilter(self)
        self.setFocusProxy(editor)
        middle = row(gap=Space.S)
        middle.addWidget(editor, 1)
        if unit:
            middle.addWidget(text(unit, "soft"))
            editor.setAccessibleName(f"{editor.accessibleName()} {unit}")
        foot = row(gap=Space.XS)
        foot.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._message, 1)
        self._icon.hide()
        whole = column(row(self._label, mark, None, gap=Space.XS), middle, foot, gap=Space.XS)
        whole.addStretch(1)
        self.setLayout(whole)

    def value(self) -> Any:
        """What is entered."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Fill the field in by program; the person's cursor and composition are left alone when nothing changes."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Whether nothing is entered."""
        return self.value() in ("", None)

    @property
    def problem(self) -> UserError | None:
        """What is wrong with the value, as far as was checked."""
        return self._problem

    def check_now(self) -> UserError | None:
        """Check the value at once, show the outcome and return the problem."""
        self._timer.stop()
        problem: UserError | None = None
        if self.is_empty():
            if self.required:
                problem = MissingValueError(field=self.name, label=self.label_text)
        elif self._check is not None:
            try:
                self._check(self.value())
            except UserError as error:
                problem = error
        self.show_problem(problem)
        return problem

    def show_problem(self, problem: UserError | None) -> None:
        """Stand a problem beside the field, or take it away."""
        self._problem = problem
        words = self._hint if problem is None else " ".join(part for part in (str(problem), problem.advise()) if part)
        self._message.setText(words)
        theme.set_property(self._message, "tone", Tone.FAULT.value if problem else "")
        theme.set_property(self.editor, "state", Tone.FAULT.value if problem else "")
        icons.bind(self._icon, "warn" if problem else "", "fault")
        self._icon.setVisible(problem is not None)
        self.editor.setAccessibleDescription(words)
        self.checked.emit(self.name, problem)

    def show_hint(self, hint: str) -> None:
        """Change the sentence that stands under the field while nothing is wrong."""
        self._hint = hint
        if self._problem is None:
            self._message.setText(hint)
            self.editor.setAccessibleDescription(hint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and (not self.is_empty() or self._problem is not None):
            self.check_now()
        return super().eventFilter(watched, event)

    def _on_edited(self) -> None:
        if self._problem is not None:
            self.show_problem(None)
        self._timer.start()
        self.edited.emit()


class TextField(Field):
    """One line of text; surrounding blanks do not count."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        required: bool = False,
        unit: str = "",
        hint: str = "",
        check: Check | None = None,
        placeholder: str = "",
        length_max: int = 200,
        secret: bool = False,
        editor: QLineEdit | None = None,
    ) -> None:
        self.line = editor or QLineEdit()
        self.line.setMaxLength(length_max)
        self.line.setPlaceholderText(placeholder)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret = secret
        super().__init__(name, label, self.line, required=required, unit=unit, hint=hint, check=check)
        self.line.textEdited.connect(lambda _text: self._on_edited())

    def value(self) -> str:
        typed = self.line.text()
        return typed if self._secret else typed.strip()

    def set_value(self, value: Any) -> None:
        words = "" if value is None else str(value)
        if words != self.line.text():
            self.line.setText(words)
            self.show_problem(None)


class NoteField(Field):
    """Several lines of text. Tab goes on to the next field."""

    def __init__(self, name: str, label: str, *, required: bool = False, hint: str = "", check: Check | None = None, rows: int = 3) -> None:
        self.area = QPlainTextEdit()
        self.area.setTabChangesFocus(True)
        self.area.setFixedHeight(rows * (FontSize.BODY + Space.S) + Space.M)
        super().__init__(name, label, self.area, required=required, hint=hint, check=check)
        self._quiet = False
        self.area.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self) -> None:
        if not self._quiet:
            self._on_edited()

    def value(self) -> str:
        return self.area.toPlainText().strip()

    def set_value(self, value: Any) -> None:
        words = "" if value is None else str(value)
        if words != self.area.toPlainText():
            self._quiet = True
            self.area.setPlainText(words)
            self._quiet = False
            self.show_problem(None)


class _CalmCombo(QComboBox):
    """A list that the wheel does not change while it is only scrolled past."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(Field):
    """One of a few options; with `required` unset an empty first line stands for "none"."""

    def __init__(
        self, name: str, label: str, options: Sequence[Option], *, required: bool = False, hint: str = "", check: Check | None = None
    ) -> None:
        self.combo = _CalmCombo()
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.combo.setItemDelegate(QStyledItemDelegate(self.combo))  # the style sheet's row height counts only with this one
        super().__init__(name, label, self.combo, required=required, hint=hint, check=check)
        self.set_options(options)
        self.combo.activated.connect(lambda _index: self._on_edited())

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other options; the value is kept where it is still among them."""
        before = self.value()
        self._options = tuple(options)
        self.combo.clear()
        for option in self._options:
            self.combo.addItem(option.words)
        self.set_value(before)

    def value(self) -> Any:
        index = self.combo.currentIndex()
        return self._options[index].value if 0 <= index < len(getattr(self, "_options", ())) else None

    def set_value(self, value: Any) -> None:
        index = next((i for i, option in enumerate(self._options) if option.value == value), -1)
        self.combo.setCurrentIndex(index)


class _OneStopDate(QDateEdit):
    """A date that Tab leaves at once, instead of visiting year, month and day."""

    def __init__(self) -> None:
        super().__init__()
        self.setCalendarPopup(True)
        calendar = self.calendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setMinimumSize(Size.CALENDAR_WIDTH, Size.CALENDAR_HEIGHT)
        # Without this Qt writes the week-end in its own red, which here is the colour of seal paste.
        plain = QTextCharFormat()
        plain.setForeground(calendar.palette().text())
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, plain)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return QWidget.focusNextPrevChild(self, forward)


class DateField(Field):
    """A day."""

    def __init__(self, name: str, label: str, *, required: bool = False, hint: str = "", check: Check | None = None) -> None:
        self.edit = _OneStopDate()
        self.edit.setDisplayFormat("yyyy-MM-dd")
        self.edit.setDate(QDate.currentDate())
        super().__init__(name, label, self.edit, required=required, hint=hint, check=check)
        self.edit.userDateChanged.connect(lambda _date: self._on_edited())

    def value(self) -> date:
        shown = self.edit.date()
        return date(shown.year(), shown.month(), shown.day())

    def set_value(self, value: Any) -> None:
        self.edit.blockSignals(True)
        self.edit.setDate(QDate(value.year, value.month, value.day) if value else QDate.currentDate())
        self.edit.blockSignals(False)


class FlagField(Field):
    """Yes or no; its words stand beside the box."""

    def __init__(self, name: str, label: str, words: str, *, hint: str = "") -> None:
        self.box = QCheckBox(words)
        super().__init__(name, label, self.box, hint=hint)
        self.box.setAccessibleName(f"{label} {words}".strip())
        self.box.clicked.connect(lambda _on: self._on_edited())

    def value(self) -> bool:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))
