"""Seals for a purpose with straight edges: a rectangle with the name in one line, a rhombus with up to three; the purpose stands below."""

from __future__ import annotations

from collections.abc import Callable

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.divisions import Division
from sealdesk.face.formulas import least, most, size
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import FaceSpec, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, Template, code_row

_ENDINGS = ("有限责任公司", "股份有限公司", "有限公司")
_SPACE = 1.1


def _shaped(name: str, title: str, kind: str, width_mm: float, height_mm: float, line_mm: float, row_mm: float, example: str) -> Template:
    figures = (
        Figure("width", N_("width"), width_mm, sources.PRACTICE, 40.0, 80.0),
        Figure("height", N_("height"), height_mm, sources.PRACTICE, height_mm - 4.0, 60.0),
        Figure("ring", N_("ring width"), 0.8, sources.PRACTICE, 0.3, 2.0),
        Figure("inner_ring", N_("width of the inner ring"), 0.3, sources.PRACTICE, 0.1, 1.0),
        Figure("line_height", N_("height of the lines"), line_mm, sources.GEOMETRY, 1.5, 6.0),
        Figure("row_height", N_("height of the row"), row_mm, sources.GEOMETRY, 2.0, 9.0),
    )

    def draw(form: Form) -> FaceSpec:
        width, height, ring = form["width"], form["height"], form["ring"]
        line, row = form["line_height"], form["row_height"]
        edge = form.let("edge", ring + 0.5 + form["inner_ring"])
        rule = Division("line", "whole" if kind == "rectangle" else "lines", ("{name}",), keep=() if kind == "rectangle" else _ENDINGS)
        count, lines = form.divided(rule)
        whole = form.let("block", count * (line + _SPACE) + row + _SPACE + 1.1)
        first = form.let("lines_top", -whole / 2)
        limit = _limit(form, kind, width, height, edge)
        rows = [
            Row(words, line, first + i * (line + _SPACE), limit_mm=limit(first + i * (line + _SPACE), line))
            for i, words in enumerate(lines)
        ]
        top = form.let("row_top", first + count * (line + _SPACE))
        rows.append(Row(form.text("row"), row, top, limit_mm=limit(top, row)))
        code = form.let("code_top", top + row + _SPACE)
        rows.append(code_row(form.text("code"), limit(code, 1.1), code))
        return FaceSpec(Shape(kind, width, height), rings=(Ring(ring), Ring(form["inner_ring"], ring + 0.5)), rows=tuple(rows))

    fields = (composition.name_field(), Field("row", N_("purpose of the seal"), True, 14, "text", example), composition.code_field())
    return Template(name, title, "99", fields, figures, traced(draw), family="department", note=sources.PRACTICE)


def _limit(form: Form, kind: str, width: float, height: float, edge: float) -> Callable[[float, float], float]:
    """How wide a row may be at a place: the rectangle's inner width, or what is left between the rhombus's inner edges."""
    if kind == "rectangle":
        room = form.let("room", width - 2 * (edge + 1))
        return lambda top, tall: room
    # An edge of a rhombus that leans moves inwards by more, measured across, than across the line itself.
    lean = form.let("lean", 1 + width / height)

    def limit(top: float, tall: float) -> float:
        far = most(size(top), size(top + tall))
        return most(least(width, width * (1 - 2 * far / height) - 2 * (edge + 0.4) * lean), 2)

    return limit


TEMPLATES: tuple[Template, ...] = (
    _shaped("purpose.rectangle.60x25", N_("Seal for a purpose, rectangle 60 × 25 mm"), "rectangle", 60.0, 25.0, 5.0, 7.5, "现金付讫"),
    _shaped("purpose.rhombus.65x40", N_("Seal for a purpose, rhombus 65 × 40 mm"), "rhombus", 65.0, 40.0, 3.6, 6.2, "检验专用章"),
)
