"""The shop's own fonts and single letters: what was added, a sample of each, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import _
from sealdesk.face.drawing import Contour
from sealdesk.face.fontfiles import FontFacts
from sealdesk.face.fonts import open_font
from sealdesk.face.specification import FaceFont
from sealdesk.face.svgpath import contours, fitted
from sealdesk.stages.templates.letters import take_font
from sealdesk.stages.templates.rules import AddFont, RemoveOutline, RestoreFont, RetireFont
from sealdesk.ui.desk import Shell
from sealdesk.ui.file_choice import choose_files
from sealdesk.ui.missing_letter import FONT_FILTER
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import explain, icon_button, normal, primary, quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.layouts import clear, column, holding, margins, row, rule, scrolling, text
from sealdesk.ui.parts.letter_pictures import letters_picture
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.theme import Size, Space, Tone
from sealdesk.workflow.desk import Desk
from sealdesk.workflow.letters import Letters, ShopFont, ShopOutline, shop_letters

SAMPLE = "印章专用合同财务有限公司0123"
LETTERS_SHOWN = 10


class LettersPage(QWidget):
    """`left` comes when the person goes back, `read` with what the shop has."""

    left = Signal()
    read = Signal(object)

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self.letters = Letters()
        self.banner = Banner()
        self._failed = shell.failing(self.banner)
        self.back_button = icon_button("back", _("Back to the templates"), self.left.emit)
        self.add_button = primary(_("Add a font file…"), self.choose_fonts, icon="add", shortcut="Ctrl+O")
        refusal = desk.may(AddFont)
        explain(self.add_button, None if refusal is None else str(refusal))
        self.fonts: QVBoxLayout = column(gap=0)
        self.outlines: QVBoxLayout = column(gap=0)
        head = row(self.back_button, text(_("Fonts and letters of the shop"), "heading"), None, self.add_button, gap=Space.S)
        fonts = Card(_("Font files"), padded=False, note=_("Offered in the editor; they also stand in for letters that no other font has."))
        fonts.body.addWidget(scrolling(holding(column(holding(self.fonts), None, gap=0))), 1)
        outlines = Card(_("Letters by outline"), padded=False)
        outlines.body.addWidget(scrolling(holding(column(holding(self.outlines), None, gap=0))), 1)
        outlines.setFixedWidth(Size.SIDE_WIDTH + Space.XXL)
        cards = row(gap=Space.S)
        cards.addWidget(fonts, 1)
        cards.addWidget(outlines)
        body = column(head, self.banner, gap=Space.S, around=margins(Space.S))
        body.addLayout(cards, 1)
        self.setLayout(body)
        shell.on_changed(self, frozenset({"templates"}), self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read what the shop has."""
        self._shell.run(self._desk.ask(shop_letters), self, self._on_read, self._failed)

    def choose_fonts(self) -> QFileDialog:
        """Let the person choose font files."""
        return choose_files(self, _("Add font files"), _("Fonts ({endings})").format(endings=FONT_FILTER), self.take_in, purpose="fonts")

    def take_in(self, paths: tuple[Path, ...]) -> None:
        """Add font files, each by itself."""
        self.banner.hide()
        for path in paths:
            self._shell.run(take_font(self._desk, path), self, self._on_taken, self._failed)

    def _on_taken(self, found: tuple[FontFacts, ...]) -> None:
        self._shell.say(_("The font “{name}” was added.").format(name="、".join(facts.font.name for facts in found)))

    def _on_read(self, letters: Letters) -> None:
        if letters != self.letters or not self.fonts.count():
            self.letters = letters
            self._show_fonts(letters.fonts)
            self._show_outlines(letters.outlines)
        self.read.emit(letters)

    def _show_fonts(self, fonts: tuple[ShopFont, ...]) -> None:
        clear(self.fonts)
        for font in fonts:
            self.fonts.addWidget(self._font_line(font))
            self.fonts.addWidget(rule())
        if not fonts:
            words = Empty("file", _("No font of the shop yet"), _("Add a TTF, OTF or TTC file; it is kept encrypted with the shop's data."))
            self.fonts.addWidget(EmptyState(words))

    def _font_line(self, shop: ShopFont) -> QWidget:
        sample = QLabel()
        sample.setFixedHeight(Size.ROW_TALL)
        sample.setAccessibleName(_("Sample of “{name}”").format(name=shop.font.name))
        job = self._desk.lanes.computing[-1].submit(lambda _task: _sample(shop.font))
        self._shell.run(job, sample, lambda picture: _show(sample, picture), self._failed)
        day = f"{shop.added_at.astimezone(CHINA):%Y-%m-%d}"
        facts = _("{file} · {count} characters · added on {day}").format(file=shop.file_name, count=f"{shop.characters:,}", day=day)
        chip = StateChip(Chip(_("Retired"), Tone.WARN, "skipped") if shop.retired else Chip(_("Offered"), Tone.OK, "ok"))
        head = row(text(shop.font.name, "lead"), chip, None, gap=Space.S)
        words = column(head, sample, text(facts, "caption", wrap=True), gap=Space.XXS)
        if shop.retired:
            button = normal(_("Offer again"), lambda: self._do(RestoreFont(shop.key), _("Offered again.")))
        else:
            button = quiet(_("Retire"), lambda: self._do(RetireFont(shop.key), _("Retired; faces that are set with it keep it.")))
        return self._line(words, button, RetireFont)

    def _show_outlines(self, outlines: tuple[ShopOutline, ...]) -> None:
        clear(self.outlines)
        for outline in outlines:
            self.outlines.addWidget(self._outline_line(outline))
            self.outlines.addWidget(rule())
        if not outlines:
            advice = _("Where a face is refused because no font has a character, its outline can be imported there.")
            self.outlines.addWidget(EmptyState(Empty("edit", _("No outline yet"), advice)))

    def _outline_line(self, outline: ShopOutline) -> QWidget:
        sample = QLabel()
        sample.setFixedSize(Size.ROW_TALL, Size.ROW_TALL)
        _show(sample, letters_picture((fitted(contours(outline.outline), 0.0, 0.8, 1.0, -1.0),), Size.ROW_TALL))
        points = " ".join(f"U+{ord(part):04X}" for part in outline.character)
        words = column(text(f"{outline.character}  {points}", "lead"), text(outline.file_name, "caption", wrap=True), gap=Space.XXS)
        both = row(sample, gap=Space.S)
        both.addLayout(words, 1)
        command = RemoveOutline(outline.character)
        return self._line(both, quiet(_("Remove"), lambda: self._do(command, _("Removed; faces that have it keep it."))), RemoveOutline)

    def _line(self, words: QLayout, button: QPushButton, command: type[object]) -> QWidget:
        refusal = self._desk.may(command)
        explain(button, None if refusal is None else str(refusal))
        line = row(gap=Space.S, around=margins(x=Space.M, y=Space.S))
        line.addLayout(words, 1)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return holding(line)

    def _do(self, command: object, sentence: str) -> None:
        self.banner.hide()
        self._shell.run(self._desk.execute(command), self, lambda _outcome: self._shell.say(sentence), self._failed)


def _show(label: QLabel, picture: QImage | None) -> None:
    if picture is not None:
        label.setPixmap(QPixmap.fromImage(picture))


def _sample(font: FaceFont) -> QImage | None:
    """Some letters of a font, first those of seals."""
    try:
        opened = open_font(font)
    except SealdeskError:
        return None
    there = [c for c in SAMPLE if opened.has(c)]
    if len(there) < LETTERS_SHOWN:
        there += [chr(code) for code in sorted(opened.characters()) if code > 0x20][: LETTERS_SHOWN - len(there)]
    shown: list[tuple[Contour, ...]] = [opened.outline(c).contours for c in there[:LETTERS_SHOWN]]
    return letters_picture(tuple(shown), Size.ROW_TALL)
