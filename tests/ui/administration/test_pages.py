"""Audit trail, exchange, settings and diagnosis in the window, over a real store and a platform that answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from sealdesk.core.settings import SYNC_INTERVAL_S, UI_SCALE, UI_THEME
from sealdesk.domain.access import Actor
from sealdesk.models.outbox import PARKED, WAITING, OutboxRow
from sealdesk.stages.administration import diagnosis
from sealdesk.stages.administration.diagnosis import Finding, Section, diagnose, report
from sealdesk.stages.administration.queries import exchange
from sealdesk.stages.administration.rules import RecordRefusedSignIn, RecordSignIn
from sealdesk.ui import style_sheet, theme
from sealdesk.ui.interaction import DangerDialog
from sealdesk.ui.theme import Scheme, Tone

Opened = tuple[Any, Any]
Shoot = Callable[[QWidget, str], None]
REASON = "平台上的订单状态是“已退回”，不能进行这一步。"


# ---- audit trail


@pytest.fixture
def trail(office: Any, window_of: Callable[..., Opened], qtbot: QtBot) -> tuple[Any, Any]:
    place, desk = office
    desk.do(RecordSignIn(desk.actor.id))
    place.desk.signed_in(Actor("program", "sealdesk", frozenset({"program.run"}))).do(RecordRefusedSignIn("chen", "signin.password"))
    _window, workspace = window_of(desk)
    workspace.show_subject("trail")
    page = workspace.stack.currentWidget()
    qtbot.waitUntil(lambda: page.table.rows.rowCount() >= 3)
    return place, page


def test_trail_tells_newest_first_in_sentences(trail: tuple[Any, Any], shoot: Shoot) -> None:
    _place, page = trail
    lines = [page.table.rows.row_at(place) for place in range(page.table.rows.rowCount())]
    assert [line.seq for line in lines] == sorted((line.seq for line in lines), reverse=True)
    assert [line.sentence for line in lines] == ["用户 chen 登录被拒绝", "李师傅登录", "李师傅完成了本机的首次设置"]
    shoot(page.window(), "administration-5-trail")


def test_trail_finds_words(qtbot: QtBot, trail: tuple[Any, Any]) -> None:
    _place, page = trail
    page.search.setText("chen 拒绝")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1)


def test_whole_chain_is_verified_in_words(qtbot: QtBot, trail: tuple[Any, Any], shoot: Shoot) -> None:
    _place, page = trail
    page.verify_button.click()
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.sentence == "全部 3 条记录前后衔接，没有被修改或删除。"
    assert page.verify_button.isEnabled()
    shoot(page.window(), "administration-6-verified")


def test_changed_record_is_found(qtbot: QtBot, trail: tuple[Any, Any], shoot: Shoot) -> None:
    place, page = trail
    with place.program.store.write() as session:
        for trigger in (
            session.execute(text("select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'")).scalars().all()
        ):
            session.execute(text(f'drop trigger "{trigger}"'))
        session.execute(text("update audit set actor_name = '别人' where seq = 2"))
    page.verify_button.click()
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.sentence == "第 2 条记录与前一条不衔接：它或更早的记录被修改或删除。"
    assert page.banner.property("tone") == Tone.FAULT.value
    shoot(page.window(), "administration-6-broken")


# ---- exchange


def put(place: Any, desk: Any, key: str, state: str, reason: str = "", kind: str = "key.bind") -> None:
    with place.program.store.write() as session:
        row = OutboxRow(
            key=key, kind=kind, subject=desk.actor.id, body={}, attachments=[], state=state, created_at=desk.clock.now(), reason=reason
        )
        row.answered_at = desk.clock.now() if reason else None
        row.not_before = desk.clock.now() + timedelta(hours=2)
        session.add(row)


@pytest.fixture
def refused(office: Any, window_of: Callable[..., Opened], qtbot: QtBot) -> tuple[Any, Any, Any]:
    """The page of the exchange with one refused message and one behind it."""
    place, desk = office
    put(place, desk, "k1", PARKED, REASON)
    put(place, desk, "k2", WAITING)
    window, workspace = window_of(desk)
    window.sync_strip.clicked.emit("decisions")
    page = workspace.stack.currentWidget()
    qtbot.waitUntil(lambda: page.decisions.current_row() is not None)
    return place, desk, page


def test_click_on_the_strip_shows_what_was_refused_and_why(refused: tuple[Any, Any, Any], shoot: Shoot) -> None:
    _place, _desk, page = refused
    assert page.reason.text() == REASON
    assert page.waiting.rows.rowCount() == 1
    assert page.decisions.rows.data(page.decisions.rows.index(0, 0)) == "USB Key 绑定"
    shoot(page.window(), "administration-7-exchange")


def test_refused_message_is_given_up_after_a_question(qtbot: QtBot, refused: tuple[Any, Any, Any]) -> None:
    _place, desk, page = refused
    page.drop_button.click()
    dialog = next(shown for shown in QApplication.topLevelWidgets() if isinstance(shown, DangerDialog) and shown.isVisible())
    assert len(desk.tell(exchange).parked) == 1
    dialog.do_button.click()
    qtbot.waitUntil(lambda: desk.tell(exchange).parked == (), timeout=10_000)
    qtbot.waitUntil(lambda: page.decisions.rows.rowCount() == 0, timeout=10_000)
    assert not page.drop_button.isVisible()


def test_refused_message_is_sent_again_under_a_new_key(qtbot: QtBot, refused: tuple[Any, Any, Any]) -> None:
    place, _desk, page = refused
    page.again_button.click()
    qtbot.waitUntil(lambda: page.decisions.rows.rowCount() == 0 or page.decisions.current_row().reason != REASON, timeout=10_000)
    with place.program.store.read() as session:
        assert session.query(OutboxRow).order_by(OutboxRow.seq).first().key != "k1"


def test_exchange_now_goes_through_to_the_platform(qtbot: QtBot, office: Any, window_of: Callable[..., Opened]) -> None:
    _place, desk = office
    _window, workspace = window_of(desk)
    workspace.show_subject("sync.connection")
    page = workspace.stack.currentWidget()
    page.exchange_button.click()
    assert not page.exchange_button.isEnabled()
    qtbot.waitUntil(page.exchange_button.isEnabled, timeout=10_000)
    assert page.chip.chip.word == "在线"
    assert desk.sync.state().online


# ---- settings


def test_theme_changes_at_once_and_is_kept(
    qtbot: QtBot, office: Any, window_of: Callable[..., Opened], qapp: QApplication, shoot: Shoot
) -> None:
    _place, desk = office
    _window, workspace = window_of(desk)
    workspace.show_subject("settings")
    page = workspace.stack.currentWidget()
    shoot(page.window(), "administration-8-settings")
    try:
        page.theme.set_value("dark")
        page.theme.edited.emit()
        assert theme.current().scheme is Scheme.DARK
        assert desk.settings.get(UI_THEME) == "dark"
        page.scale.set_value(1.5)
        page.scale.edited.emit()
        assert desk.settings.get(UI_SCALE) == 1.5
        page.interval.set_value(60.0)
        page.interval.edited.emit()
        assert desk.settings.get(SYNC_INTERVAL_S) == 60.0
    finally:
        style_sheet.apply(qapp, Scheme.LIGHT)


def test_interval_is_for_those_who_may_change_settings(office: Any, window_of: Callable[..., Opened]) -> None:
    place, _desk = office
    clerk = place.desk.signed_in(Actor("u2", "林静", frozenset({"registration.edit"})))
    _window, workspace = window_of(clerk)
    titles = [workspace.tabs.tabText(place) for place in range(workspace.tabs.count())]
    assert titles == ["与平台的数据交换", "设置", "诊断"]
    workspace.show_subject("settings")
    page = workspace.stack.currentWidget()
    assert not page.interval.combo.isEnabled()
    assert page.theme.combo.isEnabled()


# ---- diagnosis


def finding(sections: tuple[Section, ...], name: str) -> Finding:
    return next(one for section in sections for one in section.findings if one.name == name)


def test_diagnosis_names_key_platform_and_disk(qtbot: QtBot, office: Any, window_of: Callable[..., Opened], shoot: Shoot) -> None:
    place, desk = office
    window, workspace = window_of(desk)
    window.device_strip.clicked.emit("reader")
    page = workspace.stack.currentWidget()
    qtbot.waitUntil(lambda: bool(page.sections), timeout=10_000)
    key = finding(page.sections, "Key 的证书")
    assert key.value.startswith(f"{place.world.display_name}，有效期至 20")
    assert key.grade == "ok"
    assert finding(page.sections, "地址").value == place.world.address
    assert finding(page.sections, "数据文件夹").value == str(place.world.home)
    page.copy_button.click()
    assert place.world.address in QGuiApplication.clipboard().text()
    shoot(page.window(), "administration-9-diagnosis")


def test_diagnosis_follows_the_devices(qtbot: QtBot, office: Any, window_of: Callable[..., Opened], shoot: Shoot) -> None:
    place, desk = office
    _window, workspace = window_of(desk)
    workspace.show_subject("diagnosis")
    page = workspace.stack.currentWidget()
    qtbot.waitUntil(lambda: bool(page.sections), timeout=10_000)
    place.program.software.unplug(place.desk.devices.readers()[0].reader)
    qtbot.waitUntil(lambda: any(one.value == "没有连接读卡器。" for one in page.sections[0].findings), timeout=10_000)
    assert page.chip.chip.tone is not Tone.OK
    shoot(page.window(), "administration-9-diagnosis-none")


def test_full_disk_and_old_clock_are_faults(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _place, desk = office
    monkeypatch.setattr(diagnosis, "FREE_FAULT_BYTES", 2**80)
    monkeypatch.setattr(diagnosis, "EARLIEST", desk.clock.now() + timedelta(days=1))
    sections = diagnose(desk).result(20)
    assert finding(sections, "可用空间").grade == "fault"
    assert finding(sections, "可用空间").advice
    assert finding(sections, "时钟").grade == "fault"
    assert "[fault] 时钟" in report(sections)


def test_folder_that_cannot_be_written_is_a_fault(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _place, desk = office

    def refuse(**_arguments: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(diagnosis.tempfile, "NamedTemporaryFile", refuse)
    found = finding(diagnose(desk).result(20), "数据文件夹")
    assert found.grade == "fault"
    assert "Read-only file system" in found.value


def test_whoever_has_no_rights_may_look_at_the_diagnosis(office: Any) -> None:
    place, _desk = office
    nobody = place.desk.signed_in(Actor("u3", "陈师傅", frozenset()))
    assert finding(diagnose(nobody).result(20), "智能卡服务").grade == "ok"
