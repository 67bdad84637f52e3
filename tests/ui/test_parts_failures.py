"""Each family of errors has its place; details can be copied and give nothing away; errors stand beside their fields."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import (
    DeviceError,
    PermissionDeniedError,
    PlatformError,
    ProblemsError,
    StorageError,
    UserCancelled,
    UserError,
)
from sealdesk.ui.bug_report import ReportDialog
from sealdesk.ui.failures import Place, present
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.fields import TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.presenting import show_failure
from sealdesk.ui.theme import Tone


class TakenError(UserError):
    code = "sample.taken"
    sentence = "{name} is taken."


@pytest.mark.parametrize(
    ("error", "asked", "background"),
    [
        (UserCancelled(), Place.NOWHERE, Place.NOWHERE),
        (TakenError(field="name", name="x"), Place.FIELD, Place.BANNER),
        (ProblemsError((TakenError(name="x"),)), Place.FIELD, Place.BANNER),
        (PermissionDeniedError(permission="p"), Place.BANNER, Place.NOWHERE),
        (DeviceError(), Place.BANNER, Place.STRIP),
        (PlatformError(), Place.BANNER, Place.STRIP),
        (StorageError(), Place.BANNER, Place.BANNER),
        (ValueError("x"), Place.REPORT, Place.REPORT),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value.value,
)
def test_family_has_its_place(error: BaseException, asked: Place, background: Place) -> None:
    assert present(error).place is asked
    assert present(error, background=True).place is background


def test_only_faults_that_may_be_repeated_offer_it() -> None:
    class OnceError(DeviceError):
        retry = False

    assert present(DeviceError()).retry
    assert not present(OnceError()).retry
    assert not present(TakenError(name="x")).retry


def test_details_name_the_code_and_hide_the_facts() -> None:
    def fail(secret: str) -> None:
        raise TakenError(name=secret)

    with pytest.raises(TakenError) as caught:
        fail("110105194912310021")
    shown = present(caught.value).details
    assert "code: sample.taken" in shown
    assert "test_parts_failures.py" in shown
    assert "110105194912310021" not in shown


def form() -> Form:
    made = Form(columns=1)
    made.add(TextField("name", "名称"))
    made.add(TextField("phone", "电话"))
    return made


def test_user_error_stands_beside_its_field_and_nowhere_else(qtbot: QtBot) -> None:
    fields, banner = form(), Banner()
    qtbot.addWidget(fields)
    qtbot.addWidget(banner)
    show_failure(TakenError(field="unit.name", name="云杉"), fields, banner, fields)
    assert str(fields.field("name").problem) == "云杉 is taken."
    assert banner.isHidden()


def test_problem_without_a_field_stands_in_the_banner(qtbot: QtBot) -> None:
    fields, banner = form(), Banner()
    qtbot.addWidget(fields)
    qtbot.addWidget(banner)
    error = ProblemsError((TakenError(field="phone", name="a"), TakenError(name="b")))
    show_failure(error, fields, banner, fields)
    assert str(fields.field("phone").problem) == "a is taken."
    assert banner.sentence == "b is taken."


def test_fault_in_the_banner_can_be_tried_again(qtbot: QtBot) -> None:
    banner, tried = Banner(), []
    qtbot.addWidget(banner)
    show_failure(PlatformError(), banner, banner, retry=lambda: tried.append(1))
    buttons = {button.text(): button for button in banner.findChildren(QPushButton)}
    buttons["重试"].click()
    assert tried == [1]
    assert "详情" in buttons
    assert banner.property("tone") == Tone.WARN.value


@pytest.mark.allowed_logs("unforeseen")
def test_bug_opens_a_report_that_can_be_copied(qtbot: QtBot) -> None:
    host, banner = QWidget(), Banner()
    qtbot.addWidget(host)
    qtbot.addWidget(banner)
    show_failure(ZeroDivisionError("8001"), host, banner)
    report = host.findChild(ReportDialog)
    assert report is not None and report.isVisible()
    report.copy_button.click()
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
    assert "8001" not in QGuiApplication.clipboard().text()
    report.close_button.click()


def test_cancelled_shows_nothing(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    show_failure(UserCancelled(), banner, banner)
    assert banner.isHidden()
