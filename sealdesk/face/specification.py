"""What a face is, as data: shape, rings, mark, texts, code and cuts in millimetres. It is not how they are laid out.

A `FaceSpec` is what templates build, what the JSON description holds (`from_json`, `to_json`, schema in `face.schema.json`) and what
travels to the platform. The same specification always gives the same bytes. Positions are measured from the face's centre, x to the
right and y downwards; insets from the face's outer edge inwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.i18n import N_
from sealdesk.face import codec
from sealdesk.face.codec import SpokenError, limits

FORMAT = "sealdesk-face"
VERSION = 1
ROLES = ("song", "fang", "kai", "sans", "arial")
SHAPES = ("circle", "ellipse", "square", "rectangle", "rhombus", "triangle", "free")
EMBLEMS = ("star", "national", "party", "league", "union", "outline")
TEXT_KINDS = ("text", "code", "taxnumber", "sequence")


class InconsistentFaceError(SpokenError):
    """Every value is possible, but not together."""

    code = "face.description.inconsistent"
    sentence = N_("“{place}”: {reason}")


@dataclass(frozen=True, slots=True)
class Shape:
    """The outer edge of the face."""

    kind: str = field(default="circle", metadata=limits(choices=SHAPES))
    width_mm: float = field(default=40.0, metadata=limits(3, 200, about="Outer width over all rings."))
    height_mm: float = field(default=40.0, metadata=limits(3, 200, about="Outer height over all rings."))
    corner_mm: float = field(default=0.0, metadata=limits(0, 50, about="Corner radius of squares and rectangles."))
    outline: str = field(default="", metadata=limits(length=200_000, about="SVG path data of a free shape, scaled."))


@dataclass(frozen=True, slots=True)
class Ring:
    """A line of constant width that follows the outer edge."""

    width_mm: float = field(default=1.0, metadata=limits(0.05, 10))
    inset_mm: float = field(default=0.0, metadata=limits(0, 90, about="From the face's outer edge to the ring's outer edge."))


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark in the middle: a star, an emblem, or an imported outline."""

    kind: str = field(default="star", metadata=limits(choices=EMBLEMS))
    diameter_mm: float = field(default=14.0, metadata=limits(0.5, 150, about="Of the circle through the tips or around the emblem."))
    x_mm: float = field(default=0.0, metadata=limits(-100, 100))
    y_mm: float = field(default=0.0, metadata=limits(-100, 100))
    outline: str = field(default="", metadata=limits(length=400_000, about="SVG path data; replaces the drawn emblem."))


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text is made to fit: the largest height that keeps the ratio and the clearance."""

    min_ratio: float = field(default=0.5, metadata=limits(0.2, 1.5, about="Smallest width/height of a letter."))
    max_ratio: float = field(default=0.78, metadata=limits(0.2, 3, about="Largest width/height of a letter."))
    clear_mm: float = field(default=0.2, metadata=limits(0, 5, about="Smallest clear gap between two neighbours."))
    gap_ratio: float = field(default=0.22, metadata=limits(0, 3, about="Wanted gap / letter width, while there is room."))
    max_gap_mm: float = field(default=3.0, metadata=limits(0, 50, about="A short text gets a shorter span, not larger gaps."))
    min_height_mm: float = field(default=0.6, metadata=limits(0.2, 50))


@dataclass(frozen=True, slots=True)
class Arc:
    """A text that runs along the edge: above (left to right over the top) or below (left to right, feet outwards)."""

    text: str = field(metadata=limits(length=120))
    height_mm: float = field(default=4.2, metadata=limits(0.3, 40, about="Of a full ideograph or a capital."))
    inset_mm: float = field(default=2.0, metadata=limits(0, 90, about="From the face's outer edge to the letters' outer edge."))
    side: str = field(default="above", metadata=limits(choices=("above", "below")))
    span_deg: float = field(
        default=260.0, metadata=limits(5, 358, about="Largest angle, at the face's centre, between the text's two ends.")
    )
    span_min_deg: float = field(default=0.0, metadata=limits(0, 358, about="Smallest angle, however short the text is."))
    width_mm: float = field(default=0.0, metadata=limits(0, 40, about="Largest width of a full letter; 0: height × max_ratio."))
    spacing: str = field(
        default="auto",
        metadata=limits(
            choices=("auto", "cells", "line", "bent"), about="cells: equal gaps; line: the font's own advances; bent: connected scripts."
        ),
    )
    font: str = field(default="song", metadata=limits(choices=ROLES))
    kind: str = field(default="text", metadata=limits(choices=TEXT_KINDS))
    fit: Fit = field(default_factory=Fit)


@dataclass(frozen=True, slots=True)
class Row:
    """A straight horizontal text, centred on `x_mm`."""

    text: str = field(metadata=limits(length=120))
    height_mm: float = field(default=4.6, metadata=limits(0.3, 60))
    top_mm: float = field(
        default=0.0, metadata=limits(-100, 100, about="From the face's centre line to the letters' top; negative is above.")
    )
    x_mm: float = field(default=0.0, metadata=limits(-100, 100))
    width_mm: float = field(default=0.0, metadata=limits(0, 60, about="Of a full letter; 0: height × max_ratio."))
    total_mm: float = field(default=0.0, metadata=limits(0, 200, about="Exact width of the whole row; 0: natural."))
    limit_mm: float = field(default=0.0, metadata=limits(0, 200, about="Largest width of the whole row; 0: none."))
    turn_deg: float = field(default=0.0, metadata=limits(-180, 180, about="Clockwise around the row's middle."))
    font: str = field(default="song", metadata=limits(choices=ROLES))
    kind: str = field(default="text", metadata=limits(choices=TEXT_KINDS))
    fit: Fit = field(default_factory=Fit)


@dataclass(frozen=True, slots=True)
class Column:
    """A vertical text, top to bottom, centred on `x_mm`; Mongolian is shaped as a line and turned."""

    text: str = field(metadata=limits(length=120))
    width_mm: float = field(default=4.0, metadata=limits(0.3, 60, about="Of a full letter."))
    x_mm: float = field(default=0.0, metadata=limits(-100, 100))
    top_mm: float = field(default=-10.0, metadata=limits(-100, 100))
    length_mm: float = field(default=20.0, metadata=limits(1, 200, about="From the first letter's top to the last letter's foot."))
    font: str = field(default="song", metadata=limits(choices=ROLES))
    fit: Fit = field(default_factory=Fit)


@dataclass(frozen=True, slots=True)
class Grid:
    """The letters of a name seal: columns from right to left, each filling the whole height."""

    columns: tuple[str, ...] = field(metadata=limits(length=8))
    width_mm: float = field(default=16.0, metadata=limits(1, 150))
    height_mm: float = field(default=16.0, metadata=limits(1, 150))
    gap_mm: float = field(default=0.5, metadata=limits(0, 20))
    x_mm: float = field(default=0.0, metadata=limits(-100, 100))
    y_mm: float = field(default=0.0, metadata=limits(-100, 100))
    font: str = field(default="song", metadata=limits(choices=ROLES))


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke, such as the dashes beside a star."""

    x1_mm: float = field(metadata=limits(-100, 100))
    y1_mm: float = field(metadata=limits(-100, 100))
    x2_mm: float = field(metadata=limits(-100, 100))
    y2_mm: float = field(metadata=limits(-100, 100))
    width_mm: float = field(default=0.4, metadata=limits(0.05, 10))


@dataclass(frozen=True, slots=True)
class Cut:
    """One anti-forgery cut: a thin rectangle that takes ink away."""

    x_mm: float = field(metadata=limits(-100, 100, about="Middle of the cut, from the face's centre."))
    y_mm: float = field(metadata=limits(-100, 100))
    length_mm: float = field(default=3.0, metadata=limits(0.1, 100))
    width_mm: float = field(default=0.15, metadata=limits(0.02, 5))
    angle_deg: float = field(default=0.0, metadata=limits(-360, 360, about="Clockwise from the x axis."))


@dataclass(frozen=True, slots=True)
class SeededCuts:
    """Cuts that the approving system gives as a seed; `cuts` says how they follow from it."""

    seed: str = field(metadata=limits(length=200))
    count: int = field(default=5, metadata=limits(0, 60))
    length_mm: float = field(default=3.0, metadata=limits(0.1, 50))
    width_mm: float = field(default=0.15, metadata=limits(0.02, 5))
    depth_mm: float = field(default=6.0, metadata=limits(0.1, 100, about="The cuts' middles lie in this band along the outer edge."))


@dataclass(frozen=True, slots=True)
class Microtext:
    """Tiny letters cut out of a ring, repeated around it."""

    text: str = field(metadata=limits(length=120))
    height_mm: float = field(default=0.5, metadata=limits(0.1, 5))
    inset_mm: float = field(default=0.25, metadata=limits(0, 90, about="From the outer edge to the letters' outer edge."))
    repeats: int = field(default=1, metadata=limits(1, 40))
    font: str = field(default="arial", metadata=limits(choices=ROLES))


@dataclass(frozen=True, slots=True)
class CharacterOutline:
    """An imported outline for one character that no font has."""

    character: str = field(metadata=limits(length=2, about="One character, with its variation selector if it has one."))
    outline: str = field(metadata=limits(length=100_000, about="SVG path data; its bounding box becomes the letter's box."))


@dataclass(frozen=True, slots=True)
class FaceFont:
    """A font file of the shop that the face is set with; it is known by what is in it, so the face stays the same for ever."""

    digest: str = field(metadata=limits(length=64, about="SHA-256 of the file, 64 hexadecimal digits."))
    index: int = field(default=0, metadata=limits(0, 255, about="Which font of a collection (TTC)."))
    name: str = field(default="", metadata=limits(length=80, about="What people call it."))
    role: str = field(
        default="",
        metadata=limits(choices=("", *ROLES), about="The role whose texts it sets; empty: it only has letters that no other font has."),
    )


@dataclass(frozen=True, slots=True)
class Output:
    """How the face is made into files where nobody says otherwise: a material, and what differs from its profile."""

    material: str = field(default="paper", metadata=limits(length=40, about="A material profile, such as laser_rubber."))
    dpi: float | None = field(default=None, metadata=limits(72, 4800, about="Of pictures."))
    mirror: bool | None = None
    negative: bool | None = None
    margin_mm: float | None = field(default=None, metadata=limits(0, 50, about="Border of black around a negative."))
    shoulder_mm: float | None = field(default=None, metadata=limits(0, 3, about="Sloping flank around each stroke, in grey pictures."))
    growth_mm: float | None = field(default=None, metadata=limits(-0.5, 0.5, about="Every edge moves outwards by this much."))
    x_scale: float | None = field(default=None, metadata=limits(0.9, 1.1, about="Of the machine, from its calibration sheet."))
    y_scale: float | None = field(default=None, metadata=limits(0.9, 1.1))


@dataclass(frozen=True, slots=True)
class LegalSize:
    """Between which sizes the law allows this face, and which law that is."""

    low_mm: float = field(default=3.0, metadata=limits(0, 200))
    high_mm: float = field(default=200.0, metadata=limits(0, 200))
    source: str = field(default="", metadata=limits(length=300))


@dataclass(frozen=True, slots=True)
class FaceSpec:
    """A whole face. Every list may be empty."""

    shape: Shape
    format: str = field(default=FORMAT, metadata=limits(choices=(FORMAT,)))
    version: int = field(default=VERSION, metadata=limits(1, VERSION))
    template: str = field(default="", metadata=limits(length=80, about="Name of the template that built this face."))
    rings: tuple[Ring, ...] = field(default=(), metadata=limits(length=8))
    marks: tuple[Mark, ...] = field(default=(), metadata=limits(length=4))
    arcs: tuple[Arc, ...] = field(default=(), metadata=limits(length=12))
    rows: tuple[Row, ...] = field(default=(), metadata=limits(length=24))
    columns: tuple[Column, ...] = field(default=(), metadata=limits(length=24))
    grids: tuple[Grid, ...] = field(default=(), metadata=limits(length=4))
    lines: tuple[Line, ...] = field(default=(), metadata=limits(length=24))
    microtexts: tuple[Microtext, ...] = field(default=(), metadata=limits(length=4))
    cuts: tuple[Cut, ...] = field(default=(), metadata=limits(length=200))
    seeded_cuts: SeededCuts | None = None
    outlines: tuple[CharacterOutline, ...] = field(default=(), metadata=limits(length=64))
    fonts: tuple[FaceFont, ...] = field(default=(), metadata=limits(length=8))
    legal_width: LegalSize | None = None
    legal_height: LegalSize | None = None
    output: Output | None = None


def from_json(text: str | bytes) -> FaceSpec:
    """The face that a JSON description holds.

    Raises:
        DescriptionError: the text is not JSON, or too large.
        ProblemsError: with a sentence for every problem.
    """
    return from_value(codec.parse(text))


def from_value(value: Any) -> FaceSpec:
    """The face that an already parsed JSON value describes; errors as in `from_json`."""
    spec = codec.read(FaceSpec, value)
    problems = consistency(spec)
    if problems:
        raise ProblemsError(problems)
    return spec


def to_json(spec: FaceSpec) -> bytes:
    """The canonical bytes of a face: same specification, same bytes."""
    return codec.canonical(spec)


def validate(spec: FaceSpec) -> None:
    """Refuse a specification that was made in code as strictly as one that was read.

    Raises:
        ProblemsError: with a sentence for every problem.
    """
    problems = _problems(spec)
    if problems:
        raise ProblemsError(problems)


@lru_cache(maxsize=256)
def _problems(spec: FaceSpec) -> tuple[UserError, ...]:
    return codec.check(spec) or consistency(spec)


def schema() -> dict[str, Any]:
    """The JSON Schema of `from_json`, as `face.schema.json` beside this module holds it."""
    return codec.schema(FaceSpec, "sealdesk face description, version 1")


def consistency(spec: FaceSpec) -> tuple[UserError, ...]:
    """What cannot be together: texts along the edge of a shape without a smooth edge, rings wider than the face."""
    found: list[UserError] = []

    def refuse(place: str, reason: str) -> None:
        found.append(InconsistentFaceError(field=place, place=place, reason=reason))

    shape = spec.shape
    half = min(shape.width_mm, shape.height_mm) / 2
    if shape.kind in ("circle", "square") and shape.width_mm != shape.height_mm:
        refuse("shape.height_mm", N_("the height must be the width."))
    if shape.kind == "free" and not shape.outline:
        refuse("shape.outline", N_("a free shape needs its outline."))
    if shape.corner_mm > half:
        refuse("shape.corner_mm", N_("the corners are larger than the face."))
    for i, ring in enumerate(spec.rings):
        if ring.inset_mm + ring.width_mm >= half:
            refuse(f"rings[{i}]", N_("the ring is wider than the face."))
    smooth = shape.kind in ("circle", "ellipse")
    for i, arc in enumerate(spec.arcs):
        if not smooth:
            refuse(f"arcs[{i}]", N_("a text along the edge needs a circle or an ellipse."))
        elif arc.inset_mm + arc.fit.min_height_mm >= half:
            refuse(f"arcs[{i}]", N_("the text would lie beyond the centre."))
    for i, micro in enumerate(spec.microtexts):
        if not smooth:
            refuse(f"microtexts[{i}]", N_("a text along the edge needs a circle or an ellipse."))
        elif micro.inset_mm + micro.height_mm >= half:
            refuse(f"microtexts[{i}]", N_("the text would lie beyond the centre."))
    for i, mark in enumerate(spec.marks):
        if mark.kind == "outline" and not mark.outline:
            refuse(f"marks[{i}].outline", N_("an outline mark needs its outline."))
    rules = [(f"arcs[{i}].fit", arc.fit) for i, arc in enumerate(spec.arcs)]
    rules += [(f"rows[{i}].fit", row.fit) for i, row in enumerate(spec.rows)]
    rules += [(f"columns[{i}].fit", column.fit) for i, column in enumerate(spec.columns)]
    for place, rule in rules:
        if rule.min_ratio > rule.max_ratio:
            refuse(place, N_("the smallest ratio is above the largest."))
    return tuple(found)
