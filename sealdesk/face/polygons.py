"""Curves as polygons, convex hulls, certain separation, and the distance of two outlines. Cheap geometry; it decides nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from sealdesk.face.drawing import Bounds, Contour, Origin, contour_bounds

Polygon = list[tuple[float, float]]
Side = tuple[float, float, float, float]


class _Kept:
    """Bounds of glyph outlines by their key: hashing an outline would cost more than its bounds."""

    def __init__(self) -> None:
        self.bounds: dict[str, Bounds] = {}

    def of(self, origin: Origin) -> Bounds:
        found = self.bounds.get(origin.key)
        if found is None:
            if len(self.bounds) > 20_000:
                self.bounds.clear()
            found = self.bounds[origin.key] = contour_bounds(origin.outline)
        return found


_kept = _Kept()


def parallelogram(origin: Origin) -> Polygon:
    """The glyph's own bounds, as they lie on the face."""
    x0, y0, x1, y1 = _kept.of(origin)
    a, b, c, d, e, f = origin.matrix
    return [(a * x + c * y + e, b * x + d * y + f) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]


def flattened(contour: Contour, tolerance_mm: float) -> Polygon:
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


def hull(points: Sequence[tuple[float, float]]) -> Polygon:
    """The convex hull."""
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return ordered

    def half(of: Iterable[tuple[float, float]]) -> Polygon:
        out: Polygon = []
        for p in of:
            while len(out) >= 2 and (out[-1][0] - out[-2][0]) * (p[1] - out[-2][1]) <= (out[-1][1] - out[-2][1]) * (p[0] - out[-2][0]):
                out.pop()
            out.append(p)
        return out

    return half(ordered)[:-1] + half(reversed(ordered))[:-1]


def apart(first: Polygon, second: Polygon, clear: float) -> bool:
    """Whether a line with `clear` mm of room on it certainly separates two convex polygons."""
    for polygon in (first, second):
        for k in range(len(polygon)):
            nx, ny = polygon[k][1] - polygon[k - 1][1], polygon[k - 1][0] - polygon[k][0]
            length = math.hypot(nx, ny)
            if length < 1e-9:
                continue
            a = [x * nx + y * ny for x, y in first]
            b = [x * nx + y * ny for x, y in second]
            if min(b) - max(a) >= clear * length or min(a) - max(b) >= clear * length:
                return True
    return False


def convex(corners: Polygon) -> bool:
    """Whether a polygon (clockwise on the page) that does not cross itself turns inwards nowhere."""
    turns = zip(corners, corners[1:] + corners[:1], corners[2:] + corners[:2], strict=True)
    return all((bx - ax) * (cy - by) >= (by - ay) * (cx - bx) for (ax, ay), (bx, by), (cx, cy) in turns)


def inside(inner: Sequence[tuple[float, float]], outer: Polygon) -> bool:
    """Whether all points lie within a convex polygon (clockwise on the page); nothing lies within one without corners."""
    edges = zip(outer, outer[1:] + outer[:1], strict=True)
    return bool(outer) and all((bx - ax) * (y - ay) >= (by - ay) * (x - ax) for (ax, ay), (bx, by) in edges for x, y in inner)


def outside_circle(polygon: Polygon) -> bool:
    """Whether a convex polygon lies wholly outside the unit circle around (0, 0)."""
    turning_left = turning_right = False
    bx, by = polygon[-1]
    for ax, ay in polygon:
        if to_side(0.0, 0.0, ax, ay, bx, by) < 1:
            return False
        cross = ax * by - ay * bx
        turning_left, turning_right = turning_left or cross > 0, turning_right or cross < 0
        bx, by = ax, ay
    return turning_left and turning_right  # the centre is on one side of some edge and on the other side of another: not within


def sides(contours: Iterable[Contour], pieces: int = 6) -> list[Side]:
    """The outline as straight sides; curves are cut into `pieces`."""
    out: list[Side] = []
    for contour in contours:
        x0, y0 = contour.start
        for s in contour.segments:
            if len(s) == 3:
                out.append((x0, y0, s[1], s[2]))
                x0, y0 = s[1], s[2]
                continue
            _, x1, y1, x2, y2, x3, y3 = s
            px, py = x0, y0
            for k in range(1, pieces + 1):
                t = k / pieces
                u = 1 - t
                qx = u * u * u * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t * t * t * x3
                qy = u * u * u * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t * t * t * y3
                out.append((px, py, qx, qy))
                px, py = qx, qy
            x0, y0 = x3, y3
        if (x0, y0) != contour.start:
            out.append((x0, y0, *contour.start))
    return out


def distance(first: Iterable[Contour], second: Iterable[Contour], within: float) -> float:
    """The smallest distance of two outlines that do not cross, in mm; infinite when it is more than `within`."""
    a, b = sides(first), sides(second)
    a = _near(a, _around(b), within)
    b = _near(b, _around(a), within) if a else []
    best = math.inf
    for ax, ay, bx, by in a:
        for cx, cy, dx, dy in b:
            if min(ax, bx) - max(cx, dx) > within or min(cx, dx) - max(ax, bx) > within:
                continue
            if min(ay, by) - max(cy, dy) > within or min(cy, dy) - max(ay, by) > within:
                continue
            best = min(
                best,
                to_side(ax, ay, cx, cy, dx, dy),
                to_side(bx, by, cx, cy, dx, dy),
                to_side(cx, cy, ax, ay, bx, by),
                to_side(dx, dy, ax, ay, bx, by),
            )
    return best


def place_of_gap(first: Iterable[Contour], second: Iterable[Contour], gap: float) -> tuple[float, float] | None:
    """The middle of the gap of two outlines that are `gap` apart (see `distance`), where a person should look."""
    a, b = sides(first), sides(second)
    a = _near(a, _around(b), gap + _SAME)
    b = _near(b, _around(a), gap + _SAME) if a else []
    for ax, ay, bx, by in a:
        for cx, cy, dx, dy in b:
            ends = ((ax, ay, cx, cy, dx, dy), (bx, by, cx, cy, dx, dy), (cx, cy, ax, ay, bx, by), (dx, dy, ax, ay, bx, by))
            for end in ends:
                if to_side(*end) <= gap + _SAME:
                    x, y = _foot(*end)
                    return (end[0] + x) / 2, (end[1] + y) / 2
    return None


def place_of_overlap(first: Iterable[Contour], second: Iterable[Contour]) -> tuple[float, float] | None:
    """The middle of the points in which two outlines cross; None when they do not, because one lies within the other."""
    a, b = sides(first), sides(second)
    a = _near(a, _around(b), 0.0)
    b = _near(b, _around(a), 0.0) if a else []
    points = [point for one in a for other in b if (point := _crossing(one, other)) is not None]
    if not points:
        return None
    box = (min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points))
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


_SAME = 1e-9


def _crossing(one: Side, other: Side) -> tuple[float, float] | None:
    (ax, ay, bx, by), (cx, cy, dx, dy) = one, other
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if not across:
        return None
    t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across
    u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / across
    return (ax + t * (bx - ax), ay + t * (by - ay)) if 0 <= t <= 1 and 0 <= u <= 1 else None


def _foot(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> tuple[float, float]:
    """The point of a side that is nearest to a point."""
    vx, vy = bx - ax, by - ay
    square = vx * vx + vy * vy
    t = 0.0 if square == 0 else max(0.0, min(1.0, ((px - ax) * vx + (py - ay) * vy) / square))
    return ax + t * vx, ay + t * vy


def to_side(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    """The distance of a point from a side."""
    vx, vy = bx - ax, by - ay
    square = vx * vx + vy * vy
    t = 0.0 if square == 0 else max(0.0, min(1.0, ((px - ax) * vx + (py - ay) * vy) / square))
    return math.hypot(px - ax - t * vx, py - ay - t * vy)


def _around(of: list[Side]) -> Bounds:
    if not of:
        return (math.inf, math.inf, -math.inf, -math.inf)
    return (
        min(min(s[0], s[2]) for s in of),
        min(min(s[1], s[3]) for s in of),
        max(max(s[0], s[2]) for s in of),
        max(max(s[1], s[3]) for s in of),
    )


def _near(of: list[Side], box: Bounds, within: float) -> list[Side]:
    x0, y0, x1, y1 = box[0] - within, box[1] - within, box[2] + within, box[3] + within
    return [s for s in of if max(s[0], s[2]) >= x0 and min(s[0], s[2]) <= x1 and max(s[1], s[3]) >= y0 and min(s[1], s[3]) <= y1]
