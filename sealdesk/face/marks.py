"""Marks for the middle of a face: the star, simple emblems drawn from parameters, and imported outlines.

The national emblem, the league's and others are works with their own prescribed drawings. What is drawn here for `national` and `league`
is a stand-in of the right size; `checks` refuses to pass it until the shop has imported the official outline.
"""

from __future__ import annotations

import math
from functools import lru_cache

from sealdesk.face import svgpath
from sealdesk.face.drawing import Contour, transformed
from sealdesk.face.shapes import bar, circle, polygon, reverse
from sealdesk.face.specification import Mark

STAR_RATIO = 0.381966
"""Inner to outer radius of a true pentagram: (3 − √5) / 2."""

STAND_INS = ("national", "league")
"""Emblems that are only indicated until their outline is imported."""


def contours(mark: Mark) -> tuple[Contour, ...]:
    """The mark around the face's centre, in millimetres."""
    radius = mark.diameter_mm / 2
    if mark.outline:
        shape = svgpath.contours(mark.outline)
        return _fit_circle(shape, mark.x_mm, mark.y_mm, radius)
    unit = _unit(mark.kind)
    return transformed(unit, radius, 0.0, 0.0, radius, mark.x_mm, mark.y_mm)


def star(x: float, y: float, radius: float, turn: float = 0.0) -> Contour:
    """A true pentagram's outline, one tip up."""
    points = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * STAR_RATIO
        a = turn + i * math.pi / 5
        points.append((x + r * math.sin(a), y - r * math.cos(a)))
    return polygon(points)


def _fit_circle(shape: tuple[Contour, ...], x: float, y: float, radius: float) -> tuple[Contour, ...]:
    points = [p for c in shape for p in c.points()]
    cx = (min(p[0] for p in points) + max(p[0] for p in points)) / 2
    cy = (min(p[1] for p in points) + max(p[1] for p in points)) / 2
    reach = max(math.hypot(px - cx, py - cy) for px, py in points)
    k = radius / reach
    return transformed(shape, k, 0.0, 0.0, k, x - cx * k, y - cy * k)


@lru_cache(maxsize=8)
def _unit(kind: str) -> tuple[Contour, ...]:
    if kind == "star":
        return (star(0.0, 0.0, 1.0),)
    if kind == "party":
        return _party()
    if kind == "union":
        return _union()
    if kind == "league":
        return (circle(0, 0, 1), reverse(circle(0, 0, 0.86)), star(0, -0.1, 0.55), bar(-0.6, 0.62, 0.6, 0.62, 0.14))
    return _national()


def _party() -> tuple[Contour, ...]:
    """Hammer and sickle, simplified: a round sickle with its handle, a hammer laid across it."""
    outer = [(0.86 * math.sin(a), -0.86 * math.cos(a)) for a in _steps(-0.35, 3.75, 40)]
    inner = [(0.10 + 0.66 * math.sin(a), -0.06 - 0.66 * math.cos(a)) for a in _steps(3.75, -0.30, 40)]
    sickle = polygon([*outer, *inner])
    handle = bar(-0.42, 0.62, -0.80, 0.94, 0.20)
    shaft = bar(-0.34, -0.20, 0.80, 0.94, 0.19)
    head = bar(-0.72, -0.02, -0.06, -0.68, 0.40)
    return _merged((sickle, handle, shaft, head), 1.0)


def _union() -> tuple[Contour, ...]:
    """The trade union's mark, simplified: 中 and 工 laid into one another within a circle."""
    strokes = (
        bar(0, -0.74, 0, 0.74, 0.15),
        bar(-0.46, -0.36, 0.46, -0.36, 0.15),
        bar(-0.46, 0.10, 0.46, 0.10, 0.15),
        bar(-0.40, -0.43, -0.40, 0.17, 0.15),
        bar(0.40, -0.43, 0.40, 0.17, 0.15),
        bar(-0.50, 0.46, 0.50, 0.46, 0.15),
    )
    return (circle(0, 0, 1), reverse(circle(0, 0, 0.88)), *_merged(strokes, 0.0))


def _national() -> tuple[Contour, ...]:
    wheel = (circle(0, 0, 1), reverse(circle(0, 0, 0.82)))
    gate = (bar(-0.5, 0.42, 0.5, 0.42, 0.22), bar(-0.32, 0.16, 0.32, 0.16, 0.12), bar(-0.2, -0.02, 0.2, -0.02, 0.1))
    small = tuple(star(0.46 * math.sin(a), -0.2 - 0.28 * math.cos(a), 0.1) for a in (-1.25, -0.62, 0.62, 1.25))
    return (*wheel, *gate, star(0, -0.42, 0.24), *small)


def _steps(a: float, b: float, n: int) -> list[float]:
    return [a + (b - a) * i / n for i in range(n + 1)]


def _merged(shapes: tuple[Contour, ...], radius: float) -> tuple[Contour, ...]:
    from sealdesk.face import booleans

    whole = booleans.simple(shape if booleans.signed_area((shape,)) > 0 else reverse(shape) for shape in shapes)
    return _fit_circle(whole, 0.0, 0.0, radius) if radius else whole
