"""Pictures: what Pillow reads back, what the layers hold, and how large a picture may be asked for."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from sealdesk.face import raster
from sealdesk.face.drawing import Drawing, Ink, Part
from sealdesk.face.export import bitmap
from sealdesk.face.export.geometry import rectangle

ENCODERS = {"PNG": bitmap.png, "TIFF": bitmap.tiff, "BMP": bitmap.bmp}


@pytest.mark.parametrize("dpi", [300, 400, 600, 635, 1016.5, 1200, 2400])
@pytest.mark.parametrize("kind", list(ENCODERS))
def test_picture_file_reads_back_pixel_for_pixel_with_its_resolution(kind: str, dpi: float, face: Drawing, image_of: Any) -> None:
    ours = raster.bitmap(face, dpi)
    theirs = Image.open(io.BytesIO(ENCODERS[kind](ours)))
    assert (theirs.format, theirs.mode) == (kind, "1")
    assert theirs.convert("L").point(lambda value: 255 - value).tobytes() == image_of(ours).tobytes()
    across, along = theirs.info["dpi"]
    assert float(across) == pytest.approx(dpi, abs=0.013 if kind != "TIFF" else 1e-9)  # PNG and BMP count whole pixels a metre
    assert across == along


@pytest.mark.parametrize("kind", list(ENCODERS))
def test_grey_picture_file_reads_back_pixel_for_pixel(kind: str, face: Drawing) -> None:
    ours = raster.relief(face, 300, 0.4)
    theirs = Image.open(io.BytesIO(ENCODERS[kind](ours)))
    assert theirs.convert("L").tobytes() == ours.values
    assert theirs.size == (ours.width_px, ours.height_px)


@pytest.mark.parametrize(("side_mm", "pixels"), [(38, 598), (40, 630), (42, 661)])
def test_picture_at_400_dpi_has_the_pixels_of_filed_seals(side_mm: float, pixels: int) -> None:
    picture = raster.bitmap(Drawing(side_mm, side_mm, ()), 400)
    assert (picture.width_px, picture.height_px) == (pixels, pixels)
    assert picture.rows == bytes((pixels + 7) // 8 * pixels)


def test_ink_is_as_large_in_pixels_as_in_millimetres() -> None:
    bar = Part("bar", "row", Ink.INK, (rectangle(2.54, 5.08, 12.7, 1.27),))
    picture = raster.bitmap(Drawing(25.4, 25.4, (bar,)), 1000)
    assert Image.frombytes("1", (1000, 1000), picture.rows).getbbox() == (100, 200, 600, 250)


def test_margin_adds_empty_pixels_on_every_side() -> None:
    whole = Part("bar", "row", Ink.INK, (rectangle(0, 0, 25.4, 25.4),))
    picture = raster.bitmap(Drawing(25.4, 25.4, (whole,)), 100, margin_mm=2.54)
    assert Image.frombytes("1", (120, 120), picture.rows).getbbox() == (10, 10, 110, 110)


def test_half_coverage_keeps_a_hairline_between_pixel_centres_out_or_in_as_a_whole() -> None:
    thick = Part("bar", "row", Ink.INK, (rectangle(0, 2.54 * 1.02, 25.4, 2.54 * 0.06),))  # 0.6 of a pixel at 100 dpi
    face = Drawing(25.4, 25.4, (thick,))
    assert raster.bitmap(face, 100, antialias=True).rows.count(b"\xff") == 12
    assert sum(byte.bit_count() for byte in raster.bitmap(face, 100, antialias=True).rows) == 100


def test_half_coverage_agrees_with_centres_but_for_edges(face: Drawing, strangers: Any, image_of: Callable[..., Image.Image]) -> None:
    smooth = image_of(raster.bitmap(face, 600, antialias=True))
    assert strangers(raster.bitmap(face, 600), smooth.point(lambda value: 255 - value)) == 0


def test_layers_print_exactly_the_bitmap(face: Drawing) -> None:
    layers, flat = raster.layers(face, 400), raster.bitmap(face, 400)
    inked = layers.values.translate(bytes([1, 0, 1, 0, 0]) + bytes(251))
    stride = (flat.width_px + 7) // 8
    rows = [flat.rows[y * stride : (y + 1) * stride] for y in range(flat.height_px)]
    expected = b"".join(bytes(row[x >> 3] >> (7 - (x & 7)) & 1 for x in range(flat.width_px)) for row in rows)
    assert inked == expected


def test_layers_tell_ink_code_and_cuts_apart(face: Drawing) -> None:
    layers = raster.layers(face, 400)

    def at(x_mm: float, y_mm: float) -> int:
        return layers.values[int(y_mm / 25.4 * 400) * layers.width_px + int(x_mm / 25.4 * 400)]

    middle = 38.1 / 2
    assert at(middle, 0.5) == 0  # ring
    assert at(3, 3) == 1  # ground
    assert at(middle, 34.3) == 2  # code
    assert at(19.0, 10.5) == 3  # the cut through the star
    assert at(30.0, 30.0) == 4  # the cut in empty ground
    assert set(layers.values) == {0, 1, 2, 3, 4}


def test_layers_of_a_face_without_cuts_are_ink_ground_and_code(plain_face: Drawing) -> None:
    assert set(raster.layers(plain_face, 400).values) == {0, 1, 2}


def test_layer_picture_has_the_colours_of_filing_systems(face: Drawing) -> None:
    layers = raster.layers(face, 400)
    theirs = Image.open(io.BytesIO(bitmap.bmp_layers(layers)))
    assert theirs.mode == "RGB"
    pixels = theirs.tobytes()
    for value, colour in enumerate(((255, 0, 0), (255, 255, 255), (0, 0, 255), (0, 255, 0), (192, 88, 207))):
        at = layers.values.index(value)
        assert tuple(pixels[3 * at : 3 * at + 3]) == colour


def test_relief_slopes_from_ink_to_ground_over_the_shoulder() -> None:
    bar = Part("bar", "row", Ink.INK, (rectangle(10.16, 0, 5.08, 25.4),))
    greys = raster.relief(Drawing(25.4, 25.4, (bar,)), 100, 1.27)  # 5 pixels of flank
    row = greys.values[50 * 100 : 51 * 100]
    assert set(row[:34]) == {0}
    assert set(row[40:60]) == {255}
    flank = list(row[34:41])
    assert flank == sorted(flank)
    assert len(set(flank)) >= 6
    inverse = raster.relief(Drawing(25.4, 25.4, (bar,)), 100, 1.27, negative=False)
    assert [255 - value for value in inverse.values[5000:5100]] == pytest.approx(list(row), abs=1)


def test_thumbnail_is_a_small_picture_in_the_colour_of_seal_paste(face: Drawing) -> None:
    theirs = Image.open(io.BytesIO(raster.thumbnail(face, 160, "#c8102e")))
    assert theirs.size == (160, 160)
    colours = theirs.convert("RGB")
    assert colours.getpixel((80, 60)) == (0xC8, 0x10, 0x2E)
    assert colours.getpixel((8, 8)) == (255, 255, 255)
    assert raster.thumbnail(face, 160) == raster.thumbnail(face, 160)


def test_preview_is_transparent_where_nothing_is_inked(face: Drawing) -> None:
    image = raster.picture(face, 10.0)
    assert (image.width(), image.height()) == (381, 381)
    assert image.pixelColor(30, 30).alpha() == 0
    assert image.pixelColor(190, 150).name() == "#c8102e"


@pytest.mark.parametrize("dpi", [0.0, -600.0, 1e-9, 13_500.0, 1e300, float("inf"), float("nan")])
def test_picture_of_impossible_size_is_refused(dpi: float, face: Drawing) -> None:
    with pytest.raises(raster.PictureTooLargeError) as refusal:
        raster.bitmap(face, dpi)
    assert "pixels" in str(refusal.value)
    with pytest.raises(raster.PictureTooLargeError):
        raster.layers(face, dpi)
