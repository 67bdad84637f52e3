"""Finance seals (财务专用章): round with star and purpose, square, and oval."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.divisions import Division
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import Arc, FaceSpec, Grid, Ring, Row, Shape
from sealdesk.face.template import Figure, Template, code_arc, code_row

PURPOSE = "财务专用章"


def _round(name: str, title: str, diameter_mm: float, source: str, *, mandated: bool = False, dash_mm: float = 0.0) -> Template:
    style = RoundStyle(diameter_mm, row=True, ring_source=sources.PRACTICE, size_source=source, dash_mm=dash_mm)

    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style, PURPOSE, composition.SEQUENCE)

    fields = (composition.name_field(), composition.sequence_field(), composition.code_field())
    return Template(name, title, "02", fields, composition.figures(style), traced(draw), mandated, "finance", source)


def _square(name: str, title: str, width_mm: float) -> Template:
    figures = (
        Figure("width", N_("width"), width_mm, sources.PRACTICE, 15.0, 40.0),
        Figure("ring", N_("ring width"), 1.0, sources.PRACTICE, 0.3, 3.0),
        Figure("margin", N_("gap from ring to letters"), 0.6, sources.OWN, 0.2, 5.0),
        Figure("gap", N_("gap between letters"), 0.4, sources.OWN, 0.2, 4.0),
    )

    def draw(form: Form) -> FaceSpec:
        width, ring = form["width"], form["ring"]
        inner, foot = form.let("inner", width - 2 * (ring + form["margin"])), 1.45
        _count, columns = form.divided(Division("column", "letters", ("{name}" + PURPOSE, PURPOSE), steps=(0, 8, 15, 24)))
        grid = Grid(columns, inner, inner - foot, form["gap"], 0.0, -foot / 2)
        row = code_row(form.text("code"), inner, width / 2 - ring - 0.45 - 1.1)
        return FaceSpec(Shape("square", width, width), rings=(Ring(ring),), grids=(grid,), rows=(row,))

    fields = (composition.name_field(example="青石科技有限公司"), composition.code_field())
    return Template(name, title, "02", fields, figures, traced(draw), family="finance", note=sources.PRACTICE)


def _oval(name: str, title: str, width_mm: float, height_mm: float, source: str) -> Template:
    figures = (
        Figure("width", N_("width"), width_mm, source, 20.0, 60.0),
        Figure("height", N_("height"), height_mm, source, 15.0, 50.0),
        Figure("ring", N_("ring width"), 1.0, sources.PRACTICE, 0.3, 3.0),
        Figure("name_height", N_("height of the name"), round(height_mm * 0.15, 2), sources.GEOMETRY, 1.5, 8.0),
        Figure("name_gap", N_("gap from ring to name"), 0.7, sources.GEOMETRY, 0.2, 4.0),
        Figure("name_span", N_("angle of the name"), 225.0, sources.GEOMETRY, 90.0, 300.0, "deg"),
        Figure("row_height", N_("height of the row"), round(height_mm * 0.15, 2), sources.GEOMETRY, 1.5, 8.0),
    )

    def draw(form: Form) -> FaceSpec:
        width, height, ring = form["width"], form["height"], form["ring"]
        start = form.let("start", ring + form["name_gap"])
        room = form.let("room", width - 2 * (start + form["name_height"]) - 1.6)
        row = form["row_height"]
        arcs = (Arc(form.text("name"), form["name_height"], start, span_deg=form["name_span"]), code_arc(form.text("code"), ring + 0.5))
        rows = (
            Row(PURPOSE, row, 0.3 - row / 2, limit_mm=room),
            Row(composition.SEQUENCE, row * 0.55, row / 2 + 1.3, font="arial", kind="sequence"),
        )
        return FaceSpec(Shape("ellipse", width, height), rings=(Ring(ring),), arcs=arcs, rows=rows)

    fields = (composition.name_field(), composition.sequence_field(), composition.code_field())
    return Template(name, title, "02", fields, figures, traced(draw), family="finance", note=source)


TEMPLATES: tuple[Template, ...] = (
    _round("finance.38", N_("Finance seal, 38 mm"), 38.0, sources.PRACTICE, mandated=True),
    _round("finance.35", N_("Finance seal, 35 mm"), 35.0, sources.PRACTICE),
    _round("finance.30", N_("Finance seal, 30 mm"), 30.0, sources.PRACTICE),
    _round("finance.25", N_("Finance seal, 25 mm"), 25.0, sources.PRACTICE),
    _round("finance.dashes.38", N_("Finance seal, dashes beside the star, 38 mm"), 38.0, sources.TIANJIN, dash_mm=2.0),
    _square("finance.square.22", N_("Finance seal, 22 mm square"), 22.0),
    _square("finance.square.25", N_("Finance seal, 25 mm square"), 25.0),
    _oval("finance.45x30", N_("Finance seal, oval 45 × 30 mm"), 45.0, 30.0, sources.PRACTICE),
    _oval("finance.30x20", N_("Finance seal, oval 30 × 20 mm"), 30.0, 20.0, sources.TIANJIN),
)
