"""The paper copy of a permit (《印铸刻字准许证》): what it permits, how it was verified, and the shop's countersignature.

The signed electronic permit is what counts; its official printed form is not public, so this copy imitates none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sealdesk.core.i18n import _
from sealdesk.documents.art import FaceArt
from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.sheet import (
    BODY,
    GREEN,
    HAIRLINE,
    INNER_MM,
    LABEL,
    LEFT_MM,
    NOTE,
    QUIET,
    RIGHT_MM,
    SEAL_RED,
    TINT,
    TITLE,
    WIDTH_MM,
    Cell,
    Letterhead,
    Sheet,
    Style,
    line_height_mm,
)
from sealdesk.documents.typefaces import Typeface

_CARD_GAP_MM = 6.0
_FACE_BOX_MM = 48.0
_QR_MM = 26.0


@dataclass(frozen=True, slots=True)
class PermitSeal:
    """A permitted seal; its face is shown in its true size where that fits 48 mm."""

    name: str
    type_title: str
    code: str
    size: str
    face: FaceArt | None = None


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One thing that was verified, in words."""

    text: str
    passed: bool


@dataclass(frozen=True, slots=True)
class CountersignatureNote:
    """签收证明: who countersigned, when (as shown), and with which certificate."""

    signer: str
    signed_at: str
    certificate_serial: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PermitPaper:
    """Everything on the copy; document numbers come masked."""

    letterhead: Letterhead
    number: str
    issuer_name: str
    issuer_code: str
    unit_name: str
    unit_code: str
    uscc: str
    principal_name: str
    handler_name: str
    handler_document: str
    issued_on: date
    valid_until: date
    seals: tuple[PermitSeal, ...]
    verdict: tuple[VerdictLine, ...]
    countersignature: CountersignatureNote | None
    qr: str


def permit_pdf(paper: PermitPaper) -> bytes:
    """The copy as PDF, A4."""
    sheet = Sheet(paper.letterhead, _("Permit copy"), paper.number)
    _title(sheet, paper)
    sheet.grid(
        (
            (Cell(_("Unit"), paper.unit_name, 8, strong=True), Cell(_("Unit code"), paper.unit_code, 4)),
            (
                Cell(_("Unified social credit code"), paper.uscc, 4),
                Cell(_("Person in charge"), paper.principal_name, 4),
                Cell(_("Handler"), "  ".join(part for part in (paper.handler_name, paper.handler_document) if part), 4),
            ),
            (
                Cell(_("Issuing organ"), paper.issuer_name, 4),
                Cell(_("Issuer code"), paper.issuer_code, 4),
                Cell(_("Maker"), paper.letterhead.shop_name, 4),
            ),
            (
                Cell(_("Issued on"), paper.issued_on.isoformat(), 4),
                Cell(_("Valid until"), paper.valid_until.isoformat(), 4),
                Cell(_("Permitted seals"), str(len(paper.seals)), 4),
            ),
        )
    )
    sheet.section(_("Seals permitted to be made"), 62)
    _cards(sheet, paper.seals)
    _verdict(sheet, paper.verdict)
    _countersignature(sheet, paper.countersignature)
    sheet.y_mm += 3
    sheet.paragraph(_("This is a copy. The permit itself is the signed electronic document, which the code above names."), NOTE)
    return sheet.finish()


def _title(sheet: Sheet, paper: PermitPaper) -> None:
    sheet.text(WIDTH_MM / 2, 39, _("Permit for casting, printing and engraving"), TITLE, align="center", max_mm=INNER_MM - 2 * _QR_MM)
    sheet.text(WIDTH_MM / 2, 47, _("No. {number}").format(number=paper.number), Style(11, tracking_pt=0.6), align="center")
    sheet.qr(RIGHT_MM - _QR_MM + 2.5, 25.5, _QR_MM, paper.qr)
    sheet.line(LEFT_MM, 51.5, RIGHT_MM, 51.5, 1.1, SEAL_RED)
    sheet.line(LEFT_MM, 52.5, RIGHT_MM, 52.5, 0.3, SEAL_RED)
    sheet.y_mm = 53


def _cards(sheet: Sheet, seals: Sequence[PermitSeal]) -> None:
    width = (INNER_MM - _CARD_GAP_MM) / 2
    for first in range(0, len(seals), 2):
        pair = seals[first : first + 2]
        box = max((_shown_height(seal) for seal in pair), default=0.0)
        height = box + max(_words_height(seal, width) for seal in pair)
        sheet.need(height + 3)
        top = sheet.y_mm + 3
        for place, seal in enumerate(pair):
            _card(sheet, seal, LEFT_MM + place * (width + _CARD_GAP_MM), top, width, height, box)
        sheet.y_mm = top + height


def _name_lines(seal: PermitSeal, width: float) -> tuple[str, ...]:
    return wrap(seal.name, width - 8, Typeface.SERIF, 10.5)


def _scale(face: FaceArt) -> float:
    return min(1.0, _FACE_BOX_MM / face.width_mm, _FACE_BOX_MM / face.height_mm)


def _shown_height(seal: PermitSeal) -> float:
    return seal.face.height_mm * _scale(seal.face) + 6 if seal.face else 0.0


def _words_height(seal: PermitSeal, width: float) -> float:
    return len(_name_lines(seal, width)) * line_height_mm(Style(10.5)) + 18


def _card(sheet: Sheet, seal: PermitSeal, left: float, top: float, width: float, height: float, box: float) -> None:
    sheet.box(left, top, width, height, edge=HAIRLINE, radius_mm=1.2)
    y = top + 2
    if seal.face:
        scale = _scale(seal.face)
        face_width, face_height = seal.face.width_mm * scale, seal.face.height_mm * scale
        sheet.face(left + (width - face_width) / 2, y + 3 + (box - 6 - face_height) / 2, seal.face, scale)
        caption = _("actual size") if scale == 1 else _("reduced to {percent} %").format(percent=round(scale * 100))
        sheet.text(left + width - 3, y + 2.8, caption, LABEL, align="right")
    y += box
    for line in _name_lines(seal, width):
        y += line_height_mm(Style(10.5))
        sheet.text(left + 4, y - 0.6, line, Style(10.5, Typeface.SERIF, bold=True))
    sheet.text(left + 4, y + 5, "   ".join(part for part in (seal.type_title, seal.size) if part), Style(8.8, colour=QUIET))
    sheet.box(left + 0.4, y + 7.6, width - 0.8, top + height - y - 8, fill=TINT, radius_mm=1)
    sheet.text(left + 4, top + height - 3.2, _("Seal code"), LABEL)
    sheet.text(left + width - 4, top + height - 3, seal.code or "—", Style(11, tracking_pt=0.7), align="right")


def _verdict(sheet: Sheet, verdict: Sequence[VerdictLine]) -> None:
    sheet.section(_("Verification on receipt"), 8)
    if not verdict:
        sheet.paragraph(_("Not verified yet."), NOTE)
        return
    for line in verdict:
        lines = wrap(line.text, INNER_MM - 7, BODY.typeface, 9.6)
        step = line_height_mm(Style(9.6))
        sheet.need(step * len(lines))
        sheet.tick(LEFT_MM + 0.5, sheet.y_mm + step - 1, line.passed)
        for text in lines:
            sheet.y_mm += step
            sheet.text(LEFT_MM + 6, sheet.y_mm - 1, text, Style(9.6))
    passed = all(line.passed for line in verdict)
    conclusion = _("The permit is in order.") if passed else _("The permit is not in order; the seals must not be made.")
    sheet.need(7)
    sheet.y_mm += 6.5
    sheet.text(LEFT_MM + 6, sheet.y_mm - 1, conclusion, Style(10, Typeface.SERIF, GREEN if passed else SEAL_RED, bold=True))


def _countersignature(sheet: Sheet, note: CountersignatureNote | None) -> None:
    sheet.section(_("Countersignature of the maker"), 30)
    if note is None:
        sheet.paragraph(_("Not countersigned yet."), NOTE)
        return
    sheet.grid(
        (
            (Cell(_("Signed by"), note.signer, 6), Cell(_("Time"), note.signed_at, 6)),
            (Cell(_("Certificate serial number"), note.certificate_serial, 6), Cell(_("Fingerprint (SM3)"), note.fingerprint, 6)),
        )
    )
