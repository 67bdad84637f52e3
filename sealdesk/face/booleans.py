"""Unions, differences, insets and areas of contours through skia-pathops. It is exact on curves; nothing is rasterised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pathops

from sealdesk.face.drawing import Contour, Segment, quadratic

_SCALE = 64.0  # Skia works in single precision around pixel sizes; millimetres are small numbers to it


def path(contours: Iterable[Contour], scale: float = _SCALE) -> Any:
    """The contours as a Skia path in 1/64 mm, nonzero fill."""
    out = pathops.Path(fillType=pathops.FillType.WINDING)
    for contour in contours:
        out.moveTo(contour.start[0] * scale, contour.start[1] * scale)
        for s in contour.segments:
            if len(s) == 3:
                out.lineTo(s[1] * scale, s[2] * scale)
            else:
                out.cubicTo(s[1] * scale, s[2] * scale, s[3] * scale, s[4] * scale, s[5] * scale, s[6] * scale)
        out.close()
    return out


def contours(shape: Any, scale: float = _SCALE) -> tuple[Contour, ...]:
    """A Skia path back in millimetres."""
    out: list[Contour] = []
    start: tuple[float, float] | None = None
    at = (0.0, 0.0)
    segments: list[Segment] = []
    shape.convertConicsToQuads()
    for verb, points in shape:
        p = [(x / scale, y / scale) for x, y in points]
        if verb == pathops.PathVerb.MOVE:
            if start is not None and segments:
                out.append(Contour(start, tuple(segments)))
            start, at, segments = p[0], p[0], []
        elif verb == pathops.PathVerb.LINE:
            segments.append(("L", *p[0]))
            at = p[0]
        elif verb == pathops.PathVerb.QUAD:
            segments.append(quadratic(*at, *p[0], *p[1]))
            at = p[1]
        elif verb == pathops.PathVerb.CUBIC:
            segments.append(("C", *p[0], *p[1], *p[2]))
            at = p[2]
    if start is not None and segments:
        out.append(Contour(start, tuple(segments)))
    return tuple(out)


def overlap_mm2(first: Any, second: Any) -> float:
    """The area that two paths of `path` share, in mm²."""
    shared = pathops.op(first, second, pathops.PathOp.INTERSECTION, fix_winding=False)
    return abs(float(shared.area)) / (_SCALE * _SCALE)


def minus(first: Iterable[Contour], second: Iterable[Contour]) -> tuple[Contour, ...]:
    """What is left of `first` when `second` is taken away."""
    return contours(pathops.op(path(first), path(second), pathops.PathOp.DIFFERENCE))


def union(shapes: Iterable[Contour]) -> tuple[Contour, ...]:
    """One outline without overlaps."""
    out = path(shapes)
    out.simplify(fix_winding=True)
    return contours(out)


def clockwise(shapes: Iterable[Contour]) -> tuple[Contour, ...]:
    """The outline simplified, outer contours one way and holes the other."""
    return union(shapes)


def inset(shape: Iterable[Contour], distance: float) -> tuple[Contour, ...]:
    """The outline moved inwards by `distance` mm, corners kept sharp."""
    kept = tuple(shape)
    band = path(kept)
    band.stroke(2 * distance * _SCALE, pathops.LineCap.BUTT_CAP, pathops.LineJoin.MITER_JOIN, 8.0)
    return contours(pathops.op(path(kept), band, pathops.PathOp.DIFFERENCE))
