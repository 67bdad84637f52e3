"""Every template on pictures: its size and its rings are as wide as it says, and its texts along the edge are set evenly.

The pictures are measured, not the layout's own values; letters are blocks where their cells are measured.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from sealdesk.face.export.bitmap import Bitmap
from sealdesk.face.fonts import FontSet
from sealdesk.face.layout import layout
from sealdesk.face.raster import bitmap
from sealdesk.face.template import Template
from sealdesk.face.templates import TEMPLATES

DPI = 1800.0
MARGIN_MM = 1.0
CLOSE_MM = 0.05
ROUND = [of for of in TEMPLATES if of.build(of.examples()).shape.kind in ("circle", "ellipse")]
BLOCKS = {"name": "国", "text": "国", "foreign": "H", "adjoined": "国", "code": "8", "taxnumber": "8", "sequence": "8"}


@pytest.mark.parametrize("of", TEMPLATES, ids=lambda of: of.name)
def test_size_and_rings_are_what_the_template_says(of: Template, fonts: FontSet) -> None:
    spec = of.build(of.examples())
    picture = bitmap(layout(spec, fonts), DPI, margin_mm=MARGIN_MM)
    across, down = _lines(picture)
    inked = [[i for i, line in enumerate(lines) if "1" in line] for lines in (across, down)]
    mm = 25.4 / DPI

    assert (inked[0][-1] + 1 - inked[0][0]) * mm == pytest.approx(spec.shape.height_mm, abs=CLOSE_MM)
    assert (inked[1][-1] + 1 - inked[1][0]) * mm == pytest.approx(spec.shape.width_mm, abs=CLOSE_MM)
    width, height = spec.shape.width_mm, spec.shape.height_mm
    # A line through the corners of a rhombus meets its sides at a slant.
    slants = (math.hypot(width, height) / height, math.hypot(width, height) / width) if spec.shape.kind == "rhombus" else (1.0, 1.0)
    for slant, middle in zip(slants, (across[picture.height_px // 2], down[picture.width_px // 2]), strict=True):
        for line in (middle, middle[::-1]):  # from both ends, so that each ring is measured on four sides
            edges = [(start * mm - MARGIN_MM, end * mm - MARGIN_MM) for start, end in _runs(line)]
            for ring in spec.rings:
                wanted = (ring.inset_mm * slant, (ring.inset_mm + ring.width_mm) * slant)
                assert any(run == pytest.approx(wanted, abs=CLOSE_MM) for run in edges), (ring, edges)


@pytest.mark.parametrize("count", [7, 16, 28])
@pytest.mark.parametrize("of", ROUND, ids=lambda of: of.name)
def test_texts_along_the_edge_are_even_upright_and_symmetric(of: Template, count: int, blocks: FontSet, setting: Any) -> None:
    values = {f.name: BLOCKS[f.kind] * min(len(f.example), f.max_length) for f in of.fields if f.kind in BLOCKS and f.example}
    spec = of.build({**values, "name": "国" * count})
    spread, tilt = (0.03, 0.6) if spec.shape.kind == "circle" else (0.08, 0.7)
    longer = [i for i, arc in enumerate(spec.arcs) if len(arc.text) > 1]

    assert longer
    for i in longer:
        found = setting(spec, blocks, i)
        assert len(found.gaps) == len(spec.arcs[i].text) - 1
        assert found.spread <= spread, spec.arcs[i]
        assert found.tilt <= tilt, spec.arcs[i]
        assert found.unlike <= 0.03, spec.arcs[i]


def _lines(picture: Bitmap) -> tuple[list[str], list[str]]:
    """The picture's rows and columns as zeros and ones."""
    stride = (picture.width_px + 7) // 8
    bits = bin(int.from_bytes(b"\1" + picture.rows, "big"))[3:]
    rows = [bits[y * stride * 8 : y * stride * 8 + picture.width_px] for y in range(picture.height_px)]
    return rows, [bits[x :: stride * 8] for x in range(picture.width_px)]


def _runs(line: str) -> list[tuple[int, int]]:
    """The inked runs of a line: first pixel and first pixel after it."""
    out = []
    start = line.find("1")
    while start >= 0:
        end = (line + "0").find("0", start)
        out.append((start, end))
        start = line.find("1", end)
    return out
