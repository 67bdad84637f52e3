"""The right of the gallery: the selected template large, what is known of it, and what can be done with it or with several."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import SealdeskError, UserCancelled
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Lane
from sealdesk.domain.seals import SEAL_TYPE_TITLES, SealType
from sealdesk.face.checks import Finding
from sealdesk.face.drawing import Drawing
from sealdesk.face.faces import face_of
from sealdesk.face.template import Options, Template
from sealdesk.stages.templates.queries import TemplateLine
from sealdesk.stages.templates.rules import Standing
from sealdesk.ui.newest import Newest
from sealdesk.ui.parts.buttons import explain, normal, primary, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, text
from sealdesk.ui.parts.state_chip import StateChip
from sealdesk.ui.theme import Space
from sealdesk.ui.workspaces.templates.gallery import chip_of

TITLES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Example:
    """A template's face with its example texts, or why there is none."""

    name: str
    drawing: Drawing | None
    findings: tuple[Finding, ...]
    sentence: str


class DetailCard(QWidget):
    """The signals come with the selected templates when a button is pressed."""

    choosing = Signal(tuple)
    taking_out = Signal(tuple)
    editing = Signal(object)
    exporting = Signal(object)
    retiring = Signal(object)
    restoring = Signal(object)

    def __init__(self, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[TemplateLine, ...] = ()
        self._newest = Newest(lane, self._on_drawn, lambda _error: None, self)
        self.canvas = FaceCanvas()
        self._title = text("", "heading", wrap=True)
        self._chip = StateChip()
        self._facts = QGridLayout()
        self._facts.setContentsMargins(margins())
        self._facts.setHorizontalSpacing(Space.M)
        self._facts.setVerticalSpacing(Space.XS)
        self._facts.setColumnStretch(1, 1)
        self._words = text("", "caption", wrap=True)
        self.choose_button = primary(_("Choose"), lambda: self.choosing.emit(self._names(Standing.OPTIONAL)))
        self.take_out_button = normal(_("Take out"), lambda: self.taking_out.emit(self._names(Standing.CHOSEN)))
        self.retire_button = normal(_("Retire"), lambda: self.retiring.emit(self._lines[0]))
        self.restore_button = primary(_("Offer again"), lambda: self.restoring.emit(self._lines[0]))
        self.edit_button = normal(_("Edit"), lambda: self.editing.emit(self._lines[0]), icon="edit")
        self.export_button = quiet(_("Export .stp"), lambda: self.exporting.emit(self._lines[0]), icon="download")
        card = Card()
        card.setAccessibleName(_("Selected template"))
        card.body.addWidget(self.canvas, 1)
        card.body.addLayout(column(self._title, row(self._chip, None), gap=Space.XS))
        card.body.addWidget(holding(self._facts))
        card.body.addWidget(self._words)
        card.body.addStretch(0)
        actions = row(self.edit_button, self.export_button, None, gap=Space.XS)
        for button in (self.take_out_button, self.choose_button, self.retire_button, self.restore_button):
            actions.addWidget(button)
        card.body.addLayout(actions)
        self.setLayout(column(card, gap=0, around=margins()))
        self.show_lines(())

    @property
    def is_idle(self) -> bool:
        """Whether what is shown is the newest."""
        return self._newest.is_idle

    def show_lines(self, lines: tuple[TemplateLine, ...]) -> None:
        """Show the selected templates."""
        self._lines = lines
        one = lines[0] if len(lines) == 1 else None
        self._title.setText(one.title if one else _("{count} templates selected").format(count=len(lines)) if lines else "")
        self._chip.show_chip(chip_of(one) if one else None)
        self._show_facts(one)
        self._words.setText("")
        self._show_actions(one)
        self.canvas.setVisible(one is not None)
        if one is None:
            self._words.setText("\n".join(line.title for line in lines[:TITLES_SHOWN]) + ("\n…" if len(lines) > TITLES_SHOWN else ""))
            self._newest.drop()
            self.canvas.show_drawing(None)
            return
        template = one.template
        self._newest.want(lambda: _example(template))

    def _show_facts(self, line: TemplateLine | None) -> None:
        clear(self._facts)
        if line is None:
            return
        facts = [(_("Seal type"), _(SEAL_TYPE_TITLES[SealType(line.template.seal_type)]))]
        if line.template.note:
            facts.append((_("Source"), _(line.template.note)))
        if line.added_at is not None:
            facts.append((_("Added on"), f"{line.added_at.astimezone(CHINA):%Y-%m-%d %H:%M}"))
            facts.append((_("Taken from"), line.file_name or _("the editor")))
        if line.seals:
            facts.append((_("Seals made from it"), str(line.seals)))
        for place, (label, words) in enumerate(facts):
            self._facts.addWidget(text(label, "caption"), place, 0)
            self._facts.addWidget(text(words, wrap=True), place, 1)

    def _show_actions(self, one: TemplateLine | None) -> None:
        own = one is not None and bool(one.file)
        free, used = self._names(Standing.OPTIONAL), self._names(Standing.CHOSEN)
        self.choose_button.setVisible(not own)
        self.take_out_button.setVisible(not own)
        self.retire_button.setVisible(one is not None and one.standing is Standing.LOCAL)
        self.restore_button.setVisible(one is not None and one.standing is Standing.RETIRED)
        several = len(self._lines) > 1
        self.choose_button.setText(_("Choose {count}").format(count=len(free)) if several and free else _("Choose"))
        self.take_out_button.setText(_("Take {count} out").format(count=len(used)) if several and used else _("Take out"))
        mandated = one is not None and one.standing is Standing.MANDATED
        why = _("Mandatory templates are always offered.") if mandated else ""
        explain(self.choose_button, None if free else why or _("Everything selected is in use already."))
        explain(self.take_out_button, None if used else why or _("Nothing selected is in use."))
        for button in (self.edit_button, self.export_button):
            button.setVisible(one is not None)

    def _names(self, standing: Standing) -> tuple[str, ...]:
        return tuple(line.name for line in self._lines if line.standing is standing)

    def _on_drawn(self, example: _Example) -> None:
        if len(self._lines) != 1 or self._lines[0].name != example.name:
            return
        self.canvas.show_drawing(example.drawing, words=self._lines[0].title)
        findings = " ".join(finding.text for finding in example.findings)
        self._words.setText(example.sentence or findings)


def _example(template: Template) -> _Example:
    try:
        face = face_of(template, template.examples(), Options(draft=True))
    except UserCancelled:
        raise
    except SealdeskError as error:
        return _Example(template.name, None, (), str(error))
    return _Example(template.name, face.drawing, face.findings, "")
