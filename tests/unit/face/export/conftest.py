"""A small face that needs no layout engine, and the means to compare pictures from different hands."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageOps

from sealdesk.face.drawing import Contour, Drawing, Ink, Part
from sealdesk.face.export.bitmap import Bitmap

SIDE_MM = 38.1  # exactly 600 pixels at 400 dpi, 900 at 600 dpi
K = 0.5522847498307936

Judge = Callable[[Bitmap, Image.Image], int]


def circle(x: float, y: float, r: float, turn: int = 1) -> Contour:
    k = K * r * turn
    s = r * turn
    return Contour((x + r, y), (
        ("C", x + r, y + k, x + K * r, y + s, x, y + s),
        ("C", x - K * r, y + s, x - r, y + k, x - r, y),
        ("C", x - r, y - k, x - K * r, y - s, x, y - s),
        ("C", x + K * r, y - s, x + r, y - k, x + r, y),
    ))  # fmt: skip


def polygon(*points: tuple[float, float]) -> Contour:
    return Contour(points[0], tuple(("L", x, y) for x, y in points[1:]))


def star(x: float, y: float, r: float) -> Contour:
    corners = [(r if i % 2 == 0 else r * 0.381966, i * math.pi / 5) for i in range(10)]
    return polygon(*((x + a * math.sin(t), y - a * math.cos(t)) for a, t in corners))


def bar(x: float, y: float, length: float, width: float, angle: float) -> Contour:
    c, s = math.cos(angle), math.sin(angle)
    corners = ((-length, -width), (length, -width), (length, width), (-length, width))
    return polygon(*((x + (u * c - v * s) / 2, y + (u * s + v * c) / 2) for u, v in corners))


def leaf(x: float, y: float) -> tuple[Contour, ...]:
    """Like a glyph: cubic curves, a hole, and two outer contours that overlap."""
    outer = Contour((x, y), (("C", x + 1, y - 2.5, x + 4, y - 2.5, x + 5, y), ("C", x + 4, y + 2.5, x + 1, y + 2.5, x, y)))
    hole = Contour((x + 1.5, y), (("C", x + 2, y + 1, x + 3, y + 1, x + 3.5, y), ("C", x + 3, y - 1, x + 2, y - 1, x + 1.5, y)))
    stem = polygon((x + 4.5, y - 0.3), (x + 8, y - 0.3), (x + 8, y + 0.3), (x + 4.5, y + 0.3))
    return outer, hole, stem


def ink_parts() -> tuple[Part, ...]:
    m = SIDE_MM / 2
    return (
        Part("ring.0", "ring", Ink.INK, (circle(m, m, m), circle(m, m, m - 1.2, -1))),
        Part("star.0", "star", Ink.INK, (star(m, m - 3, 6),)),
        Part("row.0.0", "row", Ink.INK, leaf(9, 26), "叶"),
        Part("row.0.1", "row", Ink.INK, leaf(20, 26.5), "叶"),
        Part("code.0", "code", Ink.CODE, (circle(m, 33.5, 1), circle(m, 33.5, 0.6, -1)), "0"),
    )


def cut_parts() -> tuple[Part, ...]:
    places = ((1.5, 14.0, 0.3), (19.0, 10.5, 1.2), (12.0, 25.5, -0.7), (19.3, 33.0, 0.1), (36.5, 22.0, 2.0), (30.0, 30.0, 0.4))
    return tuple(Part(f"cut.{i}", "cut", Ink.CUT, (bar(x, y, 3, 0.15, a),)) for i, (x, y, a) in enumerate(places))


@pytest.fixture
def plain_face() -> Drawing:
    return Drawing(SIDE_MM, SIDE_MM, ink_parts())


@pytest.fixture
def face() -> Drawing:
    """The face with six cuts through ring, star, leaves and code, one of them in empty ground."""
    return Drawing(SIDE_MM, SIDE_MM, (*ink_parts(), *cut_parts()))


def as_image(picture: Bitmap) -> Image.Image:
    """Ink white, for arithmetic."""
    return Image.frombytes("1", (picture.width_px, picture.height_px), picture.rows).convert("L")


@pytest.fixture
def image_of() -> Callable[[Bitmap], Image.Image]:
    return as_image


@pytest.fixture
def strangers() -> Judge:
    """Counts pixels of a judge's picture (ink dark) that differ from ours by more than one pixel of edge."""

    def count(ours: Bitmap, theirs: Image.Image) -> int:
        other = theirs.convert("L").point(lambda value: 255 if value < 128 else 0)
        assert other.size == (ours.width_px, ours.height_px)
        mine, other = ImageOps.expand(as_image(ours), 1), ImageOps.expand(other, 1)
        too_dark = ImageChops.subtract(other, mine.filter(ImageFilter.MaxFilter(3)))
        too_light = ImageChops.subtract(mine.filter(ImageFilter.MinFilter(3)), other)
        return too_dark.histogram()[255] + too_light.histogram()[255]

    return count
