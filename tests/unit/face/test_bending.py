"""Bent glyphs: the same shape wherever they stand on a circle, close to the true curve, and letters that still join."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.face.bending import Baseline
from sealdesk.face.curves import edge
from sealdesk.face.drawing import Contour, transformed
from sealdesk.face.fonts import Outline
from sealdesk.face.polygons import flattened

BAR = Outline("test/bar", (Contour((0.0, 0.0), (("L", 2.0, 0.0), ("L", 2.0, 0.5), ("L", 0.0, 0.5))),), 2.0, (0.0, 0.0, 2.0, 0.5))


def _bent(base: Baseline, at: float, up: float = 0.0) -> tuple[Contour, ...]:
    _key, contours, matrix = base.bent(BAR, at, up, 3.0, 4.0)
    return transformed(contours, *matrix)


@pytest.mark.parametrize("below", [False, True])
@given(at=st.floats(-30, 30), up=st.floats(-1, 3))
def test_glyph_follows_the_circle_wherever_it_stands(below: bool, at: float, up: float) -> None:
    contour = _bent(Baseline(edge(42.0, 42.0), 6.0, below), at, up)[0]
    sign = -1 if below else 1
    inner, outer = sorted((15.0 + sign * up, 15.0 + sign * (up + 2.0)))
    around = [(math.hypot(x, y), math.atan2(x, y if below else -y)) for x, y in flattened(contour, 0.0005)]

    assert min(r for r, _ in around) == pytest.approx(inner, abs=0.002)
    assert max(r for r, _ in around) == pytest.approx(outer, abs=0.002)
    assert math.cos(around[0][1] - at / 15.0) == pytest.approx(1.0)
    assert len({round(r, 2) for r, _ in around} - {round(inner, 2), round(outer, 2)}) <= 2  # on the arcs but for the straight ends


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("size", [(42.0, 42.0), (45.0, 30.0)])
def test_glyphs_that_touch_in_the_line_touch_on_the_curve(size: tuple[float, float], below: bool) -> None:
    base = Baseline(edge(*size), 5.0, below)
    first, second = _bent(base, 1.0)[0], _bent(base, 7.0)[0]
    ends = {(round(x, 6), round(y, 6)) for x, y in first.points()}

    assert (round(second.start[0], 6), round(second.start[1], 6)) in ends


def test_bent_outline_is_shared_along_a_circle_and_not_along_an_ellipse() -> None:
    for size, shared in (((42.0, 42.0), True), ((45.0, 30.0), False)):
        base = Baseline(edge(*size), 5.0, below=False)
        (one, first, _), (other, second, _) = base.bent(BAR, 0.0, 0.0, 3.0, 4.0), base.bent(BAR, 5.0, 0.0, 3.0, 4.0)
        assert (one == other) is (first is second) is shared
