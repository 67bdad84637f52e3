"""The editor of faces: live, by keys and by hand, every step undone and done again, and what comes out of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sealdesk.face.faces import face_of
from sealdesk.stages.templates.rules import ImportTemplate
from sealdesk.ui.workspaces.templates.editing import Editing

LONG = 20_000
Edit = Callable[[str], Any]
LONG_NAME = "新疆维吾尔自治区乌鲁木齐高新技术产业开发区丝路云帆国际文化艺术传播股份有限公司"


def settle(qtbot: QtBot, editor: Any) -> None:
    qtbot.waitUntil(lambda: editor.is_idle, timeout=LONG)


def value(editor: Any, name: str) -> float:
    return float(editor.editing.value(name))


def press_undo(editor: Any, widget: Any) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


# ---- keys and figures


def test_arrow_keys_on_the_face_move_the_chosen_figure_by_a_twentieth(qtbot: QtBot, edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    editor.figures.choose("mark")
    editor.view.setFocus()
    QTest.keyClick(editor.view, Qt.Key.Key_Up)
    QTest.keyClick(editor.view, Qt.Key.Key_Right)
    assert value(editor, "mark") == 14.1
    QTest.keyClick(editor.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert value(editor, "mark") == 13.6
    settle(qtbot, editor)
    assert editor.face.spec.marks[0].diameter_mm == 13.6
    assert editor.figures.rows["mark"].spin.value() == 13.6


def test_angles_move_by_half_a_degree(edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    row = editor.figures.rows["name_span"]
    row.spin.setFocus()
    QTest.keyClick(row.spin, Qt.Key.Key_Down)
    assert value(editor, "name_span") == 259.5
    assert editor.figures.current == "name_span"


def test_a_figure_stops_at_its_bounds(edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    bound = editor.editing.figure("ring").high
    editor.figures.choose("ring")
    for _ in range(8):
        QTest.keyClick(editor.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert value(editor, "ring") == bound


def test_dragging_moves_the_figure_and_is_one_step(qtbot: QtBot, edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    editor.figures.choose("mark")
    view = editor.view
    middle = QPoint(view.width() // 2, view.height() // 2)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    for step in range(1, 5):
        QTest.mouseMove(view, middle - QPoint(0, round(step * view.pixels_per_mm() / 4)))
        qtbot.wait(5)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert value(editor, "mark") == pytest.approx(15.0, abs=0.051)
    assert editor.editing.stack.count() == 1
    press_undo(editor, view)
    assert value(editor, "mark") == 14.0


def test_every_figure_stands_beside_its_bounds_and_its_source(edit: Edit) -> None:
    editor = edit("invoice.40x30")
    assert len(editor.figures.rows) == 16
    for row in editor.figures.rows.values():
        bounds, _, source = row.source.text().partition(" · ")
        assert source
        assert "至" in bounds or (bounds == "固定值" and row.spin.isReadOnly())


def test_reset_goes_back_to_the_rule(qtbot: QtBot, edit: Edit, press: Any) -> None:
    editor = edit("unit.enterprise.40")
    row = editor.figures.rows["mark"]
    assert not row.reset_button.isVisible()
    editor.editing.nudge("mark", 3)
    editor.editing.nudge("ring", 1)
    assert row.reset_button.isVisible()
    row.reset_button.click()
    assert value(editor, "mark") == 14.0
    press(editor.reset_button)
    assert not editor.editing.edited.figures
    assert not editor.reset_button.isEnabled()


# ---- undo and redo


def test_every_kind_of_step_is_undone_and_done_again(qtbot: QtBot, edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    editing = editor.editing
    states = [editing.edited]
    for step in (
        lambda: editing.nudge("mark", 1),
        lambda: editing.set_text("name", "临江市青禾餐饮管理有限公司"),
        lambda: editing.set_font("kai"),
        lambda: editing.set_emblem("M0 0L9 0L9 9Z"),
        editing.reset_figures,
    ):
        step()
        states.append(editing.edited)
    assert len({str(state) for state in states}) == 6
    editor.view.setFocus()
    for state in reversed(states[:-1]):
        press_undo(editor, editor.view)
        assert editing.edited == state
    assert not editor.undo_button.isEnabled()
    assert not editing.is_changed
    for state in states[1:]:
        QTest.keyClick(editor.view, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert editing.edited == state
    assert not editor.redo_button.isEnabled()
    settle(qtbot, editor)
    assert editor.face.spec.marks[0].outline == "M0 0L9 0L9 9Z"


def test_typing_a_word_is_one_step_also_for_keys_inside_the_line(qtbot: QtBot, edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    line = editor.texts.fields["name"].line
    before = line.text()
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "abc")
    assert editor.editing.edited.texts["name"] == "abc"
    assert editor.editing.stack.count() == 1
    press_undo(editor, line)
    assert line.text() == before
    assert editor.editing.edited.texts["name"] == before


def test_undo_keys_in_a_figure_undo_the_whole(edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.set_text("name", "临江市青禾餐饮管理有限公司")
    spin = editor.figures.rows["mark"].spin
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "12.5")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert value(editor, "mark") == 12.5
    press_undo(editor, spin)
    assert value(editor, "mark") == 14.0
    press_undo(editor, spin)
    assert not editor.editing.is_changed


def test_changes_that_were_not_saved_are_there_again(edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.nudge("mark", 2)
    edit("contract.40")
    assert not editor.banner.isVisible()
    edit("unit.enterprise.40")
    assert value(editor, "mark") == 14.1
    assert editor.banner.isVisible()
    editor.editing.stack.undo()
    assert value(editor, "mark") == 14.0


def test_a_step_that_changes_nothing_is_none(edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.reset_figures()
    editor.editing.set_figure("mark", 14.0)
    editor.editing.set_font("")
    assert editor.editing.stack.count() == 0


def test_opening_another_template_begins_a_new_history(edit: Edit) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.nudge("mark", 1)
    edit("contract.40")
    assert isinstance(editor.editing, Editing)
    assert editor.editing.stack.count() == 0
    assert not editor.undo_button.isEnabled()


# ---- live preview and findings


def test_preview_is_what_the_engine_lays_out(qtbot: QtBot, edit: Edit, office: Any, shoot: Any) -> None:
    editor = edit("contract.40")
    editor.editing.set_text("name", LONG_NAME[:40])
    settle(qtbot, editor)
    expected = face_of(office.lines()["contract.40"].template, editor.editing.edited.texts, editor.editing.edited.options())
    assert editor.view.drawing == expected.drawing
    shoot(editor, "templates-editor-long-name")


def test_a_finding_is_marked_and_jumped_to(qtbot: QtBot, edit: Edit, shoot: Any) -> None:
    editor = edit("contract.40")
    editor.editing.set_figure("mark", 24.0)
    settle(qtbot, editor)
    assert editor.findings.findings, "a star of 24 mm meets the letters"
    editor.findings.setFocus()
    QTest.keyClick(editor.findings, Qt.Key.Key_Down)
    found = editor.view.finding
    assert found in editor.findings.findings
    assert editor.view.zoom == 1.0
    shoot(editor, "templates-editor-finding")
    QTest.keyClick(editor.findings, Qt.Key.Key_Return)
    assert editor.view.zoom == 4.0
    place, middle = editor.view._at(found), editor.view._room().center()
    assert (place - middle).manhattanLength() < 1
    shoot(editor, "templates-editor-jumped")
    editor.editing.reset_figures()
    settle(qtbot, editor)
    assert editor.view.finding is None


def test_a_character_that_no_font_has_is_named_and_nothing_is_saved(qtbot: QtBot, edit: Edit, shoot: Any) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.set_text("name", "临江\ue000公司")
    settle(qtbot, editor)
    assert editor.face is None
    assert not editor.save_button.isEnabled()
    assert not editor.proof_button.isEnabled()
    assert "U+E000" in editor.findings.item(0).text()
    shoot(editor, "templates-editor-refused-character")


@pytest.mark.parametrize("name", ["invoice.40x30", "bilingual.40", "person.square.20", "state.council.60"])
def test_templates_of_every_kind_are_edited(qtbot: QtBot, edit: Edit, name: str, shoot: Any) -> None:
    editor = edit(name)
    first = next(iter(editor.figures.rows))
    editor.editing.nudge(first, 1)
    settle(qtbot, editor)
    assert editor.face is not None
    shoot(editor, f"templates-editor-{name.split('.')[0]}")


# ---- saving, proof, emblem


def test_saved_faces_become_templates_of_the_shop_in_versions(qtbot: QtBot, edit: Edit, office: Any, press: Any) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.set_figure("mark", 12.0)
    editor.title_line.setText("本店小星圆章")
    press(editor.save_button)
    qtbot.waitUntil(lambda: "local.own.1@1" in office.lines(), timeout=LONG)
    qtbot.waitUntil(lambda: not editor.editing.is_changed, timeout=LONG)
    line = office.lines()["local.own.1@1"]
    assert line.title == "本店小星圆章"
    assert line.template.build(line.template.examples()).marks[0].diameter_mm == 12.0
    editor = edit("local.own.1@1")
    assert editor.title_line.text() == "本店小星圆章"
    editor.editing.nudge("mark", 1)
    press(editor.save_button)
    qtbot.waitUntil(lambda: "local.own.1@2" in office.lines(), timeout=LONG)
    qtbot.waitUntil(lambda: not editor.editing.is_changed, timeout=LONG)
    editor.title_line.setText("另一枚")
    editor.editing.nudge("mark", 1)
    press(editor.save_button)
    qtbot.waitUntil(lambda: "local.own.2@1" in office.lines(), timeout=LONG)


def is_there(office: Any, title: str) -> bool:
    return title in {line.title for line in office.lines().values()}


def test_another_title_is_another_template_though_the_list_is_still_the_old_one(
    qtbot: QtBot, edit: Edit, office: Any, page: Any, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "_on_read", lambda _lines: None)  # no list comes any more
    for title in ("本店圆章甲", "本店圆章乙"):
        editor = edit("unit.enterprise.40")
        editor.title_line.setText(title)
        press(editor.save_button)
        qtbot.waitUntil(partial(is_there, office, title), timeout=LONG)
    own = {name: line.title for name, line in office.lines().items() if line.file}
    assert own == {"local.own.1@1": "本店圆章甲", "local.own.2@1": "本店圆章乙"}


@pytest.fixture
def held_store(office: Any) -> Iterator[threading.Event]:
    """The store does nothing until the event is set, as on a slow machine."""
    go_on = threading.Event()
    office.lanes.data.submit(lambda _task: go_on.wait(LONG / 1000))
    yield go_on
    go_on.set()


def test_what_is_changed_while_saving_is_not_taken_for_saved(
    qtbot: QtBot, edit: Edit, office: Any, press: Any, request: pytest.FixtureRequest
) -> None:
    editor = edit("unit.enterprise.40")
    editor.editing.set_figure("mark", 12.0)
    go_on = request.getfixturevalue("held_store")
    press(editor.save_button)
    editor.editing.set_figure("mark", 13.0)
    go_on.set()
    qtbot.waitUntil(lambda: "local.own.1@1" in office.lines(), timeout=LONG)
    qtbot.waitUntil(lambda: not editor.is_saving, timeout=LONG)
    assert office.lines()["local.own.1@1"].template.build({"name": "名"}).marks[0].diameter_mm == 12.0
    assert editor.editing.is_changed
    edit("contract.40")
    edit("unit.enterprise.40")
    assert value(editor, "mark") == 13.0


def test_another_template_opened_while_saving_keeps_its_changes(
    qtbot: QtBot, edit: Edit, office: Any, press: Any, request: pytest.FixtureRequest
) -> None:
    lines = office.lines()
    editor = edit("unit.enterprise.40")
    editor.editing.set_figure("mark", 12.0)
    go_on = request.getfixturevalue("held_store")
    press(editor.save_button)
    editor.open(lines["contract.40"], tuple(lines.values()))
    editor.editing.set_figure("mark", 13.0)
    go_on.set()
    qtbot.waitUntil(lambda: not editor.is_saving, timeout=LONG)
    assert editor.editing.is_changed
    edit("unit.enterprise.40")
    assert not editor.banner.isVisible(), "what was saved meanwhile does not wait to be gone on with"


def test_saving_needs_a_title(edit: Edit, office: Any, press: Any) -> None:
    editor = edit("unit.enterprise.40")
    editor.title_line.selectAll()
    QTest.keyClick(editor.title_line, Qt.Key.Key_Delete)
    assert not editor.save_button.isEnabled()
    editor.save()
    assert not [line for line in office.lines().values() if line.file]


def test_the_same_again_is_refused_in_place(qtbot: QtBot, edit: Edit, office: Any, press: Any) -> None:
    office.desk.do(ImportTemplate("a.stp", office.file("own.1", "本店圆章")))
    editor = edit("local.own.1@1")
    press(editor.save_button)
    qtbot.waitUntil(lambda: editor.banner.isVisible(), timeout=LONG)
    assert "第 1 版" in editor.banner.sentence


def test_templates_that_arrange_their_letters_by_rules_are_saved_too(qtbot: QtBot, edit: Edit, office: Any, press: Any) -> None:
    editor = edit("person.square.20")
    editor.editing.set_figure("gap", 0.8)
    editor.title_line.setText("本店名章")
    press(editor.save_button)
    qtbot.waitUntil(lambda: "local.own.1@1" in office.lines(), timeout=LONG)
    assert office.lines()["local.own.1@1"].template.build({"name": "张明远"}).grids[0].columns == ("张", "明远")


def test_proof_sheet_is_written_as_pdf(
    qtbot: QtBot, edit: Edit, tmp_path: Path, press: Any, choose_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("sealdesk.ui.saving.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile()))
    editor = edit("contract.40")
    press(editor.proof_button)
    target = tmp_path / "proof.pdf"
    choose_path(target)
    qtbot.waitUntil(lambda: opened == [str(target)], timeout=LONG)
    assert target.read_bytes().startswith(b"%PDF-")


def test_an_emblem_from_an_svg_file_takes_the_place_of_the_star(
    qtbot: QtBot, edit: Edit, tmp_path: Path, press: Any, choose_path: Any, shoot: Any
) -> None:
    good, bad = tmp_path / "emblem.svg", tmp_path / "text.svg"
    good.write_text('<svg xmlns="http://www.w3.org/2000/svg"><g><path d="m0 0 10 0 0 10z"/><polygon points="2,2 4,2 4,4"/></g></svg>')
    bad.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>徽</text></svg>')
    editor = edit("unit.enterprise.40")
    press(editor.texts.emblem_button)
    choose_path(good)
    qtbot.waitUntil(lambda: bool(editor.editing.edited.emblem), timeout=LONG)
    settle(qtbot, editor)
    assert len(editor.view.drawing.parts[1].contours) == 2
    shoot(editor, "templates-editor-emblem")
    press(editor.texts.emblem_button)
    choose_path(bad)
    qtbot.waitUntil(lambda: editor.banner.isVisible(), timeout=LONG)
    assert "text" in editor.banner.sentence
    press(editor.texts.own_emblem_button)
    assert not editor.editing.edited.emblem
