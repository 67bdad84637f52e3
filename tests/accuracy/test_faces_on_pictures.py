"""The table of the face engine: sizes, gaps, tilt and symmetry, measured on rasterised pictures, and overlaps counted in pixels.

Letters are blocks here, so that a region of the picture is a letter's cell; nothing is taken from the layout's own values.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import pytest

from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.raster import bitmap
from sealdesk.face.specification import Arc, FaceSpec, Ring, Row, Shape
from sealdesk.face.templates import template

DPI = 1800.0


@pytest.mark.parametrize("side", ["above", "below"])
@pytest.mark.parametrize("count", [4, 11, 18, 30])
def test_letters_on_a_circle_have_equal_gaps_upright_and_symmetric(count: int, side: str, blocks: FontSet, setting: Any) -> None:
    of = setting(FaceSpec(Shape("circle", 40.0, 40.0), arcs=(Arc("国" * count, 6.5, 1.9, side),)), blocks)

    assert len(of.gaps) == count - 1
    assert of.spread <= 0.03
    assert of.tilt <= 0.6
    assert of.unlike <= 0.03


@pytest.mark.parametrize("side", ["above", "below"])
@pytest.mark.parametrize("size", [(40.0, 30.0), (45.0, 30.0), (50.0, 36.0), (30.0, 20.0), (50.0, 35.0), (58.0, 40.0)])
@pytest.mark.parametrize("count", [5, 12, 20, 32])
def test_letters_on_an_ellipse_have_equal_gaps_upright_and_symmetric(
    count: int, size: tuple[float, float], side: str, blocks: FontSet, setting: Any
) -> None:
    of = setting(FaceSpec(Shape("ellipse", *size), arcs=(Arc("国" * count, size[1] * 0.14, 1.5, side, span_deg=240.0),)), blocks)

    assert len(of.gaps) == count - 1
    assert of.spread <= 0.08
    assert of.tilt <= 0.7
    assert of.unlike <= 0.03


@pytest.mark.parametrize("side", ["above", "below"])
def test_gaps_are_equal_when_letters_have_different_widths(side: str, blocks: FontSet, setting: Any) -> None:
    of = setting(
        FaceSpec(Shape("ellipse", 40.0, 30.0), arcs=(Arc("国国国国国（国国（国国国国国", 4.2, 1.5, side, span_deg=240.0),)), blocks
    )

    assert len(of.gaps) == 13
    assert of.spread <= 0.08


@pytest.mark.parametrize("side", ["above", "below"])
@pytest.mark.parametrize(("size", "bounds"), [((40.0, 40.0), (0.03, 0.6)), ((45.0, 30.0), (0.08, 0.7)), ((50.0, 35.0), (0.08, 0.7))])
@pytest.mark.parametrize("count", [8, 24, 40])
def test_foreign_letters_along_the_edge_have_equal_gaps_upright_and_symmetric(
    count: int, size: tuple[float, float], bounds: tuple[float, float], side: str, blocks: FontSet, setting: Any
) -> None:
    kind = "circle" if size[0] == size[1] else "ellipse"
    of = setting(FaceSpec(Shape(kind, *size), arcs=(Arc("H" * count, 2.2, 2.0, side, span_deg=250.0, font="arial"),)), blocks)

    assert len(of.gaps) == count - 1
    assert of.spread <= bounds[0]
    assert of.tilt <= bounds[1]
    assert of.unlike <= 0.03


@pytest.mark.parametrize("angle", [15, 30, 45, 60, 75])
def test_ring_of_an_ellipse_is_as_wide_in_every_direction(angle: int, fonts: FontSet) -> None:
    spec = FaceSpec(Shape("ellipse", 40.0, 30.0), rings=(Ring(1.0),))
    picture = bitmap(layout(spec, fonts), 2400.0)
    t = math.radians(angle)
    x, y = 20 * math.sin(t), -15 * math.cos(t)
    nx, ny = x / 400, y / 225
    length = math.hypot(nx, ny)
    step = 0.002
    inked = 0
    for i in range(-200, 1000):
        px = int((20 + x - nx / length * i * step) / 25.4 * 2400)
        py = int((15 + y - ny / length * i * step) / 25.4 * 2400)
        if 0 <= px < picture.width_px and 0 <= py < picture.height_px:
            inked += picture.rows[py * _stride(picture) + px // 8] >> (7 - px % 8) & 1

    assert inked * step == pytest.approx(1.0, abs=0.05)


def test_invoice_figures_are_those_of_the_announcement(blocks: FontSet, regions: Callable[..., list[Any]]) -> None:
    spec = template("invoice.40x30").build({"name": "国" * 12, "tax_number": "8" * 18})
    purpose = dataclasses.replace(spec.rows[1], text="国" * 5)
    bare = dataclasses.replace(spec, rings=(), arcs=(), rows=(spec.rows[0], purpose))
    cells = sorted(regions(bitmap(layout(bare, blocks), DPI)), key=lambda r: (round(r.y), r.x))
    digits, letters = cells[:18], cells[18:]

    assert len(letters) == 5
    assert digits[-1].bounds[2] - digits[0].bounds[0] == pytest.approx(26.0, abs=0.05)
    assert digits[0].bounds[2] - digits[0].bounds[0] == pytest.approx(1.3, abs=0.05)
    assert digits[0].bounds[3] - digits[0].bounds[1] == pytest.approx(3.7, abs=0.05)
    assert digits[0].y == pytest.approx(15.0, abs=0.05)
    assert letters[0].bounds[1] == pytest.approx(15.0 + 4.2, abs=0.05)
    assert letters[0].bounds[3] - letters[0].bounds[1] == pytest.approx(4.6, abs=0.05)
    assert letters[0].bounds[2] - letters[0].bounds[0] == pytest.approx(3.0, abs=0.05)


def test_invoice_name_keeps_its_height_gap_and_angle(blocks: FontSet, regions: Callable[..., list[Any]]) -> None:
    for count in (4, 12):
        spec = template("invoice.40x30").build({"name": "国" * count, "tax_number": "8" * 18})
        bare = dataclasses.replace(spec, rings=(), rows=())
        cells = sorted(regions(bitmap(layout(bare, blocks), DPI)), key=lambda r: math.atan2(r.x - 20, 15 - r.y))
        ends = [math.degrees(abs(math.atan2(r.x - 20, 15 - r.y))) for r in (cells[0], cells[-1])]
        half = math.degrees(math.atan2(cells[0].width / 2, math.hypot(cells[0].x - 20, cells[0].y - 15)))
        top = min(cells, key=lambda r: r.bounds[1])

        assert 210 - 1 <= sum(ends) + 2 * half <= 260 + 1
        assert top.height == pytest.approx(4.2, abs=0.05)
        assert all(r.height == pytest.approx(4.2, abs=0.05) for r in cells)


def test_row_of_given_width_is_as_wide(blocks: FontSet, regions: Callable[..., list[Any]]) -> None:
    spec = FaceSpec(Shape("circle", 40.0, 40.0), rows=(Row("国" * 6, 4.0, 3.0, total_mm=22.0),))
    cells = regions(bitmap(layout(spec, blocks), DPI))

    assert max(r.bounds[2] for r in cells) - min(r.bounds[0] for r in cells) == pytest.approx(22.0, abs=0.05)
    assert min(r.bounds[1] for r in cells) == pytest.approx(23.0, abs=0.05)


def _stride(picture: Any) -> int:
    return (int(picture.width_px) + 7) // 8
