"""The logistics workspace: orders that wait for hand-over and those handed over at the left, one at the counter at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import N_, _
from sealdesk.domain.orders import DELIVERED
from sealdesk.stages.logistics.queries import (
    MOST_DELIVERED,
    DeliverableOrder,
    deliverable_order,
    deliverable_orders,
    delivered_orders,
    waiting_count,
)
from sealdesk.stages.logistics.rules import DELIVER
from sealdesk.ui.desk import Desk as DeskPort
from sealdesk.ui.desk import Shell, WorkspaceSpec
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.layouts import column, holding, margins, row
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Column
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.logistics.hand_over_panel import HandOverPanel
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.history import Line, history_of_order

NOUNS = frozenset({"orders", "seals", "deliveries"})


@dataclass(frozen=True, slots=True)
class Lists:
    """What stands at the left."""

    waiting: tuple[DeliverableOrder, ...]
    delivered: tuple[DeliverableOrder, ...]


def lists(session: Any) -> Lists:
    """Orders that wait, the oldest first, and those handed over, the newest first; for `Desk.ask`."""
    return Lists(deliverable_orders(session), delivered_orders(session))


class LogisticsWorkspace(QWidget):
    """Made when the tab is opened for the first time."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._lists = Lists((), ())
        self._is_loaded = False
        self._wanted = ""
        self.readers = LiveReaders(desk.devices, self)
        self.scan = SearchBox(_("Order number, unit, collector or seal code"), shortcut="Ctrl+F")
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("Lists of logistics"))
        for title in (_("To hand over"), _("Handed over")):
            self.tabs.addTab(title)
        self.waiting = self._table(
            _("Orders to hand over"), Empty("logistics", _("Nothing to hand over"), _("Orders appear here once all their seals are ready."))
        )
        self.delivered = self._table(_("Orders handed over"), Empty("ok", _("Nothing handed over yet"), ""))
        self.banner = Banner()
        self.panel = HandOverPanel(desk, shell, self.readers)
        self._lay_out()
        self._connect()
        self._load()

    def show_subject(self, subject: object) -> None:
        """Choose the order of that id."""
        self._wanted = str(subject)
        self._choose_wanted()

    def _lay_out(self) -> None:
        self._tables = QStackedWidget()
        self._tables.addWidget(self.waiting)
        self._tables.addWidget(self.delivered)
        left = column(self.scan, self.tabs, gap=Space.S, around=margins(x=0, y=Space.M))
        left.addWidget(self._tables, 1)
        left_box = holding(left)
        left_box.setFixedWidth(Size.SIDE_WIDTH)
        empty = Empty("logistics", _("No order chosen"), _("Choose an order, or scan its slip or a seal code."))
        self._details = QStackedWidget()
        self._details.addWidget(EmptyState(empty))
        self._details.addWidget(self.panel)
        body = row(gap=Space.XS)
        body.setContentsMargins(Space.M, 0, 0, 0)
        body.addWidget(left_box)
        body.addWidget(self._details, 1)
        whole = column(holding(column(self.banner, gap=0, around=margins(x=Space.M, y=0))), gap=0)
        whole.addLayout(body, 1)
        self.setLayout(whole)
        self.setProperty("surface", "paper")

    def _table(self, name: str, empty: Empty) -> Table:
        columns: tuple[Column[DeliverableOrder], ...] = (
            Column(_("State"), lambda o: _state(o).word, 9, chip=_state),
            Column(_("Unit"), lambda o: o.unit_name),
            Column(_("Day"), lambda o: f"{o.updated_at.astimezone(CHINA):%m-%d}", 5, soft=True, order=lambda o: o.updated_at),
        )
        return Table(name, columns, lambda o: o.id, empty)

    def _connect(self) -> None:
        self._failed = self._shell.failing(self.banner, retry=self._load)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        for table in (self.waiting, self.delivered):
            table.selected.connect(lambda order, table=table: self._on_selected(table, order))
            table.chosen.connect(lambda _order: self.panel.collector.form.go_to("original_seen"))
        self.scan.asked.connect(lambda _words: self._filter())
        self.scan.submitted.connect(self._on_submitted)
        shortcut = QShortcut(QKeySequence("Ctrl+F"), self)
        shortcut.activated.connect(self.scan.setFocus)
        self.panel.changed.connect(self._load)
        self._shell.on_changed(self, NOUNS, self._load)

    # -- loading ---------------------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self._shell.run(self._desk.ask(lists), self, self._show_lists, self._failed)
        if self.panel.order_id:
            self._load_detail(self.panel.order_id)

    def _show_lists(self, found: Lists) -> None:
        self._lists, self._is_loaded = found, True
        self._filter()
        titles = ((_("To hand over"), found.waiting), (_("Handed over"), found.delivered))
        for place, (title, rows) in enumerate(titles):
            number = f"{len(rows)}+" if rows is found.delivered and len(rows) >= MOST_DELIVERED else str(len(rows))
            self.tabs.setTabText(place, f"{title} {number}" if rows else title)
        if self._wanted:
            self._choose_wanted()
        elif not self.panel.order_id and found.waiting:
            self.waiting.select(found.waiting[0].id)

    def _filter(self) -> None:
        words = self.scan.text().strip().casefold()
        self.waiting.show_rows([order for order in self._lists.waiting if words in _searchable(order)])
        self.delivered.show_rows([order for order in self._lists.delivered if words in _searchable(order)])

    def _choose_wanted(self) -> None:
        for place, table in enumerate((self.waiting, self.delivered)):
            if table.select(self._wanted):
                self.tabs.setCurrentIndex(place)
                self._load_detail(self._wanted)
                self._wanted = ""
                return
        if self._is_loaded:  # handed over long ago: no list shows it, but it is there
            self._load_detail(self._wanted)
            self._wanted = ""

    def _on_submitted(self, words: str) -> None:
        fitting = [o for o in (*self._lists.waiting, *self._lists.delivered) if words and words.casefold() in _searchable(o)]
        if len(fitting) != 1:
            if words:
                self.banner.say(_("No single order fits “{words}”.").format(words=words), Tone.WARN)
            return
        self.banner.hide()
        self.scan.clear()
        self._filter()
        self.show_subject(fitting[0].id)
        (self.waiting, self.delivered)[self.tabs.currentIndex()].setFocus()

    def _on_tab_changed(self, place: int) -> None:
        self._tables.setCurrentIndex(place)
        order = (self.waiting, self.delivered)[place].current_row()
        if order is not None:
            self._load_detail(order.id)

    def _on_selected(self, table: Table, order: DeliverableOrder | None) -> None:
        if order is None or self._tables.currentWidget() is not table or self.panel.is_working:
            return
        if order.id != self.panel.order_id:
            self._load_detail(order.id)

    def _load_detail(self, order_id: str) -> None:
        def query(session: Any) -> tuple[DeliverableOrder | None, tuple[Line, ...]]:
            return deliverable_order(session, order_id), history_of_order(session, order_id, self._desk.bus.sentence)

        def show(found: tuple[DeliverableOrder | None, tuple[Line, ...]]) -> None:
            order, lines = found
            self._details.setCurrentIndex(0 if order is None else 1)
            if order is not None:
                self.panel.show_order(order, lines)

        self._shell.run(self._desk.ask(query), self, show, self._failed)


def _state(order: DeliverableOrder) -> Chip:
    if order.state == DELIVERED:
        return Chip(_("Handed over"), Tone.OK)
    return Chip(_("Ready"), Tone.IDLE) if order.delivery is None else Chip(_("Begun"), Tone.WARN)


def _searchable(order: DeliverableOrder) -> str:
    codes = [code for seal in order.seals for code in (seal.seal_code, seal.chip_serial)]
    delivery = () if order.delivery is None else (order.delivery.number, order.delivery.collector.name)
    return " ".join((order.number, order.unit_name, order.handler.name, *delivery, *codes)).casefold()


def count(session: Any) -> int:
    """How many orders wait for hand-over."""
    return waiting_count(session)


def build(desk: DeskPort, shell: Shell) -> QWidget:
    """The workspace; the desk of the program is the one that `bootstrap()` made."""
    return LogisticsWorkspace(cast(Desk, desk), shell)


SPEC = WorkspaceSpec("logistics", N_("Hand over"), "logistics", DELIVER.name, build, count, NOUNS)
