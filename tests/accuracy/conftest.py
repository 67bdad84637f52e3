"""Measuring faces on their pictures: inked regions of a bitmap, each as the rectangle with the same area and moments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from sealdesk.face.export.bitmap import Bitmap
from sealdesk.face.fonts import FontSet, system_fonts
from sealdesk.face.layout import layout
from sealdesk.face.raster import bitmap
from sealdesk.face.specification import FaceSpec

DPI = 1800.0


@dataclass(frozen=True)
class Region:
    """One connected inked region in millimetres: centre, direction of its long axis from upright (clockwise), sides, bounds."""

    x: float
    y: float
    lean: float
    width: float
    height: float
    bounds: tuple[float, float, float, float]

    def corners(self) -> list[tuple[float, float]]:
        """The rectangle's corners: top left, top right, bottom right, bottom left before it leaned."""
        c, s = math.cos(self.lean), math.sin(self.lean)
        w, h = self.width / 2, self.height / 2
        return [(self.x + u * c - v * s, self.y + u * s + v * c) for u, v in ((-w, -h), (w, -h), (w, h), (-w, h))]


def _regions(picture: Bitmap) -> list[Region]:
    parents: list[int] = []

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    runs: list[tuple[int, int, int, int]] = []  # row, start, end, label
    above: list[tuple[int, int, int]] = []
    stride = (picture.width_px + 7) // 8
    for y in range(picture.height_px):
        row = picture.rows[y * stride : (y + 1) * stride]
        bits = bin(int.from_bytes(b"\1" + row, "big"))[3:] + "0"
        here: list[tuple[int, int, int]] = []
        start = bits.find("1")
        while start >= 0:
            end = bits.find("0", start)
            label = len(parents)
            parents.append(label)
            for a, b, other in above:
                if a <= end and b >= start:
                    parents[root(other)] = root(label)
            here.append((start, end, label))
            runs.append((y, start, end, label))
            start = bits.find("1", end)
        above = here
    groups: dict[int, list[tuple[int, int, int]]] = {}
    for y, start, end, label in runs:
        groups.setdefault(root(label), []).append((y, start, end))
    mm = 25.4 / picture.dpi
    return [_region(group, mm) for group in groups.values() if sum(e - s for _, s, e in group) > 30]


def _region(runs: list[tuple[int, int, int]], mm: float) -> Region:
    n = sx = sy = sxx = syy = sxy = 0.0
    for y, start, end in runs:
        count = end - start
        # pixel centres start + 0.5 … end − 0.5
        first = (start + end) / 2 * count
        square = count * ((start + end) / 2) ** 2 + count * (count * count - 1) / 12
        n += count
        sx += first
        sy += count * (y + 0.5)
        sxx += square
        syy += count * (y + 0.5) ** 2
        sxy += first * (y + 0.5)
    cx, cy = sx / n, sy / n
    vx, vy, vxy = sxx / n - cx * cx + 1 / 12, syy / n - cy * cy + 1 / 12, sxy / n - cx * cy
    middle, spread = (vx + vy) / 2, math.hypot((vx - vy) / 2, vxy)
    long_axis = math.atan2(2 * vxy, vx - vy) / 2  # from the x axis
    lean = long_axis - math.pi / 2 if long_axis > 0 else long_axis + math.pi / 2
    sides = math.sqrt(12 * (middle - spread)) * mm, math.sqrt(12 * (middle + spread)) * mm
    bounds = (
        min(s for _, s, _ in runs) * mm,
        min(y for y, _, _ in runs) * mm,
        max(e for _, _, e in runs) * mm,
        (max(y for y, _, _ in runs) + 1) * mm,
    )
    return Region(cx * mm, cy * mm, lean, *sides, bounds)


def _apart(first: Region, second: Region) -> float:
    """The distance of two rectangles that do not overlap."""
    a, b = first.corners(), second.corners()
    best = math.inf
    for p, q in ((a, b), (b, a)):
        for x, y in p:
            for k in range(4):
                (ax, ay), (bx, by) = q[k - 1], q[k]
                vx, vy = bx - ax, by - ay
                t = max(0.0, min(1.0, ((x - ax) * vx + (y - ay) * vy) / (vx * vx + vy * vy)))
                best = min(best, math.hypot(x - ax - t * vx, y - ay - t * vy))
    return best


def _normal(x: float, y: float, a: float, b: float) -> float:
    """The lean (from upright, clockwise) of the ellipse's normal through (x, y), by search for the nearest point of the ellipse."""
    low, high = -math.pi, math.pi
    best = min((low + (high - low) * i / 720 for i in range(721)), key=lambda t: math.hypot(x - a * math.sin(t), y + b * math.cos(t)))
    step = math.pi / 360
    for _ in range(40):
        best = min((best - step, best, best + step), key=lambda t: math.hypot(x - a * math.sin(t), y + b * math.cos(t)))
        step *= 0.7
    px, py = a * math.sin(best), -b * math.cos(best)
    return math.atan2(px / (a * a), -py / (b * b))


@dataclass(frozen=True)
class Setting:
    """How the letters of one text along the edge stand on a picture, in reading order: clear gaps (mm), tilts (degrees), errors (mm)."""

    gaps: list[float]
    tilts: list[float]
    errors: list[float]

    @property
    def spread(self) -> float:
        return max(self.gaps) - min(self.gaps)

    @property
    def tilt(self) -> float:
        return max(map(abs, self.tilts))

    @property
    def unlike(self) -> float:
        """How far the left half is from being the mirror image of the right one."""
        return max(self.errors)


def _setting(spec: FaceSpec, fonts: FontSet, number: int = 0) -> Setting:
    """The letters of `spec.arcs[number]`, alone on a picture."""
    arc = spec.arcs[number]
    only = FaceSpec(spec.shape, arcs=(arc,))
    w, h = spec.shape.width_mm, spec.shape.height_mm
    cells = _regions(bitmap(layout(only, fonts), DPI))
    below = arc.side == "below"
    turn = math.pi if below else 0.0
    cells.sort(key=lambda r: math.atan2(r.x - w / 2, (r.y - h / 2) if below else (h / 2 - r.y)))
    gaps = [_apart(first, second) for first, second in pairwise(cells)]
    tilts = []
    for r in cells:
        wanted = _normal(r.x - w / 2, r.y - h / 2, w / 2, h / 2) - turn
        tilts.append(math.degrees((r.lean - wanted + math.pi / 2) % math.pi - math.pi / 2))
    errors = []
    for left, right in zip(cells, reversed(cells), strict=True):
        errors += [abs(left.x + right.x - w), abs(left.y - right.y)]
    return Setting(gaps, tilts, errors)


@pytest.fixture(scope="session")
def setting() -> Callable[..., Setting]:
    """How the letters of a text along the edge stand on a picture."""
    return _setting


@pytest.fixture(scope="session")
def regions() -> Callable[[Bitmap], list[Region]]:
    """Connected inked regions of a picture."""
    return _regions


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    """What this computer has."""
    return system_fonts()


@pytest.fixture(scope="session")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    """A font of full blocks, H with some room beside it: a picture of it shows the letters' cells themselves."""
    path = tmp_path_factory.mktemp("fonts") / "blocks.ttf"
    sides = {"国": (0, 1000, 1000), "（": (0, 1000, 1000), "8": (0, 1000, 1000), "H": (100, 700, 800)}
    glyphs = {".notdef": _block(0, 1000), **{f"g{ord(c)}": _block(left, right) for c, (left, right, _) in sides.items()}}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(c): f"g{ord(c)}" for c in sides})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({".notdef": (1000, 0), **{f"g{ord(c)}": (advance, left) for c, (left, _, advance) in sides.items()}})
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(str(path))
    return FontSet(dict.fromkeys(("song", "fang", "kai", "sans", "arial"), (("Blocks", Path(path)),)))


def _block(left: int, right: int) -> Any:
    pen = TTGlyphPen(None)
    pen.moveTo((left, 0))
    for point in ((left, 1000), (right, 1000), (right, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()
