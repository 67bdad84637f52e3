"""The signature workspace: chips that wait, their query information against the permit, signed and burned and read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QWidget

from sealdesk.core.errors import UserCancelled
from sealdesk.core.i18n import N_, _
from sealdesk.domain.pin import Pin
from sealdesk.domain.query_information import QueryInformation
from sealdesk.stages.signature import signing
from sealdesk.stages.signature.information import information_of_record
from sealdesk.stages.signature.queries import SignaturePlan, WaitingChip, permitted_values, signature_plan, waiting_chips
from sealdesk.stages.signature.rules import SIGN, SignQuery
from sealdesk.ui import icons
from sealdesk.ui.desk import Desk as DeskPort
from sealdesk.ui.desk import Shell, WorkspaceSpec
from sealdesk.ui.key_pin import KeyWork
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, primary, quiet
from sealdesk.ui.parts.card import ActionBar, Card
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.fields import ChoiceField, Option
from sealdesk.ui.parts.layouts import column, holding, margins, row, text
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.stepper import Stepper
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Column
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.signature.course import Place, SignStep, course_of
from sealdesk.ui.workspaces.signature.grid import QueryGrid
from sealdesk.workflow.desk import Desk

NOUNS = frozenset({"orders", "seals", "chips"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One chip's query information with what the permit says, and what was signed before."""

    plan: SignaturePlan
    permitted: dict[str, str]
    shown: QueryInformation


def sheet(session: Any, seal_id: str) -> Sheet | None:
    """The sheet of a seal, for `Desk.ask`; None when its chip is not finished."""
    plan = signature_plan(session, seal_id)
    if plan is None:
        return None
    shown = information_of_record(plan.record) if plan.record else plan.information
    return Sheet(plan, permitted_values(session, seal_id), shown)


class SignatureWorkspace(QWidget):
    """Made when the tab is opened for the first time."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._sheet: Sheet | None = None
        self._chips: tuple[WaitingChip, ...] = ()
        self._wanted = ""
        self._at: SignStep | None = None
        self._error: BaseException | None = None
        self._burned = False
        self._resign = False
        self._key_work: KeyWork[Any] | None = None
        self.readers = LiveReaders(desk.devices, self)
        self.scan = SearchBox(_("Scan or type a chip number or seal code"), shortcut="Ctrl+F")
        self.table = self._waiting_table()
        self.banner = Banner()
        self.title = text("", "title", wrap=True)
        self.about = text("", "soft", wrap=True)
        self.grid = QueryGrid()
        self.all_fields = QCheckBox(_("Show empty fields"))
        self.all_fields.setAccessibleName(_("Show empty fields"))
        self.differences = quiet("", self._show_difference)
        self.stepper = Stepper()
        self.key = ChoiceField("key", _("USB key"), (), required=True)
        self.sign_button = primary(_("Sign and burn"), self.sign, icon="signature", shortcut="Ctrl+Return")
        self.again_button = normal(_("Sign again"), self.sign_again)
        self.next_button = primary(_("Next one"), self.go_on, icon="go", shortcut="Ctrl+N")
        self.sign_button.setEnabled(False)
        self.action_bar = ActionBar(self.again_button, self.sign_button, self.next_button)
        self._lay_out()
        self._connect()
        self._show_sheet(None)
        self._load()

    def show_subject(self, subject: object) -> None:
        """Choose the chip of that seal."""
        self._wanted = str(subject)
        if self.table.select(self._wanted):
            self._wanted = ""

    # -- building --------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = column(self.scan, self.table, gap=Space.S, around=margins(x=0, y=Space.M))
        left_box = holding(left)
        left_box.setFixedWidth(Size.SIDE_WIDTH - Space.L)
        fields = Card(_("Query information"), padded=False)
        fields.body.setContentsMargins(margins())
        fields.tools.addWidget(self.differences)
        fields.tools.addWidget(self.all_fields)
        fields.body.addWidget(self.grid)
        right = column(self.key, gap=Space.S)
        right.addWidget(self.stepper, 1)
        right_box = holding(right)
        right_box.setFixedWidth(Size.SIDE_WIDTH - Space.XL)
        middle = row(gap=Space.M)
        middle.addWidget(fields, 1)
        middle.addWidget(right_box)
        body = column(self.title, self.about, self.banner, gap=Space.XXS, around=margins(x=Space.M, y=0))
        body.addSpacing(Space.S)
        body.addLayout(middle, 1)
        whole = column(gap=Space.M)
        whole.setContentsMargins(0, Space.S, 0, 0)
        whole.addLayout(body, 1)
        whole.addWidget(self.action_bar)
        self._detail = holding(whole)
        empty = Empty("signature", _("No chip chosen"), _("Burned chips wait here for the maker's signature."))
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(empty))
        self._stack.addWidget(self._detail)
        outer = row(gap=Space.XS)
        outer.setContentsMargins(Space.M, 0, 0, 0)
        outer.addWidget(left_box)
        outer.addWidget(self._stack, 1)
        self.setLayout(outer)
        self.setProperty("surface", "paper")

    def _waiting_table(self) -> Table:
        columns: tuple[Column[WaitingChip], ...] = (
            Column(_("State"), lambda c: _state(c).word, 9, chip=_state),
            Column(_("Seal"), lambda c: c.seal_name.removeprefix(c.unit_name) or c.seal_name),
            Column(_("Chip"), lambda c: c.chip_serial, 9, soft=True),
        )
        empty = Empty("signature", _("Nothing to sign"), _("Burned chips appear here."))
        return Table(_("Chips to sign"), columns, lambda c: c.seal_id, empty)

    def _connect(self) -> None:
        self._failed = self._shell.failing(self.banner, retry=self._load)
        self.table.selected.connect(self._on_row_selected)
        self.table.chosen.connect(lambda _row: self.sign_button.setFocus())
        self.scan.asked.connect(lambda _words: self._filter())
        self.scan.submitted.connect(self._on_scan_submitted)
        self.all_fields.toggled.connect(self.grid.show_all)
        self.grid.edited.connect(self._refresh)
        self.readers.changed.connect(self._refresh)
        shortcut = QShortcut(QKeySequence("Ctrl+F"), self)
        shortcut.activated.connect(self.scan.setFocus)
        self._shell.on_changed(self, NOUNS, self._load)

    # -- loading ---------------------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self._shell.run(self._desk.ask(waiting_chips), self, self._show_waiting, self._failed)

    def _show_waiting(self, chips: tuple[WaitingChip, ...]) -> None:
        self._chips = chips
        self._filter()
        if self._wanted and self.table.select(self._wanted):
            self._wanted = ""
        elif self._sheet is None and chips:
            self.table.select(chips[0].seal_id)
        self._refresh()

    def _filter(self) -> None:
        words = self.scan.text().strip().casefold()
        self.table.show_rows([chip for chip in self._chips if not words or words in _searchable(chip)])

    def _on_scan_submitted(self, words: str) -> None:
        fitting = [chip for chip in self._chips if words and words.casefold() in _searchable(chip)]
        if len(fitting) != 1:
            self.banner.say(_("Nothing that waits for a signature fits “{words}”.").format(words=words), Tone.WARN)
            return
        self.scan.clear()
        self._filter()
        self.table.select(fitting[0].seal_id)
        self.table.setFocus()

    def _on_row_selected(self, chip: WaitingChip | None) -> None:
        shown = "" if self._sheet is None else self._sheet.plan.seal_id
        if chip is None or chip.seal_id == shown or self._is_working():
            return
        self._load_sheet(chip.seal_id)

    def _load_sheet(self, seal_id: str) -> None:
        self._shell.run(self._desk.ask(lambda session: sheet(session, seal_id)), self, self._show_sheet, self._failed)

    # -- showing ---------------------------------------------------------------------------------------------------------------

    def _show_sheet(self, found: Sheet | None) -> None:
        self._sheet = found
        self._at, self._error, self._burned, self._resign = None, None, False, False
        self.banner.hide()
        self._stack.setCurrentIndex(0 if found is None else 1)
        if found is None:
            return
        plan = found.plan
        self.title.setText(plan.seal_name)
        chip = next((chip for chip in self._chips if chip.seal_id == plan.seal_id), None)
        parts = (chip.unit_name, chip.order_number, _("Seal code {code}").format(code=chip.seal_code)) if chip is not None else ()
        self.about.setText("  ·  ".join(parts))
        self.grid.show_information(found.shown, found.permitted, may_edit=not plan.record)
        self._refresh()

    def _is_working(self) -> bool:
        return self._at is not None and self._error is None and not self._burned

    def _refresh(self) -> None:
        if self._sheet is None:
            return
        plan = self._sheet.plan
        signed = bool(plan.record) and not self._resign
        here = self.readers.chip(plan.chip_serial) is not None
        place = Place(plan.chip_serial, here, signed, self._burned, self._at, self._error, len(self.grid.problems))
        self.stepper.show_course(course_of(place))
        self._offer_keys()
        count = len(self.grid.differing)
        words = _("{count} fields differ from the permit").format(count=count) if count else _("Agrees with the permit")
        self.differences.setText(words)
        self.differences.setAccessibleName(words)
        tone = Tone.WARN if count else Tone.OK
        icons.bind(self.differences, tone.value, tone.value)
        had_focus = self.sign_button.hasFocus()
        self.sign_button.setText(_("Burn signature") if signed else _("Sign and burn"))
        self.sign_button.setVisible(not self._burned)
        self.again_button.setVisible(signed and not self._burned and not self._is_working())
        rest = self._next()
        self.next_button.setVisible(self._burned and rest is not None)
        if had_focus and self._burned:
            self.next_button.setFocus()
        self.action_bar.explain(self.sign_button, None if self._burned else self._why_not(plan, signed, here))
        self.action_bar.say(self._sentence(rest))

    def _show_difference(self) -> None:
        if self.grid.differing:
            self.grid.go_to(self.grid.differing[0])

    def _sentence(self, rest: WaitingChip | None) -> str:
        if not self._burned:
            return ""
        if rest is None:
            return _("No further chip waits for its signature.")
        return _("Next: {name}, {unit}").format(name=rest.seal_name, unit=rest.unit_name)

    def _why_not(self, plan: SignaturePlan, signed: bool, here: bool) -> str | None:
        if self._is_working():
            return _("The chip is being signed.")
        refusal = self._desk.may(SignQuery)
        if refusal is not None:
            return str(refusal)
        if not signed and self.grid.problems:
            return _("{count} fields have to be put right first.").format(count=len(self.grid.problems))
        if not signed and not self.readers.keys:
            return _("Plug in the USB key.")
        if not plan.card_pin_known:
            return _("The PIN of this chip is not known here any more.")
        return None if here else _("Insert chip {serial}.").format(serial=plan.chip_serial)

    def _offer_keys(self) -> None:
        keys = self.readers.keys
        before = self.key.value()
        self.key.set_options([Option(state.reader, f"{state.owner} · {state.reader}") for state in keys])
        self.key.set_value(before if before in {state.reader for state in keys} else next((state.reader for state in keys), None))
        self.key.setVisible(len(keys) > 1)

    # -- working ---------------------------------------------------------------------------------------------------------------

    def sign(self) -> None:
        """Sign with the maker's key, then burn; only burn when it is signed already."""
        if self._sheet is None or not self.sign_button.isEnabled() or self._is_working():
            return
        self._error = None
        self.banner.hide()
        plan = self._sheet.plan
        if plan.record and not self._resign:
            self._burn(plan.seal_id)
            return
        information = self.grid.information
        reader = next((state for state in self.readers.keys if state.reader == self.key.value()), None)
        if information is None or reader is None or (self._key_work is not None and self._key_work.is_asking):
            return

        def start(pin: Pin) -> Any:
            return signing.sign(self._desk, plan.seal_id, information, reader.reader, pin)

        self._key_work = KeyWork(
            self._desk,
            self._shell,
            self,
            reader,
            _("Sign the query information of {name}").format(name=plan.seal_name),
            start,
            done=lambda _record: self._on_signed(plan.seal_id),
            failed=self._on_failed,
            begun=lambda: self._set_at(SignStep.SIGN),
        ).ask()

    def sign_again(self) -> None:
        """Review and sign anew; what was signed before is replaced."""
        if self._sheet is not None:
            self._resign = True
            self.grid.show_information(self._sheet.shown, self._sheet.permitted, may_edit=True)
            self._refresh()

    def go_on(self) -> None:
        """Show the next chip that waits."""
        following = self._next()
        if following is not None:
            self.table.select(following.seal_id)
            self._load_sheet(following.seal_id)

    def _on_signed(self, seal_id: str) -> None:
        self._resign = False
        self._burn(seal_id)

    def _burn(self, seal_id: str) -> None:
        assert self._sheet is not None
        chip = self.readers.chip(self._sheet.plan.chip_serial)
        self._set_at(SignStep.BURN)
        reader = "" if chip is None else chip.reader
        job = signing.burn_signature(self._desk, seal_id, reader)
        self._shell.run(job, self, self._on_burned, self._on_failed)

    def _on_burned(self, read: str) -> None:
        self._set_at(SignStep.COMPARE)
        self.grid.show_read_back(information_of_record(read))
        self._burned = True
        self._set_at(None)
        if self._sheet is not None:
            self._shell.say(_("{name} is signed.").format(name=self._sheet.plan.seal_name))
        self._load()

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, UserCancelled):
            self._set_at(None)
            return
        at = self._at if self._at is not None else SignStep.PIN
        self._error = error
        self._set_at(at)
        self._shell.failing(self.banner, retry=self.sign)(error)
        if self._sheet is not None:
            self._reload_record(self._sheet.plan.seal_id)

    def _reload_record(self, seal_id: str) -> None:
        """What was signed before the failure stays signed: only the burning is left then."""

        def take(found: Sheet | None) -> None:
            if found is not None and self._sheet is not None and self._sheet.plan.seal_id == seal_id:
                self._sheet = found
                self._refresh()

        self._shell.run(self._desk.ask(lambda session: sheet(session, seal_id)), self, take, self._failed)

    def _set_at(self, step: SignStep | None) -> None:
        self._at = step
        self._refresh()

    def _next(self) -> WaitingChip | None:
        shown = "" if self._sheet is None else self._sheet.plan.seal_id
        return next((chip for chip in self._chips if chip.seal_id != shown), None)


def _state(chip: WaitingChip) -> Chip:
    return Chip(_("To burn"), Tone.BUSY) if chip.signed else Chip(_("To sign"), Tone.IDLE)


def _searchable(chip: WaitingChip) -> str:
    return " ".join((chip.chip_serial, chip.seal_code, chip.order_number, chip.seal_name, chip.unit_name)).casefold()


def count(session: Any) -> int:
    """How many chips wait for the signature."""
    return len(waiting_chips(session))


def build(desk: DeskPort, shell: Shell) -> QWidget:
    """The workspace; the desk of the program is the one that `bootstrap()` made."""
    return SignatureWorkspace(cast(Desk, desk), shell)


SPEC = WorkspaceSpec("signature", N_("Sign"), "signature", SIGN.name, build, count, NOUNS)
