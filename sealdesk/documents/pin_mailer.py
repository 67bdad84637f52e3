"""The PIN mailer of chip seals: one block per seal with its card PIN, to be folded and sealed; printed once, before the hand-over ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from sealdesk.core.i18n import _
from sealdesk.documents.sheet import HAIRLINE, INNER_MM, LABEL, LEFT_MM, NOTE, TITLE, Letterhead, Sheet, Style
from sealdesk.documents.typefaces import Typeface

_BLOCK_MM = 46.0


@dataclass(frozen=True, slots=True)
class MailedPin:
    """One seal with its card PIN; the PIN shows in no repr."""

    seal_name: str
    seal_code: str
    chip_serial: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinMailer:
    """The sheet that goes into the sealed envelope."""

    letterhead: Letterhead
    number: str
    unit_name: str
    pins: tuple[MailedPin, ...]


def pin_mailer_pdf(mailer: PinMailer) -> bytes:
    """The sheet as PDF, A4."""
    sheet = Sheet(mailer.letterhead, _("PIN mailer"), mailer.number)
    sheet.text(LEFT_MM, 43, _("PIN mailer"), TITLE)
    sheet.text(LEFT_MM, 51, mailer.unit_name, Style(11), max_mm=INNER_MM)
    sheet.y_mm = 58
    for mailed in mailer.pins:
        sheet.need(_BLOCK_MM + 6)
        top = sheet.y_mm
        sheet.box(LEFT_MM, top, INNER_MM, _BLOCK_MM, edge=HAIRLINE, radius_mm=1.2)
        sheet.text(LEFT_MM + 6, top + 9, mailed.seal_name, Style(11, Typeface.SERIF, bold=True), max_mm=INNER_MM - 12)
        sheet.text(LEFT_MM + 6, top + 16, _("Seal code {code}").format(code=mailed.seal_code), LABEL)
        sheet.text(LEFT_MM + 6, top + 21, _("Chip {serial}").format(serial=mailed.chip_serial), LABEL, max_mm=INNER_MM - 12)
        sheet.text(LEFT_MM + 6, top + 36, mailed.pin, Style(24, tracking_pt=5.0))
        sheet.text(LEFT_MM + 6, top + 42, _("Card PIN. Change it when you first use the seal."), NOTE)
        sheet.y_mm = top + _BLOCK_MM + 6
    return sheet.finish()
