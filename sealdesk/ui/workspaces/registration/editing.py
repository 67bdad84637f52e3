"""The order that is being typed: which one, what was typed, what was saved of it, and what is wrong with it. Shows nothing itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import UserError
from sealdesk.core.lanes import Job
from sealdesk.domain.identifiers import area, area_name
from sealdesk.domain.orders import DRAFT, RETURNED
from sealdesk.stages.registration.checks import ExistingSeal, check_draft
from sealdesk.stages.registration.queries import OpenOrder, existing_seals
from sealdesk.stages.registration.rules import Draft, SaveDraft, SubmitOrder
from sealdesk.ui.desk import Shell
from sealdesk.ui.newest import Newest
from sealdesk.ui.theme import Delay
from sealdesk.ui.workspaces.registration.autosave import Autosave
from sealdesk.workflow.bus import Outcome
from sealdesk.workflow.desk import Desk

USCC_AREA = slice(2, 8)
"""Where a credit code holds the code of the area that registered the unit (GB 32100-2015)."""
EDITABLE = (DRAFT, RETURNED)


def new_order(draft: Draft | None = None) -> OpenOrder:
    """An order that is nowhere yet."""
    return OpenOrder(str(uuid4()), "", DRAFT, "", draft or Draft(), ())


class Editing(QObject):
    """`checked` comes with the problems, the area's name and the area that the credit code names.

    `saved` comes with the order's number, `submitted` with its new state, `refused` with whatever a command was refused with.
    """

    checked = Signal(tuple, str, str)
    saved = Signal(str)
    submitted = Signal(str)
    refused = Signal(object)

    def __init__(self, desk: Desk, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self.order = new_order()
        self.draft = self.order.draft
        self.is_submitting = False
        self._kept = self.draft
        self._saving: Job[Outcome] | None = None
        self._proofs: frozenset[str] = frozenset()
        self._existing: tuple[ExistingSeal, ...] = ()
        self._existing_of = ("", "", "")
        self._checks = Newest(desk.lanes.computing[-1], self._on_checked, self.refused.emit, self, delay_ms=Delay.CHECK_MS)
        self._autosave = Autosave(self)
        self._autosave.due.connect(self.save)

    @property
    def is_editable(self) -> bool:
        """Whether the order may still be changed."""
        return self.order.state in EDITABLE and not self.is_submitting

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.draft != self._kept

    @property
    def is_stored(self) -> bool:
        """Whether the store knows the order."""
        return bool(self.order.number)

    def open(self, order: OpenOrder, *, is_new_draft: bool = False) -> None:
        """Edit another order; what was typed in the one before is saved first. A new draft that is not empty is saved too."""
        self.save()
        self.order, self.draft = order, order.draft
        self._kept = Draft() if is_new_draft else order.draft
        self.is_submitting = False

    def change(self, draft: Draft, proofs: frozenset[str]) -> None:
        """The person typed."""
        if draft != self.draft:
            self.draft = draft
            self._autosave.note()
        self.check(proofs)

    def check(self, proofs: frozenset[str]) -> None:
        """Have the draft checked on a lane."""
        self._proofs = proofs
        order_id, draft, today, existing = self.order.id, self.draft, self._today(), self._known_seals()
        self._checks.want(lambda: _checked(order_id, draft, proofs, today, existing))

    def save(self) -> None:
        """Save what was typed, if anything was."""
        self._autosave.clear()
        if self.is_changed and self.is_editable:
            self.store()

    def store(self) -> str:
        """Put the order into the store as it is now, and return its id."""
        order_id, draft = self.order.id, self.draft
        if self.is_changed or not self.is_stored:
            self._kept = draft
            self._saving = job = self._desk.execute(SaveDraft(order_id, draft))
            self._shell.run(job, self, lambda outcome: self._on_saved(order_id, outcome), self._on_save_failed)
        return order_id

    def finish(self) -> Job[Outcome] | None:
        """Save at once; the job ends when everything is on the disk, None when it is already."""
        self.save()
        job = self._saving
        return None if job is None or (job.done and job.error is None) else job

    def submit(self) -> None:
        """提交审批."""
        order_id = self.store()
        self.is_submitting = True
        job = self._desk.execute(SubmitOrder(order_id))
        self._shell.run(job, self, lambda outcome: self._on_submitted(order_id, outcome), self._on_submit_failed)

    def _on_saved(self, order_id: str, outcome: Outcome) -> None:
        if order_id == self.order.id:
            self.order = replace(self.order, number=str(outcome.value))
            self.saved.emit(self.order.number)

    def _on_save_failed(self, error: BaseException) -> None:
        self._kept = Draft()
        self.refused.emit(error)

    def _on_submitted(self, order_id: str, outcome: Outcome) -> None:
        self.is_submitting = False
        if order_id == self.order.id:
            self.order = replace(self.order, state=str(outcome.value), return_reason="", draft=self.draft)
            self.submitted.emit(self.order.state)

    def _on_submit_failed(self, error: BaseException) -> None:
        self.is_submitting = False
        self.refused.emit(error)

    def _on_checked(self, result: _Result) -> None:
        order_id, draft, problems, area, registered = result
        if order_id == self.order.id and draft == self.draft:
            self.checked.emit(problems, area, registered)
            self._look_for_seals()

    def _whose(self) -> tuple[str, str, str]:
        return self.order.id, self.draft.unit.name, self.draft.unit.uscc

    def _known_seals(self) -> tuple[ExistingSeal, ...]:
        """What is known of the unit's seals in other orders."""
        return self._existing if self._existing_of == self._whose() else ()

    def _look_for_seals(self) -> None:
        """Ask the store which seals the unit has, once for each name and code, and check again when it has some that matter."""
        whose, unit = self._whose(), self.draft.unit
        if whose == self._existing_of or not (unit.name or unit.uscc):
            return

        def found(existing: tuple[ExistingSeal, ...]) -> None:
            if whose == self._whose():
                self._existing, self._existing_of = existing, whose
                if existing:
                    self.check(self._proofs)

        self._shell.run(self._desk.ask(lambda session: existing_seals(session, unit, whose[0])), self, found, self.refused.emit)

    def _today(self) -> date:
        return self._desk.clock.now().astimezone(CHINA).date()


_Result = tuple[str, Draft, tuple[UserError, ...], str, str]


def _checked(order_id: str, draft: Draft, proofs: frozenset[str], today: date, existing: tuple[ExistingSeal, ...]) -> _Result:
    problems = check_draft(draft, proofs, today, existing).problems
    code, registered = draft.unit.area_code, draft.unit.uscc[USCC_AREA]
    name = area_name(code) if area(code) is not None else ""
    return order_id, draft, problems, name, registered if area(registered) is not None else ""
