"""Forms check while one types, put problems beside their fields, can be used by keyboard alone and are named for a screen reader."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import ProblemsError, UserError
from sealdesk.core.lanes import Job, Lane
from sealdesk.ui.parts.fields import ChoiceField, DateField, FlagField, MissingValueError, NoteField, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.picker import Choice, PickerField


class NotDigitsError(UserError):
    code = "sample.digits"
    sentence = "Only digits."
    advice = "Look at the paper."


def digits(value: str) -> None:
    if not value.isdigit():
        raise NotDigitsError(field="code")


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(columns=2)
    made.add(TextField("code", "代码", required=True, unit="mm", check=digits, hint="18 位"))
    made.add(ChoiceField("kind", "类型", (Option("a", "甲"), Option("b", "乙"))))
    made.add(DateField("day", "日期"))
    made.add(FlagField("same", "经办人", "同一人"))
    made.add(NoteField("note", "备注"), 2)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def test_values_go_in_and_come_out(form: Form) -> None:
    values = {"code": "12", "kind": "b", "day": date(2026, 3, 12), "same": True, "note": "两行\n文字"}
    form.set_values(values)
    assert form.values() == values


def test_every_editor_has_its_name(form: Form) -> None:
    names = [form.field(name).editor.accessibleName() for name in form.values()]
    assert names == ["代码，必填 mm", "类型", "日期", "经办人 同一人", "备注"]


def test_problem_comes_while_typing_and_goes_with_the_next_key(qtbot: QtBot, form: Form) -> None:
    field = form.field("code")
    qtbot.keyClicks(field.editor, "12x")
    assert field.problem is None
    qtbot.waitUntil(lambda: field.problem is not None)
    assert field.editor.accessibleDescription() == "Only digits. Look at the paper."
    assert field.editor.property("state") == "fault"
    qtbot.keyClick(field.editor, Qt.Key.Key_Backspace)
    assert field.problem is None
    assert field.editor.accessibleDescription() == "18 位"


def test_required_field_is_missed_only_when_all_is_checked(qtbot: QtBot, form: Form) -> None:
    field = form.field("code")
    field.editor.setFocus()
    form.field("note").editor.setFocus()
    assert field.problem is None
    problems = form.check()
    assert [type(problem) for problem in problems] == [MissingValueError]
    assert str(problems[0]) == "请填写“代码”。"


def test_composing_input_is_left_alone(qtbot: QtBot, form: Form) -> None:
    field = form.field("code")
    field.editor.setFocus()
    QApplication.sendEvent(field.editor, QInputMethodEvent("yin zhang", []))
    qtbot.wait(500)
    assert field.problem is None
    done = QInputMethodEvent()
    done.setCommitString("印章")
    QApplication.sendEvent(field.editor, done)
    assert field.value() == "印章"
    qtbot.waitUntil(lambda: field.problem is not None)


def test_problems_are_shown_together_and_the_first_is_gone_to(qtbot: QtBot, form: Form) -> None:
    problems = (NotDigitsError(field="unit.note"), NotDigitsError(field="unit.code"))
    assert form.show_problem(ProblemsError(problems))
    assert len(form.problems()) == 2
    qtbot.waitUntil(lambda: form.field("note").editor.hasFocus())
    assert not form.show_problem(NotDigitsError(field="nowhere"))


def test_tab_visits_every_field_in_order(qtbot: QtBot, form: Form) -> None:
    visited = []
    form.field("code").editor.setFocus()
    qtbot.waitUntil(lambda: form.field("code").editor.hasFocus())
    for _step in range(5):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QWidget)
        visited.append(focused.accessibleName().split("，")[0])
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert visited == ["代码", "类型", "日期", "经办人 同一人", "备注"]


def test_typing_settles_once_and_can_be_settled_at_once(qtbot: QtBot, form: Form) -> None:
    settled: list[int] = []
    form.settled.connect(lambda: settled.append(1))
    qtbot.keyClicks(form.field("code").editor, "12")
    assert not form.is_settled()
    form.settle()
    assert settled == [1]
    qtbot.keyClicks(form.field("code").editor, "3")
    with qtbot.waitSignal(form.settled, timeout=2000):
        pass
    assert settled == [1, 1]


def test_filling_by_program_is_not_an_edit(form: Form) -> None:
    edits: list[str] = []
    form.edited.connect(edits.append)
    form.set_values({"code": "7", "kind": "a", "note": "x", "day": date(2026, 1, 1), "same": True})
    assert edits == []


def test_two_fields_of_one_name_are_refused(form: Form) -> None:
    with pytest.raises(ValueError, match="code"):
        form.add(TextField("code", "again"))


UNITS = (Choice(1, "上海云杉信息技术有限公司", "91310101MA1FPX1234"), Choice(2, "上海云松五金厂", "91310101MA1FPX9999"))


@pytest.fixture
def picker(qtbot: QtBot, lane: Lane) -> PickerField:
    def search(words: str) -> Job[tuple[Choice, ...]]:
        return lane.submit(lambda _task: UNITS if words in ("云", "shys", "上海") else ())

    made = PickerField("unit", "单位", search)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.line.setFocus()
    qtbot.waitUntil(made.line.hasFocus)
    return made


def test_picker_finds_by_pinyin_and_enter_takes_it(qtbot: QtBot, picker: PickerField) -> None:
    qtbot.keyClicks(picker.line, "shys")
    popup = picker.line._popup
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert picker.value() == 2
    assert picker.line.text() == "上海云松五金厂"


def test_picker_forgets_the_choice_when_typed_over(qtbot: QtBot, picker: PickerField) -> None:
    picker.set_value(UNITS[0])
    assert picker.value() == 1
    with qtbot.waitSignal(picker.picked) as picked:
        qtbot.keyClicks(picker.line, "x")
    assert picked.args == [None]
    assert picker.value() is None


def test_picker_asks_nothing_for_one_character(qtbot: QtBot, picker: PickerField) -> None:
    qtbot.keyClicks(picker.line, "s")
    assert not picker.line._timer.isActive()
