"""The table of the window: quiet rows with thin rules, chips for states, ticks, and words when it is empty."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from sealdesk.ui import theme
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.state_chip import paint_chip
from sealdesk.ui.parts.table_model import CHIP_ROLE, Column, Load, TableModel
from sealdesk.ui.theme import FontSize, Radius, Size, Space

Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Paints cells by hand, which is several times faster than the style sheet."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.current()
        place: QRect = option.rect
        state: QStyle.StateFlag = option.state
        model = self._table.rows
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(place, look.colour("selection"))
        elif index.row() == self._table.hovered:
            painter.fillRect(place, look.colour("hover"))
        painter.fillRect(place.left(), place.bottom(), place.width(), Space.HAIR, look.colour("rule"))
        if selected and index.column() == 0:
            painter.fillRect(place.left(), place.top(), Size.BAR, place.height(), look.colour("ink"))
        column = model.column_at(index.column())
        inner = QRectF(place).adjusted(Space.S + Space.XS, 0, -Space.S - Space.XS, -Space.HAIR)
        if column is None:
            self._paint_tick(painter, inner, model.is_ticked(index.row()))
        elif (chip := model.data(index, CHIP_ROLE)) is not None:
            paint_chip(painter, inner.adjusted(0, 0, Space.S, 0), chip)
        else:
            painter.setFont(theme.font(FontSize.BODY))
            painter.setPen(look.colour("ink_soft" if column.soft else "ink"))
            words = theme.metrics(FontSize.BODY).elidedText(str(model.data(index) or ""), Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, column.align.value | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _paint_tick(self, painter: QPainter, place: QRectF, ticked: bool) -> None:
        look = theme.current()
        side = Space.M - Space.XXS
        box = QRectF(place.center().x() - side / 2, place.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("ink" if ticked else "ink_faint"))
        painter.setBrush(look.colour("ink" if ticked else "sheet"))
        painter.drawRoundedRect(box, Radius.S, Radius.S)
        if ticked:
            pen = painter.pen()
            pen.setColor(look.colour("sheet"))
            pen.setWidth(Space.XXS)
            painter.setPen(pen)
            third = side / 3
            middle = box.bottomLeft()
            middle.setX(box.left() + third * 1.2)
            middle.setY(box.bottom() - third * 0.8)
            painter.drawLine(int(box.left() + third * 0.6), int(box.center().y()), int(middle.x()), int(middle.y()))
            painter.drawLine(int(middle.x()), int(middle.y()), int(box.right() - third * 0.5), int(box.top() + third * 0.9))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(Size.COLUMN_MIN, Size.ROW)


class Table(QTableView):
    """A table of frozen rows.

    `chosen` comes with a row on Enter or double click, `selected` with the current row (or None) when it changes, `ticked` with all
    ticked rows. Space ticks the selected rows.
    """

    chosen = Signal(object)
    selected = Signal(object)
    ticked = Signal(tuple)

    def __init__(
        self,
        name: str,
        columns: Sequence[Column[Any]],
        key: Callable[[Any], Hashable],
        empty: Empty,
        *,
        begun: Callable[[], object] | None = None,
        ticks: bool = False,
        several: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.rows = TableModel(columns, key, ticks=ticks, parent=self)
        self.hovered = -1
        self._wanted: Hashable | None = None
        self._shown: Hashable | None = None
        self._filling = False
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if several or ticks else mode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._empty = EmptyState(empty, begun, self.viewport())
        self._set_up_headers()
        self.doubleClicked.connect(lambda index: self._choose(index.row()))
        self.rows.modelReset.connect(self._on_rows_reset)
        self.rows.ticks_changed.connect(lambda: self.ticked.emit(self.rows.ticked_rows()))
        self.rows.dataChanged.connect(lambda _first, _last: self._report())
        self._on_rows_reset()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show rows that are at hand; the selection stays on its row when that is still there."""
        self._wanted = self._shown
        self._filling = True
        self.rows.show_rows(rows)
        self.setSortingEnabled(True)
        header = self.horizontalHeader()
        if header.sortIndicatorSection() >= 0:
            self.rows.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self._filling = False
        self._restore()

    def show_ids(self, ids: array[int], load: Load) -> None:
        """Show many rows by id, in the order of the ids; see `TableModel.show_ids`."""
        self.setSortingEnabled(False)
        self.rows.show_ids(ids, load)

    def current_row(self) -> Any | None:
        """The row with the cursor, if it is selected."""
        index = self.currentIndex()
        if not index.isValid() or not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            return None
        return self.rows.row_at(index.row())

    def selected_rows(self) -> tuple[Any, ...]:
        """All selected rows that are loaded, from the top down."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(row for place in places if (row := self.rows.row_at(place)) is not None)

    def ticked_rows(self) -> tuple[Any, ...]:
        """The ticked rows."""
        return self.rows.ticked_rows()

    def select(self, key: Hashable) -> bool:
        """Select the row with that key and bring it into sight; False when it is not here."""
        place = self.rows.place_of(key)
        if place < 0:
            return False
        self.selectRow(place)
        self.scrollTo(self.rows.index(place, 0))
        return True

    def _set_up_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(Size.ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(Size.COLUMN_MIN)
        header.setFixedHeight(Size.ROW)
        header.setStretchLastSection(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        character = theme.metrics(FontSize.BODY).horizontalAdvance("0")
        for section in range(self.rows.columnCount()):
            column = self.rows.column_at(section)
            if column is None:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(section, Size.COLUMN_MIN)
            elif column.width:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(section, column.width * character + Space.L + Space.XS)
            else:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _on_rows_reset(self) -> None:
        self.hovered = -1
        empty = self.rows.rowCount() == 0
        self._empty.setVisible(empty)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if not self._filling:
            self._restore()

    def _restore(self) -> None:
        if self._wanted is None or not self.select(self._wanted):
            self.clearSelection()
        self._wanted = None
        self._report()

    def _choose(self, place: int) -> None:
        row = self.rows.row_at(place)
        if row is not None:
            self.chosen.emit(row)

    def _report(self) -> None:
        row = self.current_row()
        key = self.rows.key(row) if row is not None else None
        if key != self._shown or row is not None:
            self._shown = key
            self.selected.emit(row)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._filling:
            self._report()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex().row())
            return
        if event.key() == Qt.Key.Key_Space and self.rows.ticks:
            places = [index.row() for index in self.selectionModel().selectedRows()]
            on = not all(self.rows.is_ticked(place) for place in places)
            for place in places:
                self.rows.tick(place, on)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows.column_at(index.column()) is None:
            self.rows.tick(index.row(), not self.rows.is_ticked(index.row()))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(int(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())

    def _hover(self, place: int) -> None:
        if place != self.hovered:
            self.hovered = place
            self.viewport().update()
