"""The checks: exact overlaps, narrow gaps, thin strokes, squeezed letters, sizes against the law; nothing that is not there."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.face import booleans
from sealdesk.face.checks import Finding, check, passes
from sealdesk.face.drawing import Contour, Drawing, Ink, Origin, Part, transformed
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.polygons import apart, distance, hull, inside, outside_circle, sides, to_side
from sealdesk.face.shapes import bar, circle, outline, polygon
from sealdesk.face.shapes import ring as shape_ring
from sealdesk.face.specification import Arc, FaceSpec, Fit, Grid, LegalSize, Line, Mark, Ring, Row, Shape
from sealdesk.face.strokes import thinnest
from sealdesk.face.template import Options
from sealdesk.face.templates import template


def _found(spec: FaceSpec, fonts: FontSet) -> dict[str, Finding]:
    return {f.code: f for f in check(layout(spec, fonts), spec)}


def test_clean_face_has_no_finding(fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), rings=(Ring(1.0),), marks=(Mark(),), arcs=(Arc("青石科技有限公司", 6.0, 1.9),))
    assert check(layout(spec, fonts), spec) == ()


def test_overlap_of_row_and_star_names_both_and_the_place(fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), marks=(Mark(),), rows=(Row("合", 4.0, 0.0),))
    found = _found(spec, fonts)["face.overlap"]

    assert found.severity == "error"
    assert found.text == "the star and “合” overlap."
    assert found.parts == ("mark.0", "row.0.0")
    assert (found.x_mm, found.y_mm) == pytest.approx((20.0, 22.0), abs=1.5)
    assert not passes((found,))


@pytest.mark.parametrize("shape", [Shape(), Shape("ellipse", 40.0, 30.0), Shape("square", 20.0, 20.0), Shape("rhombus", 40.0, 30.0)])
def test_overlap_with_the_ring_is_found_on_every_shape(shape: Shape, fonts: FontSet) -> None:
    edge = Row("国", 4.0, -shape.height_mm / 2 + 0.5)
    middle = Row("国", 4.0, -2.0)
    for row, there in ((edge, True), (middle, False)):
        assert ("face.overlap" in _found(FaceSpec(shape, rings=(Ring(1.0),), rows=(row,)), fonts)) is there


HEXAGON = "M 10 0 L 30 0 L 40 15 L 30 30 L 10 30 L 0 15 Z"
NOTCHED = "M 0 0 L 20 12 L 40 0 L 40 30 L 0 30 Z"
ROUNDED = "M 10 0 L 30 0 C 36 0 40 6 40 15 L 30 30 L 10 30 L 0 15 Z"


@pytest.mark.parametrize(
    "shape",
    [
        Shape("rhombus", 40.0, 30.0),
        Shape("triangle", 40.0, 30.0),
        *(Shape("free", 40.0, 30.0, outline=of) for of in (HEXAGON, NOTCHED, ROUNDED)),
    ],
    ids=["rhombus", "triangle", "hexagon", "notched", "rounded"],
)
@given(x=st.floats(0.0, 40.0), y=st.floats(0.0, 30.0), turn=st.floats(0.0, 180.0))
def test_ring_of_straight_sides_and_a_bar_are_judged_as_their_outlines_say(shape: Shape, x: float, y: float, turn: float) -> None:
    spec = FaceSpec(shape, rings=(Ring(0.8, 1.7),))
    ring = transformed(shape_ring(spec.shape, spec.rings[0]), 1, 0, 0, 1, 20.0, 15.0)
    away = (2.0 * math.cos(math.radians(turn)), 2.0 * math.sin(math.radians(turn)))
    stroke = (bar(x - away[0], y - away[1], x + away[0], y + away[1], 0.7),)
    found = check(Drawing(40.0, 30.0, (Part("ring.0", "ring", Ink.INK, ring), Part("line.0", "line", Ink.INK, stroke))), spec)

    area, gap = booleans.overlap_mm2(ring, stroke), distance(ring, stroke, 0.1)
    beyond = abs(booleans.signed_area(stroke)) - booleans.overlap_mm2(stroke, transformed(outline(spec.shape), 1, 0, 0, 1, 20.0, 15.0))
    expected = {"face.overlap"} if area > 1e-4 else {"face.gap"} if gap < 0.1 - 1e-6 else set()
    assert {f.code for f in found} == expected | ({"face.outside"} if beyond > 1e-3 else set())


def test_overlap_with_an_inner_ring_is_found_from_outside(fonts: FontSet) -> None:
    for inset, there in ((1.5, False), (2.6, True)):
        spec = FaceSpec(Shape(), rings=(Ring(1.0), Ring(0.3, 4.9)), arcs=(Arc("国国国国国国", 3.0, inset),))
        assert ("face.overlap" in _found(spec, fonts)) is there


def test_boxes_may_overlap_where_outlines_do_not(fonts: FontSet) -> None:
    # The bar crosses the star's box beside a tip, but not the star.
    spec = FaceSpec(Shape(), marks=(Mark("star", 14.0),), lines=(Line(2.5, -6.5, 6.0, -4.0, 0.2),))
    assert "face.overlap" not in _found(spec, fonts)


@given(st.floats(0.0, 360.0), st.floats(0.0, 16.0))
def test_overlap_of_two_discs_is_exact(angle: float, away: float) -> None:
    a = math.radians(angle)
    x, y = 45 + away * math.cos(a), 45 + away * math.sin(a)
    parts = tuple(Part(f"disc.{i}", "emblem", Ink.INK, (circle(cx, cy, 4.0),)) for i, (cx, cy) in enumerate(((45, 45), (x, y))))
    codes = {f.code for f in check(Drawing(90.0, 90.0, parts), FaceSpec(Shape("square", 90.0, 90.0)))}

    if away < 7.98:
        assert "face.overlap" in codes
    elif 8.01 < away < 8.09:
        assert codes == {"face.gap"}
    elif away > 8.11:
        assert codes == set()


def test_cuts_may_cross_everything(fonts: FontSet) -> None:
    parts = layout(FaceSpec(Shape(), rings=(Ring(1.0),), marks=(Mark(),)), fonts).parts
    cut = Part("cut.0", "cut", Ink.CUT, (bar(0.0, 20.0, 40.0, 20.0, 0.2),))
    assert check(Drawing(40.0, 40.0, (*parts, cut)), FaceSpec(Shape(), rings=(Ring(1.0),), marks=(Mark(),))) == ()


def test_part_beyond_the_edge_is_found(fonts: FontSet) -> None:
    for shape in (Shape(), Shape("square", 40.0, 40.0), Shape("triangle", 40.0, 40.0)):
        assert "face.outside" in _found(FaceSpec(shape, rows=(Row("国", 4.0, -21.0),)), fonts)
        assert "face.outside" not in _found(FaceSpec(shape, rows=(Row("国", 4.0, 4.0),)), fonts)


def test_letter_out_of_its_band_is_named(fonts: FontSet) -> None:
    spec = FaceSpec(Shape("ellipse", 40.0, 30.0), arcs=(Arc("青石科技有限公司", 4.2, 1.5),))
    drawing = layout(spec, fonts)
    assert "face.band" not in {f.code for f in check(drawing, spec)}
    narrower = FaceSpec(Shape("ellipse", 40.0, 30.0), arcs=(Arc("青石科技有限公司", 3.0, 1.5),))
    (found, *_rest) = [f for f in check(drawing, narrower) if f.code == "face.band"]
    assert 1.0 < float(dict(found.facts)["value"]) < 1.4


def test_squeezed_letters_are_named_with_their_ratio(fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), arcs=(Arc("国" * 30, 6.0, 1.5, fit=Fit(min_ratio=0.3)),))
    found = _found(spec, fonts)["face.squeezed"]
    assert found.severity == "warning"
    assert 0.3 <= float(dict(found.facts)["value"]) < 0.5


def test_thin_strokes_are_named_with_their_width(fonts: FontSet) -> None:
    found = _found(FaceSpec(Shape(), rows=(Row("国", 1.2),)), fonts)["face.stroke"]
    assert float(dict(found.facts)["value"]) < 0.10
    assert "face.stroke" not in _found(FaceSpec(Shape(), rows=(Row("国", 6.0),)), fonts)
    assert "face.stroke" in _found(FaceSpec(Shape(), rings=(Ring(0.08),)), fonts)


def test_stroke_and_white_of_a_known_letter_are_measured() -> None:
    # Two bars of 0.06 em, 0.10 em apart; counter-clockwise with y upwards.
    outline = tuple(polygon([(x, 0.0), (x + 0.06, 0.0), (x + 0.06, 1.0), (x, 1.0)]) for x in (0.0, 0.16))
    stroke, white = thinnest(Origin("test/two-bars", outline, (2.0, 0.0, 0.0, -5.0, 0.0, 0.0)))
    assert (stroke, white) == pytest.approx((0.12, 0.20))


def test_pointed_ends_are_no_thin_strokes() -> None:
    wedge = (Contour((0.0, 0.0), (("L", 0.3, 0.0), ("L", 0.0, 0.5))),)
    assert thinnest(Origin("test/wedge", wedge, (1.0, 0.0, 0.0, -1.0, 0.0, 0.0))) == (math.inf, math.inf)


def test_size_beyond_the_law_is_an_error_that_names_the_law(fonts: FontSet) -> None:
    legal = LegalSize(3.0, 45.0, "Guofa 25")
    spec = FaceSpec(Shape("circle", 46.0, 46.0), legal_width=legal, legal_height=legal)
    (found,) = check(layout(spec, fonts), spec)
    assert found.code == "face.size"
    assert "46" in found.text
    assert "Guofa 25" in found.text


def test_errors_come_before_warnings(fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), rings=(Ring(0.08),), marks=(Mark("national"),), grids=(Grid(("国",), 8.0, 8.0),))
    severities = [f.severity for f in check(layout(spec, fonts), spec)]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


def test_hulls_and_distances() -> None:
    square = hull([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1)])
    assert len(square) == 4
    assert apart(square, [(x + 2.5, y) for x, y in square], 0.4)
    assert not apart(square, [(x + 2.5, y) for x, y in square], 0.6)
    first, second = (polygon([(x, 0), (x + 1, 0), (x + 1, 1), (x, 1)]) for x in (0.0, 1.05))
    assert distance([first], [second], 0.1) == pytest.approx(0.05)
    assert distance([first], [second], 0.01) == math.inf


@pytest.mark.parametrize(
    ("corners", "outside"),
    [
        ([(1.2, -0.5), (2.0, -0.5), (2.0, 0.5), (1.2, 0.5)], True),
        ([(0.9, -0.5), (2.0, -0.5), (2.0, 0.5), (0.9, 0.5)], False),  # its corners are outside, a side is not
        ([(-3.0, -3.0), (3.0, -3.0), (3.0, 3.0), (-3.0, 3.0)], False),  # it holds the circle
        ([(-3.0, 3.0), (3.0, 3.0), (3.0, -3.0), (-3.0, -3.0)], False),
        ([(0.1, 0.1), (0.2, 0.1), (0.2, 0.2)], False),
    ],
)
def test_polygon_outside_a_circle_is_told(corners: list[tuple[float, float]], outside: bool) -> None:
    assert outside_circle(corners) is outside


@pytest.mark.parametrize(
    ("points", "within"),
    [([(5.0, 5.0)], True), ([(0.0, 5.0), (5.0, 10.0)], True), ([(5.0, 5.0), (1.0, 1.0)], False), ([(11.0, 5.0)], False)],
)
def test_points_within_a_polygon_are_told(points: list[tuple[float, float]], within: bool) -> None:
    assert inside(points, [(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0)]) is within
    assert not inside(points, [])


@given(a=st.floats(-6, 6), b=st.floats(-6, 6), c=st.floats(-6, 6), d=st.floats(-6, 6), bound=st.floats(0.01, 0.5))
def test_stroke_below_the_bound_is_never_hidden(a: float, b: float, c: float, d: float, bound: float) -> None:
    outline = (bar(0.0, 0.0, 0.6, 0.0, 0.04), bar(0.0, 0.1, 0.6, 0.1, 0.04), bar(0.5, 0.3, 0.5, 0.9, 0.03))
    origin = Origin("test/three-bars", outline, (a, b, c, d + 7.0, 0.0, 0.0))
    for whole, bounded in zip(thinnest(origin), thinnest(origin, bound), strict=True):
        assert bounded == whole or (bounded == math.inf and whole >= bound - 1e-9)


def test_findings_are_the_same_when_the_same_parts_are_asked_again(fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), marks=(Mark(),), rows=(Row("合同", 4.0, 0.0), Row("专用章", 4.0, 3.5)))
    first = check(layout(spec, fonts), spec)

    assert len(first) > 1
    assert check(layout(spec, fonts), spec) == first


def test_a_gap_is_shown_where_it_is(fonts: FontSet) -> None:
    of = template("contract.40")
    spec = of.build(of.examples(), Options(figures={"mark": 24.0}))
    drawing = layout(spec, fonts)
    parts = {part.name: part.contours for part in drawing.parts}
    shown = [finding for finding in check(drawing, spec) if finding.code in ("face.gap", "face.overlap") and len(finding.parts) == 2]
    assert {finding.code for finding in shown} == {"face.gap", "face.overlap"}
    for finding in shown:
        for name in finding.parts:
            away = min(to_side(finding.x_mm, finding.y_mm, *side) for side in sides(parts[name]))
            # In the middle of a gap, which is narrower than 0.1 mm; within the lens that two parts share.
            assert away < (0.06 if finding.code == "face.gap" else 0.6), finding
