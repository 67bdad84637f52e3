"""Name seals of legal representatives (法定代表人名章): square, right column first."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.face import sources
from sealdesk.face.plans import Form, traced
from sealdesk.face.specification import FaceSpec, Grid, Ring, Shape
from sealdesk.face.template import Field, Figure, Template, code_row

ENDINGS = ("", "印", "之印")


def _name_seal(name: str, title: str, width_mm: float, height_mm: float, ring_mm: float, *, mandated: bool = False) -> Template:
    square = width_mm == height_mm
    sides = [Figure("width", N_("width"), width_mm, sources.PRACTICE, 10.0, 40.0)]
    if not square:
        sides.append(Figure("height", N_("height"), height_mm, sources.PRACTICE, 8.0, 40.0))
    figures = (
        *sides,
        Figure("ring", N_("ring width"), ring_mm, sources.PRACTICE, 0.3, 3.0),
        Figure("margin", N_("gap from ring to letters"), 0.6, sources.OWN, 0.2, 5.0),
        Figure("gap", N_("gap between letters"), 0.5, sources.OWN, 0.2, 4.0),
        Figure("code_height", N_("height of the seal code"), 1.1, sources.OBSERVED, 0.8, 2.0),
    )

    def draw(form: Form) -> FaceSpec:
        width, ring, code = form["width"], form["ring"], form["code_height"]
        height = width if square else form["height"]
        edge = form.let("edge", ring + form["margin"])
        foot = form.let("foot", code + 0.35)  # the code keeps its place, so that approval moves no letter
        inner = width - 2 * edge
        grid = Grid(("{name}{ending}",), inner, height - 2 * edge - foot, form["gap"], 0.0, -foot / 2)
        row = code_row(form.text("code"), inner, height / 2 - ring - 0.45 - code, code)
        return FaceSpec(Shape("square" if square else "rectangle", width, height), rings=(Ring(ring),), grids=(grid,), rows=(row,))

    fields = (
        Field("name", N_("name of the person"), True, 8, "person", "张明远"),
        Field("ending", N_("ending (印 or 之印)"), False, 2, "text", "印"),
        Field("code", N_("seal code"), False, 19, "code", "1101080012345"),
    )
    return Template(name, title, "05", fields, figures, traced(draw), mandated, "person", sources.PRACTICE)


TEMPLATES: tuple[Template, ...] = (
    _name_seal("person.square.20", N_("Legal representative's name seal, 20 mm square"), 20.0, 20.0, 1.0, mandated=True),
    _name_seal("person.square.18", N_("Legal representative's name seal, 18 mm square"), 18.0, 18.0, 1.0),
    _name_seal("person.square.22", N_("Legal representative's name seal, 22 mm square"), 22.0, 22.0, 1.2),
    _name_seal("person.square.25", N_("Legal representative's name seal, 25 mm square"), 25.0, 25.0, 1.5),
    _name_seal("person.rectangle.25x15", N_("Name seal, 25 × 15 mm"), 25.0, 15.0, 0.8),
)
