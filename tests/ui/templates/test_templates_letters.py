"""The shop's own fonts and letters in the window: where a character is refused, in the editor, at registration, on their own page."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sealdesk.core import i18n
from sealdesk.domain.access import Actor
from sealdesk.face import codec, faces, fonts
from sealdesk.face.faces import face_from, face_of
from sealdesk.face.templates import template
from sealdesk.stages.registration.checks import check_draft
from sealdesk.stages.registration.queries import open_order
from sealdesk.stages.registration.rules import Draft, DraftSeal, SaveDraft
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.workspaces import registration
from sealdesk.workflow.letters import serve_letters, shop_letters

LONG = 20_000
RARE = "\U0003134a"
NAME = f"临江市{RARE}记餐饮有限公司"
Edit = Callable[[str], Any]


def settle(qtbot: QtBot, editor: Any) -> None:
    qtbot.waitUntil(lambda: editor.is_idle, timeout=LONG)


def svg(folder: Path, name: str = "letter.svg", body: str = '<path d="M0 0H90V100H0Z"/>') -> Path:
    path = folder / name
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>', encoding="utf-8")
    return path


def refused(qtbot: QtBot, edit: Edit) -> Any:
    editor = edit("unit.enterprise.40")
    editor.editing.set_text("name", NAME)
    qtbot.waitUntil(lambda: editor.missing.isVisible(), timeout=LONG)
    assert editor.face is None
    assert "U+3134A" in editor.findings.item(0).text()
    return editor


@pytest.fixture
def without_rare_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer that has no font of rare characters."""
    monkeypatch.setattr(fonts, "_RARE", tuple(pair for pair in fonts._RARE if not pair[0].startswith("HanaMin")))
    for kept in (fonts.system_fonts, faces._fonts):
        kept.cache_clear()
    yield
    monkeypatch.undo()
    for kept in (fonts.system_fonts, faces._fonts):
        kept.cache_clear()


@pytest.mark.usefixtures("without_rare_fonts")
def test_a_rare_character_is_refused_by_name_and_code_point_where_no_font_has_it(qtbot: QtBot, edit: Edit, shoot: Any) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.set_text("name", "临江市𠮷野餐饮管理有限公司")
    qtbot.waitUntil(lambda: editor.missing.isVisible(), timeout=LONG)
    assert "“𠮷”字（U+20BB7）" in editor.findings.item(0).text()
    assert "𠮷" in editor.missing.outline_button.text()
    assert not editor.save_button.isEnabled()
    shoot(editor, "editor-refused")


def test_an_outline_is_imported_right_at_the_refusal(
    qtbot: QtBot, edit: Edit, office: Any, press: Any, choose_path: Any, tmp_path: Path, shoot: Any
) -> None:
    editor = refused(qtbot, edit)
    shoot(editor, "templates-editor-refused")
    assert RARE in editor.missing.outline_button.text()
    press(editor.missing.outline_button)
    choose_path(svg(tmp_path, "words.svg", "<text>吉</text>"))
    qtbot.waitUntil(lambda: editor.banner.isVisible(), timeout=LONG)
    assert editor.missing.isVisible()
    press(editor.missing.outline_button)
    choose_path(svg(tmp_path))
    qtbot.waitUntil(lambda: editor.face is not None, timeout=LONG)
    assert not editor.missing.isVisible()
    assert "U+3134A" not in editor.findings.item(0).text()
    assert editor.view.hasFocus()
    assert [outline.character for outline in editor.face.spec.outlines] == [RARE]
    shoot(editor, "templates-editor-outline")


def test_a_font_file_is_added_right_at_the_refusal_and_is_there_after_a_restart(
    qtbot: QtBot, edit: Edit, office: Any, press: Any, choose_path: Any, font_file: Any
) -> None:
    editor = refused(qtbot, edit)
    press(editor.missing.font_button)
    choose_path(font_file())
    qtbot.waitUntil(lambda: editor.face is not None, timeout=LONG)
    assert [font.name for font in editor.face.spec.fonts] == ["小店体"]
    before = editor.face.drawing
    serve_letters(office.store, office.desk.bus, office.desk.attachments)  # as at the start of the program
    assert face_of(template("unit.enterprise.40"), editor.editing.edited.texts, editor.editing.edited.options()).drawing == before


def test_a_font_without_the_letter_is_added_and_says_so(qtbot: QtBot, edit: Edit, press: Any, choose_path: Any, font_file: Any) -> None:
    editor = refused(qtbot, edit)
    press(editor.missing.font_button)
    choose_path(font_file("甲乙", "别体"))
    qtbot.waitUntil(lambda: editor.banner.isVisible(), timeout=LONG)
    assert "别体" in editor.banner.sentence and RARE in editor.banner.sentence
    settle(qtbot, editor)
    assert editor.face is None and editor.missing.isVisible()


def test_a_file_that_is_no_font_is_refused_in_place(qtbot: QtBot, edit: Edit, press: Any, choose_path: Any, tmp_path: Path) -> None:
    editor = refused(qtbot, edit)
    path = tmp_path / "a.ttf"
    path.write_bytes(b"wOF2" + bytes(100))
    press(editor.missing.font_button)
    choose_path(path)
    qtbot.waitUntil(lambda: editor.banner.isVisible(), timeout=LONG)
    assert "网页字体" in editor.banner.sentence


def test_a_font_of_the_shop_is_a_typeface_of_a_template_for_good(
    qtbot: QtBot, edit: Edit, page: Any, office: Any, press: Any, font_file: Any, shoot: Any
) -> None:
    page.letters.take_in((font_file(),))
    editor = edit("unit.enterprise.40")
    qtbot.waitUntil(lambda: "小店体（本店）" in [option.words for option in editor.texts.font_field._options], timeout=LONG)
    (font,) = [shop.font for shop in office.desk.tell(shop_letters).fonts]
    editor.editing.set_text("name", "临江市青禾餐饮有限公司")
    editor.editing.set_font(font)
    settle(qtbot, editor)
    squares = {part.text: len(part.contours) for part in editor.face.drawing.parts if part.kind == "text"}
    assert (squares["临"], squares["青"] > 1) == (1, True)
    shoot(editor, "templates-editor-own-font")
    editor.title_line.setText("本店体圆章")
    press(editor.save_button)
    qtbot.waitUntil(lambda: "local.own.1@1" in office.lines(), timeout=LONG)
    made = office.lines()["local.own.1@1"].template
    drawn = face_of(made, {"name": "临江市青禾餐饮有限公司"})
    assert [(one.name, one.role) for one in drawn.spec.fonts] == [("小店体", "song")]
    page.show_letters()
    qtbot.waitUntil(lambda: bool(page.letters.letters.fonts), timeout=LONG)
    shoot(page, "templates-letters")
    retire = next(button for button in page.letters.findChildren(QPushButton) if button.text() == "停用" and button.isVisible())
    press(retire)
    qtbot.waitUntil(lambda: page.letters.letters.fonts[0].retired, timeout=LONG)
    qtbot.waitUntil(lambda: "小店体（本店）" not in [option.words for option in editor.texts.font_field._options], timeout=LONG)
    assert face_of(made, {"name": "临江市青禾餐饮有限公司"}).drawing.parts == drawn.drawing.parts
    assert face_from(codec.plain(drawn.spec)).drawing == drawn.drawing
    editor = edit("local.own.1@1")
    settle(qtbot, editor)
    assert editor.face is not None
    editor.editing.set_font("kai")
    settle(qtbot, editor)
    assert editor.face.spec.fonts == ()


def test_the_page_of_letters_says_what_would_stand_there(qtbot: QtBot, page: Any, shoot: Any) -> None:
    page.show_letters()
    words = {label.text() for label in page.letters.findChildren(QLabel) if label.isVisible()}
    assert {"还没有本店字体", "还没有单字轮廓"} <= words
    shoot(page, "templates-letters-empty")


def test_nobody_adds_letters_without_the_permission(qtbot: QtBot, office: Any) -> None:
    clerk = office.desk.signed_in(Actor("clerk", "何小满", frozenset({"registration.edit", "registration.submit"})))
    window = MainWindow(clerk, (registration.SPEC,))
    qtbot.addWidget(window)
    face: Any = window.stack.currentWidget().face  # type: ignore[union-attr]
    for button in (face.missing.font_button, face.missing.outline_button):
        assert not button.isEnabled() and button.toolTip()


def test_registration_offers_the_ways_out_and_the_order_takes_the_letter(
    qtbot: QtBot, office: Any, press: Any, choose_path: Any, tmp_path: Path, shoot: Any
) -> None:
    i18n.use_language("zh_CN")
    window = MainWindow(office.desk, (registration.SPEC,))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    page: Any = window.stack.currentWidget()
    seal = DraftSeal("seal-1", "01", "unit.enterprise.40", MappingProxyType({"name": NAME}), "seal.photosensitive")
    office.desk.do(SaveDraft("order-1", Draft(seals=(seal,))))
    page.open("order-1")
    qtbot.waitUntil(lambda: page.face.missing.isVisible(), timeout=LONG)
    qtbot.waitUntil(lambda: any("U+3134A" in sentence for sentence in page.face.findings), timeout=LONG)
    shoot(page, "registration-refused")
    press(page.face.missing.outline_button)
    choose_path(svg(tmp_path))
    qtbot.waitUntil(lambda: page.face.canvas.drawing is not None and not page.face.missing.isVisible(), timeout=LONG)
    order = office.desk.tell(lambda session: open_order(session, "order-1"))
    checked = check_draft(order.draft, (), office.desk.clock.now().date())
    spec = checked.faces["seal-1"].spec
    assert [outline.character for outline in spec.outlines] == [RARE]
    assert face_from(codec.plain(spec)).drawing == page.face.canvas.drawing


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.use_language("zh_CN")


def test_the_proof_sheet_of_a_draft_carries_its_order(
    qtbot: QtBot, office: Any, press: Any, choose_path: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("sealdesk.ui.saving.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile()))
    window = MainWindow(office.desk, (registration.SPEC,))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    page: Any = window.stack.currentWidget()
    assert not page.face.proof_button.isEnabled()
    seal = DraftSeal("seal-1", "01", "unit.enterprise.40", MappingProxyType({"name": "临江市青禾餐饮有限公司"}), "seal.photosensitive")
    office.desk.do(SaveDraft("order-1", Draft(seals=(seal,))))
    page.open("order-1")
    qtbot.waitUntil(page.face.proof_button.isEnabled, timeout=LONG)
    press(page.face.proof_button)
    target = tmp_path / "proof.pdf"
    choose_path(target)
    qtbot.waitUntil(lambda: opened == [str(target)], timeout=LONG)
    picture = subprocess.run(["pdftoppm", "-png", "-r", "150", str(target)], capture_output=True, check=True).stdout
    number = office.desk.tell(lambda session: open_order(session, "order-1")).number
    assert number
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))] == [number]
