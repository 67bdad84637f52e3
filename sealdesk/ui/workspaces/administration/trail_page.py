"""The audit trail in sentences, newest first, and the verification of its chain."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import _
from sealdesk.stages.administration.queries import TrailLine, trail
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, quiet
from sealdesk.ui.parts.empty_state import Empty
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.parts.progress_line import ProgressLine
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Align, Column
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.workflow import audit, audit_heads
from sealdesk.workflow.audit import Verdict
from sealdesk.workflow.audit_heads import HeadsVerdict
from sealdesk.workflow.desk import Desk

LINES = 500
"""How many records are read at a time."""


class TrailPage(QWidget):
    """审计记录."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._limit = LINES
        self._lines: tuple[TrailLine, ...] = ()
        self.search = SearchBox(_("Find in these records: person, word, number"))
        self.search.setFixedWidth(Size.SEARCH_WIDTH)
        self.search.asked.connect(lambda _words: self._show())
        self.verify_button = normal(_("Verify the chain"), self.verify, icon="shield")
        self.more_button = quiet(_("Older records"), self._on_more_clicked, icon="down")
        self.banner = Banner()
        self.progress = ProgressLine()
        self.table = _table()
        self._counted = text("", "soft")
        layout = column(
            row(self.search, self._counted, None, self.more_button, self.verify_button),
            self.banner,
            self.progress,
            self.table,
            gap=Space.S,
            around=margins(x=Space.L, y=Space.S),
        )
        self.setLayout(layout)
        nouns = frozenset({"orders", "units", "seals", "permits", "chips", "deliveries", "users", "outbox", "settings"})
        shell.on_changed(self, nouns, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the newest records again."""
        limit, sentence_of = self._limit, self._desk.bus.sentence
        job = self._desk.ask(lambda session: trail(session, sentence_of, limit))
        self._shell.run(job, self, self._on_lines, self._shell.failing(self.banner, retry=self.refresh))

    def verify(self) -> None:
        """Walk the whole chain and say what came out."""
        self.banner.hide()
        self.verify_button.setEnabled(False)
        job = self._desk.ask(lambda session: (audit.verify(session), audit_heads.check(session)))
        running = self._shell.run(job, self, self._on_verdict, self._on_failed)
        self.progress.follow(running, _("Verifying the chain of records"))

    def _on_verdict(self, found: tuple[Verdict, HeadsVerdict]) -> None:
        self._on_ended()
        verdict, heads = found
        if verdict.broken_at is None and heads.holds:
            sentence = _("All {count} records follow on each other; nothing was changed or taken out.").format(count=verdict.count)
            head = _("Number of the newest link: {head}").format(head=verdict.head[:16])
            if heads.newest is not None:
                head += "　" + heads.sentence()
            self.banner.say(sentence, Tone.OK, head)
            return
        sentence = _("Record {number} does not follow on the one before: it or an earlier one was changed or taken out.")
        advice = _("Do not go on working. Keep this computer as it is and tell the platform's office; the report helps it.")
        told = heads.sentence() if verdict.broken_at is None else sentence.format(number=verdict.broken_at)
        self.banner.say(told, Tone.FAULT, advice)

    def _on_failed(self, error: BaseException) -> None:
        self._on_ended()
        self._shell.failing(self.banner)(error)

    def _on_ended(self) -> None:
        self.progress.end()
        self.verify_button.setEnabled(True)

    def _on_more_clicked(self) -> None:
        self._limit += LINES
        self.refresh()

    def _on_lines(self, lines: tuple[TrailLine, ...]) -> None:
        self._lines = lines
        self.more_button.setVisible(len(lines) >= self._limit)
        self._show()

    def _show(self) -> None:
        words = self.search.text().strip().casefold().split()
        found = [line for line in self._lines if all(word in _haystack(line) for word in words)]
        self.table.show_rows(found)
        self._counted.setText(_("{count} records").format(count=len(found)))


def _haystack(line: TrailLine) -> str:
    return f"{line.seq} {_time(line)} {line.actor} {line.sentence} {line.reason} {line.code}".casefold()


def _time(line: TrailLine) -> str:
    return line.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _chip(line: TrailLine) -> Chip | None:
    return Chip(_("Refused"), Tone.WARN) if line.refused else Chip(_("Done"), Tone.OK)


def _table() -> Table:
    columns = (
        Column[TrailLine](_("No."), lambda line: str(line.seq), width=6, align=Align.RIGHT, order=lambda line: line.seq, soft=True),
        Column[TrailLine](_("Time"), _time, width=19),
        Column[TrailLine](_("Who"), lambda line: line.actor, width=13),
        Column[TrailLine](_("What"), lambda line: line.sentence),
        Column[TrailLine](_("Outcome"), lambda line: _("Refused") if line.refused else _("Done"), width=11, chip=_chip),
        Column[TrailLine](_("Reason"), lambda line: line.reason, width=24, soft=True),
    )
    empty = Empty("list", _("No records yet"), _("Whatever is changed here is recorded by itself."))
    return Table(_("Audit trail"), columns, lambda line: line.seq, empty)
