"""The outer edge of a face, its parallels and its rings as contours around the centre (0, 0). It knows no texts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from sealdesk.face import svgpath
from sealdesk.face.curves import edge
from sealdesk.face.drawing import Contour, Segment
from sealdesk.face.specification import Ring, Shape

_CORNER = 4 / 3 * math.tan(math.pi / 8)


@lru_cache(maxsize=64)
def outline(shape: Shape, inset_mm: float = 0.0) -> tuple[Contour, ...]:
    """The parallel of the shape's edge at `inset_mm`, clockwise; empty when the inset eats the whole shape."""
    w, h = shape.width_mm / 2 - inset_mm, shape.height_mm / 2 - inset_mm
    if w <= 0 or h <= 0:
        return ()
    if shape.kind in ("circle", "ellipse"):
        return (edge(shape.width_mm, shape.height_mm).contour(inset_mm),)
    if shape.kind in ("square", "rectangle"):
        return (_rectangle(w, h, max(0.0, shape.corner_mm - inset_mm)),)
    if shape.kind == "free":
        return _free(shape, inset_mm)
    w, h = shape.width_mm / 2, shape.height_mm / 2
    points = [(0.0, -h), (w, 0.0), (0.0, h), (-w, 0.0)] if shape.kind == "rhombus" else [(0.0, -h), (w, h), (-w, h)]
    inner = _polygon_inset(points, inset_mm)
    return (polygon(inner),) if inner else ()


def ring(shape: Shape, of: Ring) -> tuple[Contour, ...]:
    """The ring between two parallels of the edge; outer contours clockwise, inner ones the other way round."""
    outer, inner = outline(shape, of.inset_mm), outline(shape, of.inset_mm + of.width_mm)
    return outer + tuple(reverse(c) for c in inner)


def polygon(points: Sequence[tuple[float, float]]) -> Contour:
    """A closed polygon."""
    return Contour(points[0], tuple(("L", x, y) for x, y in points[1:]))


def circle(x: float, y: float, radius: float) -> Contour:
    """A full circle, clockwise."""
    k = 4 / 3 * math.tan(math.pi / 16) * radius
    segments: list[Segment] = []
    for i in range(8):
        a, b = i * math.pi / 4, (i + 1) * math.pi / 4
        ax, ay, bx, by = math.cos(a), math.sin(a), math.cos(b), math.sin(b)
        segments.append((
            "C", x + radius * ax - k * ay, y + radius * ay + k * ax, x + radius * bx + k * by, y + radius * by - k * bx,
            x + radius * bx, y + radius * by,
        ))  # fmt: skip
    return Contour((x + radius, y), tuple(segments))


def bar(x1: float, y1: float, x2: float, y2: float, width: float) -> Contour:
    """A straight stroke with square ends."""
    length = math.hypot(x2 - x1, y2 - y1) or 1e-9
    nx, ny = -(y2 - y1) / length * width / 2, (x2 - x1) / length * width / 2
    return polygon([(x1 - nx, y1 - ny), (x2 - nx, y2 - ny), (x2 + nx, y2 + ny), (x1 + nx, y1 + ny)])


def reverse(contour: Contour) -> Contour:
    """The same contour in the other direction."""
    points: list[tuple[float, float]] = [contour.start]
    for s in contour.segments:
        points.append((float(s[-2]), float(s[-1])))
    out: list[Segment] = []
    for i in range(len(contour.segments) - 1, -1, -1):
        s = contour.segments[i]
        x, y = points[i]
        out.append(("L", x, y) if len(s) == 3 else ("C", s[3], s[4], s[1], s[2], x, y))
    return Contour(points[-1], tuple(out))


def _rectangle(w: float, h: float, r: float) -> Contour:
    if r <= 0:
        return polygon([(-w, -h), (w, -h), (w, h), (-w, h)])
    k = r * (1 - _CORNER)
    return Contour(
        (-w + r, -h),
        (
            ("L", w - r, -h),
            ("C", w - k, -h, w, -h + k, w, -h + r),
            ("L", w, h - r),
            ("C", w, h - k, w - k, h, w - r, h),
            ("L", -w + r, h),
            ("C", -w + k, h, -w, h - k, -w, h - r),
            ("L", -w, -h + r),
            ("C", -w, -h + k, -w + k, -h, -w + r, -h),
        ),
    )


def _polygon_inset(points: list[tuple[float, float]], inset: float) -> list[tuple[float, float]]:
    """A convex polygon (clockwise on the page) with every side moved inwards."""
    n = len(points)
    lines = []
    for i in range(n):
        (x0, y0), (x1, y1) = points[i], points[(i + 1) % n]
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = -(y1 - y0) / length, (x1 - x0) / length
        lines.append((x0 + nx * inset, y0 + ny * inset, x1 - x0, y1 - y0))
    out = []
    for i in range(n):
        ax, ay, adx, ady = lines[i - 1]
        bx, by, bdx, bdy = lines[i]
        t = ((bx - ax) * bdy - (by - ay) * bdx) / (adx * bdy - ady * bdx)
        out.append((ax + t * adx, ay + t * ady))
    # Sides that turned round mean that nothing is left.
    for i in range(n):
        (x0, y0), (x1, y1) = out[i], out[(i + 1) % n]
        if (x1 - x0) * lines[i][2] + (y1 - y0) * lines[i][3] <= 0:
            return []
    return out


def _free(shape: Shape, inset: float) -> tuple[Contour, ...]:
    from sealdesk.face import booleans

    base = svgpath.fitted(svgpath.contours(shape.outline), -shape.width_mm / 2, -shape.height_mm / 2, shape.width_mm, shape.height_mm)
    outer = booleans.simple(base)
    return outer if inset <= 0 else booleans.grown(outer, -inset)
