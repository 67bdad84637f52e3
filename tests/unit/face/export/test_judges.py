"""Programs that are not ours read every export back, and see the face that the raster shows, to one pixel of edge."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import ezdxf
import ezdxf.path
import pytest
from ezdxf import recover
from PIL import Image, ImageChops, ImageDraw

from sealdesk.face import raster
from sealdesk.face.drawing import Drawing
from sealdesk.face.export import calibration
from sealdesk.face.export.dxf import Curves, dxf
from sealdesk.face.export.pdf import pdf
from sealdesk.face.export.plt import plt
from sealdesk.face.export.profiles import applied, profile
from sealdesk.face.export.svg import svg

DPI = 600
PX = DPI / 25.4
TIPS = 2  # pixels at the tips of slivers beside a cut, which Pillow's polygons widen

Polygon = list[tuple[float, float]]


@pytest.fixture(params=["plain", "cut", "copper"])
def artwork(request: pytest.FixtureRequest, plain_face: Drawing, face: Drawing) -> Drawing:
    if request.param == "copper":
        return applied(face, profile("copper"))
    return plain_face if request.param == "plain" else face


def odd_even(polygons: list[Polygon], size: tuple[int, int]) -> Image.Image:
    """Outlines filled as engraving programs fill them, ink black; four times finer and scaled down, because Pillow draws whole pixels."""
    large = (size[0] * 4, size[1] * 4)
    whole = Image.new("L", large, 255)
    for points in polygons:
        one = Image.new("L", large, 0)
        ImageDraw.Draw(one).polygon([(x * 4 - 0.5, y * 4 - 0.5) for x, y in points], fill=255)
        whole = ImageChops.difference(whole, one)
    return whole.resize(size, Image.Resampling.BOX)


def to_pixels(polygon: Polygon, drawing: Drawing) -> Polygon:
    """Millimetres, y up, on the raster's pixels (the raster centres a face that is no whole number of pixels large)."""
    width, height = size_of(drawing)
    left, top = (width - drawing.width_mm * PX) / 2, (height - drawing.height_mm * PX) / 2
    return [(left + x * PX, top + (drawing.height_mm - y) * PX) for x, y in polygon]


def size_of(drawing: Drawing) -> tuple[int, int]:
    picture = raster.bitmap(drawing, DPI)
    return picture.width_px, picture.height_px


def test_svg_looks_like_the_raster_to_rsvg(artwork: Drawing, strangers: Any, tmp_path: Path) -> None:
    (tmp_path / "face.svg").write_bytes(svg(artwork))
    width, height = size_of(artwork)
    command = ["rsvg-convert", "--background-color=white", "-w", str(width), "-h", str(height), "-o", "face.png", "face.svg"]
    subprocess.run(command, check=True, cwd=tmp_path)
    assert strangers(raster.bitmap(artwork, DPI), Image.open(tmp_path / "face.png")) == 0


def test_svg_says_its_size_in_millimetres_and_holds_paths_only(face: Drawing) -> None:
    text = svg(face).decode()
    assert 'width="38.1mm" height="38.1mm" viewBox="0 0 38.1 38.1"' in text
    assert set(re.findall(r"<(\w+)", text)) == {"svg", "g", "path"}
    assert text.count("<path") == 5


def test_pdf_looks_like_the_raster_to_poppler(artwork: Drawing, strangers: Any, tmp_path: Path) -> None:
    (tmp_path / "face.pdf").write_bytes(pdf(artwork))
    width, height = size_of(artwork)
    scale = ["-scale-to-x", str(width), "-scale-to-y", str(height)]
    done = subprocess.run(["pdftocairo", "-png", "-singlefile", *scale, "face.pdf", "face"], check=True, cwd=tmp_path, capture_output=True)
    assert done.stderr == b""
    assert strangers(raster.bitmap(artwork, DPI), Image.open(tmp_path / "face.png")) == 0


def test_pdf_page_is_as_large_as_the_face_and_holds_no_picture_or_font(face: Drawing, tmp_path: Path) -> None:
    (tmp_path / "face.pdf").write_bytes(pdf(face))
    said = subprocess.run(["pdfinfo", "face.pdf"], check=True, cwd=tmp_path, capture_output=True, text=True)
    assert said.stderr == ""
    assert re.search(r"Page size:\s+108 x 108 pts", said.stdout)  # 38.1 mm
    assert "CreationDate" not in said.stdout
    for tool in ("pdfimages", "pdffonts"):
        args = [tool, "-list", "face.pdf"] if tool == "pdfimages" else [tool, "face.pdf"]
        listed = subprocess.run(args, check=True, cwd=tmp_path, capture_output=True, text=True).stdout
        assert len(listed.splitlines()) == 2  # the heading only


def test_pdf_centres_the_drawing_on_a_given_page(face: Drawing, tmp_path: Path) -> None:
    (tmp_path / "face.pdf").write_bytes(pdf(face, page_mm=(76.2, 50.8)))
    subprocess.run(["pdftocairo", "-png", "-singlefile", "-r", "100", "face.pdf", "face"], check=True, cwd=tmp_path)
    picture = Image.open(tmp_path / "face.png").convert("L")
    assert picture.size == (300, 200)
    assert picture.point(lambda value: 255 - value).getbbox() == (75, 25, 225, 175)


@pytest.mark.parametrize("curves", list(Curves))
def test_dxf_looks_like_the_raster_to_ezdxf(artwork: Drawing, curves: Curves, strangers: Any, tmp_path: Path) -> None:
    file = tmp_path / "face.dxf"
    file.write_bytes(dxf(artwork, curves))
    document = ezdxf.readfile(file)
    polygons = []
    for entity in document.modelspace():
        way = ezdxf.path.make_path(entity)
        assert way.is_closed
        polygons.append(to_pixels([(p.x, p.y) for p in list(way.flattening(0.002))[:-1]], artwork))
    assert strangers(raster.bitmap(artwork, DPI), odd_even(polygons, size_of(artwork))) <= TIPS


@pytest.mark.parametrize("curves", list(Curves))
def test_dxf_has_nothing_that_a_strict_reader_would_mend(face: Drawing, curves: Curves, tmp_path: Path) -> None:
    file = tmp_path / "face.dxf"
    file.write_bytes(dxf(face, curves))
    document, auditor = recover.readfile(file)
    assert (list(auditor.errors), list(auditor.fixes)) == ([], [])
    assert document.dxfversion == "AC1015"
    assert document.units == ezdxf.units.MM
    kinds = {entity.dxftype() for entity in document.modelspace()}
    assert kinds == ({"LWPOLYLINE"} if curves is Curves.POLYLINES else {"LWPOLYLINE", "SPLINE"})
    assert {entity.dxf.layer for entity in document.modelspace()} == {"INK", "CODE"}


def plotted(data: bytes) -> list[Polygon]:
    """What a plotter draws, pen-down strokes in plotter units: a small interpreter of the commands that HP-GL importers know."""
    strokes: list[Polygon] = []
    down, here = False, (0.0, 0.0)
    for command in data.decode("ascii").replace("\n", "").split(";"):
        name, rest = command[:2], command[2:]
        if name in ("IN", "SP", ""):
            continue
        assert name in ("PU", "PD"), command
        numbers = [int(number) for number in rest.split(",")] if rest else []
        down = name == "PD"
        for point in zip(numbers[::2], numbers[1::2], strict=True):
            if down:
                if not strokes or strokes[-1][-1] != here:
                    strokes.append([here])
                strokes[-1].append(point)
            here = point
    assert not down, "the pen stays on the work"
    return strokes


def test_plt_looks_like_the_raster_to_a_plotter(artwork: Drawing, strangers: Any) -> None:
    strokes = plotted(plt(artwork))
    assert all(stroke[0] == stroke[-1] for stroke in strokes)
    polygons = [to_pixels([(x / 40, y / 40) for x, y in stroke[:-1]], artwork) for stroke in strokes]
    assert strangers(raster.bitmap(artwork, DPI), odd_even(polygons, size_of(artwork))) <= TIPS


def test_plt_with_a_coarser_tolerance_has_fewer_points(face: Drawing) -> None:
    fine, coarse = plotted(plt(face, 0.005)), plotted(plt(face, 0.1))
    assert sum(map(len, coarse)) < sum(map(len, fine)) / 2


def test_plt_keeps_commands_short_for_small_controllers(face: Drawing) -> None:
    assert max(map(len, plt(face, 0.0005).split(b";"))) < 1024


def test_calibration_sheet_measures_what_it_says_on_poppler_s_page(tmp_path: Path) -> None:
    (tmp_path / "sheet.pdf").write_bytes(pdf(calibration.sheet(), page_mm=(210, 297)))
    subprocess.run(["pdftocairo", "-png", "-gray", "-singlefile", "-r", "600", "sheet.pdf", "sheet"], check=True, cwd=tmp_path)
    page = Image.open(tmp_path / "sheet.png").point(lambda value: 255 if value < 128 else 0)
    assert page.size == (4961, 7016)
    mm = 600 / 25.4
    left, top = 45 * mm, 108.5 * mm  # the sheet of 120 × 80 mm in the middle of A4
    circle = page.crop((round(left + 30 * mm), round(top), round(left + 90 * mm), round(top + 50 * mm))).getbbox()
    assert circle is not None
    assert (circle[2] - circle[0]) / mm == pytest.approx(40, abs=0.05)
    assert (circle[3] - circle[1]) / mm == pytest.approx(40, abs=0.05)
    ruler = page.crop((0, round(top + 60 * mm), page.width, round(top + 61 * mm))).getbbox()
    assert ruler is not None
    assert (ruler[2] - ruler[0]) / mm == pytest.approx(100.2, abs=0.05)  # to the right edge of the last mark
