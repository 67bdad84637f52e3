"""Line breaks, typefaces and codes below the papers."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from sealdesk.documents import typefaces
from sealdesk.documents.art import qr_modules
from sealdesk.documents.line_breaks import wrap
from sealdesk.documents.typefaces import GETA, Typeface, missing_characters, runs, subset, width_pt

MM = 72 / 25.4
TEXT = st.text(st.sampled_from("临江市云帆文化传播，。（）《》、ABC abc 012 3456789—-/"), max_size=80)


@settings(max_examples=60)
@given(TEXT, st.integers(12, 80))
def test_lines_fit_and_lose_nothing_but_spaces(text: str, width_mm: int) -> None:
    lines = wrap(text, width_mm, Typeface.SANS, 10)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_pt(line, Typeface.SANS, 10) <= width_mm * MM + 1e-6 for line in lines)


def test_line_does_not_begin_with_a_comma_nor_tear_a_number() -> None:
    lines = wrap("印章编码 3301060000042，请核对印文。", 30, Typeface.SANS, 10)
    assert len(lines) > 1
    assert not any(line[0] in "，。" for line in lines)
    assert any("3301060000042" in line for line in lines)


def test_word_wider_than_the_line_is_cut() -> None:
    lines = wrap("A" * 60, 20, Typeface.SANS, 10)
    assert "".join(lines) == "A" * 60 and len(lines) > 2


def test_line_breaks_of_the_text_are_kept() -> None:
    assert wrap("一\n二\n\n三", 50, Typeface.SANS, 10) == ("一", "二", "", "三")
    assert wrap("", 50, Typeface.SANS, 10) == ("",)


def test_rare_characters_come_from_another_font_and_unknown_ones_become_geta() -> None:
    pieces = runs("临𠮷江", Typeface.SERIF)
    assert [piece.text for piece in pieces] == ["临", "𠮷", "江"]
    assert pieces[0].font == pieces[2].font != pieces[1].font
    assert "".join(piece.text for piece in runs("a\nb", Typeface.SANS)) == "a b"
    assert missing_characters("临\u0378江\u0378") == "\u0378"


def test_character_without_a_glyph_is_the_printers_mark() -> None:
    assert "".join(piece.text for piece in runs("甲ꓐ\U0001f9ff乙", Typeface.SANS)).count(GETA) >= 1


def test_subset_is_a_truetype_font_of_just_the_characters_and_always_the_same() -> None:
    path = runs("印", Typeface.SERIF)[0].font
    content = subset(path, "印章")
    subset.cache_clear()
    assert subset(path, "印章") == content
    font = TTFont(io.BytesIO(content))
    assert set(font.getBestCmap()) == {ord("印"), ord("章")}
    assert "glyf" in font and "CFF " not in font
    assert font["hmtx"].metrics[font.getBestCmap()[ord("印")]][0] == 1000


def test_converted_outline_stays_close_to_the_original() -> None:
    from fontTools.pens.areaPen import AreaPen
    from fontTools.pens.boundsPen import BoundsPen

    path = runs("鹰", Typeface.SERIF)[0].font
    original, converted = TTFont(path), TTFont(io.BytesIO(subset(path, "鹰")))
    found = []
    for font in (original, converted):
        glyphs = font.getGlyphSet()
        glyph = glyphs[font.getBestCmap()[ord("鹰")]]
        area, bounds = AreaPen(glyphs), BoundsPen(glyphs)
        glyph.draw(area)
        glyph.draw(bounds)
        found.append((area.value, bounds.bounds))
    assert found[1][0] == pytest.approx(-found[0][0], rel=0.01), "the same area, running the other way round"
    assert found[1][1] == pytest.approx(found[0][1], abs=1.5)


def test_tounicode_beyond_the_basic_plane_is_utf_16() -> None:
    assert typefaces._as_utf16("<01> <20BB7>\n<02> <4E34>") == "<01> <D842DFB7>\n<02> <4E34>"


def test_qr_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        qr_modules("")
    size, dark = qr_modules("sealdesk:permit:2026000123")
    assert size in range(21, 178, 4)
    assert all(column >= 0 and column + length <= size and 0 <= row < size for column, row, length in dark)


def test_indent_is_kept() -> None:
    lines = wrap("　　兹委托本单位工作人员办理印章刻制事宜。", 40, Typeface.SERIF, 10)
    assert lines[0].startswith("　　兹") and not lines[1].startswith("　")
