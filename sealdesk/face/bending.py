"""Glyphs whose outline follows the curve of a line, so that joined letters stay joined. It bends outlines; it places no lines.

On a circle a glyph is bent the same way wherever it stands: there the bent outline is kept, and only turned into its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from sealdesk.face.cells import Matrix
from sealdesk.face.curves import Edge
from sealdesk.face.drawing import Contour, Segment
from sealdesk.face.fonts import Outline

_CLOSE_MM = 0.0005
_MOST_KEPT = 1000

_Put = Callable[[float, float], tuple[float, float]]


class Baseline:
    """The baseline of a line along the edge: positions in millimetres from its middle, in reading direction."""

    def __init__(self, line: Edge, inset: float, below: bool, pace: float | None = None) -> None:
        """`inset` is the baseline's, from the edge; lengths are measured along the parallel at `pace`, or along the baseline."""
        self.line = line
        self.inset = inset
        self.below = below
        self.pace = inset if pace is None else pace
        self.half = line.length(math.pi, self.pace)

    def frame(self, x: float) -> Matrix:
        """(right, down, origin) at position x on the baseline."""
        t = self.line.at_length(self.half - x if self.below else x, self.pace)
        p = self.line.place(t)
        ox, oy = p.x - self.inset * p.nx, p.y - self.inset * p.ny
        if self.below:
            return (-p.tx, -p.ty, p.nx, p.ny, ox, oy)
        return (p.tx, p.ty, -p.nx, -p.ny, ox, oy)

    def bent(self, outline: Outline, at: float, up: float, sx: float, sy: float) -> tuple[str, tuple[Contour, ...], Matrix]:
        """A glyph that stands at `at` and `up` mm above the baseline: the key of its bent outline, that outline, and its matrix.

        Args:
            outline: in em units.
            at: where the glyph's own x = 0 lies on the baseline.
            up: how far its y = 0 is above it.
            sx: millimetres an em along the line.
            sy: millimetres an em across it.
        """
        start = 0.0 if self.line.round else at
        line = self.line
        key = f"{outline.key}/bent/{line.a!r},{line.b!r},{self.inset!r},{self.pace!r},{int(self.below)},{start!r},{up!r},{sx!r},{sy!r}"
        contours = _kept.get(key)
        if contours is None:
            contours = self._bend(outline, start, up, sx, sy)
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = contours
        turn = (at - start) / (line.a - self.pace) * (-1 if self.below else 1)
        c, s = math.cos(turn) * sy, math.sin(turn) * sy
        return key, contours, (c, s, s, -c, 0.0, 0.0)

    def _bend(self, outline: Outline, start: float, up: float, sx: float, sy: float) -> tuple[Contour, ...]:
        """Around the face's centre, in ems of `sy` mm with y upwards, so that strokes are measured as those of straight glyphs are."""

        def put(x: float, y: float) -> tuple[float, float]:
            _a, _b, c, d, e, f = self.frame(start + x * sx)
            rise = up + y * sy
            return (e - c * rise) / sy, (d * rise - f) / sy

        # A chord of length L leaves a curve of radius R by L² / 8R, and a cubic with its control points on the curve by a third of that.
        radius = max(self.line.smallest_radius() - self.inset, 1.0)
        reach = math.sqrt(24 * radius * _CLOSE_MM) / sx
        return tuple(_bend(contour, put, reach) for contour in outline.contours)


_kept: dict[str, tuple[Contour, ...]] = {}


def _bend(contour: Contour, put: _Put, reach: float) -> Contour:
    """The contour with its points moved by `put`; segments wider than `reach` are cut first, so that they follow the curve."""
    x0, y0 = contour.start
    segments: list[Segment] = []
    for s in (*contour.segments, ("L", x0, y0)):
        if len(s) == 3:
            x3, y3 = s[1], s[2]
            x1, y1, x2, y2 = x0 + (x3 - x0) / 3, y0 + (y3 - y0) / 3, x0 + 2 * (x3 - x0) / 3, y0 + 2 * (y3 - y0) / 3
        else:
            _, x1, y1, x2, y2, x3, y3 = s
        if (x0, y0) == (x3, y3) and len(s) == 3:
            continue
        pieces = max(1, math.ceil((max(x0, x1, x2, x3) - min(x0, x1, x2, x3)) / reach))
        for i in range(pieces):
            q = _piece((x0, x1, x2, x3), i / pieces, (i + 1) / pieces)
            r = _piece((y0, y1, y2, y3), i / pieces, (i + 1) / pieces)
            segments.append(("C", *put(q[1], r[1]), *put(q[2], r[2]), *put(q[3], r[3])))
        x0, y0 = x3, y3
    return Contour(put(*contour.start), tuple(segments))


def _piece(p: tuple[float, float, float, float], t0: float, t1: float) -> tuple[float, float, float, float]:
    def blossom(a: float, b: float, c: float) -> float:
        p01, p12, p23 = p[0] + (p[1] - p[0]) * a, p[1] + (p[2] - p[1]) * a, p[2] + (p[3] - p[2]) * a
        q0, q1 = p01 + (p12 - p01) * b, p12 + (p23 - p12) * b
        return q0 + (q1 - q0) * c

    return blossom(t0, t0, t0), blossom(t0, t0, t1), blossom(t0, t1, t1), blossom(t1, t1, t1)
