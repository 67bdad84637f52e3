"""The entrance with a real desk, platform and software keys: the first run by hand, then signing in, with every refusal at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sealdesk.cli.demo.world import KEY_READER
from sealdesk.stages.administration.queries import users
from sealdesk.ui.app import Course
from sealdesk.ui.entrance import Entrance
from sealdesk.ui.first_run import FirstRunPage
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.opening import Opened
from sealdesk.ui.sign_in import SignInPage
from sealdesk.ui.workspaces import administration

OTHER_READER = "软件读卡器 2"
Shoot = Callable[[QWidget, str], None]


@pytest.fixture
def enter(qtbot: QtBot) -> Iterator[Callable[[Any], Course]]:
    """Opens the window on a place whose program runs already."""
    courses: list[Course] = []

    def opened(place: Any) -> Course:
        program = place.program

        def work(_task: Any, _ask: Any) -> Opened:
            return Opened(Entrance(program.desk, program.office, program.keep_token), program.desk.signed_in, (administration.SPEC,))

        course = Course(work)
        courses.append(course)
        qtbot.addWidget(course.opening)
        course.opening.show()
        qtbot.waitUntil(lambda: isinstance(course.opening.page, SignInPage | FirstRunPage), timeout=20_000)
        return course

    yield opened
    for course in courses:
        course.opening.close()
        course.opening.end()
        if course.main is not None:
            qtbot.addWidget(course.main)
            course.main.close()


def put(field: Any, value: str) -> None:
    field.line.setText(value)
    field.line.textEdited.emit(value)


def fill(page: Any, world: Any, *, password: str | None = None, pin: str | None = None, user: str | None = None) -> None:
    put(page.user_name, world.user if user is None else user)
    put(page.password, world.password if password is None else password)
    page.pin.pin_edit.setText(world.key_pin if pin is None else pin)


def ended(qtbot: QtBot, page: Any) -> None:
    qtbot.waitUntil(page.button.isEnabled, timeout=20_000)


# ---- the first run


def test_first_run_leads_from_the_address_to_the_main_window(
    qtbot: QtBot, place: Any, enter: Callable[[Any], Course], shoot: Shoot
) -> None:
    world = place.world
    course = enter(place)
    page: Any = course.opening.page
    put(page.url, world.address)
    page.fetch()
    qtbot.waitUntil(lambda: page.pages.currentIndex() == 1, timeout=20_000)
    digits = "".join(character for character in page.fingerprint.text() if character.isalnum()).lower()
    assert digits == world.root_fingerprint.lower()
    shoot(course.opening, "opening-fingerprint")
    assert not page.go_on_button.isEnabled()
    page.compared.setChecked(True)
    page.go_on_button.click()
    put(page.display_name, world.display_name)
    put(page.user_name, world.user)
    put(page.password, world.password)
    put(page.password_again, world.password)
    page.pin.pin_edit.setText(world.key_pin)
    shoot(course.opening, "opening-first-user")
    page.submit()
    qtbot.waitUntil(lambda: course.main is not None, timeout=30_000)
    assert isinstance(course.main, MainWindow)
    assert course.main.isVisible()
    first = place.desk.tell(users)[0]
    assert (first.name, first.shop_name, first.role) == (world.user, world.user, "senior_administrator")
    assert len(first.keys) == 1


def test_first_run_tells_an_address_where_nobody_answers(qtbot: QtBot, place: Any, enter: Callable[[Any], Course]) -> None:
    page: Any = enter(place).opening.page
    put(page.url, "http://127.0.0.1:9")
    page.fetch()
    qtbot.waitUntil(page.banner.isVisible, timeout=20_000)
    assert page.banner.sentence
    assert page.pages.currentIndex() == 0


def test_first_run_with_a_wrong_pin_enrols_nobody(qtbot: QtBot, place: Any, enter: Callable[[Any], Course]) -> None:
    world = place.world
    page: Any = enter(place).opening.page
    put(page.url, world.address)
    page.fetch()
    qtbot.waitUntil(lambda: page.pages.currentIndex() == 1, timeout=20_000)
    page.compared.setChecked(True)
    page.go_on_button.click()
    for field, value in ((page.display_name, "李师傅"), (page.user_name, world.user), (page.password, world.password)):
        put(field, value)
    put(page.password_again, world.password)
    page.pin.pin_edit.setText("000000")
    page.submit()
    qtbot.waitUntil(lambda: page.pin.problem is not None, timeout=20_000)
    assert place.desk.tell(users) == ()


# ---- signing in


@pytest.fixture
def at_the_door(office: tuple[Any, Any], enter: Callable[[Any], Course]) -> tuple[Any, Course, Any]:
    place, _desk = office
    course = enter(place)
    return place, course, course.opening.page


def test_right_name_password_key_and_pin_open_the_main_window(qtbot: QtBot, at_the_door: tuple[Any, Course, Any]) -> None:
    place, course, page = at_the_door
    fill(page, place.world)
    page.submit()
    qtbot.waitUntil(lambda: course.main is not None, timeout=20_000)
    assert not course.opening.isVisible()
    assert place.desk.tell(users)[0].last_seen_at is not None


def test_wrong_password_stands_at_the_password_and_spends_no_try(qtbot: QtBot, at_the_door: tuple[Any, Course, Any]) -> None:
    place, course, page = at_the_door
    qtbot.waitUntil(lambda: bool(page.pin.editor.accessibleDescription()), timeout=10_000)
    before = page.pin.editor.accessibleDescription()
    fill(page, place.world, password="not this one")
    page.submit()
    ended(qtbot, page)
    assert str(page.password.problem) == "用户名、加盟商名或密码不正确。"
    qtbot.waitUntil(lambda: page.pin.editor.accessibleDescription() == before, timeout=10_000)
    assert course.main is None


def test_wrong_pin_stands_at_the_pin_with_the_tries_left(qtbot: QtBot, at_the_door: tuple[Any, Course, Any], shoot: Shoot) -> None:
    place, course, page = at_the_door
    fill(page, place.world, pin="999999")
    page.submit()
    ended(qtbot, page)
    assert page.pin.problem is not None
    status = place.desk.devices.with_key(KEY_READER, lambda key, _task: key.pin_status()).result(10)
    assert status.tries_left == status.tries_max - 1
    assert str(status.tries_left) in str(page.pin.problem)
    shoot(course.opening, "opening-wrong-pin")
    fill(page, place.world)
    page.submit()
    qtbot.waitUntil(lambda: course.main is not None, timeout=20_000)


def test_no_key_is_said_beside_the_form(qtbot: QtBot, at_the_door: tuple[Any, Course, Any]) -> None:
    place, course, page = at_the_door
    place.program.software.unplug(KEY_READER)
    qtbot.waitUntil(lambda: page.keys.reader == "", timeout=10_000)
    assert page.keys.sentence == "请插入您的 USB Key。"
    fill(page, place.world)
    page.submit()
    ended(qtbot, page)
    assert page.keys.sentence == "没有插入 USB Key。"
    assert course.main is None


def test_two_keys_are_told_and_the_chosen_one_opens(qtbot: QtBot, at_the_door: tuple[Any, Course, Any], shoot: Shoot) -> None:
    place, course, page = at_the_door
    place.program.software.insert(OTHER_READER, place.other_key("陈师傅"))
    qtbot.waitUntil(lambda: len(page.keys.choices()) == 2, timeout=10_000)
    qtbot.waitUntil(lambda: page.keys.reader in ("", KEY_READER))
    if page.keys.reader == "":
        fill(page, place.world)
        page.submit()
        ended(qtbot, page)
        assert "2 个 USB Key" in page.keys.sentence
    shoot(course.opening, "opening-two-keys")
    next(choice for choice in page.keys.choices() if "陈师傅" not in choice.text()).click()
    fill(page, place.world)
    page.submit()
    qtbot.waitUntil(lambda: course.main is not None, timeout=20_000)


def test_key_of_nobody_here_is_refused_before_its_pin_is_tried(qtbot: QtBot, at_the_door: tuple[Any, Course, Any]) -> None:
    place, course, page = at_the_door
    place.program.software.unplug(KEY_READER)
    place.program.software.insert(OTHER_READER, place.other_key("陈师傅"))
    qtbot.waitUntil(lambda: page.keys.reader == OTHER_READER, timeout=10_000)
    fill(page, place.world, pin="999999")
    page.submit()
    ended(qtbot, page)
    assert page.keys.sentence == "这个 USB Key（陈师傅）没有绑定到本机的任何用户。"
    status = place.desk.devices.with_key(OTHER_READER, lambda key, _task: key.pin_status()).result(10)
    assert status.tries_left == status.tries_max
    assert course.main is None
