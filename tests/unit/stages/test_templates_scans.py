"""Scans of old imprints: measured to a tenth of a millimetre among text and dirt, and files that mean harm."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from sealdesk.face.faces import face_of
from sealdesk.face.raster import bitmap
from sealdesk.face.templates import template
from sealdesk.stages.templates import scans
from sealdesk.stages.templates.scans import BlankScanError, NoRingError, ScanFileError, ScanSizeError, edge_of, read_scan

DPI = 300.0
PER_MM = DPI / 25.4


def imprint(name: str = "unit.enterprise.40", *, colour: tuple[int, int, int] = (196, 48, 56), turn: float = 0.0) -> Image.Image:
    """An imprint of 60 × 60 mm of paper: soft, dirty, its middle 2 mm right of and 3 mm above the paper's, with black text around."""
    of = template(name)
    drawn = bitmap(face_of(of, of.examples()).drawing, DPI)
    side = round(60 * PER_MM)
    mask = Image.new("L", (side, side), 0)
    own = Image.frombytes("1", (drawn.width_px, drawn.height_px), drawn.rows).convert("L")
    own = own.rotate(-turn, expand=True, resample=Image.Resampling.BICUBIC)
    mask.paste(own, (round((side - own.width) / 2 + 2 * PER_MM), round((side - own.height) / 2 - 3 * PER_MM)))
    paper = Image.new("RGB", (side, side), (247, 244, 238))
    paper.paste(Image.new("RGB", mask.size, colour), mask=mask)
    draw = ImageDraw.Draw(paper)
    for line in range(3):
        draw.rectangle((10, side - 60 + line * 18, side - 30, side - 52 + line * 18), fill=(30, 30, 34))
    chance = random.Random(7)
    for _ in range(900):
        x, y = chance.randrange(side), chance.randrange(side)
        draw.point((x, y), fill=(chance.randrange(120, 230),) * 3)
    return paper.filter(ImageFilter.GaussianBlur(0.8))


def written(picture: Image.Image, kind: str = "PNG", dpi: float = DPI) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, dpi=(dpi, dpi))
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_a_round_imprint_is_measured_among_text_and_dirt(kind: str) -> None:
    scan = read_scan(f"old.{kind.lower()}", written(imprint(), kind))
    assert scan.dpi == pytest.approx(DPI, abs=0.5)
    edge = edge_of(scan, "circle")
    middle = scan.width_px / 2
    assert edge.width_px / PER_MM == pytest.approx(40, abs=0.15)
    assert ((edge.x_px - middle) / PER_MM, (edge.y_px - middle) / PER_MM) == (pytest.approx(2, abs=0.1), pytest.approx(-3, abs=0.1))


@pytest.mark.parametrize(("name", "kind", "size"), [("invoice.40x30", "ellipse", (40, 30)), ("finance.square.22", "square", (22, 22))])
def test_other_shapes_are_measured_too(name: str, kind: str, size: tuple[float, float]) -> None:
    edge = edge_of(read_scan("old.png", written(imprint(name))), kind)
    assert edge.width_px / PER_MM == pytest.approx(size[0], abs=0.2)
    assert edge.height_px / PER_MM == pytest.approx(size[1], abs=0.2)


def test_an_imprint_is_measured_as_it_is_turned() -> None:
    scan = read_scan("old.png", written(imprint("invoice.40x30", turn=12)))
    edge = edge_of(scan, "ellipse", -12)
    assert (edge.width_px / PER_MM, edge.height_px / PER_MM) == (pytest.approx(40, abs=0.25), pytest.approx(30, abs=0.25))


def test_a_large_scan_is_made_smaller_and_keeps_its_scale() -> None:
    paper = imprint()
    large = paper.resize((paper.width * 4, paper.height * 4))
    scan = read_scan("large.png", written(large, dpi=1200))
    assert max(scan.width_px, scan.height_px) == scans.LONGEST_SIDE_PX
    assert edge_of(scan, "circle").width_px / (scan.dpi / 25.4) == pytest.approx(40, abs=0.15)


@pytest.mark.parametrize("dpi", [72, 96, 9600])
def test_a_resolution_that_no_scanner_wrote_is_none(dpi: float) -> None:
    assert read_scan("a.png", written(imprint(), dpi=dpi)).dpi == 0


@pytest.mark.parametrize("mode", ["L", "I;16", "RGBA", "P", "CMYK", "1"])
def test_every_kind_of_picture_is_read(mode: str) -> None:
    paper = imprint(colour=(20, 20, 24))
    grey = paper.convert("L")
    picture = grey.point(lambda value: value * 256, "I").convert("I;16") if mode == "I;16" else paper.convert(mode)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    scan = read_scan("old", written(picture, kind))
    assert max(scan.ink) == 255 and scan.ink.count(0) > len(scan.ink) / 2


def test_a_photo_that_lies_on_its_side_is_turned_upright() -> None:
    paper = imprint()
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    paper.save(stream, "JPEG", exif=exif)
    edge = edge_of(read_scan("photo.jpg", stream.getvalue()), "circle")
    middle = paper.width / 2
    assert ((edge.x_px - middle) / PER_MM, (edge.y_px - middle) / PER_MM) == (pytest.approx(3, abs=0.15), pytest.approx(2, abs=0.15))


# ---- what is refused


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"GIF89a" + bytes(40), b"\x89PNG\r\n\x1a\n" + bytes(60), b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(ScanFileError):
        read_scan("a.png", content)


def test_a_file_or_a_picture_that_is_too_large_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ScanSizeError):
        read_scan("a.png", bytes(scans.LARGEST_BYTES + 1))
    bomb = io.BytesIO()
    Image.new("1", (20_000, 4_001)).save(bomb, "PNG")
    with pytest.raises(ScanSizeError):
        read_scan("a.png", bomb.getvalue())


def test_white_paper_is_no_imprint() -> None:
    with pytest.raises(BlankScanError):
        read_scan("a.png", written(Image.new("RGB", (400, 400), (250, 248, 244))))


def test_scattered_text_has_no_ring() -> None:
    page = Image.new("RGB", (600, 600), "white")
    ImageDraw.Draw(page).rectangle((20, 300, 40, 308), fill="black")
    ImageDraw.Draw(page).rectangle((500, 20, 580, 28), fill="black")
    with pytest.raises(NoRingError):
        edge_of(read_scan("a.png", written(page)), "circle")


def test_damaged_pictures_are_refused_or_read_but_nothing_else_happens() -> None:
    chance = random.Random(20260312)
    for kind in ("PNG", "JPEG", "TIFF", "BMP"):
        whole = written(imprint().resize((120, 120)), kind)
        for _ in range(60):
            broken = bytearray(whole[: chance.choice((len(whole), chance.randrange(12, len(whole))))])
            for _ in range(chance.randrange(1, 20)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                edge_of(read_scan("a", bytes(broken)), "circle")
            except (ScanFileError, ScanSizeError, BlankScanError, NoRingError):
                continue
