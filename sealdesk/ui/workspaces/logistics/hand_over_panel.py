"""One hand-over at the counter: papers checked, record signed and burned into each chip, slip and PIN mailer printed, finished."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from sealdesk.core.errors import UserCancelled
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job, Progress
from sealdesk.domain.pin import Pin
from sealdesk.stages.logistics import handing_over, papers
from sealdesk.stages.logistics.queries import DeliverableOrder
from sealdesk.stages.logistics.rules import SignDelivery, WithdrawDelivery
from sealdesk.ui import icons
from sealdesk.ui.desk import Shell
from sealdesk.ui.interaction import Danger
from sealdesk.ui.key_pin import KeyWork
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, primary, quiet
from sealdesk.ui.parts.card import ActionBar, Card
from sealdesk.ui.parts.fields import ChoiceField, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.history import Happening, History
from sealdesk.ui.parts.layouts import column, holding, margins, row, scrolling, text
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.parts.stepper import Stepper
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.saving import save_paper
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.logistics.collector_form import CollectorForm
from sealdesk.ui.workspaces.logistics.course import Counter, Phase, course_of
from sealdesk.ui.workspaces.logistics.seals_card import SealsCard
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.history import Line
from sealdesk.workflow.uow import MissingError

SLIP, MAILER = "slip", "mailer"


class HandOverPanel(QWidget):
    """`changed` comes when something was done that the lists do not know yet."""

    changed = Signal()

    def __init__(self, desk: Desk, shell: Shell, readers: LiveReaders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._readers = readers
        self._order: DeliverableOrder | None = None
        self._working = ""
        self._burning = ""
        self._error: BaseException | None = None
        self._saved: set[tuple[str, str]] = set()
        self._key_work: KeyWork[Any] | None = None
        self.banner = Banner()
        self.title = text("", "title", wrap=True)
        self.about = text("", "soft", wrap=True)
        self.seals = SealsCard(desk, shell)
        self.collector = CollectorForm(desk, shell)
        self.key = ChoiceField("key", _("USB key"), (), required=True)
        self.stepper = Stepper()
        self.history = History()
        self._make_papers()
        self._make_withdrawal()
        self.main_button = primary("", self.go_on, icon="logistics", shortcut="Ctrl+Return")
        self.withdraw_button = quiet(_("Withdraw…"), self._on_withdraw_clicked)
        self.main_button.setEnabled(False)
        self.action_bar = ActionBar(self.withdraw_button, self.main_button)
        self._lay_out()
        self.collector.edited.connect(self.refresh)
        readers.changed.connect(self.refresh)

    # -- building --------------------------------------------------------------------------------------------------------------

    def _make_papers(self) -> None:
        self.slip_button = normal(_("Save and open the slip"), lambda: self._save(SLIP), icon="print")
        self.mailer_button = normal(_("Save and open the PIN mailer"), lambda: self._save(MAILER), icon="print")
        self.slip_chip, self.mailer_chip = StateChip(), StateChip()
        self.mailer_words = text(
            _("Finishing erases the card PINs from this program: print the mailer first, then delete its file."), "caption", wrap=True
        )
        self.collected_by = text("", "", wrap=True)
        self.papers_card = Card(_("Papers"))
        self.papers_card.body.addWidget(self.collected_by)
        self.papers_card.body.addLayout(row(self.slip_button, self.slip_chip, None))
        self._mailer_row = holding(column(row(self.mailer_button, self.mailer_chip, None), self.mailer_words, gap=Space.S))
        self.papers_card.body.addWidget(self._mailer_row)

    def _make_withdrawal(self) -> None:
        self.reason_form = Form(columns=1)
        hint = _("For example: the collector went away again")
        self.reason = self.reason_form.add(
            TextField("reason", _("Why is the hand-over withdrawn?"), required=True, placeholder=hint, length_max=100)
        )
        self.withdraw_card = Card(_("Withdraw the hand-over"))
        self.confirm_button = normal(_("Withdraw"), self._on_confirm_clicked, icon="remove")
        self.withdraw_card.body.addWidget(self.reason_form)
        self.withdraw_card.body.addLayout(row(None, quiet(_("Keep it"), self.withdraw_card.hide), self.confirm_button))
        self.withdraw_card.hide()

    def _lay_out(self) -> None:
        self._left = scrolling(holding(column(self.withdraw_card, self.seals, self.papers_card, self.collector, None, gap=Space.M)))
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("Progress and history"))
        self.tabs.addTab(_("Progress"))
        self.tabs.addTab(_("History"))
        history = scrolling(holding(column(self.history, around=margins(Space.S))))
        self._side = QStackedWidget()
        self._side.addWidget(self.stepper)
        self._side.addWidget(history)
        self.tabs.currentChanged.connect(self._side.setCurrentIndex)
        right = holding(column(self.tabs, self.key, gap=Space.S))
        right_layout = right.layout()
        assert right_layout is not None
        right_layout.addWidget(self._side)
        right.setFixedWidth(Size.SIDE_WIDTH)
        middle = row(gap=Space.M)
        middle.addWidget(self._left, 1)
        middle.addWidget(right)
        body = column(self.title, self.about, self.banner, gap=Space.XXS, around=margins(x=Space.M, y=0))
        body.addSpacing(Space.S)
        body.addLayout(middle, 1)
        whole = column(gap=Space.M)
        whole.setContentsMargins(0, Space.S, 0, 0)
        whole.addLayout(body, 1)
        whole.addWidget(self.action_bar)
        self.setLayout(whole)

    # -- showing ---------------------------------------------------------------------------------------------------------------

    @property
    def order_id(self) -> str:
        """The order that is shown; empty for none."""
        return "" if self._order is None else self._order.id

    @property
    def is_working(self) -> bool:
        """Whether something is being signed, burned or finished."""
        return bool(self._working)

    def show_order(self, order: DeliverableOrder, lines: tuple[Line, ...]) -> None:
        """Show another order, or the same in another state."""
        if self._order is None or self._order.id != order.id:
            self._error, self._burning = None, ""
            self.banner.hide()
            self.withdraw_card.hide()
            self.tabs.setCurrentIndex(0)
        self._order = order
        self.title.setText(order.unit_name)
        self.about.setText(_("Order {number}  ·  {count} seals").format(number=order.number, count=len(order.seals)))
        self.seals.show_order(order, self._shell.failing(self.banner))
        self.collector.show_order(order)
        tones = {True: Tone.WARN, False: Tone.IDLE}
        self.history.show_happenings(
            [
                Happening(line.at, line.about or ("" if line.actor in line.sentence else line.actor), line.sentence, tones[line.refused])
                for line in lines
            ],
            self._desk.clock.now(),
        )
        self.refresh()

    @property
    def counter(self) -> Counter | None:
        """How the hand-over stands now."""
        order = self._order
        if order is None:
            return None
        here = frozenset(chip.serial for chip in self._readers.chips)
        delivery = "" if order.delivery is None else order.delivery.id
        saved = ((delivery, SLIP) in self._saved, (delivery, MAILER) in self._saved)
        return Counter(order, here, *saved, self._working, self._burning, self._error)

    def refresh(self) -> None:
        """Show how things stand now."""
        counter = self.counter
        if counter is None:
            return
        phase = counter.phase
        self.stepper.show_course(course_of(counter))
        self._offer_keys(phase)
        self.collector.setVisible(phase is Phase.CHECK)
        self.papers_card.setVisible(phase is not Phase.CHECK)
        delivery = counter.order.delivery
        if delivery is not None:
            self.collected_by.setText(
                _("Collected by {name}, delivery {number}").format(name=delivery.collector.name, number=delivery.number)
            )
        saved, missing = Chip(_("Saved"), Tone.OK), Chip(_("Not saved yet"), Tone.WARN)
        self.slip_chip.show_chip(saved if counter.slip_saved else missing if phase is not Phase.DONE else None)
        self.mailer_chip.show_chip(saved if counter.mailer_saved else missing)
        self._mailer_row.setVisible(counter.mailer_needed and phase is not Phase.DONE)
        self.withdraw_button.setVisible(phase in (Phase.BURN, Phase.PAPERS, Phase.FINISH) and not self._working)
        words = {
            Phase.CHECK: _("Sign delivery"),
            Phase.BURN: _("Burn delivery record"),
            Phase.PAPERS: _("Finish hand-over"),
            Phase.FINISH: _("Finish hand-over"),
            Phase.DONE: "",
        }
        self.main_button.setText(words[phase])
        self.main_button.setAccessibleName(words[phase])
        icon = {Phase.CHECK: "signature", Phase.BURN: "chip"}.get(phase, "ok")
        icons.bind(self.main_button, icon, "on_seal")
        self.main_button.setVisible(phase is not Phase.DONE)
        self.action_bar.explain(self.main_button, None if phase is Phase.DONE else self._why_not(counter))
        self.action_bar.say("")
        self.action_bar.setVisible(phase is not Phase.DONE)

    def _why_not(self, counter: Counter) -> str | None:
        if self._working:
            return self._working
        refusal = self._desk.may(SignDelivery)
        if refusal is not None:
            return str(refusal)
        phase = counter.phase
        if phase is Phase.CHECK:
            return None if self._readers.keys else _("Plug in the USB key.")
        if phase is Phase.BURN:
            seal = counter.unburned[0]
            if seal.chip_serial not in counter.here:
                return _("Insert chip {serial}: {name}.").format(serial=seal.chip_serial, name=seal.name)
        if phase is Phase.PAPERS:
            if not counter.slip_saved:
                return _("Save the slip first.")
            return _("Save the PIN mailer first: the card PINs are erased when you finish.")
        return None

    def _offer_keys(self, phase: Phase) -> None:
        keys = self._readers.keys
        before = self.key.value()
        self.key.set_options([Option(state.reader, f"{state.owner} · {state.reader}") for state in keys])
        self.key.set_value(before if before in {state.reader for state in keys} else next((state.reader for state in keys), None))
        self.key.setVisible(phase is Phase.CHECK and len(keys) > 1)

    # -- working ---------------------------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Do what the main button says."""
        counter = self.counter
        if counter is None or self._why_not(counter) is not None:
            return
        self.banner.hide()
        self._error = None
        steps: dict[Phase, Callable[[], None]] = {Phase.CHECK: self._sign, Phase.BURN: self._burn, Phase.FINISH: self._finish}
        if counter.phase in steps:
            steps[counter.phase]()

    def _sign(self) -> None:
        order = self._order
        reader = next((state for state in self._readers.keys if state.reader == self.key.value()), None)
        if order is None or reader is None or (self._key_work is not None and self._key_work.is_asking):
            return
        if not self.collector.is_in_order():
            if self.collector.slot.isVisible() and not self.collector.papers.authorisation:
                self._left.ensureWidgetVisible(self.collector.slot)
            return
        collector, seen = self.collector.collector, self.collector.papers

        def start(pin: Pin) -> Job[Any]:
            return handing_over.sign_delivery(self._desk, order.id, collector, seen, reader.reader, pin)

        self._key_work = KeyWork(
            self._desk,
            self._shell,
            self,
            reader,
            _("Sign the delivery to {name}").format(name=collector.name),
            start,
            done=lambda _begun: self._on_signed(),
            failed=self._on_sign_failed,
            begun=lambda: self._work(_("Signing the delivery record")),
        ).ask()

    def _on_signed(self) -> None:
        self._work("")
        self._shell.say(_("The delivery is signed."))
        self.changed.emit()

    def _on_sign_failed(self, error: BaseException) -> None:
        self._fail(error, self.collector.form)

    def _burn(self) -> None:
        counter = self.counter
        if counter is None or not counter.unburned:
            return
        seal = counter.unburned[0]
        chip = self._readers.chip(seal.chip_serial)
        if chip is None:
            return
        self._burning = seal.id
        self._work(_("Burning the delivery record into {name}").format(name=seal.name))
        job = handing_over.burn_delivery(self._desk, counter.order.id, seal.id, chip.reader)
        self._shell.run(job, self, lambda _read: self._on_burned(), self._fail, self._on_progress)

    def _on_progress(self, progress: Progress) -> None:
        self._work(progress.step)

    def _on_burned(self) -> None:
        self._burning = ""
        self._work("")
        self.changed.emit()

    def _finish(self) -> None:
        order = self._order
        if order is None or order.delivery is None:
            return

        def done(_nothing: object) -> None:
            self._work("")
            if self.action_bar.hasFocus():
                self.slip_button.setFocus()  # the bar goes away with the last action
            self._shell.say(_("{unit}: the seals are handed over.").format(unit=order.unit_name))
            self.changed.emit()

        self._work(_("Finishing the hand-over"))
        self._shell.run(handing_over.finish(self._desk, order.delivery.id), self, done, self._fail)

    def _fail(self, error: BaseException, form: Form | None = None) -> None:
        self._error = None if isinstance(error, UserCancelled) else error
        if self._error is None:
            self._burning = ""
        self._shell.failing(self.banner, form, retry=self.go_on)(error)
        self._work("")

    def _work(self, words: str) -> None:
        self._working = words
        self.refresh()

    # -- papers ----------------------------------------------------------------------------------------------------------------

    def _save(self, kind: str) -> None:
        order = self._order
        if order is None or order.delivery is None:
            return
        order_id, delivery = order.id, order.delivery
        title = _("Delivery slip") if kind == SLIP else _("PIN mailer")

        def make() -> Job[bytes]:
            return self._desk.ask(lambda session: _paper(session, order_id, kind))

        def saved(path: Path) -> None:
            self._saved.add((delivery.id, kind))
            self._shell.say(_("Saved to {folder}").format(folder=path))
            self.refresh()

        failed = self._shell.failing(self.banner)
        name = f"{title} {delivery.number}.pdf"
        save_paper(self, self._shell, self._desk.lanes.computing[0], make, name, saved=saved, failed=failed)

    # -- withdrawing -----------------------------------------------------------------------------------------------------------

    def _on_withdraw_clicked(self) -> None:
        self.withdraw_card.show()
        self.reason_form.go_to("reason")

    def _on_confirm_clicked(self) -> None:
        order = self._order
        if order is None or order.delivery is None or self.reason_form.check():
            self.reason_form.go_to("reason")
            return
        delivery_id, reason = order.delivery.id, self.reason.value()
        danger = Danger(
            _("Withdraw the hand-over to {name}?").format(name=order.delivery.collector.name),
            _("The signed record is kept as withdrawn, and the order waits for hand-over again."),
            _("Withdraw"),
        )
        self._shell.confirm(danger, lambda: self._withdraw(delivery_id, reason))

    def _withdraw(self, delivery_id: str, reason: str) -> None:
        def done(_outcome: object) -> None:
            self.withdraw_card.hide()
            self.reason_form.set_values({"reason": ""})
            self.collector.form.set_values({"original_seen": False})
            self._error, self._burning = None, ""
            self._shell.say(_("The hand-over is withdrawn."))
            self.changed.emit()

        failed = self._shell.failing(self.banner, self.reason_form)
        self._shell.run(self._desk.execute(WithdrawDelivery(delivery_id, reason)), self, done, failed)


def _paper(session: Any, order_id: str, kind: str) -> bytes:
    content = papers.delivery_slip(session, order_id) if kind == SLIP else papers.pin_mailer(session, order_id)
    if content is None:
        raise MissingError(what="card PIN", id=order_id)
    return content
