"""The customer's proof sheet (印章样稿确认单): the face large and in true size, what it says in words, and the line to agree on.

It is one page: a customer who signs the second of two pages has agreed to nothing. The enlarged face takes what the words leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sealdesk.core.i18n import _
from sealdesk.documents.art import FaceArt
from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.sheet import (
    BOTTOM_MM,
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
    row_height_mm,
)

_LARGE_MM = 76.0
_SMALLEST_MM = 30.0
_LARGE_COLUMN_MM = 96.0
_STRONG_NAME = 36
"""A longer name is set in the smaller style, in which sixty characters are two lines."""
_ABOVE_MM = 4.0
_WORTH_MM = 12.0
"""How much larger than in truth the enlarged face is at least before the words give way."""
_BELOW_LARGE_MM = 14.0
"""What stands around the enlarged face: its width line and how many times it is enlarged."""
_BELOW_TRUE_MM = 20.0
"""What stands around the face in true size: its caption and the ruler."""
_ABOVE_NOTES_MM = 1.5
_CONSENT_MM = 31.0
_QR_MM = 24.0
_HEADS_MM = (30.0, 80.0, 40.0, 20.0)


@dataclass(frozen=True, slots=True)
class FaceWords:
    """One text of the face with its place (a word such as 环排), typeface and height, as they are shown."""

    place: str
    text: str
    typeface: str
    height: str


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """Everything on the sheet.

    `notes` are substituted typefaces and warnings with their figures; `made_at` as it is shown; `order_number` is empty for a face that
    belongs to no order, otherwise it stands there as a QR symbol too, which the search box takes from a scanner.
    """

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
    order_number: str = ""


def proof_pdf(proof: ProofSheet) -> bytes:
    """The proof as PDF, A4; 样稿 stands across the page."""
    sheet = Sheet(proof.letterhead, _("Proof sheet"), proof.number)
    sheet.text(LEFT_MM, 38, _("Seal proof for approval"), TITLE, max_mm=INNER_MM)
    sheet.text(RIGHT_MM, 38, _("No. {number}").format(number=proof.number), Style(11, tracking_pt=0.6), align="right")
    sheet.y_mm = 43
    sheet.line(LEFT_MM, sheet.y_mm, RIGHT_MM, sheet.y_mm, 0.5, INK)
    sheet.grid(
        (
            (Cell(_("Unit"), proof.unit_name, 12, strong=len(proof.unit_name) <= _STRONG_NAME),),
            (Cell(_("Seal"), proof.seal_name, 9), Cell(_("Size"), proof.size, 3)),
            (
                Cell(_("Seal type"), proof.type_title, 3),
                Cell(_("Template"), proof.template, 3),
                Cell(_("Made at"), proof.made_at, 3),
                Cell(_("Clerk"), proof.clerk, 3),
            ),
        )
    )
    sheet.watermark(WIDTH_MM / 2, HEIGHT_MM / 2, 62, 0.08)
    room = BOTTOM_MM - sheet.y_mm - _CONSENT_MM
    dense = room - _words_mm(proof) < proof.face.height_mm + _BELOW_TRUE_MM + _ABOVE_MM + _WORTH_MM
    notes_stand_below = _faces(sheet, proof, room - _words_mm(proof, dense=dense))
    _words(sheet, proof, dense=dense)
    if notes_stand_below and proof.notes:
        sheet.y_mm += _ABOVE_NOTES_MM
        _notes(sheet, proof.notes, INNER_MM)
    _consent(sheet, proof.order_number)
    return sheet.finish()


def _faces(sheet: Sheet, proof: ProofSheet, room_mm: float) -> bool:
    """Both pictures side by side, in a height of `room_mm` if that is possible; returns whether the notes still have to be set.

    Where the words leave no room for an enlarged picture (58 mm with eight lines), the notes stand in its place.
    """
    top = sheet.y_mm + _ABOVE_MM
    face = proof.face
    right_left = LEFT_MM + _LARGE_COLUMN_MM + 4
    right_width = RIGHT_MM - right_left
    actual = min(1.0, (right_width - 6) / face.width_mm)
    largest = min(max(room_mm - _ABOVE_MM - _BELOW_LARGE_MM, _SMALLEST_MM), _LARGE_MM)
    scale = min(_LARGE_MM / face.width_mm, largest / face.height_mm, 3.0)
    width, height = face.width_mm * scale, face.height_mm * scale
    is_enlarged = scale > 1.0 and room_mm >= _ABOVE_MM + face.height_mm * actual + _BELOW_TRUE_MM
    if not is_enlarged:  # the notes leave their place below; what still does not fit is reduced, and says so
        tallest = room_mm + _notes_mm(proof) - _ABOVE_MM - _BELOW_TRUE_MM
        actual = min(actual, max(tallest, _SMALLEST_MM) / face.height_mm)
    true_height = face.height_mm * actual + _BELOW_TRUE_MM
    column_height = max(height + _BELOW_LARGE_MM, true_height) if is_enlarged else true_height
    sheet.box(LEFT_MM, top, _LARGE_COLUMN_MM, column_height, edge=HAIRLINE, radius_mm=1.2)
    if is_enlarged:
        left = LEFT_MM + (_LARGE_COLUMN_MM - width) / 2
        sheet.face(left, top + 4, face, scale)
        _width_line(sheet, left, left + width, top + height + 7.5, f"{face.width_mm:g} mm")
        sheet.text(LEFT_MM + 3, top + column_height - 2.5, _("enlarged {times} times").format(times=f"{scale:.2g}"), LABEL)
    else:
        sheet.y_mm = top + 2
        _notes(sheet, proof.notes, _LARGE_COLUMN_MM - 6, LEFT_MM + 3)
    sheet.box(right_left, top, right_width, column_height, edge=HAIRLINE, radius_mm=1.2)
    sheet.face(right_left + (right_width - face.width_mm * actual) / 2, top + 3, face, actual)
    y = top + 3 + face.height_mm * actual + 4.5
    caption = _("actual size") if actual == 1 else _("reduced to {percent} %").format(percent=round(actual * 100))
    sheet.text(right_left + right_width / 2, y, caption, LABEL, align="center")
    _ruler(sheet, right_left + (right_width - 50) / 2, top + column_height - 6.5)
    sheet.y_mm = top + column_height
    return is_enlarged


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


def _words_mm(proof: ProofSheet, *, dense: bool = False) -> float:
    """How high the section of the words is: its heading, the table with its heads, the notes."""
    rows = sum(row_height_mm(_cells(words), _HEADS_MM, dense=dense) for words in proof.words)
    return 11.0 + 7.0 + rows + _notes_mm(proof)


def _notes_mm(proof: ProofSheet) -> float:
    lines = sum(len(wrap(note, INNER_MM - 4, NOTE.typeface, NOTE.size_pt)) for note in proof.notes)
    return lines * line_height_mm(NOTE) + _ABOVE_NOTES_MM if lines else 0.0


def _cells(words: FaceWords) -> tuple[str, ...]:
    return words.place, words.text, words.typeface, words.height


def _words(sheet: Sheet, proof: ProofSheet, *, dense: bool) -> None:
    sheet.section(_("What the face says"), 16)
    titles = (_("Place"), _("Text"), _("Typeface"), _("Height"))
    sheet.table(tuple(zip(titles, _HEADS_MM, strict=True)), [_cells(words) for words in proof.words], dense=dense)


def _notes(sheet: Sheet, notes: Sequence[str], width_mm: float, left_mm: float = LEFT_MM) -> None:
    step = line_height_mm(NOTE)
    for note in notes:
        for number, line in enumerate(wrap(note, width_mm - 4, NOTE.typeface, NOTE.size_pt)):
            sheet.need(step)
            sheet.y_mm += step
            if not number:
                sheet.box(left_mm, sheet.y_mm - 2.2, 1.2, 1.2, fill=QUIET)
            sheet.text(left_mm + 4, sheet.y_mm - 1, line, NOTE)


def _consent(sheet: Sheet, order_number: str) -> None:
    sheet.need(_CONSENT_MM)
    top = sheet.y_mm + 2
    right = RIGHT_MM
    if order_number:
        right -= _QR_MM + 4
        sheet.qr(RIGHT_MM - _QR_MM, top, _QR_MM, order_number)
        sheet.text(RIGHT_MM - _QR_MM / 2, top + _QR_MM + 1.6, order_number, LABEL, align="center", max_mm=_QR_MM)
    sheet.y_mm += 8
    for text, line_mm in ((_("I agree: make the seal as shown."), 0.0), (_("Please change:"), 1.0)):
        sheet.box(LEFT_MM, sheet.y_mm - 3.4, 3.8, 3.8, edge=INK, radius_mm=0.4)
        used = sheet.text(LEFT_MM + 6, sheet.y_mm, text, Style(10.5))
        if line_mm:
            sheet.line(LEFT_MM + 8 + used, sheet.y_mm + 0.8, right, sheet.y_mm + 0.8, 0.4, INK)
        sheet.y_mm += 7
    sheet.y_mm += 7
    width = (right - LEFT_MM - 8) / 2
    for place, label in enumerate((_("Handler (signature)"), _("Date"))):
        left = LEFT_MM + place * (width + 8)
        sheet.line(left, sheet.y_mm, left + width, sheet.y_mm, 0.5, INK)
        sheet.text(left, sheet.y_mm + 4.2, label, LABEL)
