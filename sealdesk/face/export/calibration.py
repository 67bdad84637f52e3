"""The calibration sheet: a circle of 40.00 mm and a ruler of 100 mm, and the machine's scale worked out from what was measured on it.

It is a drawing like any face, so that every export takes it; digits are drawn from bars and need no font.
"""

from __future__ import annotations

import math

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.face.drawing import Contour, Drawing, Ink, Part, Segment
from sealdesk.face.export.geometry import rectangle
from sealdesk.face.export.numbers import written

CIRCLE_MM = 40.0
RULER_MM = 100.0

_WIDTH_MM, _HEIGHT_MM = 120.0, 80.0
_LINE_MM = 0.2
_MOST_OFF = 0.1
_SEGMENTS = {  # bars of a seven-bar digit: top, upper left, upper right, middle, lower left, lower right, bottom
    "0": "1110111", "1": "0010010", "2": "1011101", "3": "1011011", "4": "0111010",
    "5": "1101011", "6": "1101111", "7": "1010010", "8": "1111111", "9": "1111011",
}  # fmt: skip


class MeasurementError(UserError):
    """A measured length is too far from the drawn one to be the machine's error."""

    code = "face.calibration.measured"
    sentence = N_("{measured} mm measured where {drawn} mm are drawn is more than a machine's error.")
    advice = N_("Measure again, and check that the sheet was printed at 100 %.")


def sheet() -> Drawing:
    """The sheet: the circle's outer edge measures 40.00 mm, the ruler's outer marks stand 100.00 mm apart (left edge to left edge)."""
    parts = [_circle(60.0, 26.0, CIRCLE_MM / 2), _cross(60.0, 26.0)]
    left, top = 10.0, 56.0
    for mm in range(int(RULER_MM) + 1):
        length = 8.0 if mm % 10 == 0 else 5.5 if mm % 5 == 0 else 3.5
        parts.append(Part(f"ruler.{mm}", "ruler", Ink.INK, (rectangle(left + mm, top, _LINE_MM, length),)))
        if mm % 10 == 0:
            parts.append(_number(str(mm), left + mm + _LINE_MM / 2, top + 10.0))
    return Drawing(_WIDTH_MM, _HEIGHT_MM, tuple(parts))


def explained() -> tuple[str, ...]:
    """What to do with the sheet, in the person's language."""
    return (
        _("Print or engrave the sheet at 100 %, without fitting it to the page."),
        _("Measure the ruler from the left edge of 0 to the left edge of 100, once across and once turned by 90 degrees."),
        _("The outer edge of the circle must measure 40.00 mm in every direction."),
        _("Enter the measured lengths; the profile's scale follows from them."),
    )


def scales(measured_x_mm: float, measured_y_mm: float, drawn_mm: float = RULER_MM) -> tuple[float, float]:
    """The profile's factors across and along that turn the measured lengths into the drawn one.

    Raises:
        MeasurementError: a length is more than a tenth off; `field` names it.
    """
    factors = []
    for field, measured in (("measured_x_mm", measured_x_mm), ("measured_y_mm", measured_y_mm)):
        if not (math.isfinite(measured) and abs(measured - drawn_mm) <= drawn_mm * _MOST_OFF):
            raise MeasurementError(measured=f"{measured:g}", drawn=written(drawn_mm), field=field)
        factors.append(round(min(max(drawn_mm / measured, 0.9), 1.1), 6))
    return factors[0], factors[1]


def _circle(x: float, y: float, radius: float) -> Part:
    return Part("circle", "ring", Ink.INK, (_round(x, y, radius, 1), _round(x, y, radius - _LINE_MM, -1)))


def _round(x: float, y: float, radius: float, turn: int) -> Contour:
    """A circle of eight cubics: 4·10⁻⁶ of the radius off, a tenth of a micrometre here."""
    count = 8
    handle = 4 / 3 * math.tan(math.pi / (2 * count)) * radius * turn
    segments: list[Segment] = []
    for i in range(count):
        a, b = 2 * math.pi * i / count * turn, 2 * math.pi * (i + 1) / count * turn
        ax, ay, bx, by = math.cos(a), math.sin(a), math.cos(b), math.sin(b)
        end = (x + radius * bx, y + radius * by) if i < count - 1 else (x + radius, y)
        segments.append(
            ("C", x + radius * ax - handle * ay, y + radius * ay + handle * ax,
             x + radius * bx + handle * by, y + radius * by - handle * bx, *end)
        )  # fmt: skip
    return Contour((x + radius, y), tuple(segments))


def _cross(x: float, y: float) -> Part:
    half = _LINE_MM / 2
    return Part("cross", "ring", Ink.INK, (rectangle(x - 3, y - half, 6, _LINE_MM), rectangle(x - half, y - 3, _LINE_MM, 6)))


def _number(text: str, centre_x: float, top: float) -> Part:
    width, height, gap, bar = 1.4, 2.4, 0.8, 0.3
    x = centre_x - (len(text) * width + (len(text) - 1) * gap) / 2
    contours: list[Contour] = []
    for digit in text:
        middle = top + (height - bar) / 2
        right, half = x + width - bar, height / 2
        bars = (
            (x, top, width, bar), (x, top, bar, half), (right, top, bar, half), (x, middle, width, bar),
            (x, top + half, bar, half), (right, top + half, bar, half), (x, top + height - bar, width, bar),
        )  # fmt: skip
        contours += [rectangle(*place) for place, on in zip(bars, _SEGMENTS[digit], strict=True) if on == "1"]
        x += width + gap
    return Part(f"number.{text}", "text", Ink.INK, tuple(contours), text)
