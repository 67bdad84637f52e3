"""Measuring faces on their pictures: inked regions of a bitmap, each as the rectangle with the same area and moments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from sealdesk.face.export.bitmap import Bitmap
from sealdesk.face.fonts import FontSet, system_fonts


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
    """A font whose 国 and （ are full blocks: a picture of it shows the letters' cells themselves."""
    path = tmp_path_factory.mktemp("fonts") / "blocks.ttf"
    characters = [ord("国"), ord("（"), ord("8")]
    names = [".notdef", *(f"g{c}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({c: f"g{c}" for c in characters})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 1000), (1000, 1000), (1000, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(str(path))
    return FontSet(dict.fromkeys(("song", "fang", "kai", "sans", "arial"), (("Blocks", Path(path)),)))
