"""Fonts for the face tests: the set of this computer, and a font whose every letter is a full block (so that pictures show cells)."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from sealdesk.face.fonts import FontSet, system_fonts


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    """What this computer has."""
    return system_fonts()


@pytest.fixture(scope="session")
def narrow_fonts(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    """A set whose only font knows 国, ᠮ and A to Z, as blocks."""
    path = tmp_path_factory.mktemp("fonts") / "blocks.ttf"
    characters = [ord("国"), 0x182E, *range(ord("A"), ord("Z") + 1)]
    names = [".notdef", *(f"g{c}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({c: f"g{c}" for c in characters})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 1000), (1000, 1000), (1000, 0)):
        pen.lineTo(point)
    pen.closePath()
    block = pen.glyph()
    builder.setupGlyf(dict.fromkeys(names, block))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(str(path))
    return FontSet(dict.fromkeys(("song", "fang", "kai", "sans", "arial"), (("Blocks", Path(path)),)))
