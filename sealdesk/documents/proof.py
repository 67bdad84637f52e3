"""The customer's proof sheet (印章样稿确认单): the face large and in true size, what it says in words, and the line to agree on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sealdesk.core.i18n import _
from sealdesk.documents.art import FaceArt
from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.sheet import (
    HAIRLINE,
    HEIGHT_MM,
    INK,
    INNER_MM,
    LABEL,
    LEFT_MM,
    NOTE,
    QUIET,
    RIGHT_MM,
    TITLE,
    WIDTH_MM,
    Cell,
    Letterhead,
    Sheet,
    Style,
    line_height_mm,
)

_LARGE_MM = 76.0
_LARGE_COLUMN_MM = 96.0


@dataclass(frozen=True, slots=True)
class FaceWords:
    """One text of the face with its place (a word such as 环排), typeface and height, as they are shown."""

    place: str
    text: str
    typeface: str
    height: str


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """Everything on the sheet. `notes` are substituted typefaces and warnings with their figures; `made_at` as it is shown."""

    letterhead: Letterhead
    number: str
    unit_name: str
    seal_name: str
    type_title: str
    size: str
    template: str
    made_at: str
    clerk: str
    face: FaceArt
    words: tuple[FaceWords, ...]
    notes: tuple[str, ...]


def proof_pdf(proof: ProofSheet) -> bytes:
    """The proof as PDF, A4; 样稿 stands across the page."""
    sheet = Sheet(proof.letterhead, _("Proof sheet"), proof.number)
    sheet.text(LEFT_MM, 38, _("Seal proof for approval"), TITLE, max_mm=INNER_MM)
    sheet.text(RIGHT_MM, 38, _("No. {number}").format(number=proof.number), Style(11, tracking_pt=0.6), align="right")
    sheet.y_mm = 43
    sheet.line(LEFT_MM, sheet.y_mm, RIGHT_MM, sheet.y_mm, 0.5, INK)
    sheet.grid(
        (
            (Cell(_("Unit"), proof.unit_name, 8, strong=True), Cell(_("Seal type"), proof.type_title, 4)),
            (Cell(_("Seal"), proof.seal_name, 8), Cell(_("Size"), proof.size, 4)),
            (Cell(_("Template"), proof.template, 4), Cell(_("Made at"), proof.made_at, 4), Cell(_("Clerk"), proof.clerk, 4)),
        )
    )
    sheet.watermark(WIDTH_MM / 2, HEIGHT_MM / 2, 62, 0.08)
    _faces(sheet, proof)
    _words(sheet, proof)
    _consent(sheet)
    return sheet.finish()


def _faces(sheet: Sheet, proof: ProofSheet) -> None:
    top = sheet.y_mm + 5
    face = proof.face
    scale = min(_LARGE_MM / face.width_mm, _LARGE_MM / face.height_mm, 3.0)
    width, height = face.width_mm * scale, face.height_mm * scale
    column_height = height + 14
    sheet.box(LEFT_MM, top, _LARGE_COLUMN_MM, column_height, edge=HAIRLINE, radius_mm=1.2)
    left = LEFT_MM + (_LARGE_COLUMN_MM - width) / 2
    sheet.face(left, top + 4, face, scale)
    _width_line(sheet, left, left + width, top + height + 7.5, f"{face.width_mm:g} mm")
    sheet.text(LEFT_MM + 3, top + column_height - 2.5, _("enlarged {times} times").format(times=f"{scale:.2g}"), LABEL)
    right_left = LEFT_MM + _LARGE_COLUMN_MM + 4
    right_width = RIGHT_MM - right_left
    sheet.box(right_left, top, right_width, column_height, edge=HAIRLINE, radius_mm=1.2)
    actual = min(1.0, (right_width - 6) / face.width_mm)
    sheet.face(right_left + (right_width - face.width_mm * actual) / 2, top + 6, face, actual)
    y = top + 6 + face.height_mm * actual + 6
    caption = _("actual size") if actual == 1 else _("reduced to {percent} %").format(percent=round(actual * 100))
    sheet.text(right_left + right_width / 2, y, caption, LABEL, align="center")
    _ruler(sheet, right_left + (right_width - 50) / 2, top + column_height - 11)
    sheet.y_mm = top + column_height


def _width_line(sheet: Sheet, left: float, right: float, y: float, text: str) -> None:
    sheet.line(left, y, right, y, 0.3, QUIET)
    for x in (left, right):
        sheet.line(x, y - 1.4, x, y + 1.4, 0.3, QUIET)
    sheet.text((left + right) / 2, y + 4.2, text, LABEL, align="center")


def _ruler(sheet: Sheet, left: float, y: float) -> None:
    """50 mm to check the printer against: measured on paper it shows whether "actual size" is true."""
    sheet.line(left, y, left + 50, y, 0.4, INK)
    for millimetre in range(51):
        length = 3.0 if millimetre % 10 == 0 else 2.0 if millimetre % 5 == 0 else 1.2
        sheet.line(left + millimetre, y, left + millimetre, y - length, 0.25, INK)
    sheet.text(left + 25, y + 4, _("50 mm: measure to check the print"), LABEL, align="center")


def _words(sheet: Sheet, proof: ProofSheet) -> None:
    sheet.section(_("What the face says"), 16)
    heads = ((_("Place"), 26.0), (_("Text"), 80.0), (_("Typeface"), 42.0), (_("Height"), 22.0))
    sheet.table(heads, [(words.place, words.text, words.typeface, words.height) for words in proof.words])
    if proof.notes:
        sheet.y_mm += 2.5
        _notes(sheet, proof.notes)


def _notes(sheet: Sheet, notes: Sequence[str]) -> None:
    step = line_height_mm(NOTE)
    for note in notes:
        for number, line in enumerate(wrap(note, INNER_MM - 4, NOTE.typeface, NOTE.size_pt)):
            sheet.need(step)
            sheet.y_mm += step
            if not number:
                sheet.box(LEFT_MM, sheet.y_mm - 2.2, 1.2, 1.2, fill=QUIET)
            sheet.text(LEFT_MM + 4, sheet.y_mm - 1, line, NOTE)


def _consent(sheet: Sheet) -> None:
    sheet.need(38)
    sheet.y_mm += 9
    for text, line_mm in ((_("I agree: make the seal as shown."), 0.0), (_("Please change:"), 1.0)):
        sheet.box(LEFT_MM, sheet.y_mm - 3.4, 3.8, 3.8, edge=INK, radius_mm=0.4)
        used = sheet.text(LEFT_MM + 6, sheet.y_mm, text, Style(10.5))
        if line_mm:
            sheet.line(LEFT_MM + 8 + used, sheet.y_mm + 0.8, RIGHT_MM, sheet.y_mm + 0.8, 0.4, INK)
        sheet.y_mm += 8
    sheet.y_mm += 9
    width = (INNER_MM - 10) / 2
    for place, label in enumerate((_("Handler (signature)"), _("Date"))):
        left = LEFT_MM + place * (width + 10)
        sheet.line(left, sheet.y_mm, left + width, sheet.y_mm, 0.5, INK)
        sheet.text(left, sheet.y_mm + 4.2, label, LABEL)
