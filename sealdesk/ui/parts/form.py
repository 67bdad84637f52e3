"""Forms: fields in columns, their values together, their problems together; each problem stands beside its field and can be jumped to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.ui.parts.fields import Field
from sealdesk.ui.parts.layouts import margins, text
from sealdesk.ui.theme import Delay, Space


class Form(QWidget):
    """Fields by name.

    `edited` comes with the field's name at every change by the person, `settled` once when the typing has stopped (save the draft
    then), `problems_changed` whenever a problem came or went.
    """

    edited = Signal(str)
    settled = Signal()
    problems_changed = Signal()

    def __init__(self, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._fields: dict[str, Field] = {}
        self._row = 0
        self._column = 0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(margins())
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.S)
        for i in range(columns):
            self._grid.setColumnStretch(i, 1)
        self.setLayout(self._grid)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(Delay.SETTLE_MS)
        self._timer.timeout.connect(self.settled)

    def add(self, field: Field, span: int = 1) -> Field:
        """Put the next field in, over `span` columns, and return it.

        Raises:
            ValueError: a field of that name is there already.
        """
        if field.name in self._fields:
            raise ValueError(f"two fields named {field.name!r}")
        if self._column + span > self._columns:
            self._next_row()
        self._grid.addWidget(field, self._row, self._column, 1, span)
        self._column += span
        self._fields[field.name] = field
        field.edited.connect(lambda: self._on_field_edited(field.name))
        field.checked.connect(lambda _name, _problem: self.problems_changed.emit())
        return field

    def add_heading(self, words: str) -> None:
        """Put a heading above the fields that follow."""
        if self._column:
            self._next_row()
        self._grid.addWidget(text(words, "strong"), self._row, 0, 1, self._columns)
        self._next_row()

    def field(self, name: str) -> Field:
        """The field called `name`."""
        return self._fields[name]

    def values(self) -> dict[str, Any]:
        """All values by field name."""
        return {name: field.value() for name, field in self._fields.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill in the fields named in `values`; the others stay."""
        for name, value in values.items():
            if name in self._fields:
                self._fields[name].set_value(value)

    def check(self) -> tuple[UserError, ...]:
        """Check every field now, show the problems and return them."""
        found = [field.check_now() for field in self._fields.values()]
        return tuple(problem for problem in found if problem is not None)

    def problems(self) -> tuple[UserError, ...]:
        """The problems that are shown now, in the order of the fields."""
        return tuple(field.problem for field in self._fields.values() if field.problem is not None)

    def show_problem(self, error: UserError) -> bool:
        """Stand an error beside the field it names and go there; False when the form has no such field.

        A dotted name is found by its whole or by its last part: `unit.name` fits the field `name`.
        """
        problems = error.problems if isinstance(error, ProblemsError) else (error,)
        shown = [problem for problem in problems if self._show_one(problem)]
        if shown:
            first = self._find(shown[0].field)
            if first is not None:
                self.go_to(first.name)
        return len(shown) == len(problems)

    def clear_problems(self) -> None:
        """Take all problems away."""
        for field in self._fields.values():
            field.show_problem(None)

    def go_to(self, name: str) -> None:
        """Bring the cursor into a field."""
        self._fields[name].editor.setFocus()

    def is_settled(self) -> bool:
        """Whether nothing was typed since `settled` came last."""
        return not self._timer.isActive()

    def settle(self) -> None:
        """Send `settled` at once if it is due; before closing."""
        if self._timer.isActive():
            self._timer.stop()
            self.settled.emit()

    def _show_one(self, problem: UserError) -> bool:
        field = self._find(problem.field)
        if field is None:
            return False
        field.show_problem(problem)
        return True

    def _find(self, name: str | None) -> Field | None:
        if not name:
            return None
        return self._fields.get(name) or self._fields.get(name.rpartition(".")[2])

    def _next_row(self) -> None:
        self._row += 1
        self._column = 0

    def _on_field_edited(self, name: str) -> None:
        self._timer.start()
        self.edited.emit(name)


def sentences(problems: Iterable[UserError]) -> tuple[str, ...]:
    """The problems as sentences."""
    return tuple(str(problem) for problem in problems)
