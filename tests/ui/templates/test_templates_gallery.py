"""The gallery of templates: filtered, chosen, taken in, given out, by hand as a shop does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sealdesk.face import stp
from sealdesk.stages.templates.rules import ImportTemplate, Standing

LONG = 20_000
Press = Callable[[Any], None]


def titles(page: Any) -> list[str]:
    return [line.title for line in page.gallery.lines()]


def drawn(page: Any) -> bool:
    return bool(page.gallery.pictures.is_idle and page.detail.is_idle)


def test_gallery_shows_every_template_with_its_picture(qtbot: QtBot, page: Any, office: Any, shoot: Any) -> None:
    qtbot.waitUntil(lambda: drawn(page), timeout=60_000)
    assert page.gallery.count() == len(office.lines())
    shoot(page, "templates-gallery")


def test_filters_narrow_by_standing_type_and_words(qtbot: QtBot, page: Any) -> None:
    page.filters.pages.setCurrentIndex(2)
    assert {line.standing for line in page.gallery.lines()} == {Standing.OPTIONAL}
    page.filters.pages.setCurrentIndex(0)
    page.filters.kind.setCurrentIndex(page.filters.kind.findData("02"))
    assert {line.template.seal_type for line in page.gallery.lines()} == {"02"}
    QTest.keyClicks(page.filters.search, "45")
    QTest.keyClick(page.filters.search, Qt.Key.Key_Return)
    assert [line.name for line in page.gallery.lines()] == ["finance.45x30"]
    page.filters.search.setText("没有这样的模板")
    QTest.keyClick(page.filters.search, Qt.Key.Key_Return)
    assert page.gallery.count() == 0
    qtbot.waitUntil(lambda: page._empty.isVisible())


def test_an_optional_template_is_chosen_and_taken_out_again(qtbot: QtBot, page: Any, office: Any, press: Press) -> None:
    page.gallery.go_to("union.42")
    assert not page.detail.take_out_button.isEnabled()
    press(page.detail.choose_button)
    qtbot.waitUntil(lambda: office.lines()["union.42"].standing is Standing.CHOSEN, timeout=LONG)
    qtbot.waitUntil(lambda: page.detail.take_out_button.isEnabled(), timeout=LONG)
    assert not page.detail.choose_button.isEnabled()
    press(page.detail.take_out_button)
    qtbot.waitUntil(lambda: office.lines()["union.42"].standing is Standing.OPTIONAL, timeout=LONG)


def test_several_are_chosen_at_once(qtbot: QtBot, page: Any, office: Any, press: Press, shoot: Any) -> None:
    page.gallery.clearSelection()
    for row, line in enumerate(page.gallery.lines()):
        page.gallery.item(row).setSelected(line.name in ("union.42", "party.42", "contract.40"))
    assert page.detail.choose_button.text() == "选入 2 个"
    assert not page.detail.edit_button.isVisible()
    shoot(page, "templates-several")
    press(page.detail.choose_button)
    qtbot.waitUntil(lambda: {office.lines()[name].standing for name in ("union.42", "party.42")} == {Standing.CHOSEN}, timeout=LONG)


def test_a_mandatory_template_says_why_nothing_can_be_done(page: Any) -> None:
    page.gallery.go_to("contract.40")
    for button in (page.detail.choose_button, page.detail.take_out_button):
        assert not button.isEnabled()
        assert button.toolTip() == "强制发布的模板始终可用。"


def test_files_are_taken_in_and_the_bad_one_says_what_is_wrong(
    qtbot: QtBot, page: Any, office: Any, tmp_path: Path, press: Press, choose_path: Any, shoot: Any
) -> None:
    good, bad = tmp_path / "圆章.stp", tmp_path / "坏的.stp"
    good.write_bytes(office.file())
    bad.write_bytes(
        office.file().replace(b'"format":"sealdesk-template"', b'"format":"else"').replace(b'"seal_type":"01"', b'"seal_type":"77"')
    )
    press(page.import_button)
    choose_path(good)
    qtbot.waitUntil(lambda: "local.shop.round@1" in office.lines(), timeout=LONG)
    qtbot.waitUntil(lambda: [line.name for line in page.gallery.selected()] == ["local.shop.round@1"], timeout=LONG)
    assert page.detail.retire_button.isVisible()
    page.take_in((bad,))
    qtbot.waitUntil(lambda: page.banner.isVisible(), timeout=LONG)
    assert page.banner.sentence == "“坏的.stp”无法导入。"
    qtbot.waitUntil(lambda: drawn(page), timeout=60_000)
    shoot(page, "templates-import-refused")
    assert len(office.lines()) == len([line for line in office.lines().values() if not line.file]) + 1


def test_a_file_that_is_not_there_is_told_in_place(qtbot: QtBot, page: Any, tmp_path: Path) -> None:
    page.take_in((tmp_path / "nowhere.stp",))
    qtbot.waitUntil(lambda: page.banner.isVisible(), timeout=LONG)
    assert "nowhere.stp" in page.banner.sentence


def test_an_own_template_is_retired_and_offered_again(qtbot: QtBot, page: Any, office: Any, press: Press) -> None:
    office.desk.do(ImportTemplate("a.stp", office.file()))
    qtbot.waitUntil(lambda: "本店圆章" in titles(page), timeout=LONG)
    page.gallery.go_to("local.shop.round@1")
    press(page.detail.retire_button)
    qtbot.waitUntil(lambda: page.detail.restore_button.isVisible(), timeout=LONG)
    assert office.lines()["local.shop.round@1"].standing is Standing.RETIRED
    press(page.detail.restore_button)
    qtbot.waitUntil(lambda: page.detail.retire_button.isVisible(), timeout=LONG)


def test_an_exported_template_comes_back_as_it_went(
    qtbot: QtBot, page: Any, office: Any, tmp_path: Path, press: Press, choose_path: Any
) -> None:
    office.desk.do(ImportTemplate("a.stp", office.file()))
    qtbot.waitUntil(lambda: "本店圆章" in titles(page), timeout=LONG)
    for name, target in (("local.shop.round@1", tmp_path / "own.stp"), ("person.square.20", tmp_path / "system.stp")):
        page.gallery.go_to(name)
        press(page.detail.export_button)
        choose_path(target)
        qtbot.waitUntil(target.exists, timeout=LONG)
    qtbot.waitUntil(lambda: (tmp_path / "system.stp").stat().st_size > 0, timeout=LONG)
    assert (tmp_path / "own.stp").read_bytes() == office.file()
    assert stp.read((tmp_path / "system.stp").read_bytes()).name == "person.square.20"


def test_enter_opens_the_editor_and_back_returns(qtbot: QtBot, page: Any, press: Press) -> None:
    page.gallery.go_to("contract.40")
    page.gallery.setFocus()
    QTest.keyClick(page.gallery, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.editor.isVisible() and page.editor.face is not None, timeout=LONG)
    press(page.editor.back_button)
    assert page.gallery.isVisible()
    assert [line.name for line in page.gallery.selected()] == ["contract.40"]
