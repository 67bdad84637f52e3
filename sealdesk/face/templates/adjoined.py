"""Seals in autonomous areas: the minority script and Chinese on one face (国发〔1999〕25号, article 16)."""

from __future__ import annotations

from dataclasses import replace

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.divisions import Division
from sealdesk.face.formulas import choose, least, most, root, rounded, size
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import Arc, Column, FaceSpec, Fit, LegalSize, Mark, Ring, Shape
from sealdesk.face.template import Field, Figure, Template, code_arc


def _figures(diameter_mm: float, mark: str) -> tuple[Figure, ...]:
    ring, size, _height, gap = composition.table(diameter_mm)
    law = sources.LAW_COUNTY if mark == "national" else sources.LAW_ENTERPRISE
    return (
        Figure("diameter", N_("diameter"), diameter_mm, law, diameter_mm if mark == "national" else 3.0, 45.0),
        Figure("ring", N_("ring width"), ring, sources.SHAANXI, 0.3, 4.0),
        Figure("adjoined_height", N_("height of the minority script"), 4.4, sources.GEOMETRY, 1.5, 8.0),
        Figure("adjoined_span", N_("angle of the minority script"), 170.0, sources.GEOMETRY, 60.0, 260.0, "deg"),
        Figure("name_height", N_("height of the name"), 4.6, sources.GEOMETRY, 1.5, 10.0),
        Figure("name_gap", N_("gap from ring to name"), gap, sources.SHAANXI, 0.2, 6.0),
        Figure("name_span", N_("angle of the name"), 150.0, sources.GEOMETRY, 60.0, 260.0, "deg"),
        Figure("mark", N_("diameter of the mark"), round(size * 0.85, 1), sources.GEOMETRY, 3.0, 30.0),
    )


def _round(name: str, title: str, diameter_mm: float, mark: str, chinese: str, example: str) -> Template:
    def draw(form: Form) -> FaceSpec:
        d, ring = form["diameter"], form["ring"]
        start = ring + form["name_gap"]
        # The minority script over the top, Chinese along the bottom: both read from left to right around the mark.
        arcs = (
            Arc(
                form.text("adjoined"), form["adjoined_height"], start, span_deg=form["adjoined_span"],
                fit=Fit(min_ratio=0.4),
            ),
            Arc(form.text("name"), form["name_height"], start + 1.9, "below", form["name_span"]),
            code_arc(form.text("code"), ring + 0.5),
        )  # fmt: skip
        legal = LegalSize(45.0 if mark == "national" else 3.0, 45.0, sources.LAW_ADJOINED)
        return FaceSpec(
            Shape("circle", d, d), rings=(Ring(ring),), marks=(Mark(mark, form["mark"]),), arcs=arcs, legal_width=legal, legal_height=legal
        )

    fields = (
        composition.name_field(example=chinese),
        Field("adjoined", N_("name in the minority script"), True, 80, "adjoined", example),
        composition.code_field(),
    )
    return Template(name, title, "01", fields, _figures(diameter_mm, mark), traced(draw), family="adjoined", note=sources.LAW_ADJOINED)


def _columns(form: Form, top: float, radius: float) -> tuple[Column, ...]:
    """The words in up to four columns from left to right, as Mongolian is read, each down to the circle."""
    count, places = form.divided(Division("column", "words", ("{adjoined}",), most=4))
    width = form.let("width", choose(count > 1, least(form["adjoined_height"], 3.4), form["adjoined_height"]))
    out = []
    for i, place in enumerate(places):
        x = form.let(f"x{i + 1}", rounded((i - (count - 1) / 2) * (width + 0.6), 3))
        far = form.let(f"far{i + 1}", size(x) + width / 2)
        low = root(most(radius * radius - far * far, (top + 2) * (top + 2)))
        out.append(Column(place, width, x, top, choose(size(x) > 0, low, radius) - top))
    return tuple(out)


def _column(form: Form) -> FaceSpec:
    d, ring = form["diameter"], form["ring"]
    start = form.let("start", ring + form["name_gap"])
    inner = form.let("inner", d / 2 - start - form["name_height"])
    top = form.let("top", form["mark"] / 2 * 0.81 + 0.6)
    columns = _columns(form, top, form.let("radius", d / 2 - ring - 2.8))
    arcs = (Arc(form.text("name"), form["name_height"], start, span_deg=form["name_span"]), code_arc(form.text("code"), ring + 0.6))
    legal = LegalSize(3.0, 45.0, sources.LAW_ENTERPRISE)
    return FaceSpec(
        Shape("circle", d, d),
        rings=(Ring(ring),),
        marks=(Mark("star", least(form["mark"], 2 * (inner - 1))),),
        arcs=arcs,
        columns=columns,
        legal_width=legal,
        legal_height=legal,
    )


_COLUMN_FIGURES = tuple(
    replace(figure, label=N_("width of the minority script"))
    if figure.name == "adjoined_height"
    else replace(figure, value_mm=230.0)
    if figure.name == "name_span"
    else figure
    for figure in _figures(45.0, "star")
    if figure.name != "adjoined_span"
)

TEMPLATES: tuple[Template, ...] = (
    _round("adjoined.star.42", N_("Two scripts, star, 42 mm"), 42.0, "star", "青石县白水镇文化站", "چىڭشى ناھىيىسى"),
    _round("adjoined.star.45", N_("Two scripts, star, 45 mm"), 45.0, "star", "青石县白水镇文化站", "چىڭشى ناھىيىسى"),
    _round(
        "adjoined.national.45",
        N_("Two scripts, government of an autonomous area, 45 mm"),
        45.0,
        "national",
        "青石县人民政府",
        "چىڭشى ناھىيىسى خەلق ھۆكۈمىتى",
    ),
    Template(
        "adjoined.column.45",
        N_("Two scripts, the second as a column, 45 mm"),
        "01",
        (
            composition.name_field(example="青石县白水镇文化站"),
            Field("adjoined", N_("name in the minority script"), True, 40, "adjoined", "青石"),
            composition.code_field(),
        ),
        _COLUMN_FIGURES,
        traced(_column),
        family="adjoined",
        note=sources.LAW_ADJOINED,
    ),
)
