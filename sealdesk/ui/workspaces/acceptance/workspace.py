"""Acceptance: the waiting orders, the permit of the chosen one with its verdict, 签收证明 and 通过承接 for one or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Job, Lane, Progress
from sealdesk.domain.orders import COUNTERSIGNED, ORDER_MACHINE, PERMITTED, READY
from sealdesk.domain.pin import Pin
from sealdesk.face.drawing import Drawing
from sealdesk.face.faces import face_from
from sealdesk.stages.acceptance.countersigning import countersign
from sealdesk.stages.acceptance.queries import AcceptedSeal, PermitView, WaitingOrder, permit_view, waiting_orders
from sealdesk.stages.acceptance.rules import ACCEPT, AcceptOrder, CountersignPermit
from sealdesk.ui import desk as window
from sealdesk.ui.desk import Shell, WorkspaceSpec
from sealdesk.ui.key_pin import KeyWork
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, primary
from sealdesk.ui.parts.card import ActionBar, Card, PageHeader
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.history import Happening, History
from sealdesk.ui.parts.layouts import column, holding, margins, row, scrolling
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Column
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.acceptance.permit_card import PermitCard
from sealdesk.ui.workspaces.acceptance.verdict_card import VerdictCard
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.history import Line, history_of_order

NOUNS = frozenset({"orders", "permits"})
LIST_WIDTH = Size.SLOT_WIDTH + Size.SLOT_WIDTH - Space.L
LIST_LEAST = LIST_WIDTH - 2 * Size.ROW_TALL
DETAIL_WIDTH = 4 * Size.SLOT_WIDTH
"""What the permit and the verdict beside it need; in a narrow window the list gives way."""
ACCEPTABLE = (COUNTERSIGNED, READY)
_CHIPS = {
    PERMITTED: Chip(N_("To countersign"), Tone.WARN),
    COUNTERSIGNED: Chip(N_("Countersigned"), Tone.BUSY),
    READY: Chip(N_("No permit needed"), Tone.IDLE),
}
"""How a waiting order stands, in fewer words than its state has."""


def chip_of(state: str) -> Chip:
    """The chip of a waiting order."""
    known = _CHIPS.get(state)
    return Chip(_(known.word), known.tone) if known else Chip(_(ORDER_MACHINE.states[state].title), Tone.OK)


def columns() -> tuple[Column[WaitingOrder], ...]:
    """The columns of the list."""
    return (
        Column(_("Unit"), lambda order: order.unit_name),
        Column(_("State"), lambda order: chip_of(order.state).word, 11, chip=lambda order: chip_of(order.state)),
    )


class AcceptanceWorkspace(QWidget):
    """承接."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._wanted = ""
        self._view: PermitView | None = None
        self._busy = ""
        self._goes_on = False
        self.readers = LiveReaders(desk.devices, self)
        self.banner = Banner()
        self._failed = shell.failing(self.banner)
        empty = Empty("permit", _("Nothing to accept"), _("Permits appear here by themselves once the police office has issued them."))
        self.table = Table(_("Orders to accept"), columns(), lambda order: order.id, empty, ticks=True)
        self.permit = PermitCard()
        self.verdict = VerdictCard()
        self.history = History()
        self.countersign_button = normal(_("Countersign permit"), self.countersign, icon="signature", shortcut="Ctrl+Q")
        self.accept_button = primary(_("Accept order"), self.accept, icon="go", shortcut="Ctrl+Return")
        self.bar = ActionBar(self.countersign_button, self.accept_button)
        self._lay_out()
        self.table.selected.connect(self._on_table_selected)
        self.table.ticked.connect(lambda _rows: self._show_actions())
        self.readers.changed.connect(self._show_actions)
        shell.on_changed(self, NOUNS, self.refresh)
        self._show_actions()
        self.refresh()

    # -- what others call ------------------------------------------------------------------------------------------------------

    def show_subject(self, subject: object) -> None:
        """Show the order with the id `subject`."""
        if isinstance(subject, str) and not self.table.select(subject):
            self._wanted = subject

    def refresh(self) -> None:
        """Look again what waits."""
        self._shell.run(self._desk.ask(waiting_orders), self, self._on_orders, self._failed)

    def targets(self) -> tuple[WaitingOrder, ...]:
        """The orders that the buttons are about: the ticked ones, or else the chosen one."""
        ticked: tuple[WaitingOrder, ...] = self.table.ticked_rows()
        current = self.table.current_row()
        return ticked or (() if current is None else (current,))

    def countersign(self) -> None:
        """签收证明: one PIN for all permits."""
        orders = tuple(order for order in self.targets() if order.state == PERMITTED)
        keys = sorted(self.readers.keys, key=lambda state: state.owner != self._desk.actor.name)
        if not orders or not keys or self._busy:
            return
        ids, reader = tuple(order.id for order in orders), keys[0]
        purpose = _("Countersign permit {number}").format(number=orders[0].permit) if len(orders) == 1 else ""
        self.banner.hide()
        KeyWork(
            self._desk,
            self._shell,
            self,
            reader,
            purpose or _("Countersign {count} permits").format(count=len(orders)),
            lambda pin: self._countersign(ids, reader.reader, pin),
            done=self._on_countersigned,
            failed=self._on_countersign_failed,
            begun=self._on_begun,
            progress=self._on_progress,
        ).ask()

    def accept(self) -> None:
        """通过承接: every order that may go on does."""
        orders = tuple(order for order in self.targets() if order.state in ACCEPTABLE)
        if not orders or self._busy:
            return
        self.banner.hide()
        jobs = [self._desk.execute(AcceptOrder(order.id)) for order in orders]
        for job in jobs[:-1]:
            self._shell.run(job, self, lambda _outcome: None, self._failed)
        self._shell.run(jobs[-1], self, lambda _outcome: self._on_accepted(orders), self._failed)

    # -- laying out ------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.header = PageHeader(_("Accept"))
        left = column(self.header, gap=Space.S, around=margins(x=Space.M, y=Space.S))
        left.addWidget(self.table, 1)
        side = holding(left)
        side.setFixedWidth(LIST_WIDTH)
        self._side = side
        history = Card(_("History"))
        history.body.addWidget(self.history)
        beside = holding(column(self.verdict, history, None, gap=Space.S))
        beside.setFixedWidth(Size.SIDE_WIDTH - Space.M)
        document = column(self.permit, None, gap=0)
        sheets = row(gap=Space.S, around=margins(x=0, y=Space.S))
        sheets.addLayout(document, 1)
        sheets.addWidget(beside, 0, Qt.AlignmentFlag.AlignTop)
        detail = scrolling(holding(sheets))
        detail.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        nothing = EmptyState(Empty("permit", _("No order chosen"), _("Choose an order at the left to see its permit.")))
        self.pages = QStackedWidget()
        self.pages.addWidget(nothing)
        self.pages.addWidget(detail)
        self._detail = detail
        right = column(self.banner, gap=Space.S, around=margins(x=Space.M, y=Space.S))
        right.addWidget(self.pages, 1)
        both = row(side, gap=0)
        both.addLayout(right, 1)
        whole = column(gap=0)
        whole.addLayout(both, 1)
        whole.addWidget(self.bar)
        self.setLayout(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(max(LIST_LEAST, min(LIST_WIDTH, self.width() - DETAIL_WIDTH)))

    # -- the list and the chosen order -----------------------------------------------------------------------------------------

    def _on_orders(self, orders: tuple[WaitingOrder, ...]) -> None:
        place = self.table.currentIndex().row()
        self.table.show_rows(orders)
        to_sign = sum(1 for order in orders if order.state == PERMITTED)
        self.header.sentence.setText(_("{count} to countersign").format(count=to_sign) if to_sign else "")
        wanted, self._wanted = self._wanted, ""
        if wanted and self.table.select(wanted):
            return
        if self.table.current_row() is None and orders:
            self.table.selectRow(min(max(place, 0), len(orders) - 1))
        if not orders:
            self._on_table_selected(None)
        self._show_actions()
        self._go_on()

    def _go_on(self) -> None:
        """Lead from the countersignature to the acceptance, once both the signing has ended and the list knows of it."""
        if self._goes_on and self.accept_button.isEnabled():
            self._goes_on = False
            self.accept_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_table_selected(self, order: WaitingOrder | None) -> None:
        if order is None:
            self._view = None
            self.pages.setCurrentIndex(0)
            self._show_actions()
            return
        now, sentence_of = self._desk.clock.now(), self._desk.bus.sentence
        order_id = order.id
        self._shell.run(self._desk.ask(lambda session: permit_view(session, order_id, now)), self, self._on_view, self._failed)
        history = self._desk.ask(lambda session: history_of_order(session, order_id, sentence_of))
        self._shell.run(history, self, lambda lines: self._on_history(order_id, lines), self._failed)
        self._show_actions()

    def _on_view(self, view: PermitView | None) -> None:
        current = self.table.current_row()
        if view is None or current is None or view.order.id != current.id:
            return
        if self._view is None or self._view.order.id != view.order.id:
            self._detail.verticalScrollBar().setValue(0)
        self._view = view
        self.permit.show_view(view)
        self.verdict.show_verdict(view.verdict)
        self.pages.setCurrentIndex(1)
        for seal in view.seals:
            self._lay_out_face(seal)
        self._show_actions()

    def _lay_out_face(self, seal: AcceptedSeal) -> None:
        drawn = _drawing(self._desk.lanes.computing[-1], seal.spec)
        self._shell.run(drawn, self, lambda drawing: self.permit.show_face(seal.id, drawing, seal.name), self._failed)

    def _on_history(self, order_id: str, lines: Sequence[Line]) -> None:
        current = self.table.current_row()
        if current is None or current.id != order_id:
            return
        self.history.show_happenings(
            tuple(_happening(line) for line in reversed(lines)),
            self._desk.clock.now(),
        )

    # -- the two actions -------------------------------------------------------------------------------------------------------

    def _show_actions(self) -> None:
        targets = self.targets()
        for button in (self.countersign_button, self.accept_button):
            self.bar.explain(button, None)  # the reason given first is the one that stands in the bar
        self.bar.explain(self.countersign_button, self._why_no_countersigning(targets))
        self.bar.explain(self.accept_button, self._why_no_acceptance(targets))
        if targets:
            self.bar.say(_("{count} orders ticked").format(count=len(targets)) if len(targets) > 1 else targets[0].unit_name)

    def _why_no_countersigning(self, targets: tuple[WaitingOrder, ...]) -> str | None:
        denied = self._desk.may(CountersignPermit)
        if self._busy:
            return self._busy
        if denied is not None:
            return str(denied)
        if not targets:
            return _("Choose an order first.")
        if not any(order.state == PERMITTED for order in targets):
            none_needed = all(order.state == READY for order in targets)
            return _("No permit is needed.") if none_needed else _("The permit is countersigned already.")
        view = self._view
        if (
            len(targets) == 1
            and view is not None
            and view.order.id == targets[0].id
            and view.verdict is not None
            and not view.verdict.holds
        ):
            return _("The permit cannot be used: {reason}").format(reason=view.verdict.reason)
        if not self.readers.keys:
            return _("Insert the USB key with the maker's seal.")
        return None

    def _why_no_acceptance(self, targets: tuple[WaitingOrder, ...]) -> str | None:
        denied = self._desk.may(AcceptOrder)
        if self._busy:
            return self._busy
        if denied is not None:
            return str(denied)
        if not targets:
            return _("Choose an order first.")
        if not any(order.state in ACCEPTABLE for order in targets):
            return _("Countersign the permit first.")
        return None

    def _countersign(self, ids: tuple[str, ...], reader: str, pin: Pin) -> Job[tuple[str, ...]]:
        return countersign(self._desk, ids, reader, pin)

    def _on_begun(self) -> None:
        self._busy = _("Permits are being countersigned.")
        self._show_actions()

    def _on_progress(self, progress: Progress) -> None:
        self._busy = progress.step
        self._show_actions()

    def _on_countersigned(self, done: tuple[str, ...]) -> None:
        self._busy = ""
        self._shell.say(_("{count} permits countersigned").format(count=len(done)))
        self._goes_on = True
        self._show_actions()
        self._go_on()

    def _on_countersign_failed(self, error: BaseException) -> None:
        self._busy = ""
        self._show_actions()
        self._failed(error)

    def _on_accepted(self, orders: tuple[WaitingOrder, ...]) -> None:
        words = orders[0].unit_name if len(orders) == 1 else _("{count} orders").format(count=len(orders))
        self._shell.say(_("Accepted, now in production: {what}").format(what=words))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def _happening(line: Line) -> Happening:
    """A line of the history; the sentence names the person already, so the seal it is about stands below it."""
    who = line.about or ("" if line.actor in line.sentence else line.actor)
    return Happening(line.at, who, line.sentence, Tone.FAULT if line.refused else Tone.IDLE)


def _drawing(lane: Lane, spec: object) -> Job[Drawing]:
    return lane.submit(lambda _task: face_from(spec).drawing)


def _build(desk: window.Desk, shell: Shell) -> QWidget:
    return AcceptanceWorkspace(cast(Desk, desk), shell)


SPEC = WorkspaceSpec(
    name="acceptance",
    title=N_("Accept"),
    icon="acceptance",
    permission=ACCEPT.name,
    build=_build,
    count=lambda session: len(waiting_orders(session)),
    nouns=NOUNS,
)
