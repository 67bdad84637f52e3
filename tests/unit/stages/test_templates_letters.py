"""The shop's own fonts and outlines as commands: kept, offered, retired, refused with a reason, and told in the trail."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from types import MappingProxyType
from uuid import uuid4

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from sealdesk.core.errors import PermissionDeniedError, ProblemsError
from sealdesk.domain.access import Actor
from sealdesk.face import faces, fonts, letters, stp
from sealdesk.face.fontfiles import examine
from sealdesk.face.fonts import ForeignFontError, MissingGlyphError
from sealdesk.face.specification import FaceFont
from sealdesk.face.svgpath import PathDataError
from sealdesk.face.templates import template
from sealdesk.models.attachments import AttachmentStore
from sealdesk.stages.production.artwork import artwork
from sealdesk.stages.registration.rules import DraftSeal
from sealdesk.stages.templates.files import Edited, saved
from sealdesk.stages.templates.rules import (
    AddFont,
    FontRetiredError,
    ImportOutline,
    ImportTemplate,
    OneCharacterError,
    RemoveOutline,
    RestoreFont,
    RetireFont,
    SameFontError,
)
from sealdesk.workflow.letters import font_key, serve_letters, shop_letters
from sealdesk.workflow.uow import MissingError

DIGEST = "5a" * 32
SONG = AddFont("小店体.ttf", DIGEST, 0, "小店体", 7000)
KEY = font_key(DIGEST, 0)
SQUARE = "M0 0H9V9H0Z"


def refuse(counter, command: object, error: type[Exception], actor: Actor | None = None):
    before = counter.ask(shop_letters)
    with counter.refused(error) as refused:
        counter.do(command, actor)
    assert counter.ask(shop_letters) == before
    return refused.value


def test_a_font_is_offered_until_it_is_retired_and_stays_known(counter):
    assert counter.do(SONG) == KEY
    counter.do(dataclasses.replace(SONG, index=1, name="小店体 粗"))
    assert [shop.font.name for shop in counter.ask(shop_letters).offered] == ["小店体", "小店体 粗"]
    counter.do(RetireFont(KEY))
    known = counter.ask(shop_letters)
    assert [shop.font.index for shop in known.offered] == [1]
    assert len(known.fonts) == 2
    counter.do(RestoreFont(KEY))
    assert len(counter.ask(shop_letters).offered) == 2


def test_a_retired_font_that_is_added_again_is_offered_again(counter):
    counter.do(SONG)
    counter.do(RetireFont(KEY))
    counter.do(SONG)
    assert len(counter.ask(shop_letters).offered) == 1


def test_what_is_so_already_or_not_there_is_refused(counter):
    refuse(counter, RetireFont(KEY), MissingError)
    counter.do(SONG)
    refuse(counter, SONG, SameFontError)
    refuse(counter, RestoreFont(KEY), FontRetiredError)
    refuse(counter, RemoveOutline("吉"), MissingError)


def test_an_outline_is_kept_replaced_and_removed(counter):
    counter.do(ImportOutline("𠮷", "a.svg", SQUARE))
    counter.do(ImportOutline("吉\U000e0101", "b.svg", SQUARE))
    counter.do(ImportOutline("𠮷", "c.svg", "M0 0H9V9Z"))
    assert {one.character: one.file_name for one in counter.ask(shop_letters).outlines} == {"𠮷": "c.svg", "吉\U000e0101": "b.svg"}
    counter.do(RemoveOutline("𠮷"))
    assert [one.character for one in counter.ask(shop_letters).outlines] == ["吉\U000e0101"]


@pytest.mark.parametrize(
    ("character", "outline", "error"),
    [
        ("", SQUARE, OneCharacterError),
        (" ", SQUARE, OneCharacterError),
        ("吉吉", SQUARE, OneCharacterError),
        ("𠮷", "", PathDataError),
        ("𠮷", "L1 2", PathDataError),
        ("𠮷", "M0 0H9V9Z" * 20_000, ProblemsError),
        ("\x07", SQUARE, ProblemsError),
    ],
)
def test_what_is_no_outline_of_one_character_is_refused(counter, character, outline, error):
    refuse(counter, ImportOutline(character, "a.svg", outline), error)


def test_a_template_that_names_a_font_of_another_shop_is_refused_until_the_font_is_here(counter):
    base = template("unit.enterprise.40")
    file = stp.write(saved(base, "", Edited(base.examples(), {}, typeface=FaceFont(DIGEST, 0, "小店体")), "shop.round", "圆章"))
    assert refuse(counter, ImportTemplate("a.stp", file), ForeignFontError).name == "小店体"
    counter.do(SONG)
    assert counter.do(ImportTemplate("a.stp", file)) == "local.shop.round@1"


@pytest.mark.parametrize(
    "command",
    [SONG, RetireFont(KEY), RestoreFont(KEY), ImportOutline("𠮷", "a.svg", SQUARE), RemoveOutline("𠮷")],
    ids=lambda command: type(command).__name__,
)
def test_nobody_changes_letters_without_the_permission(counter, command):
    refuse(counter, command, PermissionDeniedError, Actor("clerk", "何小满", frozenset({"registration.edit"})))


# ---- on the way to the engraver


@pytest.fixture
def shop(counter, tmp_path) -> Iterator[AttachmentStore]:
    """The shop's letters as the program serves them; afterwards there are none."""
    attachments = AttachmentStore(tmp_path / "attachments", bytes(range(32)))
    counter.lane.call(lambda: serve_letters(counter.store, counter.bus, attachments))
    yield attachments
    letters.know(letters.ShopLetters())
    fonts.take_shops_files_from(lambda _digest: None)


def squares(characters: str) -> bytes:
    """A font whose letters are all squares."""
    glyphs = [".notdef", *(f"g{ord(c):x}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(c): f"g{ord(c):x}" for c in characters})
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "小店体", "styleName": "Regular", "fullName": "小店体"})
    builder.setupOS2()
    builder.setupPost()
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def test_a_seal_keeps_its_letters_from_registration_to_every_file_whatever_the_shop_offers_later(counter, shop):
    rare, drawn = "\U0003134a", "\U00031349"
    content = squares(rare)
    (facts,) = examine("小店体.ttf", content)
    key = counter.do(AddFont("小店体.ttf", shop.put(content), 0, facts.font.name, 1))
    counter.do(ImportOutline(drawn, "a.svg", SQUARE))
    fields = {"name": f"临江市{rare}{drawn}餐饮有限公司"}
    order_id = counter.accepted(DraftSeal(str(uuid4()), "04", "contract.40", MappingProxyType(fields), "seal.photosensitive"))
    spec = counter.row(counter.seal_of(order_id), "face_spec")
    assert [font["name"] for font in spec["fonts"]] == ["小店体"]
    assert [outline["character"] for outline in spec["outlines"]] == [drawn]

    def files() -> dict[str, bytes]:
        return dict(artwork(spec, "laser_rubber", ("svg", "pdf", "dxf", "plt", "png", "upd"), None, "face", "").files)

    before = files()
    counter.do(RetireFont(key))
    counter.do(RemoveOutline(drawn))
    faces._cached.cache_clear()
    counter.lane.call(lambda: serve_letters(counter.store, counter.bus, shop))  # as after a start of the program
    assert files() == before
    with pytest.raises(MissingGlyphError):
        faces.face_of(template("contract.40"), fields)
