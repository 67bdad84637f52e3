"""What is finally inked: cuts taken out, strokes grown, polarity turned, curves flattened. It does not lay out or write files.

`inked` is the one place where cuts become geometry; every export and every raster starts from its answer, so all of them agree.
Boolean operations are done by skia-pathops on single floats, which now and then gives up on an outline or, worse, turns a hole into ink
without a word (seen with 海 in one of six scales). So no answer is believed that is not proved by its area: by a sum that must come
out, or by the same answer in another scale.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import pathops

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.face.drawing import Bounds, Contour, Drawing, Ink, Part, Segment, contour_bounds, quadratic, transformed

Point = tuple[float, float]

_AREA_TOLERANCE_MM2 = 1e-3
_SLIVER_MM2 = 1e-7  # a cut that meets an edge exactly leaves slivers of single-float noise
_MITRE_LIMIT = 4.0  # a star's tip (36°) stays pointed


class OutlineError(UserError):
    """Two outlines could not be combined reliably."""

    code = "face.outline"
    sentence = N_("The outline of “{part}” is too tangled to be combined with another one.")
    advice = N_("Simplify the outline in a drawing program and import it again.")


@functools.lru_cache(maxsize=32)
def inked(drawing: Drawing) -> tuple[Part, ...]:
    """The parts that give ink, in painting order, with every later cut taken out of them; no part is `Ink.CUT`.

    A part that no cut touches is returned as it is. A part that is cut away completely is left out.

    Raises:
        OutlineError: a cut could not be taken out of a part.
    """
    final: list[Part] = []
    cuts: list[tuple[Bounds, Part]] = []
    for part in reversed(drawing.parts):
        if not part.contours:
            continue
        bounds = contour_bounds(part.contours)
        if part.ink is Ink.CUT:
            cuts.append((bounds, part))
            continue
        touching = [cut for cut_bounds, cut in cuts if _meet(bounds, cut_bounds)]
        if touching:
            contours = _without(part, touching)
            if not contours:
                continue
            part = replace(part, contours=contours)
        final.append(part)
    return tuple(reversed(final))


def separated(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with contours that do not cross each other within a part, for formats that carry lines instead of fills.

    Machines fill nested outlines by the even-odd rule, so overlapping contours would turn into holes. Parts whose contours do not overlap
    are returned unchanged.

    Raises:
        OutlineError: a part is too tangled.
    """
    final = []
    for part in parts:
        simple = _simple(part)
        same = len(simple) == len(part.contours) and abs(_signed_area(simple) - _signed_area(part.contours)) < _AREA_TOLERANCE_MM2
        final.append(part if same else replace(part, contours=simple))
    return tuple(final)


def united(parts: Sequence[Part]) -> tuple[Contour, ...]:
    """The contours of all ink together, overlaps merged.

    Raises:
        OutlineError: the outlines could not be merged.
    """
    everything = tuple(contour for part in parts for contour in _simple(part))

    def merge(work: _Work) -> _Answer:
        whole = work.path(everything)
        simple = _simplified(whole)
        return _Answer(simple, proved=work.equal(simple.area, whole.area))

    return _reliable("face", merge)


def grown(part: Part, by_mm: float) -> Part | None:
    """The part with every edge moved outwards by `by_mm` (inwards when negative), corners kept; None when nothing is left of it.

    Raises:
        OutlineError: the outline could not be offset.
    """
    if by_mm == 0:
        return part

    def grow(work: _Work) -> _Answer | None:
        body = _simplified(work.path(part.contours))
        band = pathops.Path(body)
        # mitred, because Skia's round joins are conics, which its own boolean operations then give up on
        band.stroke(2 * abs(by_mm) * work.units_per_mm, pathops.LineCap.BUTT_CAP, pathops.LineJoin.MITER_JOIN, _MITRE_LIMIT)
        band = _simplified(band)
        shared = _combined(body, band, pathops.PathOp.INTERSECTION)
        if by_mm > 0:
            moved = _combined(body, band, pathops.PathOp.UNION)
            sound = work.equal(moved.area + shared.area, body.area + band.area)
        else:
            moved = _combined(body, band, pathops.PathOp.DIFFERENCE)
            sound = work.equal(moved.area + shared.area, body.area)
        return _Answer(moved, proved=False) if sound else None

    contours = _reliable(part.name, grow)
    return replace(part, contours=contours) if contours else None


def inverted(drawing: Drawing, margin_mm: float) -> Drawing:
    """The negative: a rectangle `margin_mm` larger on every side with the ink as holes, as one part named `negative`.

    Raises:
        OutlineError: the outlines could not be merged.
    """
    width, height = drawing.width_mm + 2 * margin_mm, drawing.height_mm + 2 * margin_mm
    frame = rectangle(-margin_mm, -margin_mm, width, height)
    holes = united(inked(drawing))

    def invert(work: _Work) -> _Answer | None:
        return _difference(work, (frame,), [holes])

    contours = transformed(_reliable("negative", invert), 1, 0, 0, 1, margin_mm, margin_mm)
    parts = (Part("negative", "negative", Ink.INK, contours),) if contours else ()
    return Drawing(width, height, parts)


def rectangle(x: float, y: float, width: float, height: float) -> Contour:
    """A rectangle in millimetres, clockwise as it is seen."""
    return Contour((x, y), (("L", x + width, y), ("L", x + width, y + height), ("L", x, y + height)))


def flattened(contour: Contour, tolerance_mm: float) -> list[Point]:
    """The contour as a closed polygon (first point not repeated) that is nowhere further than `tolerance_mm` from the curve.

    Raises:
        ValueError: the tolerance is not positive.
    """
    if not tolerance_mm > 0:
        raise ValueError("a tolerance is positive")
    x0, y0 = contour.start
    points = [(x0, y0)]
    for segment in contour.segments:
        if len(segment) == 3:
            points.append((segment[1], segment[2]))
        else:
            _, x1, y1, x2, y2, x3, y3 = segment
            # distance curve–chord ≤ |second derivative| / 8 / n², and the second derivative is at most 6 · max of the second differences
            bend = max(math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2), math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3))
            steps = max(1, math.ceil(math.sqrt(0.75 * bend / tolerance_mm)))
            for i in range(1, steps):
                t = i / steps
                s = 1 - t
                a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
                points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
            points.append((x3, y3))
        x0, y0 = points[-1]
    if len(points) > 1 and math.dist(points[0], points[-1]) < 1e-9:
        points.pop()
    return points


@dataclass(frozen=True, slots=True)
class _Work:
    """One way to do a boolean operation: Skia's units, and curves as they are or as fine polygons.

    About a thousand units a millimetre: single floats then resolve 4 nm on a 40 mm face, and Skia's tolerances, made for font units, fit.
    """

    units_per_mm: float
    tolerance_mm: float | None

    def path(self, contours: Iterable[Contour]) -> pathops.Path:
        path = pathops.Path(fillType=pathops.FillType.WINDING)
        u = self.units_per_mm
        for contour in contours:
            if self.tolerance_mm is not None:
                contour = Contour(contour.start, tuple(("L", x, y) for x, y in flattened(contour, self.tolerance_mm)[1:]))
            path.moveTo(contour.start[0] * u, contour.start[1] * u)
            for segment in contour.segments:
                if len(segment) == 3:
                    path.lineTo(segment[1] * u, segment[2] * u)
                else:
                    path.cubicTo(*[value * u for value in segment[1:]])
            path.close()
        return path

    def equal(self, one: float, other: float) -> bool:
        """Whether two areas in square units are the same."""
        return abs(one - other) <= _AREA_TOLERANCE_MM2 * self.units_per_mm**2

    def contours(self, path: pathops.Path) -> tuple[Contour, ...]:
        """Back to millimetres; slivers thinner than any machine resolves are dropped."""
        smallest = _SLIVER_MM2 * self.units_per_mm**2
        return tuple(_contour(piece, 1 / self.units_per_mm) for piece in path.contours if abs(piece.area) >= smallest)


@dataclass(frozen=True, slots=True)
class _Answer:
    path: pathops.Path
    proved: bool


_WAYS = tuple(_Work(units, tolerance) for tolerance in (None, 0.001) for units in (1024.0, 1000.0, 777.0))


def _reliable(name: str, compute: Callable[[_Work], _Answer | None]) -> tuple[Contour, ...]:
    """The first answer that is proved by itself or by another one with the same area."""
    earlier: list[tuple[_Work, _Answer, float]] = []
    for work in _WAYS:
        try:
            answer = compute(work)
        except pathops.PathOpsError:
            continue
        if answer is None:
            continue
        if answer.proved:
            return work.contours(answer.path)
        area = answer.path.area / work.units_per_mm**2
        for other_work, other, other_area in earlier:
            if abs(area - other_area) <= _AREA_TOLERANCE_MM2:
                return other_work.contours(other.path)
        earlier.append((work, answer, area))
    raise OutlineError(part=name)


def _simple(part: Part) -> tuple[Contour, ...]:
    """The part's contours without overlaps, outer ones and holes turning in opposite directions."""

    def simplify(work: _Work) -> _Answer:
        path = work.path(part.contours)
        simple = _simplified(path)
        return _Answer(simple, proved=work.equal(simple.area, path.area))

    return _reliable(part.name, simplify)


def _difference(work: _Work, contours: tuple[Contour, ...], cuts: Sequence[tuple[Contour, ...]]) -> _Answer | None:
    """The contours less the cuts; None when the areas of what is left and what is taken do not add up."""
    raw = work.path(contours)
    body = _simplified(raw)
    knife = pathops.Path()
    for cut in cuts:
        knife.addPath(_simplified(work.path(cut)))
    knife = _simplified(knife)
    left = _combined(body, knife, pathops.PathOp.DIFFERENCE)
    taken = _combined(body, knife, pathops.PathOp.INTERSECTION)
    if not work.equal(left.area + taken.area, body.area):
        return None
    return _Answer(left, proved=work.equal(body.area, raw.area))


def _without(part: Part, cuts: Sequence[Part]) -> tuple[Contour, ...]:
    """The part's contours less the cuts; unchanged when the cuts only come near."""
    left = _reliable(part.name, lambda work: _difference(work, part.contours, [cut.contours for cut in cuts]))
    untouched = len(left) == len(part.contours) and abs(_signed_area(left) - _signed_area(part.contours)) < _SLIVER_MM2
    return part.contours if untouched else left


def _signed_area(contours: Iterable[Contour]) -> float:
    """The size of the enclosed area in mm², holes subtracted, if nothing overlaps; exact for curves."""
    return float(_Work(1024.0, None).path(contours).area) / 1024.0**2


def _meet(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _simplified(path: pathops.Path) -> pathops.Path:
    simple = pathops.Path(path)
    simple.simplify(fix_winding=True, keep_starting_points=False)
    return simple


def _combined(one: pathops.Path, other: pathops.Path, operator: pathops.PathOp) -> pathops.Path:
    return pathops.op(one, other, operator, fix_winding=True, keep_starting_points=False)


def _contour(piece: pathops.Path, u: float) -> Contour:
    start = here = (0.0, 0.0)
    segments: list[Segment] = []
    for verb, points in piece:
        scaled = [(x * u, y * u) for x, y in points]
        if verb == pathops.PathVerb.CLOSE:
            continue
        if verb == pathops.PathVerb.MOVE:
            start = scaled[0]
        elif verb == pathops.PathVerb.LINE:
            segments.append(("L", *scaled[0]))
        elif verb == pathops.PathVerb.QUAD:
            segments.append(quadratic(*here, *scaled[0], *scaled[1]))
        elif verb == pathops.PathVerb.CUBIC:
            segments.append(("C", *scaled[0], *scaled[1], *scaled[2]))
        else:
            raise ValueError(f"unexpected verb {verb!r} in a combined outline")
        here = scaled[-1]
    return Contour(start, tuple(segments))
