"""The shop's own fonts and outlines as commands: kept, offered, retired, refused with a reason, and told in the trail."""

from __future__ import annotations

import dataclasses

import pytest

from sealdesk.core.errors import PermissionDeniedError, ProblemsError
from sealdesk.domain.access import Actor
from sealdesk.face import stp
from sealdesk.face.fonts import ForeignFontError
from sealdesk.face.specification import FaceFont
from sealdesk.face.svgpath import PathDataError
from sealdesk.face.templates import template
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
from sealdesk.workflow.letters import font_key, shop_letters
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
