"""What stands beside the refusal of a character that no font has: the two ways out, another font file or an outline for this one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from sealdesk.core.i18n import _
from sealdesk.face.fontfiles import FontFacts
from sealdesk.face.fonts import MissingGlyphError
from sealdesk.stages.templates.letters import take_font, take_outline
from sealdesk.stages.templates.rules import AddFont, ImportOutline
from sealdesk.ui.desk import Shell
from sealdesk.ui.file_choice import choose_files
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, normal
from sealdesk.ui.parts.layouts import column, row
from sealdesk.ui.theme import Space, Tone
from sealdesk.workflow.desk import Desk

FONT_FILTER = "*.ttf *.otf *.ttc"


class MissingLetter(QFrame):
    """Hidden until a character is missing; the refusal itself stands beside it.

    `settled` comes when the shop has another font or outline, and the face can be tried again.
    """

    settled = Signal()

    def __init__(self, desk: Desk, shell: Shell, banner: Banner, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._banner = banner
        self._failed = shell.failing(banner)
        self.character = ""
        self.font_button = normal(_("Use another font file…"), self.choose_font, icon="file")
        self.outline_button = normal("", self.choose_outline, icon="upload")
        for button, command in ((self.font_button, AddFont), (self.outline_button, ImportOutline)):
            refusal = desk.may(command)
            explain(button, None if refusal is None else str(refusal))
        if narrow:
            self.setLayout(column(self.font_button, self.outline_button, gap=Space.XS))
        else:
            self.setLayout(row(self.font_button, self.outline_button, None, gap=Space.S))
        self.hide()

    def show_for(self, error: BaseException | None) -> None:
        """Offer the ways out if it was a missing character; hide otherwise."""
        missing = isinstance(error, MissingGlyphError)
        if missing:
            assert isinstance(error, MissingGlyphError)
            self.character = str(error.character)
            words = _("Import an outline for “{character}”…").format(character=self.character)
            self.outline_button.setText(words)
            self.outline_button.setAccessibleName(words)
        self.setVisible(missing)

    def choose_font(self) -> QFileDialog:
        """Let the person choose a font file, which becomes one of the shop's."""
        return choose_files(
            self, _("Use another font file"), _("Fonts ({endings})").format(endings=FONT_FILTER), self._on_font, purpose="fonts"
        )

    def choose_outline(self) -> QFileDialog:
        """Let the person choose an SVG file for the one character."""
        title = _("Outline for “{character}”").format(character=self.character)
        return choose_files(self, title, _("SVG (*.svg)"), self._on_outline, purpose="outlines", several=False)

    def _on_font(self, paths: tuple[Path, ...]) -> None:
        self._banner.hide()
        for path in paths:
            self._shell.run(take_font(self._desk, path), self, lambda found: self._on_font_taken(found), self._failed)

    def _on_font_taken(self, found: tuple[FontFacts, ...]) -> None:
        names = "、".join(facts.font.name for facts in found)
        wanted = ord(self.character[0]) if self.character else 0
        if wanted and not any(facts.has(wanted) for facts in found):
            sentence = _("“{name}” was added, but it does not have “{character}” either.")
            self._banner.say(sentence.format(name=names, character=self.character), Tone.WARN)
        else:
            self._shell.say(_("The font “{name}” was added.").format(name=names))
        self.settled.emit()

    def _on_outline(self, paths: tuple[Path, ...]) -> None:
        self._banner.hide()
        self._shell.run(take_outline(self._desk, self.character, paths[0]), self, self._on_outline_taken, self._failed)

    def _on_outline_taken(self, character: str) -> None:
        self._shell.say(_("“{character}” is drawn by its outline from now on.").format(character=character))
        self.settled.emit()
