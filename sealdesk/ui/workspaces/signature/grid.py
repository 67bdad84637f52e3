"""The query information as a table: the field, what will be signed, the permit, and what the chip gave back; differences are marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.domain.query_information import FACE_MATERIAL_TITLES, FIELDS, FieldRule, QueryInformation, validate
from sealdesk.domain.seals import SEAL_TYPE_TITLES, SealStatus
from sealdesk.domain.units import UNIT_KIND_TITLES
from sealdesk.ui import icons, theme
from sealdesk.ui.parts.layouts import column, holding, margins, row, rule, scrolling, text
from sealdesk.ui.theme import Size, Space, Tone

EDITABLE = frozenset(
    {
        "user_company_name_min", "user_company_name_eng", "product_company_name_min", "product_company_name_eng", "material_code",
        "inkpad_desc", "approver", "department", "position", "extension1", "extension2", "extension3", "extension4", "extension5",
    }
)  # fmt: skip
"""What a maker may add or put right; the rest says what was approved, registered or burned, and is changed there."""

TITLE, VALUE, PERMIT, READ_BACK = range(4)

_WORDS: Mapping[str, Mapping[str, str]] = {
    "seal_type_code": {str(code): title for code, title in SEAL_TYPE_TITLES.items()},
    "company_type": {str(code): title for code, title in UNIT_KIND_TITLES.items()},
    "state_code": {str(SealStatus.ACCEPTED): N_("Accepted")},
    "material_code": FACE_MATERIAL_TITLES,
}


def in_words(name: str, value: str) -> str:
    """A value as people read it: codes with their words, days with their dashes."""
    words = _WORDS.get(name, {}).get(value, "")
    if words:
        return f"{value}  {_(words)}"
    if name.endswith("_date") and len(value) == 8:
        return f"{value[:4]}-{value[4:6]}-{value[6:]}"
    return value


def _choices(name: str) -> str:
    """The codes that a field takes, in words; empty for a field without codes."""
    return "　".join(f"{code} {_(title)}" for code, title in _WORDS.get(name, {}).items())


class _Line:
    """The widgets of one field."""

    def __init__(self, rule_: FieldRule) -> None:
        self.rule = rule_
        self.title = text(_(rule_.title), "soft", wrap=True)
        self.title.setFixedWidth(Size.FIELD_MIN)
        self.edit: QLineEdit | None = None
        self.value = text("", "", wrap=True)
        if rule_.attribute in EDITABLE:
            self.edit = QLineEdit()
            self.edit.setMaxLength(rule_.most_bytes)
            self.edit.setAccessibleName(_(rule_.title))
            self.edit.setFixedHeight(Size.BUTTON)
        self.problem = text("", "caption", wrap=True)
        self.problem.hide()
        self.permit_mark = QLabel()
        self.permit = text("", "soft", wrap=True)
        self.read_mark = QLabel()
        self.read_back = text("", "soft", wrap=True)
        self.under = rule()
        for label in (self.value, self.permit, self.read_back):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for mark in (self.permit_mark, self.read_mark):
            mark.setFixedWidth(Size.ICON)

    def widgets(self) -> tuple[QWidget, ...]:
        """What stands in the four columns."""
        value: QWidget = self.edit if self.edit is not None else self.value
        return (
            self.title,
            holding(column(value, self.problem, gap=0)),
            _marked(self.permit_mark, self.permit),
            _marked(self.read_mark, self.read_back),
        )


def _marked(mark: QLabel, words: QLabel) -> QWidget:
    layout = row(gap=Space.XS)
    layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
    layout.addWidget(words, 1)
    return holding(layout)


class QueryGrid(QWidget):
    """`edited` comes at every change by the person."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._information: QueryInformation | None = None
        self._lines: dict[str, _Line] = {}
        self._cells: dict[str, tuple[QWidget, ...]] = {}
        self._all = False
        self._read_back: QueryInformation | None = None
        self._permitted: Mapping[str, str] = {}
        self._differing: tuple[str, ...] = ()
        grid = QGridLayout()
        grid.setContentsMargins(margins(x=Space.M, y=Space.XS))
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XXS)
        for place, stretch in ((VALUE, 5), (PERMIT, 2), (READ_BACK, 5)):
            grid.setColumnStretch(place, stretch)
        self._headings = [
            text(words, "caption") for words in (_("Field"), _("What will be signed"), _("Permit"), _("Read back from the chip"))
        ]
        for place, heading in enumerate(self._headings):
            grid.addWidget(heading, 0, place)
        grid.addWidget(rule(), 1, 0, 1, 4)
        for number, rule_ in enumerate(FIELDS):
            self._add(grid, 2 + 2 * number, rule_)
        grid.setRowStretch(2 + 2 * len(FIELDS), 1)
        body = holding(grid)
        self._area = scrolling(body)
        self.setLayout(column(self._area, gap=0))

    @property
    def information(self) -> QueryInformation | None:
        """What stands in the table, with what the person typed."""
        if self._information is None:
            return None
        typed = {name: line.edit.text().strip() for name, line in self._lines.items() if line.edit is not None}
        return replace(self._information, **typed)

    @property
    def read_back(self) -> QueryInformation | None:
        """What the chip gave back."""
        return self._read_back

    @property
    def problems(self) -> dict[str, str]:
        """The sentences that stand beside fields, by the field's name."""
        return {name: line.problem.text() for name, line in self._lines.items() if line.problem.property("tone") == Tone.FAULT.value}

    @property
    def differing(self) -> tuple[str, ...]:
        """The fields that differ from the permit."""
        return self._differing

    def editor(self, name: str) -> QLineEdit:
        """The line of a field that may be typed into."""
        line = self._lines[name].edit
        if line is None:
            raise KeyError(name)
        return line

    def show_information(self, information: QueryInformation | None, permitted: Mapping[str, str], *, may_edit: bool) -> None:
        """Show another seal's information beside its permit; what the chip gave back before is forgotten."""
        self._information, self._permitted, self._read_back = information, permitted, None
        for name, line in self._lines.items():
            value = "" if information is None else getattr(information, name)
            line.value.setText(in_words(name, value) or "–")
            if line.edit is not None:
                line.edit.setText(value)
                line.edit.setReadOnly(not may_edit)
        self._refresh()

    def show_read_back(self, read_back: QueryInformation | None) -> None:
        """Fill the third column with what the chip gave back."""
        self._read_back = read_back
        self._refresh()

    def show_all(self, on: bool) -> None:
        """Show empty fields too, or only those that hold something."""
        self._all = on
        self._refresh()

    def go_to(self, name: str) -> None:
        """Bring a field into sight, and the cursor into it when it may be typed into."""
        line = self._lines.get(name)
        if line is None:
            return
        self._area.ensureWidgetVisible(line.title)
        if line.edit is not None:
            line.edit.setFocus()

    def _add(self, grid: QGridLayout, at: int, rule_: FieldRule) -> None:
        line = _Line(rule_)
        cells = line.widgets()
        for place, cell in enumerate(cells):
            cell.setMinimumHeight(Size.ROW)
            grid.addWidget(cell, at, place)
        grid.addWidget(line.under, at + 1, 0, 1, 4)
        self._lines[rule_.attribute] = line
        self._cells[rule_.attribute] = (*cells, line.under)
        if line.edit is not None:
            line.edit.textEdited.connect(lambda _typed: self._on_edited())

    def _on_edited(self) -> None:
        self._refresh()
        self.edited.emit()

    def _refresh(self) -> None:
        information = self.information
        problems = {} if information is None else {problem.field: problem for problem in validate(information)}
        differing: list[str] = []
        for name, line in self._lines.items():
            value = "" if information is None else str(getattr(information, name))
            problem = problems.get(name)
            hint = _choices(name) if line.edit is not None else ""
            line.problem.setText(hint if problem is None else f"{problem} {problem.advise()}".strip())
            theme.set_property(line.problem, "tone", Tone.IDLE.value if problem is None else Tone.FAULT.value)
            line.problem.setVisible(problem is not None or bool(hint))
            if line.edit is not None:
                theme.set_property(line.edit, "state", Tone.FAULT.value if problem else "")
            other = bool(self._permitted.get(name)) and self._permitted[name] != value
            if other:
                differing.append(name)
            permitted = self._permitted.get(name, "")
            line.permit.setText(in_words(name, permitted) if other else _("the same") if permitted else "")
            _mark(line.permit_mark, line.permit, known=bool(permitted), same=not other, fault=Tone.WARN)
            self._show_read(name, line, value)
            wanted = self._all or bool(value) or line.rule.required or problem is not None or name in ("department", "inkpad_desc")
            for cell in self._cells[name]:
                cell.setVisible(wanted)
        self._differing = tuple(differing)

    def _show_read(self, name: str, line: _Line, value: str) -> None:
        read = "" if self._read_back is None else str(getattr(self._read_back, name))
        line.read_back.setText(in_words(name, read))
        _mark(
            line.read_mark, line.read_back, known=self._read_back is not None and bool(read or value), same=read == value, fault=Tone.FAULT
        )


def _mark(mark: QLabel, words: QLabel, *, known: bool, same: bool, fault: Tone) -> None:
    tone = Tone.OK if same else fault
    icons.bind(mark, tone.value if known else "", tone.value)
    theme.set_property(words, "tone", "" if same or not known else fault.value)
    words.setAccessibleDescription("" if same or not known else _("differs from what will be signed"))
