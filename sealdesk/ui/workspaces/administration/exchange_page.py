"""The exchange with the platform: how it stands, what was refused and needs a decision, and what waits to be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QSplitter, QWidget
from shiboken6 import isValid

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Job
from sealdesk.stages.administration.queries import Exchange, Waiting, exchange
from sealdesk.ui import jobs
from sealdesk.ui.desk import Shell
from sealdesk.ui.interaction import Danger
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, normal, primary
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.empty_state import Empty
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.parts.sync_strip import SyncLine, sync_words
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Align, Column
from sealdesk.ui.theme import Space, Tone
from sealdesk.workflow.decisions import DropChange, DropMessage, ResendMessage
from sealdesk.workflow.desk import Desk, SyncState

KINDS: dict[str, str] = {
    "registration.submit": N_("Registration submitted for approval"),
    "permit.countersign": N_("Permit countersigned"),
    "order.accept": N_("Order accepted"),
    "certificate.request": N_("Certificate requested for a chip"),
    "seal.made": N_("Seal made"),
    "seal.signed": N_("Query information signed"),
    "order.delivered": N_("Order handed over"),
    "key.bind": N_("USB key bound to a person"),
    "audit.head": N_("Head of the audit trail signed"),
    "registration.returned": N_("Registration returned by the platform"),
    "permit.issued": N_("Permit issued by the platform"),
    "certificate.issued": N_("Certificate issued by the platform"),
}
"""What messages and changes are called."""


_WIDTHS = (55, 45)
"""Shares of the two tables."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that needs a person: a message of ours that was refused, or a change of the platform that could not be applied."""

    seq: int
    is_ours: bool
    kind: str
    subject: str
    about: str
    reason: str
    at: datetime | None


class ExchangePage(QWidget):
    """与平台的交换."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._failed = shell.failing(self._make_banner())
        self.chip = StateChip()
        self._address = text("", "soft")
        self._message = text("", "soft", wrap=True)
        self.exchange_button = normal(_("Exchange now"), self.exchange_now, icon="retry")
        self.decisions = _decision_table()
        self.waiting = _waiting_table()
        self.reason = text("", "", wrap=True)
        self.again_button = primary(_("Send again"), self.again)
        self.drop_button = normal(_("Give up"), self.drop)
        self._lay_out()
        self.decisions.selected.connect(lambda _row: self._show_choice())
        self._end = desk.sync.subscribe(lambda state: jobs.post(lambda: self._on_state(state)))
        self.destroyed.connect(self._end)
        shell.on_changed(self, frozenset({"outbox"}), self.refresh)
        self._show_state(desk.sync.state())
        self.refresh()

    def refresh(self) -> None:
        """Read what waits again."""
        self._shell.run(self._desk.ask(exchange), self, self._on_exchange, self._failed)

    def exchange_now(self) -> None:
        """One whole exchange, also of what wanted to wait."""
        self.banner.hide()
        self.exchange_button.setEnabled(False)
        self._shell.run(self._desk.sync.exchange(), self, self._on_exchanged, self._on_exchange_failed)

    def again(self) -> None:
        """Send the chosen message once more, or apply the chosen change once more."""
        chosen = self._chosen()
        if chosen is None:
            return
        self.banner.hide()
        if chosen.is_ours:
            self._run(self._desk.execute(ResendMessage(chosen.seq, chosen.subject)), _("The message is sent again."))
        else:
            self._run(self._desk.sync.retry_change(chosen.seq), _("The change was applied."))

    def drop(self) -> None:
        """Give the chosen one up, after the person confirmed."""
        chosen = self._chosen()
        if chosen is None:
            return
        words = _(KINDS.get(chosen.kind, chosen.kind))
        if chosen.is_ours:
            danger = Danger(
                _("Give up “{message}”?").format(message=words),
                _("The platform will never hear of it. A refused registration can be edited and submitted again afterwards."),
                _("Give up"),
            )
            command: object = DropMessage(chosen.seq, chosen.subject)
        else:
            danger = Danger(
                _("Leave “{message}” aside?").format(message=words),
                _("This workplace will then differ from the platform here; the record stays in the audit trail."),
                _("Leave aside"),
            )
            command = DropChange(chosen.seq, chosen.subject)
        self._shell.confirm(danger, lambda: self._run(self._desk.execute(command), _("Settled.")))

    # -- what comes back -------------------------------------------------------------------------------------------------------

    def _run(self, job: Job[Any], said: str) -> None:
        def done(_result: object) -> None:
            self._shell.say(said)
            self.refresh()

        self._shell.run(job, self, done, self._failed)

    def _on_exchanged(self, state: SyncState) -> None:
        self.exchange_button.setEnabled(True)
        self._on_state(state)

    def _on_exchange_failed(self, error: BaseException) -> None:
        self.exchange_button.setEnabled(True)
        self._failed(error)

    def _on_state(self, state: SyncState) -> None:
        if isValid(self):
            self._show_state(state)
            self.refresh()

    def _on_exchange(self, found: Exchange) -> None:
        self._address.setText(found.address or _("Not set up yet"))
        ours = [Decision(one.seq, True, one.kind, one.subject, one.about, one.reason, one.answered_at) for one in found.parked]
        theirs = [Decision(one.seq, False, one.kind, one.subject, one.about, one.reason, None) for one in found.aside]
        self.decisions.show_rows([*ours, *theirs])
        self.waiting.show_rows(found.waiting)
        if (ours or theirs) and self._chosen() is None:
            self.decisions.selectRow(0)
        self._show_choice()

    # -- showing ---------------------------------------------------------------------------------------------------------------

    def _show_state(self, state: SyncState) -> None:
        _icon, tone, words = sync_words(SyncLine(state.online, state.offline_since, state.waiting, state.decisions))
        self.chip.show_chip(Chip(words, tone))
        self._message.setText(state.message)
        self._message.setVisible(bool(state.message))

    def _show_choice(self) -> None:
        chosen = self._chosen()
        self.reason.setText(_("Choose a line above to decide about it.") if chosen is None else chosen.reason)
        for button in (self.again_button, self.drop_button):
            button.setVisible(chosen is not None)
        if chosen is None:
            return
        self.again_button.setText(_("Send again") if chosen.is_ours else _("Try again"))
        self.drop_button.setText(_("Give up") if chosen.is_ours else _("Leave aside"))
        refusal = self._desk.may(ResendMessage)
        for button in (self.again_button, self.drop_button):
            explain(button, None if refusal is None else str(refusal))

    def _chosen(self) -> Decision | None:
        row_here = self.decisions.current_row()
        return row_here if isinstance(row_here, Decision) else None

    def _make_banner(self) -> Banner:
        self.banner = Banner()
        return self.banner

    def _lay_out(self) -> None:
        head = row(self.chip, self._address, self._message, None, self.exchange_button, gap=Space.M)
        deciding = Card(_("Needs a decision"), note=_("Refused by the platform, or not applicable here; it holds back its own order only."))
        deciding.body.addWidget(self.decisions, 1)
        foot = row(gap=Space.S)
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.drop_button)
        foot.addWidget(self.again_button)
        deciding.body.addLayout(foot)
        sending = Card(_("Waiting to be sent"), note=_("Sent by itself as soon as the platform answers, in this order."))
        sending.body.addWidget(self.waiting, 1)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(deciding)
        split.addWidget(sending)
        split.setSizes([_WIDTHS[0], _WIDTHS[1]])
        split.setStretchFactor(0, _WIDTHS[0])
        split.setStretchFactor(1, _WIDTHS[1])
        split.setHandleWidth(Space.S)
        whole = column(head, self.banner, gap=Space.S, around=margins(x=Space.L, y=Space.S))
        whole.addWidget(split, 1)
        self.setLayout(whole)


def _words(kind: str) -> str:
    return _(KINDS.get(kind, kind))


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(CHINA).strftime("%m-%d %H:%M")


def _side(decision: Decision) -> Chip:
    return Chip(_("Refused"), Tone.WARN) if decision.is_ours else Chip(_("Not applied"), Tone.WARN)


def _decision_table() -> Table:
    columns = (
        Column[Decision](_("Message"), lambda one: _words(one.kind)),
        Column[Decision](_("About"), lambda one: one.about, width=16),
        Column[Decision](_("State"), lambda one: _side(one).word, width=11, chip=_side),
        Column[Decision](_("Since"), lambda one: _moment(one.at), width=11, soft=True),
    )
    key: Callable[[Decision], tuple[bool, int]] = lambda one: (one.is_ours, one.seq)  # noqa: E731 - a key, not a function of its own
    empty = Empty("ok", _("Nothing needs a decision"), _("What the platform refuses stands here with its reason."))
    return Table(_("Needs a decision"), columns, key, empty)


def _waiting_table() -> Table:
    columns = (
        Column[Waiting](_("Message"), lambda one: _words(one.kind)),
        Column[Waiting](_("About"), lambda one: one.about, width=16),
        Column[Waiting](_("Since"), lambda one: _moment(one.created_at), width=11, soft=True),
        Column[Waiting](_("Tries"), lambda one: str(one.attempts), width=4, align=Align.RIGHT, order=lambda one: one.attempts),
    )
    empty = Empty("online", _("Nothing waits"), _("Everything has reached the platform."))
    return Table(_("Waiting to be sent"), columns, lambda one: one.seq, empty)
