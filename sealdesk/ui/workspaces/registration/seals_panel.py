"""The middle of registration: the seals of the order as a short list, and the fields of the one that is chosen."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from uuid import uuid4

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Lane
from sealdesk.domain.seals import PRODUCTS, SEAL_TYPE_TITLES, SealType
from sealdesk.domain.units import Unit
from sealdesk.stages.registration.checks import product_named, template_of
from sealdesk.stages.registration.rules import EMPTY_UNIT, DraftSeal
from sealdesk.ui.parts.buttons import icon_button, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.layouts import column, margins, row, rule
from sealdesk.ui.theme import Size, Space
from sealdesk.ui.workspaces.registration.field_problems import FieldProblems
from sealdesk.ui.workspaces.registration.offer import Offer
from sealdesk.ui.workspaces.registration.seal_editor import SealEditor, prefilled

ROWS_SHOWN = 4


def next_type(seals: tuple[DraftSeal, ...]) -> SealType:
    """What is most likely ordered next: the first of the five types that the order does not hold yet."""
    there = {seal.seal_type for seal in seals}
    return next((kind for kind in SealType if kind not in there), SealType.OTHER)


def new_seal(seals: tuple[DraftSeal, ...], unit: Unit, offer: Offer) -> DraftSeal:
    """The next seal of an order, filled in as far as it can be guessed; the product is that of the seal before."""
    kind = next_type(seals)
    offered = offer.for_type(kind)
    product = seals[-1].product if seals else next(product.id for product in PRODUCTS if product.is_seal)
    if not offered:
        return DraftSeal(str(uuid4()), str(kind), "", product=product)
    first = offered[0]
    fields = MappingProxyType(prefilled(first.template, unit))
    return DraftSeal(str(uuid4()), str(kind), first.template.name, fields, product, template_file=first.file)


def following(seal: DraftSeal, before: Unit, now: Unit) -> DraftSeal:
    """The seal with those texts changed that were the unit's own before the unit was changed."""
    template = template_of(seal)
    if template is None:
        return seal
    was, is_now = prefilled(template, before), prefilled(template, now)
    changed = {name: value for name, value in is_now.items() if seal.fields.get(name, "") in ("", was.get(name, ""))}
    emptied = {name: "" for name, value in was.items() if name not in is_now and seal.fields.get(name) == value}
    fields = {**seal.fields, **changed, **emptied}
    return seal if fields == dict(seal.fields) else replace(seal, fields=MappingProxyType(fields))


class _List(QListWidget):
    """The seals by name; Delete asks to remove the chosen one."""

    removing = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removing.emit()
            return
        super().keyPressEvent(event)


class SealsPanel(QWidget):
    """`edited` comes at every change, `shown` with the chosen seal's id, `removed` with a seal that was taken out and its place."""

    edited = Signal()
    shown = Signal(str)
    removed = Signal(object, int)

    def __init__(self, lane: Lane, problems: FieldProblems, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seals: tuple[DraftSeal, ...] = ()
        self._offer = offer
        self._unit = EMPTY_UNIT
        self._filling = False
        self.list = _List()
        self.list.setAccessibleName(_("Seals of this order"))
        self.editor = SealEditor(lane, problems, offer)
        self.add_button = quiet(_("Add seal"), self.add, icon="add", shortcut="Ctrl+J")
        self.remove_button = icon_button("remove", _("Remove seal"), self.remove)
        self._empty = EmptyState(Empty("seal", _("No seal yet"), _("Add the seals that the unit orders."), _("Add seal")), self.add)
        card = Card()
        card.setAccessibleName(_("Seals"))
        card.body.addWidget(self.list)
        card.body.addLayout(row(self.add_button, None, self.remove_button))
        card.body.addWidget(rule())
        card.body.addWidget(self._empty)
        card.body.addWidget(self.editor)
        card.body.addStretch(1)
        self.setLayout(column(card, None, gap=0, around=margins()))
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.list.removing.connect(self.remove)
        self.editor.edited.connect(self._on_editor_edited)
        self._refresh(0)

    def seals(self) -> tuple[DraftSeal, ...]:
        """The seals as they are typed."""
        return self._seals

    @property
    def current(self) -> DraftSeal | None:
        """The chosen seal."""
        place = self.list.currentRow()
        return self._seals[place] if 0 <= place < len(self._seals) else None

    def show_seals(self, seals: tuple[DraftSeal, ...], unit: Unit) -> None:
        """Show the seals of another draft."""
        self._seals, self._unit = seals, unit
        self._refresh(0)

    def follow(self, unit: Unit) -> None:
        """The unit was changed: texts that are the unit's own follow it."""
        before, self._unit = self._unit, unit
        self._seals = tuple(following(seal, before, unit) for seal in self._seals)
        current = self.current
        if current is not None:
            self.editor.refresh(current, unit)
            self._name_rows()

    def add(self) -> None:
        """Add the next seal and go to it."""
        self._seals = (*self._seals, new_seal(self._seals, self._unit, self._offer))
        self._refresh(len(self._seals) - 1)
        self.editor.begin()
        self.edited.emit()

    def insert(self, seal: DraftSeal, place: int) -> None:
        """Put a seal back where it was."""
        self._seals = (*self._seals[:place], seal, *self._seals[place:])
        self._refresh(place)
        self.edited.emit()

    def remove(self) -> None:
        """Take the chosen seal out."""
        place = self.list.currentRow()
        if not 0 <= place < len(self._seals):
            return
        seal = self._seals[place]
        self._seals = (*self._seals[:place], *self._seals[place + 1 :])
        self._refresh(min(place, len(self._seals) - 1))
        self.edited.emit()
        self.removed.emit(seal, place)

    def go_to(self, index: int, place: str) -> None:
        """Show the seal at `index`, and its template when `place` is that."""
        self.list.setCurrentRow(index)
        self.editor.go_to(place)

    def _refresh(self, chosen: int) -> None:
        self._filling = True
        self.list.clear()
        for _seal in self._seals:
            item = QListWidgetItem()
            item.setSizeHint(QSize(0, Size.ROW - Space.XS))
            self.list.addItem(item)
        self._name_rows()
        self._filling = False
        there = bool(self._seals)
        self.list.setVisible(there)
        self.list.setFixedHeight(min(len(self._seals), ROWS_SHOWN) * (Size.ROW - Space.XS))
        self.editor.setVisible(there)
        self._empty.setVisible(not there)
        self.remove_button.setEnabled(there)
        self.list.setCurrentRow(chosen if there else -1)
        if not there:
            self.shown.emit("")

    def _name_rows(self) -> None:
        for place, seal in enumerate(self._seals):
            item = self.list.item(place)
            product = product_named(seal.product, is_seal=True)
            kind = _(SEAL_TYPE_TITLES[SealType(seal.seal_type)]) if seal.seal_type in set(SealType) else "–"
            words = f"{place + 1}  {kind}" + (f" · {_(product.title)}" if product else "")
            if item is not None and item.text() != words:
                item.setText(words)

    def _on_row_changed(self, place: int) -> None:
        if self._filling or not 0 <= place < len(self._seals):
            return
        self.editor.show_seal(self._seals[place], place, self._unit)
        self.shown.emit(self._seals[place].id)

    def _on_editor_edited(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self._seals):
            self._seals = (*self._seals[:place], self.editor.seal(), *self._seals[place + 1 :])
            self._name_rows()
            self.edited.emit()
