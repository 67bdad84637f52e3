"""Seals of foreign-invested companies and bilingual seals: Chinese and a foreign name on one face."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.divisions import Division
from sealdesk.face.formulas import choose, most, root, size
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import Arc, FaceSpec, Fit, LegalSize, Mark, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, Template, code_arc

_FOREIGN = Field("foreign", N_("foreign name"), True, 80, "foreign", "QINGSHI TECHNOLOGY (BEIJING) CO., LTD.")


def _oval(name: str, title: str, width_mm: float, height_mm: float, source: str) -> Template:
    figures = (
        Figure("width", N_("width"), width_mm, source, 30.0, 60.0),
        Figure("height", N_("height"), height_mm, source, 20.0, 45.0),
        Figure("ring", N_("ring width"), 1.0, sources.PRACTICE, 0.3, 3.0),
        Figure("name_height", N_("height of the name"), round(height_mm * 0.14, 2), sources.GEOMETRY, 1.5, 8.0),
        Figure("name_gap", N_("gap from ring to name"), 0.7, sources.GEOMETRY, 0.2, 4.0),
        Figure("name_span", N_("angle of the name"), 190.0, sources.GEOMETRY, 90.0, 220.0, "deg"),
        Figure("foreign_height", N_("height of the foreign name"), round(height_mm * 0.075, 2), sources.GEOMETRY, 1.0, 5.0),
        Figure("foreign_span", N_("angle of the foreign name"), 140.0, sources.GEOMETRY, 60.0, 160.0, "deg"),
    )

    def draw(form: Form) -> FaceSpec:
        width, height, ring = form["width"], form["height"], form["ring"]
        start = form.let("start", ring + form["name_gap"])
        arcs = (
            Arc(form.text("name"), form["name_height"], start, span_deg=form["name_span"]),
            Arc(form.text("foreign"), form["foreign_height"], start, "below", form["foreign_span"], font="arial", fit=Fit(min_ratio=0.7)),
        )
        inner = form.let("inner", width - 2 * (start + form["name_height"]) - 2)
        rows = (
            Row(form.text("row"), height * 0.13, -height * 0.04, limit_mm=inner),
            # Below the purpose, or in the middle of a face that has none.
            Row(
                form.text("code"),
                1.2,
                choose(form.has("row"), height * 0.17, -0.6),
                width_mm=0.75,
                limit_mm=inner * 0.8,
                font="arial",
                kind="code",
                fit=Fit(0.3),
            ),
        )
        legal_w, legal_h = LegalSize(30.0, 60.0, source), LegalSize(20.0, 45.0, source)
        return FaceSpec(
            Shape("ellipse", width, height), rings=(Ring(ring),), arcs=arcs, rows=rows, legal_width=legal_w, legal_height=legal_h
        )

    fields = (
        composition.name_field(example="青石科技（北京）有限公司"),
        _FOREIGN,
        Field("row", N_("purpose of the seal"), False, 12, "text", ""),
        composition.code_field(),
    )
    return Template(name, title, "01", fields, figures, traced(draw), family="foreign", note=source)


_PURPOSE = "合同专用章"


def _bilingual_figures(diameter_mm: float) -> tuple[Figure, ...]:
    return (
        Figure("diameter", N_("diameter"), diameter_mm, sources.TIANJIN, 36.0, 45.0),
        Figure("ring", N_("ring width"), 1.0, sources.PRACTICE, 0.3, 3.0),
        Figure("foreign_height", N_("height of the foreign name"), 2.2, sources.OBSERVED, 1.0, 5.0),
        Figure("foreign_gap", N_("gap from ring to foreign name"), 0.8, sources.OBSERVED, 0.2, 4.0),
        Figure("foreign_span", N_("angle of the foreign name"), 320.0, sources.OBSERVED, 90.0, 335.0, "deg"),
        Figure("inner_ring", N_("width of the inner ring"), 0.4, sources.OBSERVED, 0.1, 3.0),
        Figure("row_height", N_("height of the row"), 4.0, sources.OBSERVED, 1.5, 8.0),
    )


_ENDINGS = ("有限责任公司", "股份有限公司", "有限公司")


def _bilingual(name: str, title: str, diameter_mm: float, seal_type: str, source: str, purpose: str = "") -> Template:
    def draw(form: Form) -> FaceSpec:
        d, ring, tall, gap = form["diameter"], form["ring"], form["foreign_height"], form["foreign_gap"]
        inner = form.let("inner", ring + 2 * gap + tall)
        radius = form.let("radius", d / 2 - inner - form["inner_ring"])
        count, lines = form.divided(Division("line", "lines", ("{name}",), keep=_ENDINGS))
        if purpose:  # a last line below those of the name
            count = count + 1
        row, space = form["row_height"], 1.0
        first = form.let("lines_top", -(count * row + (count - 1) * space) / 2 - 1)
        rows = []
        for i, words in enumerate(lines):
            top = form.let(f"top{i + 1}", first + i * (row + space))
            far = form.let(f"far{i + 1}", most(size(top), size(top + row)))
            rows.append(Row(words, row, top, limit_mm=2 * root(most(radius * radius - far * far, 4)) - 1.6))
        if purpose:
            last = form.let("last", first + (count - 1) * (row + space))
            far = form.let("far", most(size(last), size(last + row)))
            rows.append(Row(purpose, row, last, limit_mm=2 * root(most(radius * radius - far * far, 4)) - 1.6))
        arcs = (
            Arc(form.text("foreign"), tall, ring + gap, span_deg=form["foreign_span"], font="arial", fit=Fit(min_ratio=0.7)),
            code_arc(form.text("code"), inner + form["inner_ring"] + 0.5, 1.1, 90.0),
        )
        star = Mark("star", tall * 0.9, 0.0, d / 2 - ring - gap - tall / 2)
        legal = LegalSize(3.0, 45.0, sources.LAW_ENTERPRISE)
        return FaceSpec(
            Shape("circle", d, d),
            rings=(Ring(ring), Ring(form["inner_ring"], inner)),
            marks=(star,),
            arcs=arcs,
            rows=tuple(rows),
            legal_width=legal,
            legal_height=legal,
        )

    fields = (composition.name_field(example="青石科技（北京）有限公司"), _FOREIGN, composition.code_field())
    return Template(name, title, seal_type, fields, _bilingual_figures(diameter_mm), traced(draw), family="foreign", note=source)


TEMPLATES: tuple[Template, ...] = (
    _oval("foreign.45x30", N_("Foreign-invested company, oval 45 × 30 mm"), 45.0, 30.0, sources.PRACTICE),
    _oval("foreign.50x35", N_("Foreign-invested company, oval 50 × 35 mm"), 50.0, 35.0, sources.TIANJIN),
    _bilingual("bilingual.40", N_("Bilingual seal with an inner ring, 40 mm"), 40.0, "01", sources.OBSERVED),
    _bilingual("bilingual.contract.38", N_("Bilingual contract seal with an inner ring, 38 mm"), 38.0, "04", sources.TIANJIN, _PURPOSE),
)
