"""The production workspace: the queue at the left, the chosen seal at the right, as a face to engrave or a chip to burn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtWidgets import QStackedWidget, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.domain.chips import OPEN, SPOILED
from sealdesk.domain.seals import ACCEPTED, SEAL_MACHINE, Carrier
from sealdesk.stages.production import queries
from sealdesk.stages.production.queries import Burn, Ticket
from sealdesk.stages.production.rules import MAKE, MarkSealMade, NotExportedError
from sealdesk.ui.desk import Desk as DeskPort
from sealdesk.ui.desk import Shell, WorkspaceSpec
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import primary
from sealdesk.ui.parts.card import ActionBar
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.layouts import column, holding, margins, row, text
from sealdesk.ui.parts.state_chip import StateChip
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.production.artwork_panel import ArtworkPanel
from sealdesk.ui.workspaces.production.burn_runs import BurnRuns
from sealdesk.ui.workspaces.production.chip_panel import ChipPanel
from sealdesk.ui.workspaces.production.course import GIVEN_UP
from sealdesk.ui.workspaces.production.queue_panel import QueuePanel, SpoiledChip, state_chip, type_words
from sealdesk.workflow.desk import Desk

NOUNS = frozenset({"orders", "seals", "chips"})
LIST_WIDTH = Size.SIDE_WIDTH + Size.FIELD_MIN + Size.ROW


@dataclass(frozen=True, slots=True)
class Lists:
    """What the queue shows."""

    waiting: tuple[Ticket, ...]
    made: tuple[Ticket, ...]
    spoiled: tuple[SpoiledChip, ...]


def lists(session: Any) -> Lists:
    """Everything for the queue, for `Desk.ask`."""
    given_up = []
    for burn in queries.spoiled_chips(session):
        ticket = queries.ticket(session, burn.seal_id)
        given_up.append(SpoiledChip(burn, "" if ticket is None else ticket.seal_name))
    return Lists(queries.queue(session), queries.made(session), tuple(given_up))


class ProductionWorkspace(QWidget):
    """Made when the tab is opened for the first time."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._ticket: Ticket | None = None
        self._wanted = ""
        self._asked_for = ""
        self._is_loaded = False
        self._open_chips: tuple[Burn, ...] = ()
        self.readers = LiveReaders(desk.devices, self)
        self.runs = BurnRuns(desk, shell, self)
        self.queue = QueuePanel()
        self.queue.setFixedWidth(LIST_WIDTH)
        self.banner = Banner()
        self.title = text("", "title", wrap=True)
        self.about = text("", "soft", wrap=True)
        self.chip = StateChip()
        self.artwork = ArtworkPanel(desk, shell)
        self.made_button = primary(_("Mark as made"), self.mark_made, icon="ok", shortcut="Ctrl+Return")
        self.physical_actions = ActionBar(self.made_button)
        self.chip_panel = ChipPanel(desk, shell, self.readers, self.runs)
        self._empty = EmptyState(Empty("production", _("No seal chosen"), _("Choose a seal in the list, or scan its ticket.")))
        self._physical = self._lay_out_physical()
        self._details = QStackedWidget()
        for page in (self._empty, self._physical, self.chip_panel):
            self._details.addWidget(page)
        self._lay_out()
        self._connect()
        self._show_ticket(None)
        self._load()
        self._look_at_chips()

    def show_subject(self, subject: object) -> None:
        """Choose the seal of that id; an order's id chooses its first seal."""
        self._wanted = str(subject)
        self._choose_wanted()

    def mark_made(self) -> None:
        """制作完成."""
        ticket = self._ticket
        if ticket is None or not self.made_button.isEnabled():
            return
        self.made_button.setEnabled(False)

        def done(_outcome: object) -> None:
            self._shell.say(_("{name} is recorded as made.").format(name=ticket.seal_name))
            self._go_on_after(ticket)
            self._load()

        self._shell.run(self._desk.execute(MarkSealMade(ticket.seal_id)), self, done, self._failed)

    # -- building --------------------------------------------------------------------------------------------------------------

    def _lay_out_physical(self) -> QWidget:
        layout = column(holding(column(self.artwork, gap=0, around=margins(x=Space.M, y=0))), gap=Space.M)
        layout.setStretch(0, 1)
        layout.addWidget(self.physical_actions)
        return holding(layout)

    def _lay_out(self) -> None:
        top = row(gap=Space.M)
        top.addWidget(self.title, 1)
        top.addWidget(self.chip)
        self._head = holding(column(top, self.about, gap=Space.XXS, around=margins(x=Space.M, y=0)))
        detail = column(self._head, gap=Space.S)
        detail.addWidget(self._details, 1)
        left = column(self.queue, gap=0, around=margins(x=0, y=Space.M))
        body = row(gap=Space.XS)
        body.setContentsMargins(Space.M, 0, 0, 0)
        body.addLayout(left)
        body.addLayout(detail, 1)
        detail.setContentsMargins(0, Space.S, 0, 0)
        whole = column(holding(column(self.banner, gap=0, around=margins(x=Space.M, y=Space.XS))), gap=0)
        whole.addLayout(body, 1)
        self.setLayout(whole)
        self.setProperty("surface", "paper")

    def _connect(self) -> None:
        self._failed = self._shell.failing(self.banner, retry=self._load)
        self.queue.selected.connect(self._on_ticket_selected)
        self.queue.opened.connect(lambda _ticket: self._focus_detail())
        self.queue.scan_failed.connect(self._on_scan_failed)
        self.readers.changed.connect(self._look_at_chips)
        self.runs.changed.connect(self._on_run_changed)
        self.chip_panel.next_wanted.connect(self._on_next_wanted)
        self.artwork.exported.connect(self._load)
        self._shell.on_changed(self, NOUNS, self._on_changed)

    # -- loading ---------------------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self._load()
        self._look_at_chips()

    def _load(self) -> None:
        self._shell.run(self._desk.ask(lists), self, self._show_lists, self._failed)

    def _show_lists(self, found: Lists) -> None:
        self.queue.show_tickets(found.waiting, found.made, found.spoiled)
        self.queue.show_running(self.runs.seals())
        self._is_loaded = True
        if self._wanted:
            self._choose_wanted()
        elif self._asked_for:
            self._load_detail(self._asked_for)
        elif found.waiting:
            self.queue.select(found.waiting[0].seal_id)

    def _choose_wanted(self) -> None:
        by_order = next((ticket.seal_id for ticket in self.queue.tickets if ticket.order_id == self._wanted), "")
        if self.queue.select(self._wanted) or (by_order and self.queue.select(by_order)):
            self._wanted = ""
        elif self._is_loaded:  # made long ago: no list shows it, but it is there
            wanted, self._wanted = self._wanted, ""
            self._load_detail(wanted)

    def _on_ticket_selected(self, ticket: Ticket | None) -> None:
        if ticket is None:
            self._keep_or_clear()
        elif ticket != self._ticket or ticket.seal_id != self._asked_for:
            self._load_detail(ticket.seal_id)

    def _keep_or_clear(self) -> None:
        """A chip that was just finished leaves the list, but stays on the screen until the technician goes on."""
        if self._ticket is not None and self._details.currentWidget() is self.chip_panel:
            return
        self._show_ticket(None)

    def _load_detail(self, seal_id: str) -> None:
        """Show that seal; whatever was asked for before and has not come yet is no longer wanted."""
        self._asked_for = seal_id

        def query(session: Any) -> tuple[Ticket | None, Burn | None]:
            return queries.ticket(session, seal_id), queries.live_burn(session, seal_id)

        def show(found: tuple[Ticket | None, Burn | None]) -> None:
            if seal_id == self._asked_for:
                self._show_ticket(*found)

        self._shell.run(self._desk.ask(query), self, show, self._failed)

    # -- showing ---------------------------------------------------------------------------------------------------------------

    def _show_ticket(self, ticket: Ticket | None, burn: Burn | None = None) -> None:
        self._ticket = ticket
        self._asked_for = "" if ticket is None else ticket.seal_id
        self._head.setVisible(ticket is not None)
        if ticket is None:
            self._details.setCurrentWidget(self._empty)
            return
        code = _("Seal code {code}").format(code=ticket.seal_code) if ticket.seal_code else ""
        self.title.setText(ticket.seal_name)
        self.about.setText("  ·  ".join(part for part in (type_words(ticket), ticket.unit_name, ticket.order_number, code) if part))
        self.chip.show_chip(state_chip(ticket, self.runs.seals()))
        if Carrier(ticket.carrier).has_chip:
            self.chip_panel.show_ticket(ticket, burn, self._next_chip_after(ticket))
            self._details.setCurrentWidget(self.chip_panel)
            return
        self.artwork.show_ticket(ticket)
        self._explain_made(ticket)
        self._details.setCurrentWidget(self._physical)

    def _explain_made(self, ticket: Ticket) -> None:
        refusal = self._desk.may(MarkSealMade)
        reason: str | None = None if refusal is None else str(refusal)
        self.made_button.setVisible(ticket.state == ACCEPTED)
        self.physical_actions.say("")
        if ticket.state != ACCEPTED:
            self.physical_actions.explain(self.made_button, None)
            self.physical_actions.say(_("This seal is made: {state}.").format(state=_(SEAL_MACHINE.title(ticket.state))))
            return
        if reason is None and ticket.exported_at is None:
            reason = str(NotExportedError(name=ticket.seal_name))
        self.physical_actions.explain(self.made_button, reason)
        if reason is None:
            self.physical_actions.say(_("Compare an imprint with the face before you mark it made."))

    def _focus_detail(self) -> None:
        if self._details.currentWidget() is self.chip_panel:
            self.chip_panel.burn_button.setFocus()
        elif self._details.currentWidget() is self._physical:
            self.artwork.picture_button.setFocus()

    # -- chips -----------------------------------------------------------------------------------------------------------------

    def _look_at_chips(self) -> None:
        """Find out for which seals the plugged-in chips were begun: an interrupted one then says so by itself."""
        serials = tuple(chip.serial for chip in self.readers.chips)
        self.chip_panel.refresh()

        def query(session: Any) -> tuple[tuple[Burn, Ticket | None], ...]:
            burns = [burn for serial in serials if (burn := queries.burn_of_chip(session, serial)) is not None]
            return tuple((burn, queries.ticket(session, burn.seal_id)) for burn in burns)

        self._shell.run(self._desk.ask(query), self, self._show_owners, self._failed)

    def _show_owners(self, found: tuple[tuple[Burn, Ticket | None], ...]) -> None:
        owners = {burn.chip_serial: GIVEN_UP if burn.state == SPOILED else burn.seal_id for burn, _ticket in found}
        self.chip_panel.show_owners(owners)
        shown = "" if self._ticket is None else self._ticket.seal_id
        unfinished = [
            (burn, ticket)
            for burn, ticket in found
            if burn.state == OPEN and burn.seal_id != shown and not self.runs.is_running(burn.seal_id) and ticket is not None
        ]
        before = self._open_chips
        self._open_chips = tuple(burn for burn, _ticket in unfinished)
        if unfinished and {burn.id for burn in before} != {burn.id for burn in self._open_chips}:
            burn, ticket = unfinished[0]
            assert ticket is not None
            self.banner.say(
                _("Chip {serial} was cut off while it was burned for {name}.").format(serial=burn.chip_serial, name=ticket.seal_name),
                Tone.WARN,
                actions=((_("Finish it"), lambda: self._finish(burn.seal_id)),),
            )
        elif before and not unfinished:
            self.banner.hide()

    def _finish(self, seal_id: str) -> None:
        self.banner.hide()
        self.queue.select(seal_id)
        self._load_detail(seal_id)

    def _on_run_changed(self, seal_id: str) -> None:
        self.queue.show_running(self.runs.seals())
        if self._ticket is not None and self._ticket.seal_id == seal_id:
            self.chip.show_chip(state_chip(self._ticket, self.runs.seals()))
            self.chip_panel.refresh()
        if not self.runs.is_running(seal_id):
            self._load()
            self._look_at_chips()

    def _next_chip_after(self, ticket: Ticket) -> Ticket | None:
        waiting = [one for one in self.queue.tickets if Carrier(one.carrier).has_chip and one.seal_id != ticket.seal_id]
        return next((one for one in waiting if not self.runs.is_running(one.seal_id)), None)

    def _on_next_wanted(self) -> None:
        following = None if self._ticket is None else self._next_chip_after(self._ticket)
        if following is not None:
            self.queue.select(following.seal_id)
            self._load_detail(following.seal_id)
            self.queue.focus_table()

    def _go_on_after(self, ticket: Ticket) -> None:
        """The next seal of the list comes up when one was marked made."""
        tickets = self.queue.tickets
        place = next((place for place, one in enumerate(tickets) if one.seal_id == ticket.seal_id), -1)
        rest = [*tickets[place + 1 :], *tickets[: max(place, 0)]]
        self._ticket, self._asked_for = None, ""
        if rest:
            self._wanted = rest[0].seal_id
        else:
            self._show_ticket(None)

    def _on_scan_failed(self, words: str) -> None:
        self.banner.say(_("Nothing in production fits “{words}”.").format(words=words), Tone.WARN)


def count(session: Any) -> int:
    """How many seals wait for production."""
    return queries.queue_count(session)


def build(desk: DeskPort, shell: Shell) -> QWidget:
    """The workspace; the desk of the program is the one that `bootstrap()` made."""
    return ProductionWorkspace(cast(Desk, desk), shell)


SPEC = WorkspaceSpec("production", N_("Produce"), "production", MAKE.name, build, count, NOUNS)
