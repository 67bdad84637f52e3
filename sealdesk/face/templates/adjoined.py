"""Seals in autonomous areas: the minority script and Chinese on one face (国发〔1999〕25号, article 16)."""

from __future__ import annotations

import math

from sealdesk.core.i18n import N_
from sealdesk.face import composition, sources
from sealdesk.face.specification import Arc, Column, FaceSpec, Fit, LegalSize, Mark, Ring, Shape
from sealdesk.face.template import Field, Figure, Form, Template, code_arc


def _figures(diameter_mm: float, mark: str) -> tuple[Figure, ...]:
    ring, size, _height, gap = composition.table(diameter_mm)
    law = sources.LAW_ART_2_10 if mark == "national" else sources.LAW_ENTERPRISE
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


def _round(name: str, title: str, diameter_mm: float, mark: str, example: str) -> Template:
    def draw(form: Form) -> FaceSpec:
        d, ring = form["diameter"], form["ring"]
        start = ring + form["name_gap"]
        # The minority script over the top, Chinese along the bottom: both read from left to right around the mark.
        arcs = (
            Arc(
                form.text("adjoined"), form["adjoined_height"], start, span_deg=form["adjoined_span"], font=form.font("song"),
                fit=Fit(min_ratio=0.4),
            ),
            Arc(form.text("name"), form["name_height"], start + 1.9, "below", form["name_span"], font=form.font("song")),
            code_arc(form.text("code"), ring + 0.5),
        )  # fmt: skip
        legal = LegalSize(45.0 if mark == "national" else 3.0, 45.0, sources.LAW_ADJOINED)
        return FaceSpec(
            Shape("circle", d, d), rings=(Ring(ring),), marks=(Mark(mark, form["mark"]),), arcs=arcs, legal_width=legal, legal_height=legal
        )

    fields = (
        composition.name_field(example="青石县白水镇文化站"),
        Field("adjoined", N_("name in the minority script"), True, 80, "adjoined", example),
        composition.code_field(),
    )
    return Template(name, title, "01", fields, _figures(diameter_mm, mark), draw, family="adjoined", note=sources.LAW_ADJOINED)


def _columns(text: str, width: float, top: float, radius: float, font: str) -> tuple[Column, ...]:
    """The words in up to four columns from left to right, as Mongolian is read, each down to the circle."""
    words = text.split() or [text]
    count = min(len(words), 4)
    size = -(-len(words) // count)
    lines = [" ".join(words[i : i + size]) for i in range(0, len(words), size)]
    width = min(width, 3.4) if len(lines) > 1 else width
    out = []
    for i, line in enumerate(lines):
        x = (i - (len(lines) - 1) / 2) * (width + 0.6)
        foot = math.sqrt(max(radius * radius - (abs(x) + width / 2) ** 2, (top + 2.0) ** 2)) if x else radius
        out.append(Column(line, width, round(x, 3), top, foot - top, font))
    return tuple(out)


def _column(form: Form) -> FaceSpec:
    d, ring, size = form["diameter"], form["ring"], form["mark"]
    start = ring + form["name_gap"]
    inner = d / 2 - start - form["name_height"]
    top = size / 2 * 0.81 + 0.6
    columns = _columns(form.text("adjoined"), form["adjoined_height"], top, d / 2 - ring - 2.8, form.font("song"))
    arcs = (
        Arc(form.text("name"), form["name_height"], start, span_deg=230.0, font=form.font("song")),
        code_arc(form.text("code"), ring + 0.6),
    )
    legal = LegalSize(3.0, 45.0, sources.LAW_ADJOINED)
    size = min(size, 2 * (inner - 1.0))
    return FaceSpec(
        Shape("circle", d, d),
        rings=(Ring(ring),),
        marks=(Mark("star", size),),
        arcs=arcs,
        columns=columns,
        legal_width=legal,
        legal_height=legal,
    )


TEMPLATES: tuple[Template, ...] = (
    _round("adjoined.star.42", N_("Two scripts, star, 42 mm"), 42.0, "star", "چىڭشى ناھىيىسى"),
    _round("adjoined.star.45", N_("Two scripts, star, 45 mm"), 45.0, "star", "چىڭشى ناھىيىسى"),
    _round(
        "adjoined.national.45", N_("Two scripts, government of an autonomous area, 45 mm"), 45.0, "national", "چىڭشى ناھىيىسى خەلق ھۆكۈمىتى"
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
        _figures(45.0, "star"),
        _column,
        family="adjoined",
        note=sources.LAW_ADJOINED,
    ),
)
