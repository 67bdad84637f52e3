"""The figures of a template beside their sources: value, bounds, unit, and the way back to the rule. It judges nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QVBoxLayout, QWidget

from sealdesk.core.i18n import _
from sealdesk.face.template import Figure
from sealdesk.ui import theme
from sealdesk.ui.parts.buttons import icon_button
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, scrolling, text
from sealdesk.ui.theme import Size, Space
from sealdesk.ui.workspaces.templates.editing import LARGE_STEPS, STEP, Editing, decimals


class _FigureSpin(QDoubleSpinBox):
    """A number with its unit. Keys move it by steps; the wheel does not change what is only scrolled past."""

    stepped = Signal(int)

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.setDecimals(decimals(figure.unit))
        self.setRange(figure.low, figure.high)
        self.setSingleStep(STEP[figure.unit])
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedSize(Size.FIELD_MIN, Size.FIELD)

    def stepBy(self, steps: int) -> None:
        self.interpretText()
        self.stepped.emit(steps)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrows = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        steps = arrows.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
            return
        large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.stepBy(steps * (LARGE_STEPS if large else 1))


class FigureRow(QFrame):
    """One figure. `chosen` comes when the person goes to it."""

    chosen = Signal(str)

    def __init__(self, figure: Figure, editing: Editing) -> None:
        super().__init__()
        self.figure = figure
        self._editing = editing
        self.setProperty("part", "figure")
        label = _(figure.label)
        words = label[:1].upper() + label[1:]
        unit = "°" if figure.unit == "deg" else figure.unit
        self.spin = _FigureSpin(figure)
        is_fixed = figure.low == figure.high
        bounds = _("{low} to {high} {unit}").format(low=f"{figure.low:g}", high=f"{figure.high:g}", unit=unit)
        bounds = _("Fixed") if is_fixed else bounds
        self.spin.setReadOnly(is_fixed)
        self.source = text(f"{bounds} · {_(figure.source)}" if figure.source else bounds, "caption", wrap=True)
        self.spin.setAccessibleName(f"{words} {unit}")
        self.spin.setAccessibleDescription(self.source.text())
        self.reset_button = icon_button("reset", _("Back to the rule: {value} {unit}").format(value=f"{figure.value_mm:g}", unit=unit))
        self.reset_button.clicked.connect(lambda: editing.reset_figure(figure.name))
        name = text(words)
        name.setBuddy(self.spin)
        measure = text(unit, "soft")
        measure.setFixedWidth(Space.L)
        keeps = self.reset_button.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(keeps)
        head = row(name, None, self.spin, measure, self.reset_button, gap=Space.XS)
        self.setLayout(column(head, self.source, gap=0, around=margins(x=Space.S, y=Space.XS)))
        self.spin.valueChanged.connect(self._on_spin_changed)
        self.spin.stepped.connect(lambda steps: editing.nudge(figure.name, steps))
        self.spin.installEventFilter(self)
        self.refresh()

    def refresh(self) -> None:
        """Show what the figure is now."""
        value = self._editing.value(self.figure.name)
        self.spin.blockSignals(True)
        self.spin.setValue(value)
        self.spin.blockSignals(False)
        self.reset_button.setVisible(value != self.figure.value_mm)

    def mark_chosen(self, chosen: bool) -> None:
        """Show that keys on the face move this one."""
        theme.set_property(self, "state", "selected" if chosen else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit(self.figure.name)
        return super().eventFilter(watched, event)

    def _on_spin_changed(self, value: float) -> None:
        # What is shown is rounded; only what the person changed counts.
        if value != round(self._editing.value(self.figure.name), decimals(self.figure.unit)):
            self._editing.set_figure(self.figure.name, value)


class FiguresPanel(QWidget):
    """All figures of the template; one of them is the chosen one. `chosen` comes with its name."""

    chosen = Signal(str)

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self.rows: dict[str, FigureRow] = {}
        self.current = ""
        self._lines: QVBoxLayout = column(gap=Space.XXS)
        self._none = text(_("This template has no figures that may be changed."), "soft", wrap=True)
        editing.opened.connect(self._show_figures)
        self.setLayout(column(scrolling(holding(column(self._none, holding(self._lines), None, gap=0)))))

    def _show_figures(self) -> None:
        clear(self._lines)
        template = self._editing.template
        figures = template.figures if template is not None else ()
        self.rows = {figure.name: FigureRow(figure, self._editing) for figure in figures}
        for line in self.rows.values():
            line.chosen.connect(self.choose)
            self._lines.addWidget(line)
        self._none.setVisible(not self.rows)
        self.current = ""
        free = [figure.name for figure in figures if figure.low < figure.high] or list(self.rows)
        if free:
            self.choose(free[0])

    def refresh(self) -> None:
        """Show the values as they are now."""
        for line in self.rows.values():
            line.refresh()

    def choose(self, name: str) -> None:
        """Make a figure the one that keys on the face move."""
        if name != self.current:
            self.current = name
            for line in self.rows.values():
                line.mark_chosen(line.figure.name == name)
            self.chosen.emit(name)
