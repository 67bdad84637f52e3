"""The usual round face put together: ring, mark, name along the edge, a row below the mark, number and code. It is no template.

Figures below the diameter are nowhere law (国发〔1999〕25号 fixes diameter and mark only). The defaults follow the Shaanxi reference table
where it speaks and run evenly between its columns; each figure says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from sealdesk.core.i18n import N_
from sealdesk.face import sources
from sealdesk.face.formulas import arccos, least, most, root, sine
from sealdesk.face.plans import Form
from sealdesk.face.specification import Arc, FaceSpec, Fit, LegalSize, Line, Mark, Ring, Row, Shape
from sealdesk.face.template import Field, Figure, code_arc

# diameter: ring, mark, name height, gap from ring to name (mm). 30 to 45: Shaanxi; 42 mm ring 1.2 and 40 mm ring 1.0, star 14: trade.
_TABLE = (
    (25.0, 0.8, 7.5, 3.6, 0.5),
    (30.0, 1.0, 10.0, 4.2, 0.6),
    (38.0, 1.0, 12.0, 6.0, 0.8),
    (40.0, 1.0, 14.0, 6.5, 0.9),
    (42.0, 1.2, 14.0, 6.8, 0.9),
    (45.0, 1.5, 15.0, 7.2, 1.2),
    (50.0, 1.5, 16.5, 7.6, 1.2),
    (58.0, 1.5, 19.0, 8.2, 1.3),
    (60.0, 1.8, 20.0, 8.4, 1.4),
)


@dataclass(frozen=True, slots=True)
class RoundStyle:
    """How a round face is made up; None takes the table's value for the diameter."""

    diameter_mm: float
    mark: str = "star"
    row: bool = False
    code: bool = True
    ring_mm: float | None = None
    mark_mm: float | None = None
    inner_ring_mm: float = 0.0
    size_source: str = sources.PRACTICE
    ring_source: str = ""
    low_mm: float = 3.0
    high_mm: float = 200.0
    dash_mm: float = 0.0


def table(diameter_mm: float) -> tuple[float, float, float, float]:
    """(ring, mark, name height, gap) for a diameter, evenly between the table's sizes."""
    below = max((r for r in _TABLE if r[0] <= diameter_mm), default=_TABLE[0])
    above = min((r for r in _TABLE if r[0] >= diameter_mm), default=_TABLE[-1])
    part = 0.0 if above[0] == below[0] else (diameter_mm - below[0]) / (above[0] - below[0])
    ring, mark, height, gap = (round(b + (a - b) * part, 2) for b, a in zip(below[1:], above[1:], strict=True))
    return ring, mark, height, gap


def figures(style: RoundStyle) -> tuple[Figure, ...]:
    """The figures of a round face, each with its source."""
    d = style.diameter_mm
    ring, mark, height, gap = table(d)
    if style.row and style.mark_mm is None:
        mark = round(mark * 0.86, 1)
    named = sources.SHAANXI if d in (30.0, 38.0, 40.0, 42.0, 45.0) else sources.GEOMETRY
    out = [
        Figure("diameter", N_("diameter"), d, style.size_source, style.low_mm, min(style.high_mm, 100.0)),
        Figure("ring", N_("ring width"), style.ring_mm or ring, style.ring_source or named, 0.3, 4.0),
        Figure("name_height", N_("height of the name"), height, named, 1.5, 15.0),
        Figure("name_gap", N_("gap from ring to name"), gap, named, 0.2, 6.0),
        # The Shaanxi table: 170 to 240 degrees at 30 mm, 250 to 270 from 38 mm.
        Figure("name_span", N_("angle of the name"), 260.0 if d > 34.0 else 240.0, sources.SHAANXI, 60.0, 330.0, "deg"),
    ]
    if style.mark:
        out.append(Figure("mark", N_("diameter of the mark"), style.mark_mm or mark, _mark_source(style, named), 3.0, 50.0))
    if style.dash_mm:
        out.append(Figure("dash", N_("length of the dashes beside the mark"), style.dash_mm, sources.TIANJIN, 0.5, 6.0))
    if style.inner_ring_mm:
        out.append(Figure("inner_ring", N_("width of the inner ring"), style.inner_ring_mm, sources.PRACTICE, 0.1, 3.0))
    if style.row:
        row = round(d * 0.105, 2)
        out.append(Figure("row_height", N_("height of the row"), row, sources.GEOMETRY, 1.0, 12.0))
        if style.mark:
            out.append(Figure("row_gap", N_("gap from mark to row"), 0.7, sources.GEOMETRY, 0.2, 10.0))
    if style.code:
        out.append(Figure("code_height", N_("height of the seal code"), 1.2, sources.OBSERVED, 0.8, 3.0))
        out.append(Figure("code_span", N_("angle of the seal code"), 70.0, sources.OBSERVED, 20.0, 160.0, "deg"))
    return tuple(out)


def _mark_source(style: RoundStyle, named: str) -> str:
    if style.row and style.mark_mm is None:
        return sources.GEOMETRY
    return sources.PRACTICE if style.mark_mm or style.mark != "star" else named


def name_field(label: str = "", example: str = "") -> Field:
    """The unit's full name."""
    return Field("name", label or N_("full name of the unit"), True, 40, "name", example or "北京市海淀区青石科技有限公司")


def code_field() -> Field:
    """The seal code; it usually comes from the platform later."""
    return Field("code", N_("seal code"), False, 19, "code", "1101080012345")


def sequence_field() -> Field:
    """The number of a further seal of the same kind."""
    return Field("sequence", N_("number of this seal"), False, 3, "sequence", "1")


SEQUENCE = "({sequence})"
"""The number in brackets as it stands on the face; without a number it is left out."""


def round_face(form: Form, style: RoundStyle, row: str = "", extra: str = "") -> FaceSpec:
    """The face of a round seal.

    Args:
        form: the names of texts and figures.
        style: what it is made up of.
        row: the text below the mark; the name then ends above it.
        extra: a second, smaller row below (a number).
    """
    d, ring, height = form["diameter"], form["ring"], form["name_height"]
    rings = [Ring(ring)]
    edge = ring
    if style.inner_ring_mm:
        rings.append(Ring(form["inner_ring"], ring + 0.5))
        edge = form.let("edge", ring + 0.5 + form["inner_ring"])
    start = form.let("start", edge + form["name_gap"])
    span = form["name_span"]
    rows: tuple[Row, ...] = ()
    marks = (Mark(style.mark, form["mark"]),) if style.mark else ()
    if row:
        span, rows = _rows(form, style, start, row, extra)
    legal = LegalSize(style.low_mm, style.high_mm, style.size_source)
    arcs = [Arc(form.text("name"), height, start, span_deg=span)]
    if style.code:
        arcs.append(code_arc(form.text("code"), edge + 0.6, form["code_height"], form["code_span"]))
    return FaceSpec(
        Shape("circle", d, d),
        rings=tuple(rings),
        marks=marks,
        arcs=tuple(arcs),
        rows=rows,
        lines=_dashes(form) if style.dash_mm else (),
        legal_width=legal,
        legal_height=legal,
    )


def _dashes(form: Form) -> tuple[Line, Line]:
    """A short stroke at each side of the mark, as filed finance and contract seals of Tianjin have them."""
    near = form.let("dash_near", form["mark"] / 2 + 1.2)
    far = form.let("dash_far", near + form["dash"])
    return Line(-far, 0.0, -near, 0.0, 0.5), Line(near, 0.0, far, 0.0, 0.5)


def _rows(form: Form, style: RoundStyle, start: float, text: str, extra: str) -> tuple[float, tuple[Row, ...]]:
    """The name's span that ends above the row, and the rows that stay clear of name, ring and code."""
    radius = form["diameter"] / 2
    inner = form.let("inner", radius - start - form["name_height"])
    row = form["row_height"]
    if not style.mark:
        rows = [Row(text, row, -row / 2, limit_mm=2 * (inner - 0.6))]
        if extra:
            rows.append(Row(extra, row * 0.55, row / 2 + 0.8, limit_mm=2 * (inner - 2.5), font="arial", kind="sequence"))
        return form["name_span"], tuple(rows)
    # A pentagram's lower tips lie at 0.809 of its radius.
    top = form.let("top", form["mark"] / 2 * 0.809 + form["row_gap"])
    ends = form.let("ends", arccos(most(-1, least(1, -(top - 0.5) / inner))))
    outer = form.let("outer", radius - start - (form["code_height"] + 0.7 if style.code else 0.3))
    beside = form.let("beside", inner * sine(ends) - 0.2)

    def limit(foot: float) -> float:
        return 2 * least(beside, root(most(outer * outer - foot * foot, 1)))

    foot = form.let("foot", top + row)
    rows = [Row(text, row, top, limit_mm=limit(foot), fit=Fit(gap_ratio=0.18))]
    if extra:
        small = row * 0.55
        rows.append(Row(extra, small, foot + 0.5, limit_mm=limit(foot + 0.5 + small), font="arial", kind="sequence"))
    return least(form["name_span"], 2 * ends), tuple(rows)
