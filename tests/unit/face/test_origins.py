"""Glyph origins: a picture that is drawn from them is the picture of the contours, and changed parts have none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sealdesk.face import drawing, raster
from sealdesk.face.drawing import Drawing, Ink, contour_bounds, reach, transformed
from sealdesk.face.export.geometry import inked
from sealdesk.face.export.profiles import applied, profile
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.specification import SeededCuts
from sealdesk.face.template import with_platform_data
from sealdesk.face.templates import template


@pytest.fixture
def face(fonts: FontSet) -> Drawing:
    of = template("unit.enterprise.40")
    return layout(with_platform_data(of.build(of.examples()), "1101080012345", SeededCuts("origin")), fonts)


def test_picture_drawn_from_origins_is_that_of_the_contours(face: Drawing) -> None:
    plain = replace(face, parts=tuple(part.reshaped(part.contours) for part in face.parts))
    ours, theirs = (int.from_bytes(raster.bitmap(of, 1200).rows, "big") for of in (face, plain))
    assert any(part.origin for part in face.parts)
    # both are polygons within a hundredth of a pixel of the curves, but not the same ones: a few centres lie between them
    assert (ours ^ theirs).bit_count() <= 100


def test_picture_does_not_depend_on_what_was_drawn_before(face: Drawing, fonts: FontSet) -> None:
    before = raster.bitmap(face, 600).rows
    other = template("invoice.40x30")
    for dpi in (300, 1200, 2400):
        raster.bitmap(layout(other.build({**other.examples(), "name": "北京青石科技有限公司"}), fonts), dpi)
        raster.bitmap(face, dpi)
    assert raster.bitmap(face, 600).rows == before


def test_view_of_the_whole_face_is_its_picture(fonts: FontSet) -> None:
    of = template("invoice.40x30")
    whole = layout(of.build(of.examples()), fonts)
    picture = raster.picture(whole, 12.0)
    assert raster.view(whole, 12.0, (0.0, 0.0), (480, 360)) == picture
    shown = raster.view(whole, 12.0, (-100.0, -60.0), (200, 90))
    assert shown == picture.copy(100, 60, 200, 90)


def test_view_rubs_cuts_out_of_what_lies_below_them(face: Drawing) -> None:
    scale, size = 15.0, (600, 600)
    cut = raster.view(face, scale, (0.0, 0.0), size)
    exact = raster.picture(face, scale)
    assert cut != raster.view(replace(face, parts=tuple(p for p in face.parts if p.ink is not Ink.CUT)), scale, (0.0, 0.0), size)
    differ = sum(abs(a - b) > 96 for a, b in zip(bytes(cut.constBits())[3::4], bytes(exact.constBits())[3::4], strict=True))
    assert differ <= 20  # edges of cuts are smoothed twice


def test_contours_are_made_only_when_they_are_asked_for(fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    of = template("unit.enterprise.40")
    made: list[object] = []
    monkeypatch.setattr(drawing, "transformed", lambda contours, *_matrix: made.append(contours) or contours)  # layout has its own name
    fresh = layout(of.build({**of.examples(), "name": "北京青石科技有限公司", "code": "9876543210987"}), fonts)
    raster.bitmap(fresh, 300)
    assert not made
    assert all(part.contours for part in fresh.parts)
    assert len(made) == sum(part.origin is not None for part in fresh.parts)


def test_every_origin_says_what_the_contours_say(face: Drawing) -> None:
    for part in (*face.parts, *inked(face), *applied(face, profile("laser_rubber")).parts):
        if part.origin is not None:
            assert transformed(part.origin.outline, *part.origin.matrix) == part.contours


def test_part_that_was_cut_has_no_origin(face: Drawing) -> None:
    before = {part.name: part for part in face.parts}
    changed = [part for part in inked(face) if part.contours != before[part.name].contours]
    assert changed
    assert not any(part.origin for part in changed)


def test_reach_lies_around_the_bounds(face: Drawing) -> None:
    for part in face.parts:
        outer, inner = reach(part.contours), contour_bounds(part.contours)
        assert outer[0] <= inner[0]
        assert outer[1] <= inner[1]
        assert outer[2] >= inner[2]
        assert outer[3] >= inner[3]
