"""Which problems of a draft are shown beside which fields: those of fields that were left, and all once it was to be submitted.

It knows no rules; problems come from the checks of the stage by the dotted names of their fields.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from sealdesk.core.errors import UserError
from sealdesk.ui.parts.fields import Field

COMPLETE_AT = {"uscc": 18, "document_number": 18, "area_code": 6, "phone": 11}
"""From so many characters on a value is judged although the cursor is still in it."""


class FieldProblems(QObject):
    """Fields by the dotted names of the draft, and what is known to be wrong with each."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._fields: dict[str, Field] = {}
        self._known: dict[str, UserError] = {}
        self._touched: set[str] = set()
        self._connected: weakref.WeakSet[Field] = weakref.WeakSet()
        self._everything = False
        self.problems: tuple[UserError, ...] = ()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def known(self, name: str) -> Callable[[Any], None]:
        """A check for a field: raises what is known to be wrong with it."""

        def check(_value: Any) -> None:
            problem = self._known.get(name)
            if problem is not None and self._is_shown(name):
                raise problem

        return check

    def watch(self, name: str, field: Field) -> None:
        """Show the problems called `name` beside `field`; a field may stand for another name later."""
        self._fields[name] = field
        if field not in self._connected:
            self._connected.add(field)
            field.edited.connect(lambda: self._on_edited(field))

    def remove(self, prefix: str) -> None:
        """Show no more problems beside the fields whose names begin with `prefix`; what was touched stays known."""
        for name in [name for name in self._fields if name.startswith(prefix)]:
            self._fields.pop(name).show_problem(None)

    def field(self, name: str) -> Field | None:
        """The field of a problem, or None."""
        return self._fields.get(name)

    def start_over(self) -> None:
        """Another draft: nothing was touched."""
        self._touched.clear()
        self._everything = False
        self.show(())

    def show_everything(self) -> None:
        """From now on problems stand beside all fields."""
        self._everything = True
        self._apply()

    def show(self, problems: Iterable[UserError]) -> None:
        """Take over newly found problems."""
        self.problems = tuple(problems)
        self._known = {}
        for problem in self.problems:
            self._known.setdefault(problem.field or "", problem)
        self._apply()

    def _apply(self) -> None:
        for name, field in self._fields.items():
            problem = self._known.get(name) if self._is_shown(name) else None
            if (problem is None) != (field.problem is None) or str(problem) != str(field.problem):
                field.show_problem(problem)

    def _is_shown(self, name: str) -> bool:
        if self._everything:
            return True
        if name not in self._touched:
            return False
        field = self._fields.get(name)
        if field is None or not field.editor.hasFocus() or field.problem is not None:
            return True
        enough = COMPLETE_AT.get(name.rpartition(".")[2])
        return enough is not None and len(str(field.value() or "")) >= enough

    def _on_edited(self, field: Field) -> None:
        for name, watched in self._fields.items():
            if watched is field:
                self._touched.add(name)
                self._known.pop(name, None)

    def _on_focus_changed(self, left: QWidget | None, _entered: QWidget | None) -> None:
        if left is not None and any(field.editor is left for field in self._fields.values()):
            self._apply()
