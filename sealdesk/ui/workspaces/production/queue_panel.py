"""The left of production: the scan field, what waits by its due day, what was made, and the chips that were given up."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import _
from sealdesk.domain.seals import ACCEPTED, BURNING, SEAL_MACHINE, SEAL_TYPE_TITLES, Carrier, SealType
from sealdesk.stages.production.papers import QR_PREFIX
from sealdesk.stages.production.queries import Burn, Ticket
from sealdesk.ui.parts.empty_state import Empty
from sealdesk.ui.parts.layouts import column
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Column
from sealdesk.ui.theme import Size, Space, Tone

WAITING, MADE, SPOILED = range(3)


@dataclass(frozen=True, slots=True)
class SpoiledChip:
    """A chip that was given up, with the seal it was for."""

    burn: Burn
    seal_name: str


def type_words(ticket: Ticket) -> str:
    """The seal's type, and that it has a chip."""
    kind = _(SEAL_TYPE_TITLES[SealType(ticket.seal_type)])
    return _("{kind} · chip").format(kind=kind) if Carrier(ticket.carrier).has_chip else kind


def state_chip(ticket: Ticket, running: frozenset[str]) -> Chip:
    """How a seal stands, as a word and a tone."""
    if ticket.seal_id in running:
        return Chip(_("Burning"), Tone.BUSY)
    if ticket.state == BURNING:
        return Chip(_("Unfinished"), Tone.WARN)
    if ticket.state == ACCEPTED:
        return Chip(_("Exported"), Tone.BUSY) if ticket.exported_at is not None else Chip(_("Waiting"), Tone.IDLE)
    return Chip(_(SEAL_MACHINE.title(ticket.state)), Tone.OK)


def fits(ticket: Ticket, words: str) -> bool:
    """Whether a ticket is meant by what was typed: its number, code, unit or seal."""
    wanted = words.removeprefix(QR_PREFIX).casefold()
    return any(wanted in text.casefold() for text in (ticket.order_number, ticket.seal_code, ticket.unit_name, ticket.seal_name))


def scanned(tickets: tuple[Ticket, ...], words: str) -> Ticket | None:
    """The ticket that a scanned code names: a seal code, a seal's id or an order number; else the only one that fits."""
    wanted = words.removeprefix(QR_PREFIX).strip()
    for ticket in tickets:
        if wanted and wanted in (ticket.seal_code, ticket.seal_id, ticket.order_number):
            return ticket
    fitting = [ticket for ticket in tickets if wanted and fits(ticket, wanted)]
    return fitting[0] if len(fitting) == 1 else None


class QueuePanel(QWidget):
    """`selected` brings the chosen ticket or None, `opened` one that was chosen with Enter, `scan_failed` what no ticket fits."""

    selected = Signal(object)
    opened = Signal(object)
    scan_failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting: tuple[Ticket, ...] = ()
        self._made: tuple[Ticket, ...] = ()
        self._running: frozenset[str] = frozenset()
        self.scan = SearchBox(_("Scan or type an order number or seal code"), shortcut="Ctrl+F")
        self.scan.asked.connect(lambda _words: self._show())
        self.scan.submitted.connect(self._on_scan_submitted)
        shortcut = QShortcut(QKeySequence("Ctrl+F"), self)
        shortcut.activated.connect(self.focus_scan)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("Lists of production"))
        for title in (_("To make"), _("Made"), _("Spoiled chips")):
            self.tabs.addTab(title)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.waiting = self._ticket_table(
            _("Seals to make"), Empty("production", _("Nothing to make"), _("Accepted orders appear here, the earliest due first."))
        )
        self.made = self._ticket_table(_("Made seals"), Empty("ok", _("Nothing made yet"), _("Seals appear here once they are made.")))
        self.spoiled = self._spoiled_table()
        self._stack = QStackedWidget()
        for table in (self.waiting, self.made, self.spoiled):
            self._stack.addWidget(table)
        layout = column(self.scan, self.tabs, gap=Space.S)
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """What waits, in its order."""
        return self._waiting

    def show_tickets(self, waiting: tuple[Ticket, ...], made: tuple[Ticket, ...], spoiled: tuple[SpoiledChip, ...]) -> None:
        """Show other lists; the selection stays where its seal is still there."""
        self._waiting, self._made = waiting, made
        self.spoiled.show_rows(spoiled)
        self._show()
        for place, (title, rows) in enumerate(((_("To make"), waiting), (_("Made"), made), (_("Spoiled chips"), spoiled))):
            self.tabs.setTabText(place, f"{title} {len(rows)}" if rows else title)

    def show_running(self, running: frozenset[str]) -> None:
        """Mark the seals that are being burned now."""
        if running != self._running:
            self._running = running
            self.waiting.viewport().update()

    def select(self, seal_id: str) -> bool:
        """Choose a seal in whichever list it stands; False when it is in none."""
        for place, table, tickets in ((WAITING, self.waiting, self._waiting), (MADE, self.made, self._made)):
            if any(ticket.seal_id == seal_id for ticket in tickets):
                if not table.select(seal_id):
                    self.scan.clear()
                    self._show()
                    table.select(seal_id)
                self.tabs.setCurrentIndex(place)
                return True
        return False

    def focus_scan(self) -> None:
        """Bring the cursor into the scan field, over what stands there."""
        self.scan.setFocus()
        self.scan.selectAll()

    def focus_table(self) -> None:
        """Bring the cursor into the list."""
        (self.waiting, self.made, self.spoiled)[self.tabs.currentIndex()].setFocus()

    def _show(self) -> None:
        words = self.scan.text().strip()
        for table, tickets in ((self.waiting, self._waiting), (self.made, self._made)):
            table.show_rows([ticket for ticket in tickets if not words or fits(ticket, words)])

    def _on_scan_submitted(self, words: str) -> None:
        if not words:
            return
        ticket = scanned((*self._waiting, *self._made), words)
        if ticket is None:
            self.scan_failed.emit(words)
            return
        self.scan.clear()
        self._show()
        self.select(ticket.seal_id)
        self.focus_table()

    def _on_tab_changed(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        table = self._stack.currentWidget()
        row = table.current_row() if isinstance(table, Table) else None
        self.selected.emit(row if isinstance(row, Ticket) else None)

    def _on_row_selected(self, table: Table, ticket: Ticket | None) -> None:
        if self._stack.currentWidget() is table:
            self.selected.emit(ticket)

    def _ticket_table(self, name: str, empty: Empty) -> Table:
        columns: tuple[Column[Ticket], ...] = (
            Column(_("State"), lambda t: state_chip(t, self._running).word, 9, chip=lambda t: state_chip(t, self._running)),
            Column(_("Unit"), lambda t: t.unit_name),
            Column(_("Seal"), type_words, 17),
            Column(_("Due"), lambda t: t.due_on[5:] or "–", 5, soft=True, order=lambda t: t.due_on or "9999"),
        )
        table = Table(name, columns, lambda t: t.seal_id, empty)
        table.setMinimumWidth(Size.SIDE_WIDTH)
        table.selected.connect(lambda ticket: self._on_row_selected(table, ticket))
        table.chosen.connect(self.opened)
        return table

    def _spoiled_table(self) -> Table:
        columns: tuple[Column[SpoiledChip], ...] = (
            Column(_("Chip"), lambda c: c.burn.chip_serial, 14),
            Column(_("Reason"), lambda c: c.burn.spoiled_reason),
            Column(_("Seal"), lambda c: c.seal_name, 14, soft=True),
            Column(_("Begun"), lambda c: f"{c.burn.started_at.astimezone(CHINA):%m-%d}", 5, soft=True),
        )
        empty = Empty("chip", _("No spoiled chips"), _("Chips that were given up stand here with their reasons."))
        return Table(_("Spoiled chips"), columns, lambda c: c.burn.id, empty)
