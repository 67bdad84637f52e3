"""Unions, differences, growth and areas of contours through skia-pathops: the one place that asks it, and that does not believe it.

Skia works in single floats. Now and then it gives up on an outline, or turns a hole into ink without a word (海 in one of nine positions
on a face). So no answer is believed that is not proved by its area: by a sum that must come out, or by the same answer in another scale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pathops

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.face.drawing import Contour, Segment, quadratic
from sealdesk.face.polygons import flattened

AREA_TOLERANCE_MM2 = 1e-3
_SLIVER_MM2 = 1e-7  # a cut that meets an edge exactly leaves slivers of single-float noise
_MITRE_LIMIT = 4.0  # a star's tip (36°) stays pointed
_INTERSECTION, _DIFFERENCE, _UNION = pathops.PathOp.INTERSECTION, pathops.PathOp.DIFFERENCE, pathops.PathOp.UNION


class OutlineError(UserError):
    """Two outlines could not be combined reliably."""

    code = "face.outline.tangled"
    sentence = N_("The outline of “{part}” is too tangled to be combined with another one.")
    advice = N_("Simplify the outline in a drawing program and import it again.")


def signed_area(contours: Iterable[Contour]) -> float:
    """The enclosed area in mm², holes subtracted, if nothing overlaps; exact for curves. Clockwise as it is seen is positive."""
    total = 0.0
    for contour in contours:
        x0, y0 = contour.start
        for s in contour.segments:
            if len(s) == 3:
                x3, y3 = s[1], s[2]
                total += 10 * (x0 * y3 - x3 * y0)
            else:
                _, x1, y1, x2, y2, x3, y3 = s
                # Green's theorem on a cubic, in twentieths
                total += 6 * (x0 * y1 - x1 * y0) + 3 * (x0 * y2 - x2 * y0) + (x0 * y3 - x3 * y0)
                total += 3 * (x1 * y2 - x2 * y1) + 3 * (x1 * y3 - x3 * y1) + 6 * (x2 * y3 - x3 * y2)
            x0, y0 = x3, y3
        total += 10 * (x0 * contour.start[1] - contour.start[0] * y0)
    return total / 20


def simple(contours: Iterable[Contour], name: str = "") -> tuple[Contour, ...]:
    """The same fill (nonzero) without overlaps, outer contours and holes turning in opposite directions.

    Args:
        contours: what is filled.
        name: what it is called when it is refused.

    Raises:
        OutlineError: the outline is too tangled.
    """
    kept = tuple(contours)
    if not kept:
        return ()
    return _reliable(name, lambda work: work.simplified(work.path(kept)), patient=True)


def minus(contours: tuple[Contour, ...], cuts: Sequence[tuple[Contour, ...]], name: str = "") -> tuple[Contour, ...]:
    """What is left of the contours when every one of the cuts is taken away; each of them is filled nonzero.

    The contours come back as they are when the cuts only come near.

    Raises:
        OutlineError: the outlines are too tangled.
    """
    sound, knives = _sound(contours, name), simple([c for cut in cuts for c in simple(cut, name)], name)

    def subtract(work: _Work) -> _Answer | None:
        body, knife = work.simplified(work.path(sound)), work.simplified(work.path(knives))
        left, taken = work.combined(body.path, knife.path, _DIFFERENCE), work.combined(body.path, knife.path, _INTERSECTION)
        # when the areas of what is left and what is taken do not add up, this was no answer
        if not work.equal(left.area + taken.area, body.path.area):
            return None
        return _Answer(left, body.proved and knife.proved, changed=bool(work.pieces(taken)))

    work, answer = _believed(name, subtract, patient=False)
    return work.contours(answer.path) if answer.changed else contours


def grown(contours: tuple[Contour, ...], by_mm: float, name: str = "") -> tuple[Contour, ...]:
    """The outline with every edge moved outwards by `by_mm` (inwards when negative), corners kept; empty when nothing is left.

    Raises:
        OutlineError: the outline could not be offset.
    """
    sound = _sound(contours, name)

    def grow(work: _Work) -> _Answer | None:
        body = work.simplified(work.path(sound))
        if not body.proved:
            return None
        band = pathops.Path(body.path)
        # mitred, because Skia's round joins are conics, which its own boolean operations then give up on
        band.stroke(2 * abs(by_mm) * work.units_per_mm, pathops.LineCap.BUTT_CAP, pathops.LineJoin.MITER_JOIN, _MITRE_LIMIT)
        band = work.simplified(band).path
        shared = work.combined(body.path, band, _INTERSECTION)
        moved = work.combined(body.path, band, _UNION if by_mm > 0 else _DIFFERENCE)
        before = body.path.area + (band.area if by_mm > 0 else 0.0)
        return _Answer(moved, proved=False) if work.equal(moved.area + shared.area, before) else None

    return _reliable(name, grow)


def overlap_mm2(first: tuple[Contour, ...], second: tuple[Contour, ...], name: str = "") -> float:
    """The area in mm² that two fills (nonzero) share.

    Raises:
        OutlineError: the outlines are too tangled.
    """

    def share(work: _Work) -> _Answer | None:
        one, other = work.simplified(work.path(first)), work.simplified(work.path(second))
        shared, left = work.combined(one.path, other.path, _INTERSECTION), work.combined(one.path, other.path, _DIFFERENCE)
        return _Answer(shared, one.proved and other.proved) if work.equal(shared.area + left.area, one.path.area) else None

    work, answer = _believed(name, share, patient=True)
    return float(answer.path.area) / work.units_per_mm**2


def _sound(contours: tuple[Contour, ...], name: str) -> tuple[Contour, ...]:
    """The contours themselves when none of them overlap, otherwise the simple outline of the same fill."""
    done = simple(contours, name)
    return contours if abs(abs(signed_area(done)) - abs(signed_area(contours))) < AREA_TOLERANCE_MM2 else done


@dataclass(frozen=True, slots=True)
class _Answer:
    """A path, whether its area proves it, and whether it is another fill than what was asked about."""

    path: pathops.Path
    proved: bool
    changed: bool = True


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

    def simplified(self, path: pathops.Path) -> _Answer:
        """Without overlaps; proved when no area was lost, which is what a path without overlaps must give."""
        done = pathops.Path(path)
        done.simplify(fix_winding=True, keep_starting_points=False)
        return _Answer(done, self.equal(done.area, path.area))

    def combined(self, one: pathops.Path, other: pathops.Path, operator: pathops.PathOp) -> pathops.Path:
        return pathops.op(one, other, operator, fix_winding=True, keep_starting_points=False)

    def equal(self, one: float, other: float) -> bool:
        """Whether two areas in square units are the same."""
        return abs(one - other) <= AREA_TOLERANCE_MM2 * self.units_per_mm**2

    def contours(self, path: pathops.Path) -> tuple[Contour, ...]:
        """Back to millimetres, without slivers."""
        return tuple(_contour(piece, 1 / self.units_per_mm) for piece in self.pieces(path))

    def pieces(self, path: pathops.Path) -> list[pathops.Path]:
        """The contours of a path, without slivers."""
        return [piece for piece in path.contours if abs(piece.area) >= _SLIVER_MM2 * self.units_per_mm**2]


_WAYS = tuple(_Work(units, tolerance) for tolerance in (None, 0.001) for units in (1024.0, 1000.0, 777.0))


def _believed(name: str, compute: Callable[[_Work], _Answer | None], *, patient: bool) -> tuple[_Work, _Answer]:
    """The first answer that is proved by itself, or else one that another way confirms by the same area.

    A patient question tries every way for a proof first, and then takes the answer that most ways give: the same mistake may be made twice.
    """
    given: list[list[tuple[_Work, _Answer, float]]] = []
    for work in _WAYS:
        try:
            answer = compute(work)
        except pathops.PathOpsError:
            continue
        if answer is None:
            continue
        if answer.proved:
            return work, answer
        area = answer.path.area / work.units_per_mm**2
        like = next((group for group in given if abs(area - group[0][2]) <= AREA_TOLERANCE_MM2), None)
        if like is None:
            given.append(like := [])
        like.append((work, answer, area))
        if len(like) > 1 and not patient:
            break
    most = max(given, key=len, default=[])
    if len(most) < 2:
        raise OutlineError(part=name)
    return most[0][0], most[0][1]


def _reliable(name: str, compute: Callable[[_Work], _Answer | None], *, patient: bool = False) -> tuple[Contour, ...]:
    work, answer = _believed(name, compute, patient=patient)
    return work.contours(answer.path)


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
