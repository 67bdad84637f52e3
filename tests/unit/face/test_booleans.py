"""Boolean operations on outlines: areas against the raster's pixels and known geometry, also where Skia is wrong without a word."""

from __future__ import annotations

import math
import random
from typing import Any

import pathops
import pytest

from sealdesk.face import booleans, raster
from sealdesk.face.drawing import Contour, Drawing, Ink, Part, transformed
from sealdesk.face.export.geometry import rectangle
from sealdesk.face.fonts import FontSet
from sealdesk.face.marks import circle, star

DPI = 1200.0
COMMON = [chr(0x4E00 + 7 * i) for i in range(2000)]
"""Every seventh of the basic ideographs: all radicals and stroke counts."""


def _placed(fonts: FontSet, character: str, dice: random.Random, role: str = "sans") -> tuple[Contour, ...]:
    """The letter somewhere on a 40 mm face, turned and scaled as texts along the edge are."""
    c, s = dice.uniform(3, 6), dice.uniform(-3, 3)
    outline = fonts.covering(role, character).outline(character).contours
    return transformed(outline, c, s, s, -c, dice.uniform(5, 35), dice.uniform(5, 35))


def _pixels(contours: tuple[Contour, ...], around: Contour) -> int:
    """The inked pixels of a window of 24 mm around the start of a contour."""
    moved = transformed(contours, 1, 0, 0, 1, 12 - around.start[0], 12 - around.start[1])
    return int.from_bytes(raster.bitmap(Drawing(24, 24, (Part("t", "text", Ink.INK, moved),)), DPI).rows, "big")


def _mm2(pixels: int) -> float:
    return pixels.bit_count() * (25.4 / DPI) ** 2


def test_sea_keeps_its_holes_wherever_it_stands(fonts: FontSet) -> None:
    dice = random.Random(3)
    for _place in range(200):
        sea = _placed(fonts, "海", dice)
        assert abs(booleans.signed_area(booleans.simple(sea))) == pytest.approx(abs(booleans.signed_area(sea)), abs=2e-3)


def test_skia_alone_would_still_fill_a_hole_of_sea(fonts: FontSet) -> None:
    """When this fails, Skia is mended, and the guard may become simpler."""
    dice = random.Random(3)
    lost = 0
    for _place in range(200):
        sea = _placed(fonts, "海", dice)
        path = pathops.Path(fillType=pathops.FillType.WINDING)
        for contour in sea:
            path.moveTo(*(64 * v for v in contour.start))
            for segment in contour.segments:
                (path.lineTo if len(segment) == 3 else path.cubicTo)(*(64 * v for v in segment[1:]))
            path.close()
        before = path.area
        path.simplify(fix_winding=True)
        lost += abs(path.area - before) > 0.01 * before
    assert lost > 5


@pytest.mark.parametrize("role", ["sans", "song"])
def test_common_letters_keep_their_area(role: str, fonts: FontSet) -> None:
    dice = random.Random(11)
    for character in COMMON[:: 4 if role == "song" else 8]:
        letter = _placed(fonts, character, dice, role)
        simple = abs(booleans.signed_area(booleans.simple(letter)))
        assert simple == pytest.approx(abs(booleans.signed_area(letter)), abs=2e-3), character


@pytest.mark.long
@pytest.mark.parametrize("role", ["sans", "song", "kai"])
def test_two_thousand_letters_have_the_area_of_their_pixels(role: str, fonts: FontSet) -> None:
    dice = random.Random(5)
    for character in COMMON:
        letter = _placed(fonts, character, dice, role)
        simple = booleans.simple(letter)
        # the raster's own error lies along the edges; the hole of 海 is 6 % of its ink
        pixels = _pixels(letter, letter[0])
        assert abs(booleans.signed_area(simple)) == pytest.approx(_mm2(pixels), rel=0.025, abs=0.02), character
        assert _mm2(_pixels(simple, letter[0]) ^ pixels) < 0.02, f"{character} is filled differently"


def test_shared_area_of_two_circles_is_the_lens_of_geometry() -> None:
    r, d = 3.0, 2.5
    lens = 2 * r * r * math.acos(d / (2 * r)) - d / 2 * math.sqrt(4 * r * r - d * d)
    assert booleans.overlap_mm2((circle(10, 10, r),), (circle(10 + d, 10, r),)) == pytest.approx(lens, abs=3e-3)


def test_shared_area_counts_separate_pieces_that_turn_against_one_another(fonts: FontSet) -> None:
    """A bar across a letter shares many pieces with it; none may cancel another."""
    dice = random.Random(2)
    for character in "海国圆疆囊龘":
        letter = _placed(fonts, character, dice)
        x, y = letter[0].start
        bar = (Contour((x, y), (("L", x + 8, y), ("L", x + 8, y + 0.4), ("L", x - 8, y + 0.4), ("L", x - 8, y))),)
        assert booleans.overlap_mm2(letter, bar) == pytest.approx(_mm2(_pixels(letter, bar[0]) & _pixels(bar, bar[0])), abs=0.03), character


def test_overlapping_strokes_of_a_letter_are_counted_once() -> None:
    cross = (rectangle(0, 4, 10, 2), rectangle(4, 0, 2, 10))
    assert abs(booleans.signed_area(booleans.simple(cross))) == pytest.approx(36)
    assert booleans.overlap_mm2(cross, (rectangle(0, 0, 10, 10),)) == pytest.approx(36)
    assert abs(booleans.signed_area(booleans.minus(cross, [(rectangle(4, 4, 2, 2),)]))) == pytest.approx(32)


@pytest.mark.parametrize("by_mm", [0.2, -0.2])
def test_growth_of_overlapping_strokes_moves_only_the_outer_edge(by_mm: float) -> None:
    cross = (rectangle(0, 4, 10, 2), rectangle(4, 0, 2, 10))
    wide, long = 2 + 2 * by_mm, 10 + 2 * by_mm
    assert abs(booleans.signed_area(booleans.grown(cross, by_mm))) == pytest.approx(2 * wide * long - wide * wide, abs=1e-2)


def test_area_of_curves_is_exact_and_turns_with_the_direction() -> None:
    assert abs(booleans.signed_area((circle(3, 4, 2),))) == pytest.approx(4 * math.pi, rel=3e-4)
    pentagram = booleans.signed_area((star(0, 0, 1),))
    assert abs(pentagram) == pytest.approx(1.122569941)
    assert booleans.signed_area((Contour((0, 0), (("L", 0, 1), ("L", 1, 0))),)) == -booleans.signed_area(
        (Contour((0, 0), (("L", 1, 0), ("L", 0, 1))),)
    )


def test_answers_that_nothing_confirms_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(1)

    def wrong(*_arguments: Any, **_more: Any) -> pathops.Path:
        path = pathops.Path()
        side = dice.uniform(100, 5000)
        for i, point in enumerate(((0.0, 0.0), (side, 0.0), (side, side))):
            (path.moveTo if i == 0 else path.lineTo)(*point)
        path.close()
        return path

    monkeypatch.setattr(pathops, "op", wrong)
    with pytest.raises(booleans.OutlineError, match="北"):
        booleans.minus((rectangle(0, 0, 10, 10),), [(rectangle(1, 1, 2, 2),)], "北")
