"""What is being edited: a template, what was changed of it, and every step of that to be undone. Shows nothing itself."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from sealdesk.face.specification import FaceFont
from sealdesk.face.template import Figure, Template
from sealdesk.stages.templates.files import Edited

STEP = {"mm": 0.05, "deg": 0.5}
"""How far one press of an arrow key moves a figure, by its unit."""
LARGE_STEPS = 10
"""How many steps one press with Shift is."""
_STEPS_KEPT = 500
_SAME_MM = 5e-4


def decimals(unit: str) -> int:
    """How many decimals a figure is shown with."""
    return 1 if unit == "deg" else 2


class _Change(QUndoCommand):
    """One step; a step with the same non-empty `key` as the one before joins it, so that a typed word is undone as one."""

    def __init__(self, editing: Editing, after: Edited, key: str) -> None:
        super().__init__()
        self._editing = editing
        self._before = editing.edited
        self.after = after
        self.key = key

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not self.key or not isinstance(other, _Change) or other.key != self.key:
            return False
        self.after = other.after
        return True

    def redo(self) -> None:
        self._editing.put(self.after)

    def undo(self) -> None:
        self._editing.put(self._before)


class Editing(QObject):
    """`opened` comes with another template, `changed` then and after every step, undone and done again ones too."""

    opened = Signal()
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.template: Template | None = None
        self.source = ""
        self.edited = Edited({}, {})
        self._kept = self.edited
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_STEPS_KEPT)

    @property
    def is_changed(self) -> bool:
        """Whether there is something that was not saved."""
        return self.edited != self._kept

    def open(self, template: Template, source: str) -> None:
        """Edit another template; `source` is the text of its file, empty for one of the system's."""
        self.template, self.source = template, source
        self.stack.clear()
        self.edited = self._kept = Edited(template.examples(), {})
        self.opened.emit()
        self.changed.emit()

    def mark_saved(self, edited: Edited) -> None:
        """This state has been saved; what was changed since then has not."""
        self._kept = edited

    def put(self, edited: Edited) -> None:
        """Make this the state; only steps call it."""
        self.edited = edited
        self.changed.emit()

    def figure(self, name: str) -> Figure:
        """The figure of that name, with its rule."""
        assert self.template is not None
        return next(figure for figure in self.template.figures if figure.name == name)

    def value(self, name: str) -> float:
        """What a figure is now."""
        return self.edited.figures.get(name, self.figure(name).value_mm)

    def go_on_with(self, edited: Edited) -> None:
        """Take up what was left before, as one step."""
        self._step(edited, "")

    def set_text(self, name: str, words: str) -> None:
        """The person typed an example text."""
        self._step(replace(self.edited, texts={**self.edited.texts, name: words}), f"text.{name}")

    def set_figure(self, name: str, value: float, key: str = "") -> None:
        """Set a figure, within its bounds; the template's own value leaves no trace."""
        figure = self.figure(name)
        kept = min(max(round(value, 3), figure.low), figure.high)
        figures = {other: at for other, at in self.edited.figures.items() if other != name}
        if abs(kept - figure.value_mm) > _SAME_MM:
            figures[name] = kept
        self._step(replace(self.edited, figures=figures), key)

    def nudge(self, name: str, steps: int, key: str = "") -> None:
        """Move a figure by steps of 0.05 mm (angles: half a degree)."""
        self.set_figure(name, self.value(name) + steps * STEP[self.figure(name).unit], key)

    def reset_figure(self, name: str) -> None:
        """Back to the rule."""
        self.set_figure(name, self.figure(name).value_mm)

    def reset_figures(self) -> None:
        """All figures back to their rules."""
        self._step(replace(self.edited, figures={}), "")

    def set_font(self, font: str | FaceFont) -> None:
        """Another font for the Chinese texts, by its role or from the shop's files; an empty role is the template's own."""
        if isinstance(font, FaceFont):
            self._step(replace(self.edited, font="", typeface=font), "")
        else:
            self._step(replace(self.edited, font=font, typeface=None), "")

    def set_emblem(self, outline: str) -> None:
        """Another outline for the mark in the middle; empty is the template's own."""
        self._step(replace(self.edited, emblem=outline), "")

    def _step(self, after: Edited, key: str) -> None:
        if after != self.edited:
            self.stack.push(_Change(self, after, key))
