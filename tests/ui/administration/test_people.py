"""People in the window: adding, changing, rights, passwords and keys, with every refusal at its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import ProblemsError
from sealdesk.crypto.passwords import verify_password
from sealdesk.domain.access import EVERYTHING
from sealdesk.stages.administration.passwords import hashed
from sealdesk.stages.administration.queries import credentials, key_lines, users
from sealdesk.stages.administration.rules import USERS, AddUser
from sealdesk.ui.interaction import DangerDialog
from sealdesk.ui.workspaces.administration.permission_matrix import PermissionMatrix, permissions_of_role

Opened = tuple[Any, Any]
READER = "软件读卡器 2"


@pytest.fixture
def opened(office: Any, window_of: Callable[..., Opened], qtbot: QtBot) -> tuple[Any, Any, Any]:
    """The place, the desk and the page of people, with the first user shown."""
    place, desk = office
    _window, workspace = window_of(desk)
    page = workspace.page("people")
    qtbot.waitUntil(lambda: page.form.name.value() == place.world.user)
    return place, desk, page


def fill(page: Any, name: str = "linjing", display: str = "林静", password: str = "Quiet-River-41") -> None:
    page.begin()
    for field, value in ((page.form.name, name), (page.form.display_name, display), (page.form.password, password)):
        field.line.setFocus()
        field.line.insert(value)
        field.line.textEdited.emit(value)
    page.form.again.line.setText(password)


def button(owner: QWidget, words: str) -> QPushButton | None:
    return next((made for made in owner.findChildren(QPushButton) if made.text() == words and made.isVisibleTo(owner)), None)


def test_new_person_gets_the_rights_of_the_role_and_a_hashed_password(
    qtbot: QtBot, opened: tuple[Any, Any, Any], shoot: Callable[[QWidget, str], None]
) -> None:
    _place, desk, page = opened
    shoot(page.window(), "administration-1-people")
    fill(page)
    shoot(page.window(), "administration-2-new-person")
    page.save()
    qtbot.waitUntil(lambda: page.form.name.value() == "linjing" and page.table.current_row() is not None, timeout=10_000)
    person = next(user for user in desk.tell(users) if user.name == "linjing")
    assert (person.display_name, person.shop_name, person.role, person.active) == ("林静", "linjing", "counter_clerk", True)
    assert person.permissions == permissions_of_role("counter_clerk")
    stored = desk.tell(lambda session: credentials(session, "linjing"))
    assert verify_password("Quiet-River-41", stored.password_hash)
    assert page.form.password.value() == ""
    assert not page.save_button.isEnabled()
    assert page.save_button.toolTip() == "没有修改。"


def test_weak_password_is_refused_at_its_field(qtbot: QtBot, opened: tuple[Any, Any, Any]) -> None:
    _place, desk, page = opened
    fill(page, password="linjing")
    page.save()
    qtbot.waitUntil(lambda: page.form.password.problem is not None, timeout=10_000)
    assert [user.name for user in desk.tell(users)] == ["jinggong"]
    assert page.save_button.isEnabled()


def test_passwords_that_differ_are_not_saved(qtbot: QtBot, opened: tuple[Any, Any, Any]) -> None:
    _place, desk, page = opened
    fill(page)
    page.form.again.line.setText("another")
    page.save()
    assert str(page.form.again.problem) == "两次输入的密码不一致。"
    assert len(desk.tell(users)) == 1


def test_taken_name_is_refused_at_its_field(qtbot: QtBot, opened: tuple[Any, Any, Any]) -> None:
    place, _desk, page = opened
    fill(page, name=place.world.user)
    page.save()
    qtbot.waitUntil(lambda: page.form.name.problem is not None, timeout=10_000)
    assert str(page.form.name.problem) == f"用户“{place.world.user}”已经存在。"


def test_last_administrator_cannot_be_taken_away(qtbot: QtBot, opened: tuple[Any, Any, Any], shoot: Callable[[QWidget, str], None]) -> None:
    _place, desk, page = opened
    page.form.role.set_value("technician")
    page.form.role.edited.emit()
    assert page.save_button.isEnabled()
    page.save()
    qtbot.waitUntil(page.banner.isVisible, timeout=10_000)
    assert page.banner.sentence == "至少要保留一名在用且已绑定 USB Key 的高级管理员。"
    shoot(page.window(), "administration-3-last")
    assert desk.tell(users)[0].role == "senior_administrator"
    page.revert()
    assert page.form.role.value() == "senior_administrator"


def test_typed_changes_survive_a_look_at_somebody_else(qtbot: QtBot, opened: tuple[Any, Any, Any]) -> None:
    _place, desk, page = opened
    desk.do(AddUser(str(uuid4()), "chen", "陈师傅", "", "technician", permissions_of_role("technician"), "x"))
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 2)
    page.form.display_name.line.setText("李建国")
    page.form.display_name.line.textEdited.emit("李建国")
    chen = next(user for user in desk.tell(users) if user.name == "chen")
    page.table.select(chen.id)
    assert page.form.display_name.value() == "陈师傅"
    assert not page.save_button.isEnabled()
    page.table.select(next(user for user in desk.tell(users) if user.name == "jinggong").id)
    assert page.form.display_name.value() == "李建国"
    assert page.save_button.isEnabled()
    page.save()
    qtbot.waitUntil(lambda: not page.save_button.isEnabled(), timeout=10_000)
    assert {user.display_name for user in desk.tell(users)} == {"李建国", "陈师傅"}


def test_new_password_of_a_known_person_is_set(qtbot: QtBot, opened: tuple[Any, Any, Any]) -> None:
    place, desk, page = opened
    for field in (page.form.password, page.form.again):
        field.line.setText("Another-Hill-77")
        field.line.textEdited.emit("Another-Hill-77")
    page.save()
    qtbot.waitUntil(lambda: page.form.password.value() == "", timeout=10_000)
    stored = desk.tell(lambda session: credentials(session, place.world.user))
    assert verify_password("Another-Hill-77", stored.password_hash)


# ---- keys


def test_inserted_key_shows_whose_it_is_and_is_bound(
    qtbot: QtBot, opened: tuple[Any, Any, Any], shoot: Callable[[QWidget, str], None]
) -> None:
    place, desk, page = opened
    person = str(uuid4())
    desk.do(AddUser(person, "chen", "陈师傅", "", "technician", permissions_of_role("technician"), "x"))
    place.program.software.insert(READER, place.other_key("陈师傅"))
    qtbot.waitUntil(lambda: page.table.select(person), timeout=10_000)
    binds = lambda: [made for made in page.keys.findChildren(QPushButton) if made.text() == "绑定" and made.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: len(binds()) == 2, timeout=10_000)
    shoot(page.window(), "administration-4-keys")
    bind = binds()
    taken = [made for made in bind if not made.isEnabled()]
    assert [made.toolTip() for made in taken] == ["这个 Key 已绑定给李师傅。"]
    next(made for made in bind if made.isEnabled()).click()
    qtbot.waitUntil(lambda: len(desk.tell(lambda session: key_lines(session, person))) == 1, timeout=10_000)
    line = desk.tell(lambda session: key_lines(session, person))[0]
    assert (line.serial, line.holder) == ("TEST-KEY-0002", "陈师傅")
    assert line.valid_until is not None


def test_unbinding_asks_first_and_refuses_the_last_administrator(qtbot: QtBot, opened: tuple[Any, Any, Any]) -> None:
    place, desk, page = opened
    me = desk.tell(users)[0]
    qtbot.waitUntil(lambda: button(page.keys, "解除绑定") is not None, timeout=10_000)
    away = button(page.keys, "解除绑定")
    assert away is not None
    away.click()
    dialog = next(shown for shown in QApplication.topLevelWidgets() if isinstance(shown, DangerDialog) and shown.isVisible())
    assert place.world.display_name in dialog.accessibleName()
    assert len(desk.tell(lambda session: key_lines(session, me.id))) == 1
    qtbot.mouseClick(dialog.do_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.keys.banner.isVisible, timeout=10_000)
    assert page.keys.banner.sentence == "至少要保留一名在用且已绑定 USB Key 的高级管理员。"
    assert len(desk.tell(lambda session: key_lines(session, me.id))) == 1


# ---- the matrix and the hashing


def test_matrix_gives_back_what_it_was_given(qtbot: QtBot) -> None:
    matrix = PermissionMatrix()
    qtbot.addWidget(matrix)
    for permissions in ((), (USERS.name,), permissions_of_role("technician"), (EVERYTHING,)):
        matrix.set_value(permissions)
        assert matrix.value() == tuple(sorted(permissions))
    assert not matrix.box(USERS.name).isEnabled()


def test_stage_ticks_all_of_its_permissions_and_back(qtbot: QtBot) -> None:
    matrix = PermissionMatrix()
    qtbot.addWidget(matrix)
    matrix.set_value((USERS.name,))
    assert matrix.stage_box("administration").checkState() is Qt.CheckState.PartiallyChecked
    with qtbot.waitSignal(matrix.edited):
        matrix.stage_box("administration").click()
    assert matrix.value() == ("administration.audit", "administration.settings", "administration.users")
    matrix.stage_box("administration").click()
    assert matrix.value() == ()


def test_weak_password_never_becomes_a_hash(place: Any) -> None:
    with pytest.raises(ProblemsError):
        hashed(place.desk, "12345678", "lin").result(20)
