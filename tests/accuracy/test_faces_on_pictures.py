"""The table of the face engine: sizes, gaps, tilt and symmetry, measured on rasterised pictures, and overlaps counted in pixels.

Letters are blocks here, so that a region of the picture is a letter's cell; nothing is taken from the layout's own values.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from sealdesk.face.drawing import Drawing, Ink
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.raster import bitmap
from sealdesk.face.specification import Arc, FaceSpec, Ring, Row, Shape
from sealdesk.face.templates import TEMPLATES, template

DPI = 1800.0
LONG_NAME = "北京市海淀区青石山水科学技术开发与国际文化交流促进中心（集团）股份有限责任公司第一分公司"


def _apart(first: Any, second: Any) -> float:
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


def _measured(spec: FaceSpec, fonts: FontSet, regions: Callable[..., list[Any]]) -> tuple[list[float], list[float], list[float]]:
    """(gaps, tilts in degrees, left-right errors) of the letters along the edge, in reading order."""
    only = dataclasses.replace(spec, rings=(), marks=())
    w, h = spec.shape.width_mm, spec.shape.height_mm
    cells = regions(bitmap(layout(only, fonts), DPI))
    below = spec.arcs[0].side == "below"
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
    return gaps, tilts, errors


@pytest.mark.parametrize("side", ["above", "below"])
@pytest.mark.parametrize("count", [4, 11, 18, 30])
def test_letters_on_a_circle_have_equal_gaps_upright_and_symmetric(
    count: int, side: str, blocks: FontSet, regions: Callable[..., list[Any]]
) -> None:
    spec = FaceSpec(Shape("circle", 40.0, 40.0), arcs=(Arc("国" * count, 6.5, 1.9, side),))

    gaps, tilts, errors = _measured(spec, blocks, regions)

    assert len(gaps) == count - 1
    assert max(gaps) - min(gaps) <= 0.03
    assert max(map(abs, tilts)) <= 0.6
    assert max(errors) <= 0.03


@pytest.mark.parametrize("size", [(40.0, 30.0), (45.0, 30.0), (50.0, 36.0), (30.0, 20.0)])
@pytest.mark.parametrize("count", [5, 12, 20, 32])
def test_letters_on_an_ellipse_have_equal_gaps_upright_and_symmetric(
    count: int, size: tuple[float, float], blocks: FontSet, regions: Callable[..., list[Any]]
) -> None:
    spec = FaceSpec(Shape("ellipse", *size), arcs=(Arc("国" * count, size[1] * 0.14, 1.5, span_deg=240.0),))

    gaps, tilts, errors = _measured(spec, blocks, regions)

    assert len(gaps) == count - 1
    assert max(gaps) - min(gaps) <= 0.08
    assert max(map(abs, tilts)) <= 0.7
    assert max(errors) <= 0.03


def test_gaps_are_equal_when_letters_have_different_widths(blocks: FontSet, regions: Callable[..., list[Any]]) -> None:
    spec = FaceSpec(Shape("ellipse", 40.0, 30.0), arcs=(Arc("国国国国国（国国（国国国国国", 4.2, 1.5, span_deg=240.0),))

    gaps, _tilts, _errors = _measured(spec, blocks, regions)

    assert len(gaps) == 13
    assert max(gaps) - min(gaps) <= 0.08


@pytest.mark.parametrize("name", ["unit.enterprise.40", "unit.stock.42", "invoice.40x30", "customs.50x36", "person.square.20"])
def test_size_and_ring_width_are_what_the_template_says(name: str, fonts: FontSet) -> None:
    spec = template(name).build(template(name).examples())
    picture = bitmap(layout(spec, fonts), DPI, margin_mm=1.0)
    rows = [_runs(picture.rows[y * _stride(picture) : (y + 1) * _stride(picture)]) for y in range(picture.height_px)]
    inked = [y for y, runs in enumerate(rows) if runs]
    mm = 25.4 / DPI
    width = (max(r[-1][1] for r in rows if r) - min(r[0][0] for r in rows if r)) * mm
    middle = rows[picture.height_px // 2]

    assert (inked[-1] + 1 - inked[0]) * mm == pytest.approx(spec.shape.height_mm, abs=0.05)
    assert width == pytest.approx(spec.shape.width_mm, abs=0.05)
    assert (middle[0][1] - middle[0][0]) * mm == pytest.approx(spec.rings[0].width_mm, abs=0.05)
    assert (middle[-1][1] - middle[-1][0]) * mm == pytest.approx(spec.rings[0].width_mm, abs=0.05)


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


def _runs(row: bytes) -> list[tuple[int, int]]:
    bits = bin(int.from_bytes(b"\1" + row, "big"))[3:] + "0"
    out = []
    start = bits.find("1")
    while start >= 0:
        end = bits.find("0", start)
        out.append((start, end))
        start = bits.find("1", end)
    return out


def _doubly_inked(drawing: Drawing) -> int:
    """How many pixels two parts of the drawing share."""
    seen = shared = 0
    for part in drawing.parts:
        if part.ink is Ink.CUT:
            continue
        alone = int.from_bytes(bitmap(dataclasses.replace(drawing, parts=(part,)), 600.0).rows, "big")
        shared += (seen & alone).bit_count()
        seen |= alone
    return shared


@pytest.mark.parametrize("name", ["contract.40", "invoice.40x30", "finance.25", "unit.enterprise.45"])
def test_no_pixel_is_inked_twice_whatever_the_length_of_the_name(name: str, fonts: FontSet) -> None:
    for count in (4, 40):
        values = {**template(name).examples(), "name": LONG_NAME[:count]}
        assert _doubly_inked(layout(template(name).build(values), fonts)) == 0, count


@pytest.mark.long
@pytest.mark.parametrize("of", [t for t in TEMPLATES if t.family not in ("person", "adjoined")], ids=lambda t: t.name)
def test_no_pixel_is_inked_twice_in_any_template(of: Any, fonts: FontSet) -> None:
    for count in (4, 9, 17, 26, 33, 40):
        assert _doubly_inked(layout(of.build({**of.examples(), "name": LONG_NAME[:count]}), fonts)) == 0, count
