"""The list at the far left of registration: drafts, returned and waiting orders, found by name or number, with a way to begin a new one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.domain.orders import DRAFT, ORDER_MACHINE, RETURNED, SUBMITTED
from sealdesk.stages.registration.queries import OrderLine
from sealdesk.ui import theme
from sealdesk.ui.parts.buttons import normal
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.fields import ChoiceField, Option
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.parts.state_chip import Chip, chip_width, paint_chip
from sealdesk.ui.theme import FontSize, Size, Space, Tone

STATES = (RETURNED, DRAFT, SUBMITTED)
"""What registration lists."""
NUMBER_TAIL = 10
"""The end of an order's number (month, day, running number) tells orders apart; its beginning is the shop's code."""
_LINE = Qt.ItemDataRole.UserRole + 1
_TONES = {DRAFT: Tone.IDLE, RETURNED: Tone.WARN, SUBMITTED: Tone.BUSY}


def chip_of(state: str) -> Chip:
    """The chip of an order's state."""
    return Chip(_(ORDER_MACHINE.states[state].title), _TONES.get(state, Tone.OK))


class _Lines(QStyledItemDelegate):
    """Two lines: the unit, and below it the number and the state."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look = theme.current()
        order: OrderLine = index.data(_LINE)
        place = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, look.colour("selection"))
            painter.fillRect(QRectF(place.left(), place.top(), Size.BAR, place.height()), look.colour("ink"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, look.colour("hover"))
        painter.fillRect(QRectF(place.left(), place.bottom() - Space.HAIR, place.width(), Space.HAIR), look.colour("rule"))
        inner = place.adjusted(Space.M, Space.S, -Space.S, -Space.S)
        body = theme.font(FontSize.BODY)
        painter.setFont(body)
        painter.setPen(look.colour("ink" if order.unit_name else "ink_soft"))
        name = order.unit_name or _("Unit not typed yet")
        elided = QFontMetrics(body).elidedText(name, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, int((Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft).value), elided)
        chip = chip_of(order.state)
        foot = QRectF(inner.left(), inner.bottom() - Size.CHIP, inner.width(), Size.CHIP)
        paint_chip(painter, QRectF(foot.right() - chip_width(chip), foot.top(), chip_width(chip), foot.height()), chip)
        painter.setFont(theme.font(FontSize.CAPTION))
        painter.setPen(look.colour("ink_soft"))
        words = order.number[-NUMBER_TAIL:] + (" · " + _("{count} seals").format(count=order.seals) if order.seals else "")
        painter.drawText(foot, int((Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft).value), words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(Size.SLOT_WIDTH, Size.ROW_TALL + Space.M)


class _List(QListWidget):
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class OrderList(QFrame):
    """`opened` comes with the id of an order to open, `entered` when the person wants to type in it, `begun` for a new one."""

    opened = Signal(str)
    entered = Signal()
    begun = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "paper")
        self._orders: tuple[OrderLine, ...] = ()
        self._current = ""
        self._filling = False
        self.new_button = normal(_("New order"), self.begun.emit, icon="add", shortcut="Ctrl+N")
        self.search = SearchBox(_("Name or number"))
        self.search.setMinimumWidth(0)
        options = (Option("", _("All")), *(Option(state, _(ORDER_MACHINE.states[state].title)) for state in STATES))
        self.state = ChoiceField("state", _("State"), options)
        self.state.set_value("")
        combo = self.state.editor
        self.list = _List()
        self.list.setAccessibleName(_("Registrations"))
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        empty = Empty("registration", _("No registration here"), _("Begin a new one with Ctrl+N."))
        self._empty = EmptyState(empty, parent=self.list.viewport())
        head = row(text(_("Register"), "title"), None, self.new_button)
        filters = column(self.search, combo, gap=Space.S)
        layout = column(gap=Space.S, around=margins(x=0, y=Space.S))
        layout.addLayout(column(head, filters, gap=Space.S, around=margins(x=Space.S, y=0)))
        layout.addWidget(self.list, 1)
        self.setLayout(layout)
        self.setFixedWidth(Size.SLOT_WIDTH + Space.S)
        self.search.asked.connect(lambda _words: self._fill())
        self.state.edited.connect(self._fill)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.entered.connect(self.entered)
        self._fill()

    def show_orders(self, orders: tuple[OrderLine, ...]) -> None:
        """Show other orders; the chosen one stays chosen."""
        if orders != self._orders:
            self._orders = orders
            self._fill()

    def mark(self, order_id: str) -> None:
        """Mark the order that is open, without opening it again."""
        self._current = order_id
        self._filling = True
        place = next((place for place in range(self.list.count()) if self._line(place).id == order_id), -1)
        self.list.setCurrentRow(place)
        self._filling = False

    def shown(self) -> tuple[OrderLine, ...]:
        """What is listed after filtering."""
        return tuple(self._line(place) for place in range(self.list.count()))

    def _line(self, place: int) -> OrderLine:
        line: OrderLine = self.list.item(place).data(_LINE)
        return line

    def _fill(self) -> None:
        words, state = self.search.text().strip(), self.state.value()
        wanted = [
            order
            for order in self._orders
            if (not state or order.state == state) and (words in order.unit_name or words in order.number or words in order.handler_name)
        ]
        wanted.sort(key=lambda order: order.state != RETURNED)
        self._filling = True
        self.list.clear()
        for order in wanted:
            item = QListWidgetItem()
            item.setData(_LINE, order)
            words_of_state = _(ORDER_MACHINE.states[order.state].title)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{order.unit_name} {order.number} {words_of_state}")
            item.setToolTip(f"{order.unit_name}\n{order.number}" + (f"\n{order.return_reason}" if order.return_reason else ""))
            self.list.addItem(item)
        self._filling = False
        self._empty.setVisible(not wanted)
        self._empty.setGeometry(self.list.viewport().rect())
        self.mark(self._current)

    def _on_current_changed(self) -> None:
        item = self.list.currentItem()
        if not self._filling and item is not None:
            self._current = item.data(_LINE).id
            self.opened.emit(self._current)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._empty.setGeometry(self.list.viewport().rect())
