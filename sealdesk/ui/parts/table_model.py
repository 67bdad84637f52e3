"""The model of tables: frozen rows under column specifications, all at hand or loaded in windows by id; it asks no database itself."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job
from sealdesk.ui import jobs
from sealdesk.ui.parts.state_chip import Chip

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
Load = Callable[[Sequence[int]], Job[Any]]
"""Starts loading the rows of some ids, in their order; it runs on a lane."""

WINDOW_ROWS = 200
WINDOWS_KEPT = 50
CHIP_ROLE = Qt.ItemDataRole.UserRole + 1


class Align(Enum):
    """Where a column's texts stand."""

    LEFT = Qt.AlignmentFlag.AlignLeft
    CENTRE = Qt.AlignmentFlag.AlignHCenter
    RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)  # no slots: with them `Column[Row](…)` raises TypeError in Python 3.11
class Column(Generic[R]):
    """One column.

    Attributes:
        title: the header.
        text: the words of a row in this column.
        width: in characters of the body text; 0 takes what is left.
        align: numbers stand right.
        chip: the state of a row, drawn as a chip instead of the words.
        order: what the column is sorted by; the words by default.
        soft: whether the words are of lesser weight.
    """

    title: str
    text: Callable[[R], str]
    width: int = 0
    align: Align = Align.LEFT
    chip: Callable[[R], Chip | None] | None = None
    order: Callable[[R], Any] | None = None
    soft: bool = False


class TableModel(QAbstractTableModel):
    """Rows of one kind. `ticks_changed` comes when the person ticks; ticks and selection hold on to keys, not to places."""

    ticks_changed = Signal()
    load_failed = Signal(object)

    def __init__(
        self, columns: Sequence[Column[Any]], key: Callable[[Any], Hashable], *, ticks: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.key = key
        self.ticks = ticks
        self._rows: list[Any] = []
        self._ids: array[int] | None = None
        self._load: Load | None = None
        self._windows: OrderedDict[int, list[Any]] = OrderedDict()
        self._loading: set[int] = set()
        self._generation = 0
        self._ticked: dict[Hashable, Any] = {}

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show rows that are at hand."""
        self.beginResetModel()
        self._ids, self._load = None, None
        self._rows = list(rows)
        here = {self.key(row): row for row in self._rows}
        self._ticked = {key: here[key] for key in self._ticked if key in here}
        self.endResetModel()
        self.ticks_changed.emit()

    def show_ids(self, ids: array[int], load: Load) -> None:
        """Show as many rows as there are ids; `load` brings them, `WINDOW_ROWS` at a time, when they come into sight."""
        self.beginResetModel()
        self._rows = []
        self._ids, self._load = ids, load
        self._windows.clear()
        self._loading.clear()
        self._generation += 1
        self.endResetModel()

    def row_at(self, place: int) -> Any | None:
        """The row at a place; None while it is still being loaded."""
        if self._ids is None:
            return self._rows[place] if 0 <= place < len(self._rows) else None
        if not 0 <= place < len(self._ids):
            return None
        number, offset = divmod(place, WINDOW_ROWS)
        window = self._windows.get(number)
        if window is None:
            self._fetch(number)
            return None
        self._windows.move_to_end(number)
        return window[offset] if offset < len(window) else None

    def place_of(self, key: Hashable) -> int:
        """Where the row with that key stands; -1 when it is not here (or not loaded)."""
        if self._ids is None:
            return next((place for place, row in enumerate(self._rows) if self.key(row) == key), -1)
        for number, window in self._windows.items():
            for offset, row in enumerate(window):
                if self.key(row) == key:
                    return number * WINDOW_ROWS + offset
        return -1

    def ticked_rows(self) -> tuple[Any, ...]:
        """The rows that are ticked."""
        return tuple(self._ticked.values())

    def is_ticked(self, place: int) -> bool:
        """Whether the row at a place is ticked."""
        row = self.row_at(place)
        return row is not None and self.key(row) in self._ticked

    def tick(self, place: int, on: bool) -> None:
        """Tick or untick the row at a place."""
        row = self.row_at(place)
        if row is None or not self.ticks:
            return
        if on:
            self._ticked[self.key(row)] = row
        else:
            self._ticked.pop(self.key(row), None)
        index = self.index(place, 0)
        self.dataChanged.emit(index, index)
        self.ticks_changed.emit()

    def _fetch(self, number: int) -> None:
        if number in self._loading or self._ids is None or self._load is None:
            return
        self._loading.add(number)
        start = number * WINDOW_ROWS
        generation = self._generation
        job = self._load(self._ids[start : start + WINDOW_ROWS])
        jobs.run(job, self, lambda rows: self._keep(generation, number, rows), self.load_failed.emit)

    def _keep(self, generation: int, number: int, rows: Sequence[Any]) -> None:
        if generation != self._generation:
            return
        self._loading.discard(number)
        self._windows[number] = list(rows)
        while len(self._windows) > WINDOWS_KEPT:
            self._windows.popitem(last=False)
        start = number * WINDOW_ROWS
        last = min(start + WINDOW_ROWS, self.rowCount()) - 1
        self.dataChanged.emit(self.index(start, 0), self.index(last, self.columnCount() - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if parent.isValid():
            return 0
        return len(self._rows) if self._ids is None else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns) + int(self.ticks)

    def column_at(self, section: int) -> Column[Any] | None:
        """The specification of a section; None for the ticks."""
        place = section - int(self.ticks)
        return self.columns[place] if 0 <= place < len(self.columns) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.column_at(index.column())
        if column is None:
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if self.is_ticked(index.row()) else Qt.CheckState.Unchecked
            return None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.TextAlignmentRole, CHIP_ROLE):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align.value | Qt.AlignmentFlag.AlignVCenter
        row = self.row_at(index.row())
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole else None
        if role == CHIP_ROLE:
            return column.chip(row) if column.chip is not None else None
        return column.text(row)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.column_at(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title if column is not None else ""
        if role == Qt.ItemDataRole.AccessibleTextRole and column is None:
            return _("Ticked")
        if role == Qt.ItemDataRole.TextAlignmentRole and column is not None:
            return column.align.value | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        specification = self.column_at(column)
        if self._ids is not None or specification is None:
            return  # ids come in their order
        self.layoutAboutToBeChanged.emit()
        marked = self.persistentIndexList()
        keys = [self.key(self._rows[index.row()]) for index in marked]
        self._rows.sort(key=specification.order or specification.text, reverse=order is Qt.SortOrder.DescendingOrder)
        places = {self.key(row): place for place, row in enumerate(self._rows)}
        moved = [self.index(places[key], index.column()) for key, index in zip(keys, marked, strict=True)]
        self.changePersistentIndexList(marked, moved)
        self.layoutChanged.emit()
