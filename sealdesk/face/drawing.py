"""The drawing of a seal face: closed contours in millimetres, each part named. It says what is there, not how it was laid out.

The origin is the top-left corner of the face's bounding box, x grows to the right and y downwards. Everything is filled with the
nonzero rule; parts are painted one after the other, and parts whose ink is `Ink.CUT` take away what lies below them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

Segment = tuple[str, float, float] | tuple[str, float, float, float, float, float, float]
"""`("L", x, y)` a line, or `("C", x1, y1, x2, y2, x, y)` a cubic curve, from the point before it."""

Bounds = tuple[float, float, float, float]
"""`(left, top, right, bottom)` in millimetres."""


class Ink(Enum):
    """What a part is: red ink, the seal code (also ink; layer 2 of the GA 241 picture), or a cut (takes ink away)."""

    INK = "ink"
    CODE = "code"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Contour:
    """One closed contour: a start point and the segments from it; the way back to the start is a line if it is open."""

    start: tuple[float, float]
    segments: tuple[Segment, ...]

    def points(self) -> Iterator[tuple[float, float]]:
        """Every point that defines the contour, control points included."""
        yield self.start
        for segment in self.segments:
            for i in range(1, len(segment), 2):
                yield segment[i], segment[i + 1]  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a glyph's contours come from: an outline in its own units, and the matrix (SVG order) that puts it on the face.

    Two parts with the same `key` share one outline object, so pictures and checks may keep what they worked out for it. The contours
    themselves are made when they are first asked for: pictures and most checks never need them.
    """

    key: str
    outline: tuple[Contour, ...] = field(compare=False)
    matrix: tuple[float, float, float, float, float, float]
    ratio: float = 1.0  # width/height of a full letter beside it, which is what the fit rule bounds
    _placed: list[tuple[Contour, ...]] = field(default_factory=list, init=False, compare=False, repr=False)

    def contours(self) -> tuple[Contour, ...]:
        """The outline as it lies on the face, in millimetres."""
        if not self._placed:
            self._placed.append(transformed(self.outline, *self.matrix))
        return self._placed[0]


@dataclass(frozen=True, slots=True)
class Part:
    """One ring, one glyph, one star …: contours that are filled together with the nonzero rule.

    Attributes:
        name: unique in the drawing and stable between runs, such as `arc.0.3` (fourth glyph of the first arc text).
        kind: ring, text, row, column, grid, star, emblem, code, taxnumber, microtext or cut.
        ink: what the part is to the picture.
        outline: closed contours in millimetres of what is no glyph; `contours` gives those of every part.
        text: the characters that the part shows; empty for what is not text.
        origin: of glyphs only, in place of an outline. `reshaped` drops it.
    """

    name: str
    kind: str
    ink: Ink
    outline: tuple[Contour, ...]
    text: str = ""
    origin: Origin | None = None

    @property
    def contours(self) -> tuple[Contour, ...]:
        """Closed contours in millimetres."""
        return self.outline if self.origin is None else self.origin.contours()

    @property
    def blank(self) -> bool:
        """Whether there is nothing to fill; asks for no contours."""
        return not (self.outline if self.origin is None else self.origin.outline)

    def reshaped(self, contours: tuple[Contour, ...]) -> Part:
        """The part with other contours; they come from no glyph any more."""
        return Part(self.name, self.kind, self.ink, contours, self.text)


@dataclass(frozen=True, slots=True)
class Drawing:
    """All parts of a face within `width_mm` × `height_mm`."""

    width_mm: float
    height_mm: float
    parts: tuple[Part, ...]


def quadratic(x0: float, y0: float, qx: float, qy: float, x: float, y: float) -> Segment:
    """The cubic segment that is exactly the quadratic curve from (x0, y0) with control point (qx, qy) to (x, y)."""
    third = 2 / 3
    return ("C", x0 + third * (qx - x0), y0 + third * (qy - y0), x + third * (qx - x), y + third * (qy - y), x, y)


def contour_bounds(contours: Iterable[Contour]) -> Bounds:
    """The exact bounds of the curves (not of their control points).

    Raises:
        ValueError: there is no contour.
    """
    xs: list[float] = []
    ys: list[float] = []
    for contour in contours:
        x0, y0 = contour.start
        xs.append(x0)
        ys.append(y0)
        for segment in contour.segments:
            if len(segment) == 3:
                _, x0, y0 = segment
            else:
                _, x1, y1, x2, y2, x3, y3 = segment
                xs += _cubic_extremes(x0, x1, x2, x3)
                ys += _cubic_extremes(y0, y1, y2, y3)
                x0, y0 = x3, y3
            xs.append(x0)
            ys.append(y0)
    if not xs:
        raise ValueError("no contours have no bounds")
    return min(xs), min(ys), max(xs), max(ys)


def reach(contours: Iterable[Contour]) -> Bounds:
    """A box around all points, control points included: certain, quick, and perhaps a little larger than the bounds.

    Raises:
        ValueError: there is no contour.
    """
    xs: list[float] = []
    ys: list[float] = []
    for contour in contours:
        xs.append(contour.start[0])
        ys.append(contour.start[1])
        for s in contour.segments:
            xs += s[1::2]
            ys += s[2::2]
    return min(xs), min(ys), max(xs), max(ys)


def _cubic_extremes(a: float, b: float, c: float, d: float) -> list[float]:
    if min(a, d) <= min(b, c) and max(b, c) <= max(a, d):
        return []
    # derivative / 3 = (1-t)²(b-a) + 2t(1-t)(c-b) + t²(d-c)
    p, q, r = b - a, c - b, d - c
    k2, k1, k0 = p - 2 * q + r, 2 * (q - p), p
    if abs(k2) < 1e-12:
        roots = [] if abs(k1) < 1e-12 else [-k0 / k1]
    else:
        disc = k1 * k1 - 4 * k2 * k0
        if disc < 0:
            return []
        root = math.sqrt(disc)
        roots = [(-k1 - root) / (2 * k2), (-k1 + root) / (2 * k2)]
    out = []
    for t in roots:
        if 0 < t < 1:
            s = 1 - t
            out.append(s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d)
    return out


def transformed(contours: Iterable[Contour], a: float, b: float, c: float, d: float, e: float, f: float) -> tuple[Contour, ...]:
    """The contours under x' = a·x + c·y + e, y' = b·x + d·y + f (the order of SVG's `matrix`)."""
    out = []
    for contour in contours:
        sx, sy = contour.start
        # one comprehension a contour: exports do this for every letter
        segments: list[Segment] = [
            ("L", a * s[1] + c * s[2] + e, b * s[1] + d * s[2] + f)
            if len(s) == 3
            else (
                "C",
                a * s[1] + c * s[2] + e,
                b * s[1] + d * s[2] + f,
                a * s[3] + c * s[4] + e,
                b * s[3] + d * s[4] + f,
                a * s[5] + c * s[6] + e,
                b * s[5] + d * s[6] + f,
            )
            for s in contour.segments
        ]
        out.append(Contour((a * sx + c * sy + e, b * sx + d * sy + f), tuple(segments)))
    return tuple(out)
