"""Contract seals: today's with a star, and the old 58 mm form with lines of text."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.composition import RoundStyle
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import Arc, FaceSpec, Fit, LegalSize, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, Template, code_arc

PURPOSE = "合同专用章"


def _today(name: str, title: str, diameter_mm: float, source: str, *, mandated: bool = False, dash_mm: float = 0.0) -> Template:
    style = RoundStyle(diameter_mm, row=True, ring_source=sources.PRACTICE, size_source=source, low_mm=30.0, high_mm=58.0, dash_mm=dash_mm)

    def draw(form: Form) -> FaceSpec:
        return composition.round_face(form, style, PURPOSE, composition.SEQUENCE)

    fields = (composition.name_field(), composition.sequence_field(), composition.code_field())
    return Template(name, title, "04", fields, composition.figures(style), traced(draw), mandated, "contract", source)


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
    start = form.let("start", ring + form["name_gap"])
    inner = form.let("inner", d / 2 - start - form["name_height"])
    rows = [Row(PURPOSE, form["row_height"], -9.5, limit_mm=2 * (inner - 6))]
    first = form.let("lines_top", form["row_height"] - 7.9)
    for i, (label, field) in enumerate((("开户银行：", "bank"), ("账号：", "account"), ("电话：", "phone"), ("地址：", "address"))):
        rows.append(Row(label + form.text(field), line, first + i * (line + 1.1), limit_mm=2 * (inner - 2.2), fit=Fit(gap_ratio=0.12)))
    rows.append(Row(composition.SEQUENCE, 2.4, first + 4 * (line + 1.1) + 1, font="arial", kind="sequence"))
    arcs = (Arc(form.text("name"), form["name_height"], start, span_deg=form["name_span"]), code_arc(form.text("code"), ring + 0.7))
    legal = LegalSize(50.0, 60.0, sources.PRACTICE)
    return FaceSpec(Shape("circle", d, d), rings=(Ring(ring),), arcs=arcs, rows=tuple(rows), legal_width=legal, legal_height=legal)


TEMPLATES: tuple[Template, ...] = (
    _today("contract.40", N_("Contract seal, 40 mm"), 40.0, sources.PRACTICE, mandated=True),
    _today("contract.38", N_("Contract seal, 38 mm"), 38.0, sources.PRACTICE),
    _today("contract.50", N_("Contract seal, 50 mm"), 50.0, sources.TIANJIN),
    _today("contract.dashes.40", N_("Contract seal, dashes beside the star, 40 mm"), 40.0, sources.TIANJIN, dash_mm=2.2),
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
        traced(_old),
        family="contract",
        note=sources.PRACTICE,
    ),
)
