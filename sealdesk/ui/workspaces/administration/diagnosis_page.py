"""Diagnosis: readers, keys, platform, clock, disk and versions in words, with what to do, and a report to copy."""

from __future__ import annotations

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Progress
from sealdesk.stages.administration.diagnosis import FAULT, IDLE, WARN, Finding, Section, diagnose, report
from sealdesk.ui import icons, jobs
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, primary
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, scrolling, text
from sealdesk.ui.parts.progress_line import ProgressLine
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.readers import LiveReaders
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.workflow.desk import Desk, SyncState

_RIGHT = (1, 2)
"""Sections that stand at the right, so that all of them are seen at once."""


class DiagnosisPage(QWidget):
    """诊断. It looks by itself when it is opened and when a device comes or goes."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._looking = False
        self._again = False
        self.sections: tuple[Section, ...] = ()
        self.chip = StateChip()
        self.look_button = primary(_("Look again"), self.refresh, icon="retry")
        self.copy_button = normal(_("Copy report"), self.copy, icon="copy")
        self.banner = Banner()
        self.progress = ProgressLine()
        self._left = column(gap=Space.S)
        self._right = column(gap=Space.S)
        columns = row(gap=Space.S)
        columns.addLayout(self._left, 1)
        columns.addLayout(self._right, 1)
        whole = column(
            row(self.chip, None, self.copy_button, self.look_button),
            self.banner,
            self.progress,
            gap=Space.S,
            around=margins(x=Space.L, y=Space.S),
        )
        whole.addWidget(scrolling(holding(columns)), 1)
        self.setLayout(whole)
        self._readers = LiveReaders(desk.devices, self)
        self._readers.changed.connect(self.refresh)
        self._online = desk.sync.state().online
        self._end = desk.sync.subscribe(lambda state: jobs.post(lambda: self._on_state(state)))
        self.destroyed.connect(self._end)
        self.refresh()

    def refresh(self) -> None:
        """Look at everything again; once more afterwards when something changed meanwhile."""
        if self._looking:
            self._again = True
            return
        self._looking = True
        self.look_button.setEnabled(False)
        versions = (Finding("Qt", PySide6.__version__, IDLE),)
        running = self._shell.run(diagnose(self._desk, versions), self, self._on_found, self._on_failed, self._on_progress)
        self.progress.follow(running, _("Looking"))

    def copy(self) -> None:
        """Put the report into the clipboard."""
        QGuiApplication.clipboard().setText(report(self.sections))
        self._shell.say(_("The report is in the clipboard."))

    def _on_state(self, state: SyncState) -> None:
        if isValid(self) and state.online != self._online:
            self._online = state.online
            self.refresh()

    def _on_progress(self, progress: Progress) -> None:
        self.progress.show_progress(progress)

    def _on_found(self, sections: tuple[Section, ...]) -> None:
        self._on_ended()
        self.sections = sections
        for side in (self._left, self._right):
            clear(side)
        for number, section in enumerate(sections):
            (self._right if number in _RIGHT else self._left).addWidget(_card(section))
        for side in (self._left, self._right):
            side.addStretch(1)
        self.chip.show_chip(_verdict(sections))

    def _on_failed(self, error: BaseException) -> None:
        self._on_ended()
        self._shell.failing(self.banner, retry=self.refresh)(error)

    def _on_ended(self) -> None:
        self._looking = False
        self.progress.end()
        self.look_button.setEnabled(True)
        if self._again:
            self._again = False
            self.refresh()


def _verdict(sections: tuple[Section, ...]) -> Chip:
    grades = [finding.grade for section in sections for finding in section.findings]
    if FAULT in grades:
        return Chip(_("{count} things do not work").format(count=grades.count(FAULT)), Tone.FAULT)
    if WARN in grades:
        return Chip(_("{count} things to look at").format(count=grades.count(WARN)), Tone.WARN)
    return Chip(_("Everything is in order"), Tone.OK)


def _card(section: Section) -> Card:
    card = Card(section.title)
    for finding in section.findings:
        card.body.addWidget(_line(finding))
    return card


def _line(finding: Finding) -> QWidget:
    tone = Tone(finding.grade)
    mark = QLabel()
    mark.setFixedSize(Size.ICON_M, Size.ICON_M)
    icons.bind(mark, "info" if tone is Tone.IDLE else tone.value, tone.value, Size.ICON_M)
    name = text(finding.name, "soft", wrap=True)
    name.setFixedWidth(Size.NAV_WIDTH)
    value = text(finding.value, wrap=True)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    words = column(value, gap=Space.XXS)
    if finding.advice:
        words.addWidget(text(finding.advice, "caption", wrap=True))
    layout = row(gap=Space.S)
    layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    layout.addLayout(words, 1)
    line = QWidget()
    line.setLayout(layout)
    line.setAccessibleName(f"{finding.name}: {finding.value} {finding.advice}".strip())
    return line
