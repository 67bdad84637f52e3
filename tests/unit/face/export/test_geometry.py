"""Cuts, growth and inversion against the raster's own arithmetic on pixels, and against areas known from geometry."""

from __future__ import annotations

import importlib.resources
import itertools
import math
import random
from typing import Any

import pathops
import pytest
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.face import raster
from sealdesk.face.booleans import OutlineError
from sealdesk.face.drawing import Contour, Drawing, Ink, Part, contour_bounds, transformed
from sealdesk.face.export import geometry
from sealdesk.face.polygons import flattened

DPI = 1200


class ContourPen(BasePen):  # type: ignore[misc]
    """Collects a glyph as contours, 5 mm to the em."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.contours: list[Contour] = []

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] * 0.005 + 5, 5 - point[1] * 0.005

    def _moveTo(self, point: Any) -> None:
        self.start, self.segments = self.place(point), []  # type: ignore[var-annotated]

    def _lineTo(self, point: Any) -> None:
        self.segments.append(("L", *self.place(point)))

    def _curveToOne(self, one: Any, two: Any, end: Any) -> None:
        self.segments.append(("C", *self.place(one), *self.place(two), *self.place(end)))

    def _closePath(self) -> None:
        self.contours.append(Contour(self.start, tuple(self.segments)))


@pytest.fixture(scope="module")
def glyph() -> Any:
    with importlib.resources.as_file(importlib.resources.files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf") as file:
        font = TTFont(file)
    glyphs, characters = font.getGlyphSet(), font.getBestCmap()

    def outline(character: str) -> tuple[Contour, ...]:
        pen = ContourPen(glyphs)
        glyphs[characters[ord(character)]].draw(pen)
        return tuple(pen.contours)

    return outline


def pixels(parts: tuple[Part, ...], side_mm: float) -> int:
    return int.from_bytes(raster.bitmap(Drawing(side_mm, side_mm, parts), DPI).rows, "big")


def area_mm2(parts: tuple[Part, ...], side_mm: float) -> float:
    return pixels(parts, side_mm).bit_count() * (25.4 / DPI) ** 2


def knives(count: int, side_mm: float, seed: int) -> tuple[Part, ...]:
    dice = random.Random(seed)
    parts = []
    for i in range(count):
        angle, x, y = dice.uniform(0, math.tau), dice.uniform(0, side_mm), dice.uniform(0, side_mm)
        c, s = math.cos(angle), math.sin(angle)
        box = (geometry.rectangle(-1.5, -0.075, 3, 0.15),)
        parts.append(Part(f"cut.{i}", "cut", Ink.CUT, transformed(box, c, s, -s, c, x, y)))
    return tuple(parts)


def test_cuts_take_away_exactly_the_pixels_that_they_cover(glyph: Any) -> None:
    side, dice = 40.0, random.Random(7)
    parts = []
    for i, character in enumerate("北京市海淀区龘爨有限公司财务专用章"):
        c, s = dice.uniform(0.6, 1.2), dice.uniform(-0.5, 0.5)
        outline = transformed(glyph(character), c, s, -s, c, dice.uniform(0, 30), dice.uniform(0, 30))
        parts.append(Part(f"t.{i}", "arc", Ink.INK, outline, character))
    cuts = knives(60, side, 11)
    final = {part.name: part for part in geometry.inked(Drawing(side, side, (*parts, *cuts)))}
    knife = pixels(tuple(Part(c.name, "cut", Ink.INK, c.contours) for c in cuts), side)
    touched = 0
    for part in parts:
        before = pixels((part,), side)
        touched += final[part.name] is not part
        # the same fill up to the flattening of curves that a cut has split
        assert ((before & ~knife) ^ pixels((final[part.name],), side)).bit_count() < 40
    assert touched > 10


def test_outline_that_skia_gets_wrong_in_silence_is_still_right(glyph: Any) -> None:
    turned = transformed(
        glyph("海"), 1.1991133218620447, 0.22772281039285924, -0.25453828413247315, 1.1991133218620447, 4.490865024221581, 4.8155
    )
    sea = Part("t", "arc", Ink.INK, turned, "海")
    assert geometry.separated((sea,)) == (sea,)


def test_a_part_that_no_cut_touches_is_the_same_object(face: Drawing) -> None:
    far = Part("cut.far", "cut", Ink.CUT, (geometry.rectangle(100, 100, 1, 1),))
    part = face.parts[1]
    assert geometry.inked(Drawing(38.1, 38.1, (part, far)))[0] is part


def test_a_cut_that_comes_near_without_touching_changes_nothing(face: Drawing) -> None:
    star = face.parts[1]
    left, top, *_ = contour_bounds(star.contours)
    near = Part("cut.near", "cut", Ink.CUT, (geometry.rectangle(left, top, 0.5, 0.5),))  # inside the box, outside the star
    assert geometry.inked(Drawing(38.1, 38.1, (star, near)))[0].contours == star.contours


def test_a_cut_takes_only_what_was_painted_before_it(face: Drawing) -> None:
    below, cut, above = face.parts[1], Part("cut", "cut", Ink.CUT, (geometry.rectangle(0, 0, 40, 40),)), face.parts[0]
    assert geometry.inked(Drawing(38.1, 38.1, (below, cut, above))) == (above,)


def test_nothing_inked_is_a_cut_and_names_and_order_stay(face: Drawing) -> None:
    final = geometry.inked(face)
    assert [part.name for part in final] == ["ring.0", "star.0", "row.0.0", "row.0.1", "code.0"]
    assert {part.ink for part in final} == {Ink.INK, Ink.CODE}


def test_cut_out_length_is_exact_on_a_bar() -> None:
    body = Part("bar", "row", Ink.INK, (geometry.rectangle(1, 1, 10, 2),))
    cut = Part("cut", "cut", Ink.CUT, (geometry.rectangle(4, 0, 0.15, 4),))
    left, right = sorted(contour_bounds((contour,)) for contour in geometry.inked(Drawing(12, 4, (body, cut)))[0].contours)
    assert left == pytest.approx((1, 1, 4, 3), abs=1e-5)
    assert right == pytest.approx((4.15, 1, 11, 3), abs=1e-5)


@pytest.mark.parametrize("by_mm", [0.05, 0.03, -0.03, -0.05])
def test_growth_moves_every_edge_by_its_distance(by_mm: float) -> None:
    square = Part("s", "row", Ink.INK, (geometry.rectangle(5, 5, 10, 10), Contour((8, 8), (("L", 8, 12), ("L", 12, 12), ("L", 12, 8)))))
    grown = geometry.grown(square, by_mm)
    assert grown is not None
    outer, hole = sorted(contour_bounds((contour,)) for contour in grown.contours)
    assert outer == pytest.approx((5 - by_mm, 5 - by_mm, 15 + by_mm, 15 + by_mm), abs=1e-4)
    assert hole == pytest.approx((8 + by_mm, 8 + by_mm, 12 - by_mm, 12 - by_mm), abs=1e-4)


@pytest.mark.parametrize("by_mm", [0.05, -0.05])
def test_growth_of_glyphs_adds_the_area_along_their_edges(glyph: Any, by_mm: float) -> None:
    for character in "公司〇爨":
        part = Part("t", "arc", Ink.INK, glyph(character), character)
        grown = geometry.grown(part, by_mm)
        assert grown is not None
        points = [flattened(contour, 0.001) for contour in part.contours]
        edge = sum(math.dist(p, q) for way in points for p, q in zip(way, way[1:] + way[:1], strict=True))
        added = area_mm2((grown,), 12) - area_mm2((part,), 12)
        assert added == pytest.approx(edge * by_mm, rel=0.12)


def test_growth_that_eats_a_stroke_leaves_nothing() -> None:
    thin = Part("hair", "row", Ink.INK, (geometry.rectangle(1, 1, 10, 0.08),))
    assert geometry.grown(thin, -0.05) is None


def test_negative_is_everything_but_the_ink(face: Drawing) -> None:
    negative = geometry.inverted(face, 1.27)
    assert (negative.width_mm, negative.height_mm) == pytest.approx((40.64, 40.64))
    positive = area_mm2(geometry.inked(face), 38.1)
    assert area_mm2(negative.parts, 40.64) == pytest.approx(40.64**2 - positive, abs=0.3)


def test_contours_that_overlap_are_merged_for_line_formats(face: Drawing) -> None:
    leaf = face.parts[2]
    (merged,) = geometry.separated((leaf,))
    assert len(leaf.contours) == 3
    assert len(merged.contours) == 2  # the stem has grown together with the blade
    assert (pixels((leaf,), 38.1) ^ pixels((merged,), 38.1)).bit_count() < 20


def test_an_outline_that_cannot_be_worked_is_refused_by_name(face: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(*_args: Any, **_more: Any) -> None:
        raise pathops.PathOpsError("operation did not succeed")

    monkeypatch.setattr(pathops, "op", gives_up)
    touched = Drawing(38.1, 38.1, (face.parts[1], Part("c", "cut", Ink.CUT, (geometry.rectangle(15, 15, 3, 1.003),))))
    with pytest.raises(OutlineError, match=r"star\.0"):
        geometry.inked(touched)


coordinate = st.floats(-60, 60, allow_nan=False)


@given(st.lists(coordinate, min_size=8, max_size=8), st.sampled_from([0.1, 0.01, 0.001]))
def test_flattened_curve_stays_within_its_tolerance(values: list[float], tolerance: float) -> None:
    x0, y0, *rest = values
    points = flattened(Contour((x0, y0), (("C", *rest),)), tolerance)  # type: ignore[arg-type]
    x1, y1, x2, y2, x3, y3 = rest
    chain = [*points, (x3, y3)]
    for i in range(41):
        t = i / 40
        s = 1 - t
        x = s**3 * x0 + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t**3 * x3
        y = s**3 * y0 + 3 * s * s * t * y1 + 3 * s * t * t * y2 + t**3 * y3
        assert min(_distance((x, y), p, q) for p, q in itertools.pairwise(chain)) <= tolerance * 1.001 + 1e-9


def _distance(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    length = math.dist(a, b)
    t = 0.0 if length < 1e-12 else max(0.0, min(1.0, ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length**2))
    return math.dist(p, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))


@pytest.mark.parametrize("tolerance", [0.0, -1.0, math.nan])
def test_a_tolerance_that_is_not_positive_is_refused(tolerance: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        flattened(geometry.rectangle(0, 0, 1, 1), tolerance)
