"""The shop's own letters: faces that name what they are set with, and font files that mean harm."""

from __future__ import annotations

import hashlib
import io
import math
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

from sealdesk.face import codec, letters, specification
from sealdesk.face.faces import face_from, face_of
from sealdesk.face.fontfiles import LARGEST_BYTES, UnusableFontError, examine
from sealdesk.face.fonts import ForeignFontError, MissingGlyphError, open_font, take_shops_files_from
from sealdesk.face.letters import ShopLetters
from sealdesk.face.specification import FaceFont
from sealdesk.face.templates import template

RARE = "\U0003134a"
"""The last ideograph of Extension G; no font of the tests' machines has it."""
SEAL = template("unit.enterprise.40")
TEXTS = {"name": f"临江市{RARE}记餐饮有限公司"}


def font_of(characters: str, name: str = "小店体", side: int = 800) -> bytes:
    """A TrueType font whose letters are all squares."""
    glyphs = [".notdef", *(f"g{ord(c):x}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(c): f"g{ord(c):x}" for c in characters})
    pen = TTGlyphPen(None)
    if side:
        pen.moveTo((100, 0))
        for x, y in ((100, side), (100 + side, side), (100 + side, 0)):
            pen.lineTo((x, y))
        pen.closePath()
    builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "fullName": name})
    builder.setupOS2()
    builder.setupPost()
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


@pytest.fixture
def shop() -> Iterator[Callable[..., FaceFont]]:
    """Puts font files into the shop; afterwards the shop has none."""
    files: dict[str, bytes] = {}
    take_shops_files_from(files.get)

    def add(content: bytes, *, offered: bool = True) -> FaceFont:
        (facts,) = examine("a.ttf", content)
        files[facts.font.digest] = content
        if offered:
            letters.know(ShopLetters((facts.font,)))
        return facts.font

    yield add
    letters.know(ShopLetters())
    take_shops_files_from(lambda _digest: None)


def test_a_character_of_no_font_is_refused_by_name_and_code_point() -> None:
    with pytest.raises(MissingGlyphError) as refused:
        face_of(SEAL, TEXTS)
    assert (refused.value.character, refused.value.code_point) == (RARE, "U+3134A")


def test_a_font_of_the_shop_stands_in_for_what_all_others_lack_and_for_nothing_else(shop: Callable[..., FaceFont]) -> None:
    plain = face_of(SEAL, {"name": "临江市大记餐饮有限公司"})
    font = shop(font_of(RARE + "临江市"))
    face = face_of(SEAL, TEXTS)
    assert face.spec.fonts == (font,)
    shown = {part.text: part for part in face.drawing.parts if part.kind == "text"}
    assert len(shown[RARE].contours) == 1
    assert len(shown["临"].contours) > 1, "the role's own font keeps its letters"
    assert face_of(SEAL, {"name": "临江市大记餐饮有限公司"}) == plain, "a face that needs nothing names nothing"


def test_a_face_stays_the_same_when_the_shop_offers_its_font_no_more(shop: Callable[..., FaceFont]) -> None:
    shop(font_of(RARE))
    face = face_of(SEAL, TEXTS)
    stored = codec.plain(face.spec)
    letters.know(ShopLetters())
    assert face_from(stored).drawing == face.drawing
    assert specification.to_json(specification.from_value(stored)) == specification.to_json(face.spec)


def test_a_face_of_another_shops_font_is_refused_by_the_fonts_name() -> None:
    foreign = FaceFont("0" * 64, 0, "别家体", "song")
    with pytest.raises(ForeignFontError, match="别家体"):
        face_from(codec.plain(replace(SEAL.build(SEAL.examples()), fonts=(foreign,))))


def test_a_font_of_the_shop_can_be_the_typeface_and_others_fill_its_gaps(shop: Callable[..., FaceFont]) -> None:
    font = replace(shop(font_of("临江市大"), offered=False), role="song")
    spec = replace(SEAL.build({"name": "临江市大记公司"}), fonts=(font,))
    parts = {part.text: len(part.contours) for part in face_from(codec.plain(spec)).drawing.parts if part.kind == "text"}
    assert {parts[c] for c in "临江市大"} == {1}
    assert parts["记"] > 1


def test_an_outline_of_the_shop_is_drawn_and_kept_in_the_face(shop: Callable[..., FaceFont]) -> None:
    letters.know(ShopLetters(outlines={RARE: "M0 0H900V1000H0Z", "大": "M0 0H9V9Z"}))
    face = face_of(SEAL, TEXTS)
    assert [outline.character for outline in face.spec.outlines] == [RARE]
    letters.know(ShopLetters())
    assert face_from(codec.plain(face.spec)).drawing == face.drawing


# ---- files


def test_a_font_file_says_what_is_in_it() -> None:
    content = font_of("临江A1")
    (facts,) = examine("shop.ttf", content)
    assert facts.font == FaceFont(hashlib.sha256(content).hexdigest(), 0, "小店体")
    assert (facts.ideographs, facts.others) == (2, 2)


def test_every_font_of_a_collection_is_there() -> None:
    collection = TTCollection()
    collection.fonts = [TTFont(io.BytesIO(font_of("临", "甲"))), TTFont(io.BytesIO(font_of("江", "乙")))]
    stream = io.BytesIO()
    collection.save(stream)
    found = examine("two.ttc", stream.getvalue())
    assert [(facts.font.index, facts.font.name) for facts in found] == [(0, "甲"), (1, "乙")]


def _without(table: str) -> bytes:
    font = TTFont(io.BytesIO(font_of("临")))
    del font[table]
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a font file"),
        (b"%PDF-1.7 and so on", "not a font file"),
        (b"wOF2" + bytes(60), "web font"),
        (b"\x00\x01\x00\x00" + bytes(40), "outlines"),
        (b"ttcf" + struct.pack(">HHI", 1, 0, 4_000_000_000), "collection"),
        (b"ttcf\x00", "collection"),
        (b"\x00\x01\x00\x00" + bytes(LARGEST_BYTES), "64 MB"),
        (_without("glyf"), "outlines"),
        (font_of(""), "no letters"),
        (font_of("临", side=0), "empty"),
        (font_of("临", side=30_000), "impossible size"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_each_unusable_file_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnusableFontError, match=reason):
        examine("a.ttf", content)


def test_damaged_fonts_are_refused_or_used_but_nothing_else_happens() -> None:
    whole = font_of("临江市大记餐饮")
    chance = random.Random(20260312)
    for _ in range(300):
        broken = bytearray(whole[: chance.choice((len(whole), chance.randrange(12, len(whole))))])
        for _ in range(chance.randrange(1, 20)):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        try:
            examine("a.ttf", bytes(broken))
        except UnusableFontError:
            continue


def test_letters_of_a_font_of_rare_characters_alone_are_as_large_as_their_neighbours() -> None:
    both = [open_font(Path(f"/usr/share/fonts/truetype/hanazono/HanaMin{part}.ttf")) for part in "AB"]
    assert not both[1].has("国"), "it has none of the letters that the box is measured on elsewhere"
    assert both[1].metrics().face == pytest.approx(both[0].metrics().face, abs=0.04)
    rare = next(chr(code) for code in sorted(both[1].characters()) if code >= 0x20100)
    face = face_of(SEAL, {"name": f"临江市国{rare}国餐饮有限公司"})
    radii = {
        part.text: [math.hypot(x - 20, y - 20) for contour in part.contours for x, y in contour.points()]
        for part in face.drawing.parts
        if part.kind == "text"
    }
    assert max(radii[rare]) <= max(radii["国"]) + 0.2
    assert min(radii[rare]) >= min(radii["国"]) - 0.2
