"""Goods that go with the order, such as ink: a product and a quantity a line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from sealdesk.core.i18n import _
from sealdesk.domain.seals import PRODUCTS
from sealdesk.stages.registration.rules import DraftGoods
from sealdesk.ui.parts.buttons import icon_button, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.fields import ChoiceField, Option
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, text
from sealdesk.ui.theme import Size, Space

LARGEST_QUANTITY = 9999


class _Line(QWidget):
    """One product and its quantity."""

    edited = Signal()
    removing = Signal()

    def __init__(self, goods: DraftGoods) -> None:
        super().__init__()
        options = tuple(Option(product.id, _(product.title)) for product in PRODUCTS if not product.is_seal)
        self.product = ChoiceField("product", _("Product"), options, required=True)
        self.product.set_value(goods.product)
        combo = self.product.editor
        self.quantity = QSpinBox()
        self.quantity.setRange(1, LARGEST_QUANTITY)
        self.quantity.setValue(goods.quantity)
        self.quantity.setFixedWidth(Size.FIELD_MIN)
        self.quantity.setAccessibleName(_("Quantity"))
        remove = icon_button("remove", _("Remove product"), self.removing.emit)
        line = row(gap=Space.S)
        line.addWidget(combo, 1)
        line.addWidget(self.quantity)
        line.addWidget(remove)
        self.setLayout(line)
        self.product.edited.connect(self.edited)
        self.quantity.valueChanged.connect(lambda _value: self.edited.emit())

    def goods(self) -> DraftGoods:
        """What is typed."""
        return DraftGoods(self.product.value() or "", self.quantity.value())


class GoodsPanel(QWidget):
    """`edited` comes at every change by the person."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[_Line] = []
        self._column: QVBoxLayout = column(gap=Space.S)
        self._note = text(_("Ink and other goods that go with the order."), "caption", wrap=True)
        card = Card()
        card.setAccessibleName(_("Goods"))
        self.add_button = quiet(_("Add product"), self.add, icon="add")
        card.body.addWidget(self._note)
        card.body.addWidget(holding(self._column))
        card.body.addLayout(row(self.add_button, None))
        self.setLayout(column(card, None, gap=0, around=margins()))

    def goods(self) -> tuple[DraftGoods, ...]:
        """What is typed."""
        return tuple(line.goods() for line in self._lines)

    def show_goods(self, goods: tuple[DraftGoods, ...]) -> None:
        """Show the goods of another draft."""
        if goods == self.goods():
            return
        clear(self._column)
        self._lines = []
        for one in goods:
            self._put(one)
        self._note.setVisible(not self._lines)

    def add(self) -> None:
        """Add the first product once."""
        first = next(product for product in PRODUCTS if not product.is_seal)
        self._put(DraftGoods(first.id, 1)).product.editor.setFocus()
        self._note.hide()
        self.edited.emit()

    def go_to(self, index: int) -> None:
        """Bring the cursor to a line."""
        if 0 <= index < len(self._lines):
            self._lines[index].product.editor.setFocus()

    def _put(self, goods: DraftGoods) -> _Line:
        line = _Line(goods)
        line.edited.connect(self.edited)
        line.removing.connect(lambda: self._remove(line))
        self._lines.append(line)
        self._column.addWidget(line)
        return line

    def _remove(self, line: _Line) -> None:
        self._lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
        self._note.setVisible(not self._lines)
        self.edited.emit()
