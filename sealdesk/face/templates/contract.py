"""Contract seals: today's with a star, and the old 58 mm form with lines of text."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.specification import Arc, FaceSpec, Fit, LegalSize, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, Form, Template, code_arc

PURPOSE = "合同专用章"


def _today(name: str, title: str, diameter_mm: float, *, mandated: bool = False) -> Template:
    style = RoundStyle(diameter_mm, row=True, ring_source=sources.PRACTICE, size_source=sources.PRACTICE, low_mm=30.0, high_mm=58.0)

    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style, PURPOSE, composition.sequence(form.text("sequence")))

    fields = (composition.name_field(), composition.sequence_field(), composition.code_field())
    return Template(name, title, "04", fields, composition.figures(style), draw, mandated, "contract", sources.PRACTICE)


_OLD_FIGURES = (
    Figure("diameter", N_("diameter"), 58.0, sources.PRACTICE, 50.0, 60.0),
    Figure("ring", N_("ring width"), 1.5, sources.PRACTICE, 0.5, 3.0),
    Figure("name_height", N_("height of the name"), 6.5, sources.GEOMETRY, 3.0, 9.0),
    Figure("name_gap", N_("gap from ring to name"), 1.3, sources.GEOMETRY, 0.3, 4.0),
    Figure("name_span", N_("angle of the name"), 240.0, sources.GEOMETRY, 90.0, 300.0, "deg"),
    Figure("row_height", N_("height of the row"), 6.0, sources.GEOMETRY, 3.0, 8.0),
    Figure("line_height", N_("height of the lines"), 2.6, sources.GEOMETRY, 1.5, 4.0),
)


def _old(form: Form) -> FaceSpec:
    d, ring, line = form["diameter"], form["ring"], form["line_height"]
    start = ring + form["name_gap"]
    inner = d / 2 - start - form["name_height"]
    rows = [Row(PURPOSE, form["row_height"], -9.5, limit_mm=2 * (inner - 6.0), font=form.font("song"))]
    top = -9.5 + form["row_height"] + 1.6
    for label, field in (("开户银行：", "bank"), ("账号：", "account"), ("电话：", "phone"), ("地址：", "address")):
        if words := form.text(field):
            rows.append(Row(label + words, line, top, limit_mm=2 * (inner - 2.2), font=form.font("song"), fit=Fit(gap_ratio=0.12)))
        top += line + 1.1
    if number := composition.sequence(form.text("sequence")):
        rows.append(Row(number, 2.4, top + 1.0, font="arial", kind="sequence"))
    arcs = (
        Arc(form.text("name"), form["name_height"], start, span_deg=form["name_span"], font=form.font("song")),
        code_arc(form.text("code"), ring + 0.7),
    )
    legal = LegalSize(50.0, 60.0, sources.PRACTICE)
    return FaceSpec(Shape("circle", d, d), rings=(Ring(ring),), arcs=arcs, rows=tuple(rows), legal_width=legal, legal_height=legal)


TEMPLATES: tuple[Template, ...] = (
    _today("contract.40", N_("Contract seal, 40 mm"), 40.0, mandated=True),
    _today("contract.38", N_("Contract seal, 38 mm"), 38.0),
    _today("contract.50", N_("Contract seal, 50 mm"), 50.0),
    Template(
        "contract.58",
        N_("Contract seal with bank lines (old rule), 58 mm"),
        "04",
        (
            composition.name_field(),
            Field("bank", N_("bank"), False, 24, "text", "中国银行青石支行"),
            Field("account", N_("account number"), False, 30, "text", "11010800123456789"),
            Field("phone", N_("telephone"), False, 20, "text", "010-66668888"),
            Field("address", N_("address"), False, 30, "text", "海淀区青石路18号"),
            composition.sequence_field(),
            composition.code_field(),
        ),
        _OLD_FIGURES,
        _old,
        family="contract",
        note=sources.PRACTICE,
    ),
)
