"""Faces of the system's templates, with cuts, through every export: two other renderers agree, and the chip's picture comes back."""

from __future__ import annotations

import math
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sealdesk.face import production, raster
from sealdesk.face.drawing import Drawing, Ink, Part, transformed
from sealdesk.face.export import ga241, geometry
from sealdesk.face.export.profiles import applied, profile
from sealdesk.face.faces import face_of
from sealdesk.face.templates import template

DPI = 600
NAMES = ("unit.enterprise.40", "unit.enterprise.45", "unit.stock.42", "person.square.20")

pytestmark = pytest.mark.long


@pytest.fixture(params=NAMES)
def cut_face(request: pytest.FixtureRequest) -> Drawing:
    seal = template(request.param)
    drawing = face_of(seal, {field.name: field.example for field in seal.fields}).drawing
    parts = []
    for i in range(8):
        angle = math.tau / 8 * i + 0.3
        c, s = math.cos(angle + 0.6), math.sin(angle + 0.6)
        x = drawing.width_mm / 2 * (1 + 0.8 * math.cos(angle))
        y = drawing.height_mm / 2 * (1 + 0.8 * math.sin(angle))
        knife = transformed((geometry.rectangle(-2.5, -0.075, 5, 0.15),), c, s, -s, c, x, y)
        parts.append(Part(f"test.{i}", "cut", Ink.CUT, knife))
    return replace(drawing, parts=(*drawing.parts, *parts))


@pytest.mark.parametrize("material", ["paper", "laser_rubber"])
def test_other_renderers_see_the_face_that_the_raster_shows(cut_face: Drawing, material: str, strangers: Any, tmp_path: Path) -> None:
    artwork = applied(cut_face, profile(material))
    ours = raster.bitmap(artwork, DPI)
    width, height = str(ours.width_px), str(ours.height_px)
    (tmp_path / "face.svg").write_bytes(production.produce(cut_face, "svg", profile(material)))
    (tmp_path / "face.pdf").write_bytes(production.produce(cut_face, "pdf", profile(material)))
    subprocess.run(
        ["rsvg-convert", "--background-color=white", "-w", width, "-h", height, "-o", "svg.png", "face.svg"], check=True, cwd=tmp_path
    )
    subprocess.run(
        ["pdftocairo", "-png", "-singlefile", "-scale-to-x", width, "-scale-to-y", height, "face.pdf", "pdf"], check=True, cwd=tmp_path
    )
    edges = len(artwork.parts) * 2  # tips of slivers beside cuts, thinner than a pixel
    assert strangers(ours, Image.open(tmp_path / "svg.png")) <= edges
    assert strangers(ours, Image.open(tmp_path / "pdf.png")) <= edges


def test_chip_picture_fits_the_chip_and_comes_back(cut_face: Drawing) -> None:
    data = production.produce(cut_face, "ga241", seal_code="1101080000001")
    assert len(data) < ga241.CHIP_LIMIT
    assert ga241.decode(data) == ("1101080000001", raster.layers(cut_face, 400))


def test_every_file_is_made_for_every_face(cut_face: Drawing) -> None:
    for ending in production.FORMATS:
        assert production.produce(cut_face, ending, profile("copper"))
