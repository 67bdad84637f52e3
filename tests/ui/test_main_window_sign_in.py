"""Signing in: every refusal stands at its field, keys are told live, nothing is sent half-filled; and the first run of a workplace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import DeviceError, PlatformError, UserError
from sealdesk.domain.access import Actor
from sealdesk.domain.ports import ReaderState, TokenIdentity
from sealdesk.ui.app import sign_in_window
from sealdesk.ui.first_run import FirstRunPage, grouped
from sealdesk.ui.sign_in import SignInPage


class WrongPinError(DeviceError):
    code = "device.pin.wrong"
    sentence = "PIN 不正确，还可以试 {left} 次。"


class WrongPasswordError(UserError):
    code = "signin.password"
    sentence = "密码不正确。"


class ForeignKeyError(DeviceError):
    code = "signin.key.another"
    sentence = "这个 USB Key 属于{owner}。"


class UnknownUserError(UserError):
    code = "x"
    sentence = "没有这个用户。"


def key(reader: str, owner: str) -> ReaderState:
    return ReaderState(reader, "key", TokenIdentity(reader, "1", "生产专用章", "GM", "key"), owner)


@pytest.fixture
def entered() -> list[Actor]:
    return []


@pytest.fixture
def page(qtbot: QtBot, sign_in_service: Any, entered: list[Actor]) -> SignInPage:
    made = sign_in_window(sign_in_service, entered.append)
    assert isinstance(made, SignInPage)
    shown(qtbot, made)
    return made


def shown(qtbot: QtBot, page: QWidget) -> None:
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)


def fill(qtbot: QtBot, page: SignInPage) -> None:
    qtbot.keyClicks(page.user_name.editor, "lixm")
    qtbot.keyClicks(page.password.editor, "correct horse")
    qtbot.keyClicks(page.pin.editor, "123456")


def test_enter_in_the_pin_signs_in_with_the_user_name_as_shop(
    qtbot: QtBot, page: SignInPage, sign_in_service: Any, entered: list[Actor]
) -> None:
    fill(qtbot, page)
    assert page.shop_name.value() == "lixm"
    qtbot.keyClick(page.pin.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(entered))
    asked = sign_in_service.asked[0]
    assert (asked["user_name"], asked["password"], asked["shop_name"]) == ("lixm", "correct horse", "lixm")
    assert asked["reader"] == "ACS ACR39U 00 00"
    assert asked["pin"].reveal() == b"123456"
    assert page.password.value() == "" and page.pin.value() == ""


def test_shop_name_that_was_typed_is_kept(qtbot: QtBot, page: SignInPage) -> None:
    qtbot.keyClicks(page.shop_name.editor, "shop7")
    qtbot.keyClicks(page.user_name.editor, "lixm")
    assert page.shop_name.value() == "shop7"


def test_nothing_is_sent_while_something_is_missing(qtbot: QtBot, page: SignInPage, sign_in_service: Any) -> None:
    qtbot.keyClicks(page.user_name.editor, "lixm")
    page.submit()
    assert sign_in_service.asked == []
    assert str(page.password.problem) == "请填写“密码”。"
    assert str(page.pin.problem) == "请填写“PIN”。"
    qtbot.waitUntil(page.password.editor.hasFocus)


@pytest.mark.parametrize(
    ("refusal", "field", "words"),
    [
        (lambda: WrongPinError(left=2), "pin", "PIN 不正确，还可以试 2 次。"),
        (lambda: WrongPasswordError(), "password", "密码不正确。"),
        (lambda: UnknownUserError(field="user"), "user_name", "没有这个用户。"),
    ],
    ids=["pin", "password", "user"],
)
def test_refusal_stands_at_its_field(
    qtbot: QtBot,
    page: SignInPage,
    sign_in_service: Any,
    entered: list[Actor],
    refusal: Callable[[], BaseException],
    field: str,
    words: str,
) -> None:
    sign_in_service.refusal = refusal()
    fill(qtbot, page)
    page.submit()
    qtbot.waitUntil(lambda: page.form.field(field).problem is not None)
    assert str(page.form.field(field).problem) == words
    assert [problem.field for problem in page.form.problems()] == [field]
    assert page.banner.isHidden() and not entered
    assert page.button.isEnabled()


def test_refusal_of_the_key_stands_at_the_key_until_the_devices_change(
    qtbot: QtBot, page: SignInPage, sign_in_service: Any, entered: list[Actor]
) -> None:
    sign_in_service.refusal = ForeignKeyError(owner="王强")
    fill(qtbot, page)
    page.submit()
    qtbot.waitUntil(lambda: page.keys.sentence == "这个 USB Key 属于王强。")
    assert page.form.problems() == () and page.banner.isHidden() and not entered
    sign_in_service.devices.change(key("A", "张建国"))
    qtbot.waitUntil(lambda: page.keys.sentence == "USB Key 已就绪。")


def test_fault_that_is_about_no_field_stands_in_the_banner(qtbot: QtBot, page: SignInPage, sign_in_service: Any) -> None:
    sign_in_service.refusal = PlatformError()
    fill(qtbot, page)
    page.submit()
    qtbot.waitUntil(page.banner.isVisible)
    assert page.form.problems() == ()


def test_keys_are_told_live(qtbot: QtBot, page: SignInPage, sign_in_service: Any) -> None:
    assert page.keys.sentence == "USB Key 已就绪。"
    sign_in_service.devices.change(key("A", "张建国"), key("B", "李晓梅"))
    qtbot.waitUntil(lambda: page.keys.sentence == "插着 2 个 USB Key，请选择您的那一个。")
    assert page.keys.reader == ""
    page.keys.choices()[1].click()
    assert page.keys.reader == "B" and page.keys.sentence == "USB Key 已就绪。"
    sign_in_service.devices.change(key("A", "张建国"), key("B", "李晓梅"), ReaderState("C", "empty"))
    qtbot.waitUntil(lambda: len(sign_in_service.devices.now) == 3)
    qtbot.wait(20)
    assert page.keys.reader == "B", "a choice stays as long as its key"
    sign_in_service.devices.change(ReaderState("A", "empty"))
    qtbot.waitUntil(lambda: page.keys.sentence == "请插入您的 USB Key。")
    assert page.keys.reader == ""


def test_tries_left_are_shown_without_spending_one(qtbot: QtBot, page: SignInPage, sign_in_service: Any) -> None:
    qtbot.waitUntil(lambda: page.pin.editor.accessibleDescription() == "还可以试 6 次。")
    sign_in_service.tries_left = 1
    sign_in_service.devices.change()
    sign_in_service.devices.change(key("A", "张建国"))
    qtbot.waitUntil(lambda: page.pin.editor.accessibleDescription() == "只剩 1 次机会，再输错将锁定。")
    assert sign_in_service.asked == []


def test_window_that_was_closed_hears_no_more_of_the_devices(qtbot: QtBot, sign_in_service: Any) -> None:
    from shiboken6 import delete

    page = sign_in_window(sign_in_service, lambda _actor: None)
    delete(page)
    sign_in_service.devices.change(ReaderState("A", "empty"))
    qtbot.wait(20)


@pytest.fixture
def first_run(qtbot: QtBot, sign_in_service: Any, entered: list[Actor]) -> FirstRunPage:
    sign_in_service.is_new_installation = True
    made = sign_in_window(sign_in_service, entered.append)
    assert isinstance(made, FirstRunPage)
    shown(qtbot, made)
    return made


def test_fingerprint_is_grouped_for_reading_aloud() -> None:
    assert grouped("9f:2c:41:d0:7b") == "9F2C 41D0 7B"
    assert grouped("0" * 64).count("\n") == 1


def test_address_must_be_one_of_the_web(qtbot: QtBot, first_run: FirstRunPage, sign_in_service: Any) -> None:
    qtbot.keyClicks(first_run.url.editor, "seal.example.cn")
    first_run.fetch()
    assert str(first_run.url.problem) == "地址应以 https:// 或 http:// 开头。"
    assert sign_in_service.asked == []


def test_fingerprint_must_be_compared_before_going_on(qtbot: QtBot, first_run: FirstRunPage) -> None:
    qtbot.keyClicks(first_run.url.editor, "https://seal.example.cn")
    qtbot.keyClick(first_run.url.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: first_run.pages.currentIndex() == 1)
    assert first_run.fingerprint.text().startswith("9F2C 41D0")
    assert not first_run.go_on_button.isEnabled()
    assert first_run.go_on_button.toolTip() == "请先核对指纹。"
    first_run.compared.click()
    first_run.go_on_button.click()
    assert first_run.pages.currentIndex() == 2


def test_passwords_must_agree_and_be_long_enough(qtbot: QtBot, first_run: FirstRunPage) -> None:
    first_run.go_to(2)
    qtbot.keyClicks(first_run.password.editor, "short")
    qtbot.keyClicks(first_run.password_again.editor, "other")
    first_run.user_form.check()
    assert str(first_run.password.problem) == "密码至少 8 个字符。"
    assert str(first_run.password_again.problem) == "两次输入的密码不一致。"


def test_first_user_is_enrolled_with_what_was_confirmed(
    qtbot: QtBot, first_run: FirstRunPage, sign_in_service: Any, entered: list[Actor]
) -> None:
    qtbot.keyClicks(first_run.url.editor, "https://seal.example.cn")
    first_run.fetch()
    qtbot.waitUntil(lambda: first_run.pages.currentIndex() == 1)
    first_run.compared.click()
    first_run.go_on_button.click()
    for field, words in (
        (first_run.display_name, "张建国"),
        (first_run.user_name, "zhangjg"),
        (first_run.password, "correct horse"),
        (first_run.password_again, "correct horse"),
        (first_run.pin, "123456"),
    ):
        field.editor.setFocus()
        if words == "张建国":
            field.set_value(words)
        else:
            qtbot.keyClicks(field.editor, words)
    qtbot.keyClick(first_run.pin.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(entered))
    facts = sign_in_service.asked[-1]
    assert facts["fingerprint"].startswith("9f2c41d0")
    assert (facts["user_name"], facts["shop_name"], facts["display_name"]) == ("zhangjg", "zhangjg", "张建国")
    assert facts["pin"].reveal() == b"123456"


def test_cursor_stands_at_the_password_when_the_person_is_known(qtbot: QtBot, sign_in_service: Any) -> None:
    sign_in_service.last_user_name = "lixm"
    stack = QStackedWidget()
    stack.addWidget(QWidget())
    shown(qtbot, stack)
    page = SignInPage(sign_in_service)
    stack.addWidget(page)
    stack.setCurrentWidget(page)
    qtbot.waitUntil(page.password.editor.hasFocus)
