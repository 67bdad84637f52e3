"""The invoice seal (发票专用章) to the number of 国家税务总局公告2011年第7号 and its annex."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.formulas import choose
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import Arc, FaceSpec, Fit, LegalSize, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, Template, code_arc

PURPOSE = "发票专用章"

_FIGURES = (
    Figure("width", N_("width"), 40.0, sources.INVOICE, 40.0, 40.0),
    Figure("height", N_("height"), 30.0, sources.INVOICE, 30.0, 30.0),
    Figure("ring", N_("ring width"), 1.0, sources.INVOICE, 1.0, 1.0),
    Figure("name_height", N_("height of the name"), 4.2, sources.INVOICE, 4.2, 4.2),
    Figure("name_gap", N_("gap from ring to name"), 0.5, sources.INVOICE, 0.5, 0.5),
    Figure("name_span", N_("angle of the name"), 240.0, sources.INVOICE, 210.0, 260.0, "deg"),
    Figure("row_height", N_("height of the row"), 4.6, sources.INVOICE, 4.6, 4.6),
    Figure("row_width", N_("width of a letter of the row"), 3.0, sources.INVOICE, 3.0, 3.0),
    Figure("row_top", N_("centre line to the top of the row"), 4.2, sources.INVOICE, 4.2, 4.2),
    Figure("number_height", N_("height of the taxpayer number"), 3.7, sources.INVOICE, 3.7, 3.7),
    Figure("number_width", N_("width of a digit of the taxpayer number"), 1.3, sources.INVOICE, 1.3, 1.3),
    Figure("number_total", N_("width of the taxpayer number"), 26.0, sources.INVOICE, 26.0, 26.0),
    Figure("sequence_height", N_("height of the number of the seal"), 2.2, sources.INVOICE, 2.2, 2.2),
    Figure("sequence_width", N_("width of the number of the seal"), 1.7, sources.INVOICE, 1.7, 1.7),
    Figure("sequence_top", N_("centre line to the top of the number of the seal"), 10.0, sources.INVOICE, 10.0, 10.0),
    Figure("code_height", N_("height of the seal code"), 1.0, sources.OBSERVED, 0.8, 1.3),
)


def _draw(form: Form) -> FaceSpec:
    ring = form["ring"]
    name = Arc(
        form.text("name"), form["name_height"], ring + form["name_gap"], span_deg=form["name_span"], span_min_deg=210.0,
        font="fang", fit=Fit(max_ratio=0.8, gap_ratio=0.2),
    )  # fmt: skip
    # 18 digits fill 26 mm exactly; a shorter number keeps the annex's pitch within the same width.
    digits, wide = form.length("tax_number"), form["number_width"]
    pitch = form.let("pitch", (form["number_total"] - wide) / 17)
    total = choose(digits >= 18, form["number_total"], choose(form.has("tax_number"), (digits - 1) * pitch + wide, 0))
    rows = (
        Row(
            form.text("tax_number"), form["number_height"], -form["number_height"] / 2, width_mm=wide, total_mm=total, font="arial",
            kind="taxnumber", fit=Fit(min_ratio=0.25, clear_mm=0.12),
        ),
        Row(PURPOSE, form["row_height"], form["row_top"], width_mm=form["row_width"], font="fang", fit=Fit(gap_ratio=0.16)),
        Row(
            composition.SEQUENCE, form["sequence_height"], form["sequence_top"], width_mm=form["sequence_width"], font="arial",
            kind="sequence",
        ),
    )  # fmt: skip
    arcs = (name, code_arc(form.text("code"), ring + 0.3, form["code_height"], 80.0))
    width, height = form["width"], form["height"]
    return FaceSpec(
        Shape("ellipse", width, height),
        rings=(Ring(ring),),
        arcs=arcs,
        rows=rows,
        legal_width=LegalSize(40.0, 40.0, sources.INVOICE),
        legal_height=LegalSize(30.0, 30.0, sources.INVOICE),
    )


TEMPLATES: tuple[Template, ...] = (
    Template(
        "invoice.40x30",
        N_("Invoice seal, oval 40 × 30 mm"),
        "03",
        (
            composition.name_field(),
            Field("tax_number", N_("taxpayer number"), True, 20, "taxnumber", "91350100M000100Y43"),
            composition.sequence_field(),
            composition.code_field(),
        ),
        _FIGURES,
        traced(_draw),
        mandated=True,
        family="invoice",
        note=sources.INVOICE,
    ),
)
