"""SVG files as outlines: shapes and transforms are taken over, everything else is refused with its reason."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core.errors import UserError
from sealdesk.face import booleans, svgpath
from sealdesk.face.drawing import contour_bounds
from sealdesk.face.svgfile import SvgFileError, path_data


def _svg(inner: str) -> bytes:
    return f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'.encode()


@pytest.mark.parametrize(
    ("inner", "area"),
    [
        ('<path d="M0 0H2V1H0Z"/>', 500_000),
        ('<rect x="3" y="4" width="2" height="1"/>', 500_000),
        ('<polygon points="0,0 2,0 2,1 0,1"/>', 500_000),
        ('<circle cx="1" cy="1" r="4"/>', 785_398),
        ('<ellipse rx="4" ry="2"/>', 392_699),
        ('<g transform="translate(5) scale(2 1)"><rect width="1" height="1"/></g>', 500_000),
        ('<rect width="1" height="2" transform="rotate(90)"/>', 500_000),
        ('<rect width="1" height="2" transform="matrix(0 1 -1 0 3 3)"/>', 500_000),
        ('<title>x</title><defs><path d="M0 0H90V90Z"/></defs><rect width="2" height="1"/><path d="M0 0H90V9Z" fill="none"/>', 500_000),
    ],
)
def test_shapes_come_out_a_thousand_units_large(inner: str, area: float) -> None:
    contours = svgpath.contours(path_data(_svg(inner)))
    left, top, right, bottom = contour_bounds(contours)
    assert (left, top, max(right, bottom)) == pytest.approx((0, 0, 1000), abs=0.01)
    assert abs(booleans.signed_area(contours)) == pytest.approx(area, rel=1e-3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "plain SVG"),
        (b"<html/>", "plain SVG"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><svg/>', "plain SVG"),
        (_svg(""), "draws nothing"),
        (_svg("<text>国</text>"), "no filled path"),
        (_svg('<image href="a.png"/>'), "no filled path"),
        (_svg('<rect width="2" height="1" rx="0.5"/>'), "no filled path"),
        (_svg('<rect width="50%" height="1"/>'), "no filled path"),
        (_svg('<path d="M0 0H2V1Z" style="fill-rule:evenodd"/>'), "even-odd"),
        (_svg('<path d="M0 0H2V1Z" transform="scale(1"/>'), "plain SVG"),
        (_svg('<path d="M0 0H2V1Z" transform="scale(0)"/>'), "no usable size"),
        (b" " * 2_000_001, "too large"),
    ],
)
def test_what_cannot_be_taken_over_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SvgFileError, match=reason):
        path_data(data)


GOOD = _svg('<g transform="rotate(10 2 3)"><path d="M0 0H2V1H0Z"/><circle r="4"/></g>')


@given(st.integers(0, len(GOOD)), st.binary(max_size=6), st.integers(0, 12))
def test_any_damage_gives_path_data_or_a_sentence(at: int, put: bytes, taken: int) -> None:
    with contextlib.suppress(UserError):
        assert svgpath.contours(path_data(GOOD[:at] + put + GOOD[at + taken :]))
