"""The fit rule: the largest height that keeps the ratio and the clearance; never a collision, never an endless search."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.face.cells import letters, split
from sealdesk.face.curves import edge
from sealdesk.face.fonts import FontFileError, FontSet, NoFontError, open_font, system_fonts
from sealdesk.face.specification import Fit, Row
from sealdesk.face.straight import row
from sealdesk.face.text import Track, clear_gap, fit

RULE = Fit()


@given(st.integers(2, 40), st.sampled_from([(40.0, 40.0), (42.0, 42.0), (40.0, 30.0), (50.0, 36.0)]), st.floats(90, 330), st.booleans())
def test_fit_keeps_ratio_clearance_and_span(count: int, size: tuple[float, float], span: float, below: bool) -> None:
    track = Track(edge(*size), 1.8, below)
    placed = fit(track, (1.0,) * count, size[1] * 0.16, 0.0, math.radians(span), RULE)
    gaps = [
        clear_gap(track, a, placed.width, b, placed.width, placed.height)
        for a, b in zip(placed.positions, placed.positions[1:], strict=False)
    ]

    if placed.fits:
        assert min(gaps) >= RULE.clear_mm - 1e-3
        assert placed.width / placed.height >= RULE.min_ratio - 1e-6
    assert max(gaps) - min(gaps) < 0.01
    assert placed.height <= size[1] * 0.16
    assert placed.positions == pytest.approx([-p for p in reversed(placed.positions)], abs=1e-9)


def test_forty_characters_fit_a_ring_of_42_mm() -> None:
    placed = fit(Track(edge(42.0, 42.0), 2.1, False), (1.0,) * 40, 6.8, 0.0, math.radians(260), RULE)
    assert placed.fits
    assert placed.height > 3.0


def test_short_names_take_a_shorter_span_but_not_below_the_least() -> None:
    track = Track(edge(40.0, 30.0), 1.5, False)
    free = fit(track, (1.0,) * 4, 4.2, 0.0, math.radians(240), RULE)
    held = fit(track, (1.0,) * 4, 4.2, 0.0, math.radians(240), RULE, math.radians(210))

    assert free.gap == pytest.approx(RULE.max_gap_mm, abs=0.3)
    assert held.positions[-1] > free.positions[-1]


def test_what_cannot_fit_says_so_instead_of_searching_for_ever() -> None:
    placed = fit(Track(edge(10.0, 10.0), 1.0, False), (1.0,) * 120, 2.0, 0.0, math.radians(40), RULE)
    assert not placed.fits


@given(st.floats(-3.0, 3.0), st.sampled_from([(40.0, 40.0), (40.0, 30.0), (50.0, 20.0)]), st.floats(0.0, 3.0))
def test_length_and_parameter_are_inverse(t: float, size: tuple[float, float], inset: float) -> None:
    line = edge(*size)
    assert line.at_length(line.length(t, inset), inset) == pytest.approx(t, abs=1e-5)


@given(st.floats(-3.0, 3.0), st.floats(0.0, 4.0))
def test_point_under_an_angle_is_seen_under_it(angle: float, inset: float) -> None:
    line = edge(40.0, 30.0)
    p = line.place(line.at_angle(angle, inset))
    assert math.atan2(p.x - inset * p.nx, -(p.y - inset * p.ny)) == pytest.approx(angle, abs=1e-7)


def test_length_of_a_circle_is_its_circumference() -> None:
    assert 2 * edge(40.0, 40.0).length(math.pi, 5.0) == pytest.approx(2 * math.pi * 15.0)


def test_row_is_squeezed_to_its_limit_then_lowered(fonts: FontSet) -> None:
    words = letters("合同专用章", "song", fonts)
    free, tight, tiny = (row(Row("合同专用章", 4.0, limit_mm=limit), words) for limit in (0.0, 14.0, 6.0))

    assert free.height == tight.height == 4.0
    assert tight.width < free.width
    assert tiny.height < 4.0
    for run, limit in ((tight, 14.0), (tiny, 6.0)):
        ends = run.cells[-1].frame[4] + run.cells[-1].width / 2 - run.cells[0].frame[4] + run.cells[0].width / 2
        assert ends <= limit + 1e-6


def test_variation_selectors_stay_with_their_character() -> None:
    assert split("葛\U000e0100城") == ["葛\U000e0100", "城"]


def test_signs_take_less_room_than_ideographs(fonts: FontSet) -> None:
    shares = [letter.share for letter in letters("国（A·", "song", fonts)]
    assert shares[0] == 1.0
    assert all(share < 1.0 for share in shares[1:])
    assert [letter.share for letter in letters("A18", "song", fonts)] == [1.0, 1.0, 1.0]


def test_font_that_is_none_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bad") / "bad.ttf"
    path.write_bytes(b"no font at all")
    with pytest.raises(FontFileError, match=r"bad\.ttf"):
        open_font(path)
    with pytest.raises(FontFileError):
        system_fonts().with_font("song", "Missing", path.with_name("none.ttf"))


def test_role_without_files_is_named() -> None:
    with pytest.raises(NoFontError, match="song"):
        FontSet({}).primary("song")


def test_substitute_is_named_and_the_shops_own_font_comes_first(narrow_fonts: FontSet) -> None:
    assert narrow_fonts.substitute("song") == "SimSun is not on this computer; Blocks is used instead."
    path = narrow_fonts.primary("song").path
    assert narrow_fonts.with_font("song", "SimSun", path).substitute("song") == ""
    assert narrow_fonts.missing("song", "国龙 龙") == ("龙",)
