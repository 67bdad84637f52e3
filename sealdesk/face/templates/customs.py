"""The customs declaration seal (报关专用章): oval 50 × 36 mm."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.divisions import Division
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import Arc, FaceSpec, LegalSize, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, Template, code_arc

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
    start = form.let("start", ring + form["name_gap"])
    room = form.let("room", width - 2 * (start + form["name_height"]) - 2)
    # The port stands below the purpose, or the number of the seal where there is no port.
    _count, (below,) = form.divided(Division("below", "whole", ("（{port}）", composition.SEQUENCE)))
    rows = (
        Row(PURPOSE, form["row_height"], form["row_top"], limit_mm=room),
        Row(below, form["row_height"] * 0.62, form["row_top"] + form["row_height"] + 1, limit_mm=room * 0.8),
    )
    arcs = (
        Arc(form.text("name"), form["name_height"], start, span_deg=form["name_span"]),
        code_arc(form.text("code"), ring + 0.7),
    )
    return FaceSpec(
        Shape("ellipse", width, height),
        rings=(Ring(ring),),
        arcs=arcs,
        rows=rows,
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
        traced(_draw),
        family="customs",
        note=sources.CUSTOMS,
    ),
)
