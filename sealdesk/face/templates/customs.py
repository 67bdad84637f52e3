"""The customs declaration seal (报关专用章): oval 50 × 36 mm."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.specification import Arc, FaceSpec, LegalSize, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, Form, Template, code_arc

PURPOSE = "报关专用章"

_FIGURES = (
    Figure("width", N_("width"), 50.0, sources.CUSTOMS, 50.0, 50.0),
    Figure("height", N_("height"), 36.0, sources.CUSTOMS, 36.0, 36.0),
    Figure("ring", N_("ring width"), 1.2, sources.PRACTICE, 0.5, 3.0),
    Figure("name_height", N_("height of the name"), 5.2, sources.GEOMETRY, 2.0, 8.0),
    Figure("name_gap", N_("gap from ring to name"), 0.8, sources.GEOMETRY, 0.2, 4.0),
    Figure("name_span", N_("angle of the name"), 220.0, sources.GEOMETRY, 90.0, 260.0, "deg"),
    Figure("row_height", N_("height of the row"), 5.2, sources.GEOMETRY, 2.0, 8.0),
    Figure("row_top", N_("centre line to the top of the row"), -1.5, sources.GEOMETRY, -8.0, 8.0),
)


def _draw(form: Form) -> FaceSpec:
    width, height, ring = form["width"], form["height"], form["ring"]
    start = ring + form["name_gap"]
    room = width - 2 * (start + form["name_height"]) - 2.0
    rows = [Row(PURPOSE, form["row_height"], form["row_top"], limit_mm=room, font=form.font("song"))]
    port = form.text("port")
    below = f"（{port}）" if port else composition.sequence(form.text("sequence"))
    if below:
        top = form["row_top"] + form["row_height"] + 1.0
        rows.append(Row(below, form["row_height"] * 0.62, top, limit_mm=room * 0.8, font=form.font("song"), kind="text"))
    arcs = (
        Arc(form.text("name"), form["name_height"], start, span_deg=form["name_span"], font=form.font("song")),
        code_arc(form.text("code"), ring + 0.7),
    )
    return FaceSpec(
        Shape("ellipse", width, height),
        rings=(Ring(ring),),
        arcs=arcs,
        rows=tuple(rows),
        legal_width=LegalSize(50.0, 50.0, sources.CUSTOMS),
        legal_height=LegalSize(36.0, 36.0, sources.CUSTOMS),
    )


TEMPLATES: tuple[Template, ...] = (
    Template(
        "customs.50x36",
        N_("Customs declaration seal, oval 50 × 36 mm"),
        "99",
        (
            composition.name_field(),
            Field("port", N_("customs port"), False, 8, "text", "青石港"),
            composition.sequence_field(),
            composition.code_field(),
        ),
        _FIGURES,
        _draw,
        family="customs",
        note=sources.CUSTOMS,
    ),
)
