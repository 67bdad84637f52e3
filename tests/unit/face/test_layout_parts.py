"""Layout: every part in its place, the same every time, in every process; platform data becomes part of the face."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import subprocess
import sys
from itertools import pairwise

import pytest

from sealdesk.core.errors import ProblemsError
from sealdesk.face import cuts, marks, shapes, svgpath
from sealdesk.face.drawing import Contour, Drawing, Ink, contour_bounds, quadratic, transformed
from sealdesk.face.fonts import FontSet, MissingGlyphError
from sealdesk.face.layout import layout, spacing
from sealdesk.face.specification import (
    Arc,
    CharacterOutline,
    Column,
    Cut,
    FaceSpec,
    Grid,
    Line,
    Mark,
    Microtext,
    Ring,
    Row,
    SeededCuts,
    Shape,
)
from sealdesk.face.template import with_platform_data
from sealdesk.face.templates import template

SQUARE = "M0 0H10V10H0Z"


def _digest(drawing: Drawing) -> str:
    return hashlib.sha256(repr(drawing).encode()).hexdigest()


def _everything() -> FaceSpec:
    return FaceSpec(
        Shape("circle", 42.0, 42.0),
        rings=(Ring(1.0), Ring(0.2, 6.0)),
        marks=(Mark(), Mark("outline", 3.0, 12.0, 0.0, SQUARE)),
        arcs=(Arc("国王·（A1）", 3.0, 1.6), Arc("CO., LTD", 2.0, 7.0, "below", font="arial"), Arc("ئۇيغۇر", 2.0, 7.0)),
        rows=(Row("合同 8", 2.0, 8.0), Row("Latin words", 2.0, 10.5, font="arial", turn_deg=3.0)),
        columns=(Column("竖排", 2.0, -9.0, -3.0, 6.0),),
        grids=(Grid(("印", "张三"), 5.0, 5.0, 0.3, 9.0, -5.0),),
        lines=(Line(-9.0, 4.0, -7.0, 4.0),),
        microtexts=(Microtext("MICRO"),),
        cuts=(Cut(0.0, -19.0),),
        seeded_cuts=SeededCuts("seed", 3),
    )


def test_all_kinds_of_parts_are_drawn_under_unique_names(fonts: FontSet) -> None:
    drawing = layout(_everything(), fonts)
    names = [p.name for p in drawing.parts]

    assert len(set(names)) == len(names)
    assert {p.kind for p in drawing.parts} == {"ring", "line", "star", "emblem", "text", "grid", "microtext", "cut"}
    assert all(p.contours for p in drawing.parts)
    assert {p.kind for p in drawing.parts if p.ink is Ink.CUT} == {"microtext", "cut"}


def test_same_specification_gives_the_same_drawing_in_another_process(fonts: FontSet) -> None:
    program = (
        "import hashlib; from sealdesk.face.templates import template; from sealdesk.face.layout import layout;"
        "from sealdesk.face.fonts import system_fonts; t = template('contract.40');"
        "print(hashlib.sha256(repr(layout(t.build(t.examples()), system_fonts())).encode()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    of = template("contract.40")

    assert _digest(layout(of.build(of.examples()), fonts)) == there


def test_what_a_keystroke_does_not_touch_stays_the_same_object(fonts: FontSet) -> None:
    of = template("invoice.40x30")
    before, after = (layout(of.build({**of.examples(), "name": name}), fonts) for name in ("北京青石科技", "北京青石科技有"))
    name = {p.name for p in (*before.parts, *after.parts) if p.name.startswith("arc.0.")}
    was = {p.name: p for p in before.parts if p.name not in name}

    assert was
    assert name
    for part in after.parts:
        assert part.name in name or part is was[part.name]


def test_contours_are_the_outline_under_the_origins_matrix(fonts: FontSet) -> None:
    for part in layout(_everything(), fonts).parts:
        if part.origin is not None:
            assert transformed(part.origin.outline, *part.origin.matrix) == part.contours


def test_character_without_a_font_is_refused_by_name_and_code_point(narrow_fonts: FontSet) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        layout(FaceSpec(Shape(), arcs=(Arc("国𠮷"),)), narrow_fonts)

    assert str(caught.value) == "No font has the character “𠮷” (U+20BB7)."
    assert "SVG outline" in caught.value.advise()


def test_imported_outline_stands_in_for_one_character(narrow_fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), rows=(Row("国𠮷", 4.0, -2.0, width_mm=3.0),), outlines=(CharacterOutline("𠮷", SQUARE),))
    first, second = layout(spec, narrow_fonts).parts

    assert second.text == "𠮷"
    for part in (first, second):
        left, top, right, bottom = contour_bounds(part.contours)
        assert (right - left, bottom - top) == pytest.approx((3.0, 4.0))
        assert (top, bottom) == pytest.approx((18.0, 22.0))


def test_unusable_imported_outline_is_refused(narrow_fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), rows=(Row("𠮷"),), outlines=(CharacterOutline("𠮷", "M0 0 L"),))
    with pytest.raises(svgpath.PathDataError):
        layout(spec, narrow_fonts)


def test_rare_characters_beyond_the_basic_plane_are_drawn(fonts: FontSet) -> None:
    parts = layout(FaceSpec(Shape(), rows=(Row("𠮷〇·（）"),)), fonts).parts
    assert [p.text for p in parts] == ["𠮷", "〇", "·", "（", "）"]


@pytest.mark.parametrize(
    ("text", "how"),
    [("北京ABC公司", "cells"), ("CO., LTD.", "line"), ("ئۇيغۇر", "bent"), ("ᠮᠣᠩᠭᠣᠯ", "bent"), ("བོད་ཡིག", "line"), ("123456", "cells")],
)
def test_script_decides_how_a_text_is_set(text: str, how: str) -> None:
    assert spacing(Arc(text)) == how


def test_joined_letters_touch_and_read_from_right_to_left(fonts: FontSet) -> None:
    parts = layout(FaceSpec(Shape(), arcs=(Arc("ببب", 4.0, 2.0),)), fonts).parts
    boxes = sorted(contour_bounds(p.contours)[::2] for p in parts)

    assert len(boxes) == 3
    assert all(second[0] <= first[1] for first, second in pairwise(boxes))


def test_text_below_reads_left_to_right_with_its_feet_outwards(narrow_fonts: FontSet) -> None:
    parts = layout(FaceSpec(Shape(), arcs=(Arc("国A", 3.0, 1.0, "below", kind="code"),)), narrow_fonts).parts
    assert contour_bounds(parts[0].contours)[0] < contour_bounds(parts[1].contours)[0]
    assert all(p.ink is Ink.CODE for p in parts)
    assert all(p.origin is not None and p.origin.matrix[3] < 0 for p in parts)  # upright: the font's up is the page's up


def test_dot_of_a_name_takes_little_room_in_a_grid_and_stands_in_the_middle_of_it(fonts: FontSet) -> None:
    parts = layout(FaceSpec(Shape("square", 20.0, 20.0), grids=(Grid(("买提·江",), 8.0, 16.0, 0.5),)), fonts).parts
    boxes = {part.text: contour_bounds(part.contours) for part in parts}
    room = boxes["江"][1] - boxes["提"][3]
    letter = boxes["提"][3] - boxes["提"][1]
    assert room < 0.6 * letter
    middle = (boxes["·"][1] + boxes["·"][3]) / 2
    assert abs(middle - (boxes["江"][1] + boxes["提"][3]) / 2) < 0.15
    assert boxes["江"][3] == pytest.approx(18.0, abs=0.01) and boxes["买"][1] == pytest.approx(2.0, abs=0.01)


def test_grid_fills_its_box_from_the_right(narrow_fonts: FontSet) -> None:
    parts = layout(FaceSpec(Shape("square", 20.0, 20.0), grids=(Grid(("国", "AB"), 16.0, 16.0, 1.0),)), narrow_fonts).parts
    right, top_left, _foot_left = (contour_bounds(p.contours) for p in parts)

    assert right == pytest.approx((10.5, 2.0, 18.0, 18.0))
    assert top_left == pytest.approx((2.0, 2.0, 9.5, 9.5))


def test_mongolian_column_runs_down_the_page_turned(narrow_fonts: FontSet) -> None:
    spec = FaceSpec(Shape(), columns=(Column("ᠮᠮᠮ", 2.0, 5.0, -10.0, 20.0),))
    parts = layout(spec, narrow_fonts).parts
    boxes = [contour_bounds(p.contours) for p in parts]

    assert len(parts) == 3
    assert all(p.origin is not None and p.origin.matrix[1] > 0 == p.origin.matrix[0] for p in parts)  # the line's x runs downwards
    assert all(box[0] == pytest.approx(24.0) for box in boxes)
    assert boxes == sorted(boxes, key=lambda box: box[1])
    assert boxes[0][1] + boxes[-1][3] == pytest.approx(40.0)  # in the middle of its length


def test_line_below_hangs_nothing_over_the_edge(fonts: FontSet) -> None:
    for words in ("ببپ شىنجاڭ", "gypsy quay, Ltd."):
        drawing = layout(FaceSpec(Shape(), arcs=(Arc(words, 3.0, 1.0, "below", 120.0),)), fonts)
        reach = max(
            math.hypot(x - 20, y - 20) for p in drawing.parts for c in p.contours for x, y in (c.start, *(s[-2:] for s in c.segments))
        )
        assert 18.5 < reach < 19.1, words


def test_joiners_draw_nothing_in_cells(fonts: FontSet) -> None:
    assert [p.text for p in layout(FaceSpec(Shape(), rows=(Row("国\u200d国"),)), fonts).parts] == ["国", "国"]


def test_variation_that_no_font_has_is_refused(fonts: FontSet) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        layout(FaceSpec(Shape(), rows=(Row("国\U000e01ee"),)), fonts)
    assert caught.value.code_point == "U+56FD U+E01EE"


def test_script_that_no_font_has_is_refused_by_its_first_character(narrow_fonts: FontSet) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        layout(FaceSpec(Shape(), arcs=(Arc("བོད"),)), narrow_fonts)
    assert caught.value.code_point == "U+0F56"


def test_platform_data_becomes_data_of_the_face(fonts: FontSet) -> None:
    of = template("unit.enterprise.40")
    spec = of.build({"name": "青石科技有限公司"})
    marked = with_platform_data(spec, "1101080012345", (Cut(0.0, -19.5, 3.0, 0.15, 45.0),))
    drawing = layout(marked, fonts)

    assert "".join(p.text for p in drawing.parts if p.kind == "code") == "1101080012345"
    assert [p.name for p in drawing.parts if p.ink is Ink.CUT] == ["cut.0"]
    assert [p for p in drawing.parts if p.kind == "text"] == [p for p in layout(spec, fonts).parts if p.kind == "text"]


def test_code_finds_a_place_on_faces_that_keep_none(fonts: FontSet) -> None:
    for shape in (Shape(), Shape("rectangle", 30.0, 20.0)):
        marked = with_platform_data(FaceSpec(shape, rings=(Ring(1.0),)), "1101080012345")
        assert sum(p.kind == "code" for p in layout(marked, fonts).parts) == 13


def test_seeded_cuts_replace_a_list_and_are_always_the_same() -> None:
    spec = with_platform_data(FaceSpec(Shape(), cuts=(Cut(1.0, 1.0),)), "", SeededCuts("2026-000123", 4))

    assert spec.cuts == ()
    assert cuts.number("2026-000123", 0) == pytest.approx(_reference("2026-000123", 0), abs=1e-15)
    assert cuts.of(spec) == cuts.of(spec)
    assert cuts.of(spec) != cuts.of(with_platform_data(spec, "", SeededCuts("2026-000124", 4)))
    turns = [math.degrees(math.atan2(c.x_mm, -c.y_mm)) % 360 // 90 for c in cuts.of(spec)]
    assert turns == [0, 1, 2, 3]


def _reference(seed: str, k: int) -> float:
    return int(hashlib.sha256(seed.encode() + bytes([0, 0, 0, 0, k])).hexdigest()[:16], 16) / 2**64


@pytest.mark.parametrize("kind", ["circle", "ellipse", "square", "rectangle", "rhombus", "triangle", "free"])
def test_ring_of_every_shape_fills_the_face(kind: str, fonts: FontSet) -> None:
    width, height = (30.0, 30.0) if kind in ("circle", "square") else (40.0, 30.0)
    shape = Shape(kind, width, height, outline="M0 0H10V6Q5 12 0 6Z" if kind == "free" else "")
    (ring,) = layout(FaceSpec(shape, rings=(Ring(1.0),)), fonts).parts

    assert contour_bounds(ring.contours) == pytest.approx((0.0, 0.0, width, height), abs=1e-3)
    assert len(ring.contours) == 2
    assert contour_bounds(ring.contours[1:])[0] > 0.9 or contour_bounds(ring.contours[:1])[0] > 0.9


def test_ring_wider_than_its_triangle_is_full() -> None:
    assert shapes.outline(Shape("triangle", 10.0, 10.0), 4.0) == ()


def test_star_is_a_true_pentagram() -> None:
    (star,) = marks.contours(Mark("star", 14.0))
    points = list(star.points())
    radii = [math.hypot(x, y) for x, y in points]

    assert radii[::2] == pytest.approx([7.0] * 5)
    assert radii[1::2] == pytest.approx([7.0 * 0.381966] * 5)
    # opposite sides of a pentagram lie on one line: two tips and the two notches between them
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[8], points[9], points[1], points[2]
    assert abs((bx - ax) * (dy - ay) - (by - ay) * (dx - ax)) < 1e-4
    assert abs((cx - ax) * (dy - ay) - (cy - ay) * (dx - ax)) < 1e-4


@pytest.mark.parametrize("kind", ["national", "party", "league", "union"])
def test_emblems_fit_their_circle(kind: str) -> None:
    left, top, right, bottom = contour_bounds(marks.contours(Mark(kind, 14.0, 1.0, 2.0)))
    assert max(1.0 - left, right - 1.0, 2.0 - top, bottom - 2.0) <= 7.001


def test_svg_path_data_is_read_with_all_its_commands() -> None:
    (contour,) = svgpath.contours("m1,1 h8 v8 l-4 0 C4 9 3 9 3 8 s0-1-1-1 Q1 7 1 6 T1 4 a1 1 0 0 1 0-2 z")
    assert {s[0] for s in contour.segments} == {"L", "C"}
    assert contour_bounds([contour])[2:] == pytest.approx((9.0, 9.0))
    half = contour_bounds(svgpath.contours("M0 0 A5 5 0 0 1 10 0 Z"))
    assert half == pytest.approx((0.0, -5.0, 10.0, 0.0), abs=2e-3)


@pytest.mark.parametrize(
    "path", ["", "L1 1", "M", "M1", "M0 0L1", "M0 0 L x 1", "M0 0Z5", "M0 0L0 5", "M0 0 1e300 1 2 2", "M0 0" + "L1 1" * 20_001, "12"]
)
def test_what_is_no_path_data_is_refused(path: str) -> None:
    with pytest.raises(svgpath.PathDataError):
        svgpath.contours(path)


def test_quadratic_curves_become_the_same_cubics() -> None:
    curve = Contour((0.0, 0.0), (quadratic(0.0, 0.0, 1.0, 2.0, 2.0, 0.0),))
    assert contour_bounds([curve]) == pytest.approx((0.0, 0.0, 2.0, 1.0))


def test_layout_refuses_what_a_description_may_not_hold(fonts: FontSet) -> None:
    with pytest.raises(ProblemsError):
        layout(dataclasses.replace(_everything(), shape=Shape("circle", 1000.0, 1000.0)), fonts)
