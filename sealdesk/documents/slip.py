"""The delivery slip (印章交付单): which seals went to whom, when, and after which papers were checked."""

from __future__ import annotations

from dataclasses import dataclass

from sealdesk.core.i18n import _
from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.sheet import (
    HAIRLINE,
    INK,
    INNER_MM,
    LABEL,
    LEFT_MM,
    NOTE,
    RIGHT_MM,
    TINT,
    TITLE,
    Cell,
    Letterhead,
    Sheet,
    Style,
    line_height_mm,
)

_QR_MM = 30.0


@dataclass(frozen=True, slots=True)
class DeliveredSeal:
    """A seal on the slip. `with_pin_mailer` says that its card PIN was handed over in a sealed mailer."""

    name: str
    code: str
    type_title: str
    carrier_title: str
    size: str
    with_pin_mailer: bool = False


@dataclass(frozen=True, slots=True)
class Collector:
    """Who collected; number and phone come masked. `capacity` is a word such as 经办人 or 受托人."""

    name: str
    document_title: str
    document_masked: str
    phone_masked: str
    capacity: str


@dataclass(frozen=True, slots=True)
class DeliverySlip:
    """Everything on the slip; `delivered_at` as it is shown, `papers` what the clerk checked."""

    letterhead: Letterhead
    number: str
    order_number: str
    unit_name: str
    uscc: str
    permit_number: str
    delivered_at: str
    clerk: str
    collector: Collector
    papers: tuple[str, ...]
    seals: tuple[DeliveredSeal, ...]
    qr: str


def slip_pdf(slip: DeliverySlip) -> bytes:
    """The slip as PDF, A4."""
    sheet = Sheet(slip.letterhead, _("Delivery slip"), slip.number)
    _title(sheet, slip)
    sheet.grid(
        (
            (Cell(_("Unit"), slip.unit_name, 8, strong=True), Cell(_("Unified social credit code"), slip.uscc, 4)),
            (
                Cell(_("Order number"), slip.order_number, 4),
                Cell(_("Permit number"), slip.permit_number, 4),
                Cell(_("Delivered at"), slip.delivered_at, 4),
            ),
        )
    )
    sheet.section(_("Seals delivered"))
    heads = ((_("No."), 9.0), (_("Seal"), 72.0), (_("Seal type"), 24.0), (_("Seal code"), 30.0), (_("Carrier"), 18.0), (_("Size"), 17.0))
    rows = [(str(n), s.name, s.type_title, s.code, s.carrier_title, s.size) for n, s in enumerate(slip.seals, start=1)]
    sheet.table(heads, rows)
    sheet.need(6)
    sheet.text(RIGHT_MM, sheet.y_mm + 5, _("{count} seals in all").format(count=len(slip.seals)), NOTE, align="right")
    sheet.y_mm += 5
    if any(seal.with_pin_mailer for seal in slip.seals):
        _pin_note(sheet)
    _collector(sheet, slip)
    _signatures(sheet, slip)
    return sheet.finish()


def _title(sheet: Sheet, slip: DeliverySlip) -> None:
    sheet.qr(RIGHT_MM - _QR_MM + 2.5, 28, _QR_MM, slip.qr)
    sheet.text(LEFT_MM, 43, _("Seal delivery slip"), TITLE, max_mm=INNER_MM - _QR_MM - 6)
    sheet.text(LEFT_MM, 51, _("No. {number}").format(number=slip.number), Style(11, tracking_pt=0.6), max_mm=INNER_MM - _QR_MM - 6)
    sheet.y_mm = 60
    sheet.line(LEFT_MM, sheet.y_mm, RIGHT_MM, sheet.y_mm, 0.5, INK)


def _pin_note(sheet: Sheet) -> None:
    text = _(
        "The card PIN of a chip seal is in the sealed PIN mailer. Check that it is unopened, keep it apart from the seal,"
        " and change the PIN when you first use the seal."
    )
    style = Style(9.2)
    lines = wrap(text, INNER_MM - 12, style.typeface, style.size_pt)
    height = len(lines) * line_height_mm(style) + 10.5
    sheet.need(height + 4)
    sheet.y_mm += 4
    sheet.box(LEFT_MM, sheet.y_mm, INNER_MM, height, fill=TINT, edge=HAIRLINE, radius_mm=1.2)
    sheet.text(LEFT_MM + 6, sheet.y_mm + 6, _("PIN mailer"), Style(9.6, bold=True))
    for number, line in enumerate(lines, start=1):
        sheet.text(LEFT_MM + 6, sheet.y_mm + 6.4 + number * line_height_mm(style), line, style)
    sheet.y_mm += height


def _collector(sheet: Sheet, slip: DeliverySlip) -> None:
    sheet.section(_("Collected by"), 30)
    who = slip.collector
    sheet.grid(
        (
            (Cell(_("Name"), who.name, 4), Cell(_("Capacity"), who.capacity, 4), Cell(_("Telephone"), who.phone_masked, 4)),
            (Cell(_("Document"), who.document_title, 4), Cell(_("Document number"), who.document_masked, 8)),
        )
    )
    sheet.y_mm += 3
    sheet.need(6)
    sheet.text(LEFT_MM, sheet.y_mm + 2.5, _("Papers checked"), LABEL)
    sheet.y_mm += 3.5
    for paper in slip.papers:
        for number, line in enumerate(wrap(paper, INNER_MM - 7, Style().typeface, 9.6)):
            step = line_height_mm(Style(9.6))
            sheet.need(step)
            sheet.y_mm += step
            if not number:
                sheet.tick(LEFT_MM + 0.5, sheet.y_mm - 1, True)
            sheet.text(LEFT_MM + 6, sheet.y_mm - 1, line, Style(9.6))
    if not slip.papers:
        sheet.paragraph("—", NOTE)


def _signatures(sheet: Sheet, slip: DeliverySlip) -> None:
    statement = _("I have received the seals listed above, compared them with the permit, and found them complete and undamaged.")
    sheet.need(46)
    sheet.y_mm += 7
    sheet.paragraph(statement, Style(9.6))
    sheet.y_mm += 17
    width = (INNER_MM - 16) / 3
    for place, (label, value) in enumerate(((_("Collector (signature)"), ""), (_("Handed over by"), slip.clerk), (_("Date"), ""))):
        left = LEFT_MM + place * (width + 8)
        sheet.text(left + 2, sheet.y_mm - 2, value, Style(10.5))
        sheet.line(left, sheet.y_mm, left + width, sheet.y_mm, 0.5, INK)
        sheet.text(left, sheet.y_mm + 4.2, label, LABEL)
    sheet.y_mm += 12
    sheet.paragraph(_("One copy for the unit, one for the shop's files."), NOTE)
