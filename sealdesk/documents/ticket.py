"""The job ticket (生产工单) that goes with one seal through the workshop: readable from two metres, scannable at each station."""

from __future__ import annotations

from dataclasses import dataclass

from sealdesk.core.i18n import _
from sealdesk.documents.art import FaceArt
from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.sheet import (
    HAIRLINE,
    INK,
    INNER_MM,
    LABEL,
    LEFT_MM,
    NOTE,
    RIGHT_MM,
    SEAL_RED,
    TINT,
    Cell,
    Letterhead,
    Sheet,
    Style,
    line_height_mm,
)
from sealdesk.documents.typefaces import Typeface

_QR_MM = 34.0
_FACE_COLUMN_MM = 62.0


@dataclass(frozen=True, slots=True)
class JobTicket:
    """Everything on the ticket. `making` is the material profile in words (mirror, negative, dpi), `steps` what is ticked off by hand."""

    letterhead: Letterhead
    number: str
    order_number: str
    unit_name: str
    seal_name: str
    type_title: str
    carrier_title: str
    product: str
    seal_code: str
    size: str
    due: str
    urgency: str
    face: FaceArt | None
    making: tuple[str, ...]
    steps: tuple[str, ...]
    remarks: str
    qr: str


def ticket_pdf(ticket: JobTicket) -> bytes:
    """The ticket as PDF, A4."""
    sheet = Sheet(ticket.letterhead, _("Job ticket"), ticket.number)
    _head(sheet, ticket)
    sheet.grid(
        (
            (Cell(_("Unit"), ticket.unit_name, 8), Cell(_("Order number"), ticket.order_number, 4)),
            (
                Cell(_("Seal type"), ticket.type_title, 4),
                Cell(_("Carrier"), ticket.carrier_title, 4),
                Cell(_("Product"), ticket.product, 4),
            ),
            (
                Cell(_("Seal code"), ticket.seal_code, 4, strong=True),
                Cell(_("Size"), ticket.size, 4, strong=True),
                Cell(_("Priority"), ticket.urgency or _("Ordinary"), 4),
            ),
        )
    )
    sheet.section(_("Face and making"), _FACE_COLUMN_MM + 4)
    _face_and_making(sheet, ticket)
    _steps(sheet, ticket)
    _remarks(sheet, ticket)
    return sheet.finish()


def _head(sheet: Sheet, ticket: JobTicket) -> None:
    width = INNER_MM - _QR_MM - 4
    sheet.qr(RIGHT_MM - _QR_MM + 3, 26.5, _QR_MM, ticket.qr)
    sheet.text(LEFT_MM, 36.5, ticket.number, Style(26, bold=True, tracking_pt=1), max_mm=width)
    name = Style(15, Typeface.SERIF, bold=True)
    y = 40.0
    for line in wrap(ticket.seal_name, width, name.typeface, name.size_pt):
        y += line_height_mm(name)
        sheet.text(LEFT_MM, y - 1, line, name)
    y = max(y + 2, 50.5)
    due = _("Due {date}").format(date=ticket.due) if ticket.due else _("No due date")
    used = sheet.text(LEFT_MM, y + 6, due, Style(14, bold=True, colour=SEAL_RED if ticket.urgency else INK))
    if ticket.urgency:
        sheet.text(LEFT_MM + used + 6, y + 6, ticket.urgency, Style(14, bold=True, colour=SEAL_RED))
    sheet.y_mm = max(y + 10, 60)
    sheet.line(LEFT_MM, sheet.y_mm, RIGHT_MM, sheet.y_mm, 0.5, INK)


def _face_and_making(sheet: Sheet, ticket: JobTicket) -> None:
    top = sheet.y_mm + 3
    height = _FACE_COLUMN_MM
    sheet.box(LEFT_MM, top, _FACE_COLUMN_MM, height, edge=HAIRLINE, radius_mm=1.2)
    if ticket.face:
        scale = min(1.0, (_FACE_COLUMN_MM - 8) / ticket.face.width_mm, (height - 12) / ticket.face.height_mm)
        left = LEFT_MM + (_FACE_COLUMN_MM - ticket.face.width_mm * scale) / 2
        sheet.face(left, top + (height - ticket.face.height_mm * scale) / 2 - 1, ticket.face, scale)
        caption = _("actual size") if scale == 1 else _("reduced to {percent} %").format(percent=round(scale * 100))
    else:
        caption = _("no face")
    caption_mm = top + height - 2.5 if ticket.face else top + height / 2
    sheet.text(LEFT_MM + _FACE_COLUMN_MM / 2, caption_mm, caption, LABEL, align="center")
    x = LEFT_MM + _FACE_COLUMN_MM + 8
    sheet.text(x, top + 4, _("How it is made"), LABEL)
    y = top + 5
    style = Style(11)
    for words in ticket.making or ("—",):
        for number, line in enumerate(wrap(words, RIGHT_MM - x - 5, style.typeface, style.size_pt)):
            y += line_height_mm(style) + (1.2 if not number else 0)
            if not number and ticket.making:
                sheet.box(x, y - 2.6, 1.6, 1.6, fill=INK)
            sheet.text(x + 5, y - 0.8, line, style)
    sheet.y_mm = max(top + height, y) + 1


def _steps(sheet: Sheet, ticket: JobTicket) -> None:
    sheet.section(_("Steps"), 14)
    columns = ((8.0, ""), (76.0, _("Step")), (46.0, _("Done by")), (40.0, _("Time")))
    left = LEFT_MM
    sheet.box(LEFT_MM, sheet.y_mm, INNER_MM, 6.5, fill=TINT)
    for width, title in columns:
        sheet.text(left + 1.5, sheet.y_mm + 4.4, title, LABEL)
        left += width
    sheet.y_mm += 6.5
    for step in ticket.steps:
        lines = wrap(step, columns[1][0] - 3, Style().typeface, 10.5)
        height = 4.3 + len(lines) * line_height_mm(Style(10.5)) - 0.5
        sheet.need(height)
        sheet.box(LEFT_MM + 1.5, sheet.y_mm + 2.4, 4.2, 4.2, edge=INK, radius_mm=0.4)
        for number, line in enumerate(lines):
            sheet.text(LEFT_MM + 9.5, sheet.y_mm + 5.8 + number * line_height_mm(Style(10.5)), line, Style(10.5))
        sheet.y_mm += height
        sheet.line(LEFT_MM, sheet.y_mm, RIGHT_MM, sheet.y_mm)


def _remarks(sheet: Sheet, ticket: JobTicket) -> None:
    sheet.section(_("Remarks"), 18)
    sheet.y_mm += 2
    if ticket.remarks:
        sheet.paragraph(ticket.remarks, Style(10))
        return
    for _line in range(2):
        sheet.y_mm += 7.5
        sheet.line(LEFT_MM, sheet.y_mm, RIGHT_MM, sheet.y_mm)
    sheet.y_mm += 2
    sheet.paragraph(_("The ticket stays with the seal until it is inspected."), NOTE)
