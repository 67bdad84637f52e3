"""The burning station of one chip seal: the stepper, the reader, a spoiled chip with its reason, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.domain.ports import TokenIdentity
from sealdesk.stages.production.queries import Burn, Ticket
from sealdesk.stages.production.rules import AskForCertificateAgain, BeginBurning, SpoilChip
from sealdesk.ui.desk import Shell
from sealdesk.ui.interaction import Danger
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, normal, primary, quiet
from sealdesk.ui.parts.card import ActionBar, Card
from sealdesk.ui.parts.fields import ChoiceField, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import column, margins, row
from sealdesk.ui.parts.stepper import Stepper
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.theme import Size, Space
from sealdesk.ui.workspaces.production.artwork_panel import ArtworkPanel
from sealdesk.ui.workspaces.production.burn_runs import BurnRuns
from sealdesk.ui.workspaces.production.course import GIVEN_UP, Station, course_of, lacks_certificate, missing_steps, why_not
from sealdesk.workflow.desk import Desk


class ChipPanel(QWidget):
    """`next_wanted` comes when the technician goes on to the next seal, `spoiled` when a chip was given up."""

    next_wanted = Signal()
    spoiled = Signal()

    def __init__(self, desk: Desk, shell: Shell, readers: LiveReaders, runs: BurnRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._readers = readers
        self._runs = runs
        self._ticket: Ticket | None = None
        self._burn: Burn | None = None
        self._owners: Mapping[str, str] = {}
        self._next: Ticket | None = None
        self._is_parked = False
        self.banner = Banner()
        self.stepper = Stepper()
        self.reader = ChoiceField("reader", _("Chip"), (), required=True)
        self.reader.edited.connect(self.refresh)
        self.reader_card = Card(_("Several chips are plugged in"))
        self.reader_card.body.addWidget(self.reader)
        self.artwork = ArtworkPanel(desk, shell, narrow=True)
        self.artwork.setFixedWidth(Size.SIDE_WIDTH - Space.XL)
        self.reason_form = Form(columns=1)
        hint = _("For example: contacts broken")
        why = TextField("reason", _("Why is the chip given up?"), required=True, placeholder=hint, length_max=100)
        self.reason = self.reason_form.add(why)
        self.reason_card = Card(_("Give the chip up"))
        self.confirm_button = normal(_("Record as spoiled"), self._on_confirm_clicked, icon="remove")
        self.keep_button = quiet(_("Keep it"), lambda: self._ask_reason(on=False))
        self.reason_card.body.addWidget(self.reason_form)
        self.reason_card.body.addLayout(row(None, self.keep_button, self.confirm_button))
        self.reason_card.hide()
        self.spoil_button = quiet(_("Chip spoiled…"), self._on_spoil_clicked)
        self.ask_button = normal(_("Ask for the certificate again"), self._on_ask_clicked, icon="retry")
        self.cancel_button = normal(_("Cancel"), self._on_cancel_clicked, icon="close")
        self.next_button = primary(_("Next one"), self.next_wanted.emit, icon="go", shortcut="Ctrl+N")
        self.burn_button = primary(_("Produce chip seal"), self.start, icon="chip", shortcut="Ctrl+Return")
        self.burn_button.setEnabled(False)
        self.action_bar = ActionBar(self.spoil_button, self.ask_button, self.cancel_button, self.burn_button, self.next_button)
        self._lay_out()

    def _lay_out(self) -> None:
        left = column(self.reader_card, self.reason_card, gap=Space.S)
        left.addWidget(self.stepper, 1)
        middle = row(gap=Space.M)
        middle.addLayout(left, 1)
        middle.addWidget(self.artwork)
        body = column(self.banner, gap=Space.S, around=margins(x=Space.M, y=0))
        body.addLayout(middle, 1)
        whole = column(gap=Space.M)
        whole.addLayout(body, 1)
        whole.addWidget(self.action_bar)
        self.setLayout(whole)

    def show_ticket(self, ticket: Ticket, burn: Burn | None, next_ticket: Ticket | None) -> None:
        """Show another seal, or the same in another state."""
        if self._ticket is None or self._ticket.seal_id != ticket.seal_id:
            self.banner.hide()
            self._ask_reason(on=False)
        self._ticket, self._burn, self._next = ticket, burn, next_ticket
        self.artwork.show_ticket(ticket)
        self.refresh()

    def show_owners(self, owners: Mapping[str, str]) -> None:
        """Tell for which seals the plugged-in chips were begun, by serial number."""
        self._owners = owners
        self.refresh()

    @property
    def station(self) -> Station | None:
        """What decides what is shown now."""
        if self._ticket is None:
            return None
        run = self._runs.of(self._ticket.seal_id)
        return Station(self._ticket, self._burn, run, self._chip(), self._owners, self._desk.sync.state().online)

    def refresh(self) -> None:
        """Show how things stand now."""
        self._offer_readers()
        station = self.station
        if station is None:
            return
        self.stepper.show_course(course_of(station))
        begun = station.is_open or (station.run is not None and station.run.is_over)
        had_focus = any(button.hasFocus() for button in (self.burn_button, self.cancel_button))
        self.burn_button.setText(_("Finish it") if begun else _("Produce chip seal"))
        self.burn_button.setVisible(not station.is_finished and not station.is_running)
        self.cancel_button.setVisible(station.is_running)
        explain(self.cancel_button, _("It stops at the next safe place.") if station.run and station.run.is_stopping else None)
        self.spoil_button.setVisible(station.is_open and not station.is_running)
        self.ask_button.setVisible(lacks_certificate(station))
        refused = self._desk.may(AskForCertificateAgain)
        explain(self.ask_button, None if refused is None else str(refused))
        self.next_button.setVisible(station.is_finished and self._next is not None)
        if had_focus:  # it goes to what can be pressed next, not to wherever Qt finds a place
            wanted = self.cancel_button if station.is_running else self.next_button if station.is_finished else self.burn_button
            wanted.setFocus()
        refusal = self._desk.may(BeginBurning)
        reason = str(refusal) if refusal is not None else why_not(station)
        shown = not station.is_finished and not station.is_running
        self._park_focus(reason if shown else None)
        self.action_bar.explain(self.burn_button, reason if shown else None)
        if self._is_parked and self.artwork.canvas.hasFocus() and self.burn_button.isEnabled():
            self._is_parked = False
            self.burn_button.setFocus()
        self.action_bar.say(self._sentence(station))

    def _park_focus(self, reason: str | None) -> None:
        """Keep the focus in this place while the chips are changed, so that the next one needs the space bar only."""
        if reason is not None and self.burn_button.hasFocus():
            self._is_parked = True
            self.artwork.canvas.setFocus()

    def start(self) -> None:
        """Burn the chosen chip for this seal."""
        station, chip = self.station, self._chip()
        if station is None or chip is None or why_not(station) is not None:
            return
        self.banner.hide()
        self._ask_reason(on=False)
        self._runs.start(station.ticket.seal_id, chip.reader, chip.serial)

    def _sentence(self, station: Station) -> str:
        if station.is_finished:
            if self._next is None:
                return _("No further chip seal waits.")
            return _("Next: {name}, {unit}").format(name=self._next.seal_name, unit=self._next.unit_name)
        if station.is_open and station.burn is not None and not station.is_running:
            return _("{count} of {total} steps are missing.").format(count=len(missing_steps(station.burn)), total=7)
        return ""

    def _offer_readers(self) -> None:
        """Offer the chips that are plugged in; the one that this seal was begun on is chosen by itself."""
        chips = self._readers.chips
        options = [Option(chip.serial, self._chip_words(chip)) for chip in chips]
        if [option.words for option in options] != [option.words for option in getattr(self.reader, "_options", ())]:
            self.reader.set_options(options)
        wanted = self._burn.chip_serial if self._burn is not None else ""
        here = {chip.serial for chip in chips}
        if wanted in here:
            self.reader.set_value(wanted)
        else:
            free = [chip.serial for chip in chips if self._is_free(chip)]
            chosen = self.reader.value()
            if chosen not in here or (free and chosen not in free):
                self.reader.set_value(next(iter((*free, *(chip.serial for chip in chips))), None))
        running = self._ticket is not None and self._runs.is_running(self._ticket.seal_id)
        self.reader_card.setVisible(len(chips) > 1 and not running)

    def _is_free(self, chip: TokenIdentity) -> bool:
        return chip.serial not in self._owners and chip.reader not in self._runs.busy_readers()

    def _chip_words(self, chip: TokenIdentity) -> str:
        if chip.reader in self._runs.busy_readers():
            state = _("being burned")
        elif self._owners.get(chip.serial) == GIVEN_UP:
            state = _("given up")
        elif chip.serial in self._owners:
            own = self._ticket is not None and self._owners[chip.serial] == self._ticket.seal_id
            state = _("this seal's") if own else _("another seal's")
        else:
            state = _("new")
        return f"{chip.serial} · {state} · {chip.reader}"

    def _chip(self) -> TokenIdentity | None:
        return self._readers.chip(self.reader.value() or "")

    def _on_ask_clicked(self) -> None:
        """Ask the platform once more; with the chip in the reader the burning goes on, too."""
        if self._burn is None:
            return

        def done(_outcome: object) -> None:
            self._shell.say(_("The certificate was asked for again."))
            self.start()

        self._shell.run(self._desk.execute(AskForCertificateAgain(self._burn.id)), self, done, self._shell.failing(self.banner))

    def _on_cancel_clicked(self) -> None:
        if self._ticket is not None:
            self._runs.cancel(self._ticket.seal_id)

    def _on_spoil_clicked(self) -> None:
        self._ask_reason(on=True)
        self.reason_form.go_to("reason")

    def _ask_reason(self, *, on: bool) -> None:
        """Show the reason's card instead of the steps, or put it away."""
        self.reason_card.setVisible(on)
        self.stepper.list.setVisible(not on)
        if not on:
            self.reason_form.set_values({"reason": ""})

    def _on_confirm_clicked(self) -> None:
        if self._burn is None or self.reason_form.check():
            self.reason_form.go_to("reason")
            return
        burn, reason = self._burn, self.reason.value()
        danger = Danger(
            _("Give up chip {serial}?").format(serial=burn.chip_serial),
            _("The chip cannot be used again. The seal waits for another chip; the reason is kept."),
            _("Record as spoiled"),
        )
        self._shell.confirm(danger, lambda: self._spoil(burn, reason))

    def _spoil(self, burn: Burn, reason: str) -> None:
        def done(_outcome: object) -> None:
            self._runs.forget(burn.seal_id)
            self._ask_reason(on=False)
            self._shell.say(_("Chip {serial} is recorded as spoiled.").format(serial=burn.chip_serial))
            self.spoiled.emit()

        failed = self._shell.failing(self.banner, self.reason_form)
        self._shell.run(self._desk.execute(SpoilChip(burn.id, reason)), self, done, failed)
