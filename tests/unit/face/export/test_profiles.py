"""Material profiles and the calibration sheet: what they do to a face, and that they say so."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from PIL import ImageChops, ImageOps

from sealdesk.core import i18n
from sealdesk.face import raster
from sealdesk.face.drawing import Drawing, Ink, Part, contour_bounds
from sealdesk.face.export import calibration
from sealdesk.face.export.calibration import MeasurementError
from sealdesk.face.export.geometry import inked, rectangle
from sealdesk.face.export.profiles import (
    PAPER,
    PROFILES,
    Profile,
    ProfileBoundsError,
    StrokesLostError,
    UnknownProfileError,
    applied,
    explained,
    profile,
)


def test_paper_leaves_the_face_alone(face: Drawing) -> None:
    assert applied(face, PAPER) == face
    assert applied(face, profile("filing")) == face


def test_mirrored_artwork_is_the_face_in_a_mirror(face: Drawing, image_of: Any, strangers: Any) -> None:
    mirrored = raster.bitmap(applied(face, replace(PAPER, mirror=True)), 600)
    as_in_a_mirror = ImageOps.invert(ImageOps.mirror(image_of(raster.bitmap(face, 600))))
    assert strangers(mirrored, as_in_a_mirror) == 0


def test_negative_artwork_is_black_where_the_face_is_not(face: Drawing, image_of: Any) -> None:
    negative = applied(face, replace(PAPER, negative=True, margin_mm=2.54))
    picture = image_of(raster.bitmap(negative, 200))
    inside = picture.crop((20, 20, 320, 320))
    differing = ImageChops.difference(inside, ImageOps.invert(image_of(raster.bitmap(face, 200))))
    assert picture.size == (340, 340)
    assert picture.getpixel((5, 5)) == 255
    assert differing.histogram()[255] < 40  # edges of split curves


def test_scale_stretches_the_artwork_across_and_along(face: Drawing) -> None:
    stretched = applied(face, replace(PAPER, x_scale=1.01, y_scale=0.99))
    assert (stretched.width_mm, stretched.height_mm) == pytest.approx((38.1 * 1.01, 38.1 * 0.99))
    bounds = contour_bounds(contour for part in stretched.parts for contour in part.contours)
    assert bounds == pytest.approx((0, 0, 38.1 * 1.01, 38.1 * 0.99), abs=1e-3)


def test_growth_makes_strokes_wider_and_room_for_them() -> None:
    face = Drawing(10, 10, (Part("bar", "row", Ink.INK, (rectangle(0, 4, 10, 1),)),))
    wider = applied(face, replace(PAPER, growth_mm=0.05))
    assert (wider.width_mm, wider.height_mm) == pytest.approx((10.1, 10.1))
    assert contour_bounds(wider.parts[0].contours) == pytest.approx((0, 4, 10.1, 5.1), abs=1e-4)


def test_growth_keeps_cuts_cut(face: Drawing, plain_face: Drawing) -> None:
    kept = applied(face, replace(PAPER, growth_mm=0.02))
    assert all(part.ink is not Ink.CUT for part in kept.parts)
    for before, after in zip(inked(face), kept.parts, strict=True):
        if before.kind != "row":  # whose overlapping contours grow together
            assert (after.name, len(after.contours)) == (before.name, len(before.contours))
    assert kept.parts[0].contours != applied(plain_face, replace(PAPER, growth_mm=0.02)).parts[0].contours


def test_growth_inwards_that_loses_a_part_is_refused_by_its_character() -> None:
    hair = Part("row.0.3", "row", Ink.INK, (rectangle(1, 1, 5, 0.08),), "一")
    with pytest.raises(StrokesLostError, match="一"):
        applied(Drawing(10, 10, (hair,)), replace(PAPER, growth_mm=-0.05))


@pytest.mark.parametrize("candidate", PROFILES, ids=lambda candidate: candidate.key)
def test_every_profile_can_be_applied_and_explains_itself_in_both_languages(candidate: Profile, face: Drawing) -> None:
    artwork = applied(face, candidate)
    assert artwork.parts
    english = explained(candidate)
    i18n.use_language("zh_CN")
    chinese = explained(candidate)
    assert len(english) == len(chinese) >= 4
    assert all(any("\u4e00" <= character <= "\u9fff" for character in sentence) for sentence in chinese)
    assert i18n._(candidate.title) != candidate.title
    assert any(("Mirrored" if candidate.mirror else "Not mirrored") in sentence for sentence in english)
    assert any(("Negative" if candidate.negative else "Positive") in sentence for sentence in english)


def test_explanation_names_every_figure() -> None:
    said = " ".join(explained(replace(PAPER, negative=True, margin_mm=1.5, shoulder_mm=0.25, growth_mm=-0.04, x_scale=1.0025, dpi=1200)))
    for figure in ("1.5 mm", "0.25 mm", "0.04 mm inwards", "100.25 %", "100 %", "1200"):
        assert figure in said


@pytest.mark.parametrize(
    ("field", "value"),
    [("dpi", 10), ("dpi", math.nan), ("x_scale", 1.2), ("y_scale", 0.0), ("growth_mm", 1), ("shoulder_mm", -1), ("margin_mm", math.inf)],
)
def test_profile_out_of_bounds_is_refused_by_field(field: str, value: float, face: Drawing) -> None:
    with pytest.raises(ProfileBoundsError, match="must lie between") as refusal:
        applied(face, replace(PAPER, **{field: value}))
    assert refusal.value.field == field
    i18n.use_language("zh_CN")
    assert "应在" in str(refusal.value)


def test_unknown_profile_is_refused() -> None:
    with pytest.raises(UnknownProfileError, match="marble"):
        profile("marble")
    assert profile("copper").title == "Copper"


def test_calibration_circle_and_ruler_have_their_lengths() -> None:
    parts = {part.name: part for part in calibration.sheet().parts}
    left, top, right, bottom = contour_bounds(parts["circle"].contours)
    assert (right - left, bottom - top) == pytest.approx((40, 40), abs=1e-4)
    first, last = (contour_bounds(parts[name].contours)[0] for name in ("ruler.0", "ruler.100"))
    assert last - first == pytest.approx(100, abs=1e-9)
    for contour, radius in zip(parts["circle"].contours, (20, 19.8), strict=True):
        points = list(contour.points())[0::3]
        assert all(math.dist(point, (60, 26)) == pytest.approx(radius, abs=1e-9) for point in points)


def test_calibration_digits_are_drawn_once_each_ten_millimetres() -> None:
    texts = [part.text for part in calibration.sheet().parts if part.kind == "text"]
    assert texts == [str(mm) for mm in range(0, 101, 10)]


def test_measured_lengths_give_the_scale_that_puts_them_right() -> None:
    x, y = calibration.scales(99.5, 100.4)
    assert (99.5 * x, 100.4 * y) == pytest.approx((100, 100), abs=1e-3)
    assert applied(calibration.sheet(), replace(PAPER, x_scale=x, y_scale=y)).width_mm == pytest.approx(120 * x)


@pytest.mark.parametrize(("x", "y", "field"), [(50, 100, "measured_x_mm"), (100, 120, "measured_y_mm"), (100, math.nan, "measured_y_mm")])
def test_measurement_that_cannot_be_the_machine_is_refused(x: float, y: float, field: str) -> None:
    with pytest.raises(MeasurementError) as refusal:
        calibration.scales(x, y)
    assert refusal.value.field == field


def test_sheet_says_what_to_do_in_both_languages() -> None:
    english = calibration.explained()
    i18n.use_language("zh_CN")
    assert all(one != other for one, other in zip(english, calibration.explained(), strict=True))
