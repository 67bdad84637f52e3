"""The page of today: the date, and a card for each kind of thing that waits; a friendly word when nothing does."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import N_, _
from sealdesk.ui import desk as window
from sealdesk.ui.desk import Shell, WorkspaceSpec
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal
from sealdesk.ui.parts.card import PageHeader
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, scrolling
from sealdesk.ui.theme import Space
from sealdesk.ui.workspaces.today.finding import find
from sealdesk.ui.workspaces.today.section_card import SectionCard
from sealdesk.ui.workspaces.today.waiting import Section, sections
from sealdesk.workflow.desk import Desk

NOUNS = frozenset({"orders", "seals", "permits", "chips", "deliveries"})
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
COLUMNS = 2


def date_words(now: datetime) -> str:
    """The day at the shop, in words."""
    local = now.astimezone(CHINA)
    weekday = _(WEEKDAYS[local.weekday()])
    return _("{year}-{month}-{day}, {weekday}").format(year=local.year, month=local.month, day=local.day, weekday=weekday)


class TodayPage(QWidget):
    """今日."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self.cards: tuple[SectionCard, ...] = ()
        self._wants_focus = False
        self._shown: tuple[Section, ...] | None = None
        self.banner = Banner()
        self._failed = shell.failing(self.banner, retry=self.refresh)
        self.header = PageHeader(_("Today"))
        self.new_button = normal(_("New registration"), lambda: shell.go("registration", "new"), icon="add", shortcut="Ctrl+N")
        self.header.tools.addWidget(self.new_button)
        self._columns: tuple[QVBoxLayout, ...] = tuple(column(gap=Space.M) for _number in range(COLUMNS))
        sheets = row(gap=Space.M)
        for one in self._columns:
            sheets.addLayout(one, 1)
        self._area = scrolling(holding(column(sheets, None, gap=0)))
        advice = _("Permits, returned registrations and finished seals appear here.")
        begin = Empty("ok", _("Nothing waits for you"), advice, _("New registration"))
        self.empty = EmptyState(begin, lambda: shell.go("registration", "new"))
        self.empty.hide()
        body = column(self.header, self.banner, gap=Space.S, around=margins(x=Space.L, y=Space.S))
        body.addWidget(self._area, 1)
        body.addWidget(self.empty, 1)
        self.setLayout(body)
        shell.on_changed(self, NOUNS, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look again what waits."""
        actor = self._desk.actor
        self._shell.run(self._desk.ask(lambda session: sections(session, actor)), self, self._show, self._failed)

    def _show(self, found: tuple[Section, ...]) -> None:
        now = self._desk.clock.now()
        total = sum(len(section.lines) for section in found)
        waits = _("{count} things wait").format(count=total) if total else _("All done")
        self.header.sentence.setText(f"{date_words(now)} · {waits}")
        self._area.setVisible(bool(found))
        self.empty.setVisible(not found)
        if found == self._shown:
            return
        self._shown = found
        had_focus = any(card.list.hasFocus() for card in self.cards)
        for one in self._columns:
            clear(one)
        self.cards = tuple(self._card(section, now) for section in found)
        lengths = [0] * COLUMNS
        for card in self.cards:
            shortest = lengths.index(min(lengths))
            self._columns[shortest].addWidget(card)
            lengths[shortest] += card.list.count() + 2  # a heading takes the room of two lines
        for one in self._columns:
            one.addStretch(1)
        if had_focus or self._wants_focus:
            # A card has its place, and can take the focus, only after the layout ran.
            QTimer.singleShot(0, self, self._focus_first)

    def _card(self, section: Section, now: datetime) -> SectionCard:
        card = SectionCard(section, now)
        card.chosen.connect(self._shell.go)
        return card

    def _focus_first(self) -> None:
        if self.cards and self.isVisible():  # who went on to another tab types there
            self._wants_focus = False
            self.cards[0].list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.cards[0].list.setCurrentRow(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._wants_focus = True
            self._focus_first()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wants_focus = False


def _build(desk: window.Desk, shell: Shell) -> QWidget:
    return TodayPage(cast(Desk, desk), shell)


SPEC = WorkspaceSpec(name="today", title=N_("Today"), icon="today", permission="", build=_build, find=find)
