"""Registration at the counter: the unit at the left, its seals in the middle, the face at the right, and all of it saved while typing."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedWidget, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job
from sealdesk.domain.orders import RETURNED, SUBMITTED
from sealdesk.stages.registration.queries import OpenOrder, OrderLine, Proof, open_order, order_lines
from sealdesk.stages.registration.rules import Draft, DraftSeal, SaveDraft, SubmitOrder
from sealdesk.ui import icons
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, primary, quiet
from sealdesk.ui.parts.card import ActionBar
from sealdesk.ui.parts.layouts import column, margins, row, scrolling, text, upright
from sealdesk.ui.parts.state_chip import StateChip
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.ui.workspaces.registration.editing import Editing, new_order
from sealdesk.ui.workspaces.registration.face_panel import FacePanel
from sealdesk.ui.workspaces.registration.field_problems import FieldProblems
from sealdesk.ui.workspaces.registration.goods_panel import GoodsPanel
from sealdesk.ui.workspaces.registration.offer import Offer
from sealdesk.ui.workspaces.registration.order_list import STATES, OrderList, chip_of
from sealdesk.ui.workspaces.registration.order_tabs import GOODS, PAPERS, SEALS, OrderTabs
from sealdesk.ui.workspaces.registration.paper_view import PaperView
from sealdesk.ui.workspaces.registration.problem_panel import ProblemPanel
from sealdesk.ui.workspaces.registration.proofs_panel import ProofsPanel
from sealdesk.ui.workspaces.registration.seals_panel import SealsPanel, new_seal
from sealdesk.ui.workspaces.registration.unit_panel import UnitPanel
from sealdesk.workflow.bus import Outcome
from sealdesk.workflow.desk import Desk

ALIASES = {"unit.registration_number": "unit.uscc"}
"""The old number is typed into the same field."""


class RegistrationWorkspace(QWidget):
    """登记."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._filling = False
        self.problems = FieldProblems(self)
        self.editing = Editing(desk, shell, self)
        self.list = OrderList()
        self.banner = Banner()
        self._failed = shell.failing(self.banner)
        self.unit = UnitPanel(desk, self._failed, self.problems)
        self.offer = Offer(desk, shell, self)
        self.seals = SealsPanel(desk.lanes.computing[0], self.problems, self.offer)
        self.goods = GoodsPanel()
        self.proofs = ProofsPanel(desk, shell, self.editing.store)
        self.face = FacePanel(desk, shell, self.editing)
        self.paper = PaperView(desk, shell)
        self.problem_panel = ProblemPanel()
        self.save_button = normal(_("Save for now"), self._on_save_clicked, shortcut="Ctrl+S")
        self.submit_button = primary(_("Submit for approval"), self.submit, icon="go", shortcut="Ctrl+Return")
        self.more_button = primary(_("Go on with this unit"), self.go_on_with_unit, icon="add", shortcut="Ctrl+Shift+N")
        self.problem_button = quiet("", self._on_problem_button_clicked, icon="warn")
        self.bar = ActionBar(self.problem_button, self.save_button, self.submit_button, self.more_button)
        self.tabs = OrderTabs(self.seals, self.proofs, self.goods)
        self._title = text("", "heading")
        self._chip = StateChip()
        self._lay_out()
        self._connect()
        self.new()
        self._refresh_list()

    # -- what others call ------------------------------------------------------------------------------------------------------

    def show_subject(self, subject: object) -> None:
        """Open the order with the id `subject`, or begin a new one for the word "new"."""
        if subject == "new":
            self.new()
        elif isinstance(subject, str):
            self.open(subject)

    def save_draft(self) -> Job[Outcome] | None:
        """Save before the window closes."""
        return self.editing.finish()

    def new(self) -> None:
        """新建: an empty registration."""
        self._show_order(new_order())
        self.list.mark("")
        self.unit.begin()

    def open(self, order_id: str) -> None:
        """Open an order of the store."""
        self.editing.save()
        self._shell.run(self._desk.ask(lambda session: open_order(session, order_id)), self, self._on_opened, self._failed)

    def submit(self) -> None:
        """提交审批: the stage checks everything; what it finds stands beside the fields."""
        self.banner.hide()
        self._collect()
        self.editing.submit()
        self._show_state()

    def go_on_with_unit(self) -> None:
        """继续录入: the next order for the same unit, with its papers, beginning at its next seal."""
        before, proofs = self.editing.order.draft, self.proofs.proofs()
        seal = new_seal(before.seals, before.unit, self.offer)
        order = new_order(Draft(before.unit, before.handler, (seal,)))
        self._show_order(order, is_new_draft=True)
        self.list.mark("")
        order_id = self.editing.store()
        for proof in proofs:
            self.proofs.attach(order_id, proof)
        self.seals.editor.begin()

    # -- laying out ------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._unit_area = self._scroll(self.unit)
        self._middle_area = self._scroll(self.tabs)
        self.right = QStackedWidget()
        self.right.addWidget(self.face)
        self.right.addWidget(self.paper)
        columns = row(gap=Space.S)
        columns.addWidget(self._unit_area, 11)
        columns.addWidget(self._middle_area, 11)
        columns.addWidget(self.right, 10)
        head = row(self._title, self._chip, None, gap=Space.S)
        body = column(head, self.banner, gap=Space.S, around=margins(x=Space.S, y=Space.S))
        body.addLayout(columns, 1)
        editor = column(gap=0)
        editor.addLayout(body, 1)
        editor.addWidget(self.problem_panel)
        editor.addWidget(self.bar)
        whole = row(self.list, upright(), gap=0)
        whole.addLayout(editor, 1)
        self.setLayout(whole)
        self.setTabOrder(self.list, self.unit)

    def _scroll(self, content: QWidget) -> QScrollArea:
        area = scrolling(content)
        area.setMinimumWidth(Size.SIDE_WIDTH)
        return area

    def _connect(self) -> None:
        self.list.begun.connect(self.new)
        self.list.opened.connect(self.open)
        self.list.entered.connect(self.unit.begin)
        for panel in (self.unit, self.seals, self.goods):
            panel.edited.connect(self._on_edited)
        self.seals.shown.connect(lambda _id: self.face.show_seal(self.seals.current))
        self.seals.removed.connect(self._on_seal_removed)
        self.proofs.changed.connect(self._on_proofs_changed)
        self.proofs.opened.connect(self._on_proof_opened)
        self.face.settled.connect(self._on_proofs_changed)
        self.paper.closed.connect(lambda: self.right.setCurrentWidget(self.face))
        self.tabs.bar.currentChanged.connect(lambda _page: self.right.setCurrentWidget(self.face))
        self.problem_panel.chosen.connect(self.go_to)
        self.editing.checked.connect(self._on_checked)
        self.editing.saved.connect(self._on_saved)
        self.editing.submitted.connect(self._on_submitted)
        self.editing.refused.connect(self._on_refused)
        next_problem = QShortcut(QKeySequence("F8"), self)
        next_problem.activated.connect(self.problem_panel.go_on)
        self._shell.on_changed(self, frozenset({"orders"}), self._on_orders_changed)

    # -- the order that is shown -----------------------------------------------------------------------------------------------

    def _show_order(self, order: OpenOrder, *, is_new_draft: bool = False) -> None:
        self.editing.open(order, is_new_draft=is_new_draft)
        draft = order.draft
        self._filling = True
        self.problems.start_over()
        self.problem_panel.show_problems(())
        self.unit.show_unit(draft.unit, draft.handler)
        self.seals.show_seals(draft.seals, draft.unit)
        self.goods.show_goods(draft.goods)
        self.proofs.show_proofs(draft, order.proofs)
        self.face.show_seal(self.seals.current)
        self.right.setCurrentWidget(self.face)
        self._unit_area.verticalScrollBar().setValue(0)
        self._middle_area.verticalScrollBar().setValue(0)
        self.tabs.go(SEALS)
        self._filling = False
        self.banner.hide()
        self.bar.say("")
        self.tabs.show_counts(self.problem_panel.problems)
        self._show_state()
        self.editing.check(self.proofs.kinds())

    def _show_state(self) -> None:
        order = self.editing.order
        self._title.setText(order.number or _("New registration"))
        self._chip.show_chip(chip_of(order.state) if order.number else None)
        editable = self.editing.is_editable
        for panel in (self.unit, self.seals, self.goods, self.proofs):
            panel.setEnabled(editable)
        self.save_button.setVisible(editable)
        self.submit_button.setVisible(editable)
        self.problem_button.setVisible(editable)
        self.more_button.setVisible(not editable and not self.editing.is_submitting)
        self.bar.explain(self.save_button, _words(self._desk.may(SaveDraft)))
        self.bar.explain(self.submit_button, _words(self._desk.may(SubmitOrder)))
        if order.state == RETURNED and order.return_reason:
            self.banner.say(_("Returned: {reason}").format(reason=order.return_reason), Tone.WARN, _("Put it right and submit it again."))

    def _collect(self) -> None:
        draft = Draft(self.unit.unit(), self.unit.handler.person(), self.seals.seals(), self.goods.goods())
        self.editing.change(draft, self.proofs.kinds())

    def _on_edited(self) -> None:
        if self._filling or not self.editing.is_editable:
            return
        unit = self.unit.unit()
        if unit != self.editing.draft.unit:
            self.seals.follow(unit)
        self._collect()
        self.face.show_seal(self.seals.current)
        self.proofs.show_draft(self.editing.draft)
        self.tabs.show_counts(self.problem_panel.problems)

    def _on_seal_removed(self, seal: DraftSeal, place: int) -> None:
        undo = ((_("Undo"), lambda: self._put_back(seal, place)),)
        self.banner.say(_("The seal was removed."), Tone.IDLE, actions=undo)

    def _put_back(self, seal: DraftSeal, place: int) -> None:
        self.banner.hide()
        self.seals.insert(seal, place)

    def _on_proofs_changed(self) -> None:
        self.editing.check(self.proofs.kinds())

    def _on_proof_opened(self, proof: Proof) -> None:
        self.right.setCurrentWidget(self.paper)
        self.paper.show_proof(proof)

    # -- saving and submitting -------------------------------------------------------------------------------------------------

    def _on_save_clicked(self) -> None:
        self._collect()
        self.editing.store()

    def _on_saved(self, number: str) -> None:
        now = self._desk.clock.now().astimezone(CHINA)
        self.bar.say(_("Saved at {time}").format(time=f"{now:%H:%M:%S}"))
        self._title.setText(number)
        self._chip.show_chip(chip_of(self.editing.order.state))
        self.list.mark(self.editing.order.id)

    def _on_submitted(self, state: str) -> None:
        order = self.editing.order
        self._show_state()
        self.problems.start_over()
        self.problem_panel.show_problems(())
        self.tabs.show_counts(self.problem_panel.problems)
        if state == SUBMITTED:
            said = _("{number} was submitted. The permit arrives here by itself.").format(number=order.number)
        else:
            said = _("{number} needs no permit and waits for acceptance.").format(number=order.number)
        self.banner.say(said, Tone.OK, "", ((_("New registration"), self.new),))
        self.bar.say(_("“Go on with this unit” keeps unit and papers for its next seal."))
        self.more_button.setFocus()

    def _on_refused(self, error: BaseException) -> None:
        self._show_state()
        problems = error.problems if isinstance(error, ProblemsError) else ()
        if not problems:
            self._failed(error)
            return
        self.problems.show(tuple(_aliased(problem) for problem in problems))
        self.problems.show_everything()
        self._show_problems(problems)
        self.problem_panel.begin()

    # -- problems --------------------------------------------------------------------------------------------------------------

    def go_to(self, name: str) -> None:
        """Bring the cursor to the place of a problem."""
        name = ALIASES.get(name, name)
        parts = name.split(".")
        page = {"seals": SEALS, "proofs": PAPERS, "goods": GOODS}.get(parts[0])
        if page is not None:
            self.tabs.go(page)
        if parts[0] == "proofs" and len(parts) == 2:
            self.proofs.go_to(parts[1])
            self._middle_area.ensureWidgetVisible(self.proofs.slots.card(parts[1]))
            return
        if parts[0] == "goods" and len(parts) == 3:
            self.goods.go_to(int(parts[1]))
        elif parts[0] == "seals" and len(parts) > 2:
            self.seals.go_to(int(parts[1]), parts[2])
        elif parts[0] == "seals":
            self.seals.add_button.setFocus()
        field = self.problems.field(name)
        if field is not None:
            field.editor.setFocus()
        focus = self.focusWidget()
        # A row that has just been filled has its place only after the layout ran.
        QTimer.singleShot(0, self, lambda: self._bring_into_sight(focus))

    def _bring_into_sight(self, widget: QWidget | None) -> None:
        for area in (self._unit_area, self._middle_area):
            if widget is not None and area.isAncestorOf(widget):
                area.ensureWidgetVisible(widget, Space.M, Space.XXL)

    def _on_checked(self, problems: tuple[UserError, ...], area: str, registered: str) -> None:
        self.unit.show_area(area)
        self.unit.propose_area(registered)
        if not self.editing.is_editable:
            return
        self.problems.show(tuple(_aliased(problem) for problem in problems))
        self._show_problems(problems)

    def _show_problems(self, problems: tuple[UserError, ...]) -> None:
        self.problem_panel.show_problems(problems)
        self.tabs.show_counts(self.problem_panel.problems)
        self.problem_button.setText(_("{count} still to do").format(count=len(problems)) if problems else _("Ready to submit"))
        self.problem_button.setAccessibleName(self.problem_button.text())
        self.problem_button.setEnabled(bool(problems))
        icons.bind(self.problem_button, "warn" if problems else "ok", "warn" if problems else "ok")

    def _on_problem_button_clicked(self) -> None:
        self.problem_panel.setVisible(self.problem_panel.isHidden() and bool(self.problem_panel.problems))
        if not self.problem_panel.isHidden():
            self.problem_panel.list.setFocus()

    # -- the list --------------------------------------------------------------------------------------------------------------

    def _on_orders_changed(self) -> None:
        self._refresh_list()
        order = self.editing.order
        if order.number and not self.editing.is_changed:
            self._shell.run(self._desk.ask(lambda session: open_order(session, order.id)), self, self._on_looked_again, self._failed)

    def _on_looked_again(self, order: OpenOrder | None) -> None:
        """The platform may have returned or permitted the order that is on the screen."""
        here = self.editing.order
        if order is not None and order.id == here.id and order.state != here.state and not self.editing.is_changed:
            self._show_order(order)

    def _refresh_list(self) -> None:
        self._shell.run(self._desk.ask(lambda session: order_lines(session, STATES)), self, self._on_lines, self._failed)

    def _on_lines(self, lines: tuple[OrderLine, ...]) -> None:
        self.list.show_orders(lines)
        if self.editing.is_stored:
            self.list.mark(self.editing.order.id)

    def _on_opened(self, order: OpenOrder | None) -> None:
        if order is None:
            self.banner.say(_("This entry is no longer there."), Tone.WARN)
            return
        self._show_order(order)
        self.list.mark(order.id)

    def showEvent(self, event: QShowEvent) -> None:
        """Whoever comes to this tab wants to type."""
        super().showEvent(event)
        focus = QApplication.focusWidget()
        if not event.spontaneous() and (focus is None or not self.isAncestorOf(focus)) and self.editing.is_editable:
            self.unit.begin()


def _aliased(problem: UserError) -> UserError:
    """The problem at the field where it can be put right."""
    if problem.field in ALIASES:
        return type(problem)(field=ALIASES[problem.field], **problem.facts)
    return problem


def _words(error: UserError | None) -> str | None:
    return None if error is None else " ".join(part for part in (str(error), error.advise()) if part)
