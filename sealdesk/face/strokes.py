"""The thinnest stroke and the narrowest white of a letter. It measures where two sides of the outline run beside one another.

Tapering ends are no strokes: only sides that are parallel within ten degrees count. What is found in em units is kept per glyph as
vectors, so that any scaling of the letter costs a few multiplications.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import pairwise

from sealdesk.face.drawing import Origin
from sealdesk.face.polygons import Side, sides

_REACH = 0.16  # em; wider strokes and gaps are never the thinnest
_PARALLEL = -0.985
_SAMPLES = 90
_LONG = 0.035  # em; shorter sides belong to ends and corners
_LONG_WHITE = 0.1  # em; where a short dot comes close to a stroke, nothing is lost when they touch

Vectors = tuple[tuple[float, float], ...]
_Thin = tuple[Vectors, float]
"""Vectors across strokes or gaps, and the length of the shortest."""
_kept: dict[str, tuple[_Thin, _Thin]] = {}


def thinnest(origin: Origin, bound_mm: float = math.inf) -> tuple[float, float]:
    """(stroke, white) of a glyph on the face in mm; infinite when no sides run beside one another, or certainly none below `bound_mm`."""
    found = _kept.get(origin.key)
    if found is None:
        if len(_kept) > 20_000:
            _kept.clear()
        strokes, whites = _measure(sides(origin.outline, 3))
        found = _kept[origin.key] = (_with_shortest(strokes), _with_shortest(whites))
    a, b, c, d, _e, _f = origin.matrix
    # The matrix shortens no vector by more than its smaller singular value, which is at least |determinant| / (sum of squares)½.
    least = abs(a * d - b * c) / math.sqrt(a * a + b * b + c * c + d * d)
    stroke, white = (
        math.inf if shortest * least >= bound_mm else min((math.hypot(a * x + c * y, b * x + d * y) for x, y in of), default=math.inf)
        for of, shortest in found
    )
    return stroke, white


def _with_shortest(vectors: Vectors) -> _Thin:
    return vectors, min((math.hypot(x, y) for x, y in vectors), default=math.inf)


def _measure(outline: list[Side]) -> tuple[Vectors, Vectors]:
    area = sum(x0 * y1 - x1 * y0 for x0, y0, x1, y1 in outline)
    inward = 1.0 if area > 0 else -1.0  # counter-clockwise outlines have their ink on the left
    long = [(math.hypot(x1 - x0, y1 - y0), (x0, y0, x1, y1)) for x0, y0, x1, y1 in outline]
    sampled = sorted((s for s in long if s[0] >= _LONG), key=lambda s: -s[0])[:_SAMPLES]
    directed = sorted(_directed(n, s) for n, s in long if n > 1e-6)
    lefts = [side[0] for side in directed]
    strokes: list[tuple[float, float]] = []
    whites: list[tuple[float, float]] = []
    for n, (x0, y0, x1, y1) in sampled:
        dx, dy = (x1 - x0) / n, (y1 - y0) / n
        # Sides that the rays cannot reach are most of them: first by their left ends, then by their boxes.
        ends = [(x0 + dx * n * u - dy * v, y0 + dy * n * u + dx * v) for u in (0.25, 0.75) for v in (-_REACH, _REACH)]
        xs, ys = [x for x, _ in ends], [y for _, y in ends]
        left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
        around = directed[: bisect_right(lefts, right)]
        near = _near(x0, y0, dx, dy, n, [s for s in around if s[2] >= left and s[1] <= bottom and s[3] >= top])
        hits = [_hits(n * part, near) for part in (0.25, 0.5, 0.75)]
        for sign, out in ((inward, strokes), (-inward, whites)):
            if out is whites and n < _LONG_WHITE:
                continue
            # A notch where two strokes meet is met by one ray only; what is lost or closes is met by two at about the same distance.
            for one, other in pairwise(left if sign > 0 else right for left, right in hits):
                far, close = (one, other) if one > other else (other, one)
                if 0 < far < 1.5 * close:
                    out.append((-dy * far * sign, dx * far * sign))
    return _few(strokes), _few(whites)


_Directed = tuple[float, float, float, float, float, float, float, float, float, float]
"""Left, top, right, bottom; the ends of a side; its direction."""
_Near = list[tuple[float, float, float, float, bool]]


def _directed(n: float, side: Side) -> _Directed:
    x0, y0, x1, y1 = side
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), x0, y0, x1, y1, (x1 - x0) / n, (y1 - y0) / n)


def _near(x: float, y: float, dx: float, dy: float, n: float, directed: list[_Directed]) -> _Near:
    """The sides that rays from a side at (x, y) of length n may meet, in its frame (u along it, v to its left), and which are parallel."""
    out: _Near = []
    low, high = 0.25 * n, 0.75 * n
    for _left, _top, _right, _bottom, x0, y0, x1, y1, ex, ey in directed:
        u0, u1 = (x0 - x) * dx + (y0 - y) * dy, (x1 - x) * dx + (y1 - y) * dy
        if (u0 < low and u1 < low) or (u0 > high and u1 > high):
            continue
        v0, v1 = (y0 - y) * dx - (x0 - x) * dy, (y1 - y) * dx - (x1 - x) * dy
        if (v0 > _REACH and v1 > _REACH) or (v0 < -_REACH and v1 < -_REACH):
            continue
        out.append((u0, v0, u1, v1, ex * dx + ey * dy < _PARALLEL))
    return out


def _hits(u: float, near: _Near) -> tuple[float, float]:
    """How far the rays from u to the left and to the right meet a side; 0 when there is none in reach, or the nearest is not parallel."""
    left, left_beside, right, right_beside = _REACH, False, _REACH, False
    for u0, v0, u1, v1, beside in near:
        if (u0 > u) == (u1 > u):
            continue
        v = v0 + (v1 - v0) * (u0 - u) / (u0 - u1)
        if 1e-4 < v < left:
            left, left_beside = v, beside
        elif 1e-4 < -v < right:
            right, right_beside = -v, beside
    return left if left_beside else 0.0, right if right_beside else 0.0


def _few(vectors: list[tuple[float, float]]) -> Vectors:
    """The shortest vector of each direction: under any scaling the shortest of all is one of them."""
    least: dict[int, tuple[float, float]] = {}
    for x, y in vectors:
        direction = round(math.atan2(y, x) / (math.pi / 12)) % 12
        if direction not in least or math.hypot(x, y) < math.hypot(*least[direction]):
            least[direction] = (x, y)
    return tuple(least[k] for k in sorted(least))
