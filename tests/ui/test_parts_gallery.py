"""All parts side by side with sample data, in both themes; the pictures go to the folder named by SEALDESK_SHOTS."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.core.errors import UserError
from sealdesk.core.lanes import Lane
from sealdesk.face.drawing import Contour, Drawing, Ink, Part
from sealdesk.ui import style_sheet
from sealdesk.ui.app import sign_in_window
from sealdesk.ui.bug_report import ReportDialog
from sealdesk.ui.desk import ORDER, WorkspaceSpec
from sealdesk.ui.failures import present
from sealdesk.ui.interaction import Danger, DangerDialog, PinDialog, PinRequest
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.buttons import normal, primary, quiet
from sealdesk.ui.parts.card import ActionBar, Card, PageHeader
from sealdesk.ui.parts.command_palette import Hit
from sealdesk.ui.parts.document_slots import DocumentSlots, Paper, Slot
from sealdesk.ui.parts.empty_state import Empty
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.fields import ChoiceField, DateField, FlagField, NoteField, Option, TextField
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.history import Happening, History
from sealdesk.ui.parts.layouts import column, holding, margins, row, scrolling
from sealdesk.ui.parts.picker import PickerField
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.stepper import Course, Step, Stepper, StepState
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import Align, Column
from sealdesk.ui.theme import Scheme, Space, Tone

TITLES = dict(zip(ORDER, ["今日", "登记", "承接", "生产", "签名", "物流", "财务", "统计", "模板", "产品", "客户", "系统"], strict=True))
COUNTS = {"today": 7, "registration": 2, "acceptance": 4, "production": 12, "signature": 1, "logistics": 5, "finance": 3}


@dataclass(frozen=True, slots=True)
class Order:
    number: str
    unit: str
    seal: str
    due: str
    fen: int
    state: Chip


STATES = (
    Chip("待签收", Tone.BUSY),
    Chip("生产中", Tone.BUSY),
    Chip("已完成", Tone.OK),
    Chip("被打回", Tone.WARN),
    Chip("芯片损坏", Tone.FAULT),
    Chip("暂存", Tone.IDLE),
)
UNITS = (
    "上海云杉信息技术有限公司",
    "黄浦区半淞园路街道社区卫生服务中心",
    "杭州临平永兴五金厂",
    "苏州工业园区澄湖餐饮管理有限公司",
    "浦东新区机关事务管理局",
)
SEALS = ("单位专用章", "财务专用章", "合同专用章", "发票专用章", "法定代表人名章")
COLUMNS: tuple[Column[Order], ...] = (
    Column("订单号", lambda order: order.number, 15, soft=True),
    Column("使用单位", lambda order: order.unit),
    Column("印章类型", lambda order: order.seal, 15),
    Column("交付日期", lambda order: order.due, 10),
    Column("金额（元）", lambda order: f"{order.fen / 100:,.2f}", 10, Align.RIGHT, order=lambda order: order.fen),
    Column("状态", lambda order: order.state.word, 12, chip=lambda order: order.state),
)


def orders(count: int) -> tuple[Order, ...]:
    return tuple(
        Order(f"DD20260312{i:04d}", UNITS[i % len(UNITS)], SEALS[i % len(SEALS)], f"2026-03-{13 + i % 15}", 12000 + i * 4550, STATES[i % 6])
        for i in range(count)
    )


def circle(radius: float, middle: tuple[float, float], *, back: bool = False) -> Contour:
    k, (x, y) = 0.5522847498 * radius, middle
    s = -1.0 if back else 1.0
    return Contour(
        (x + radius, y),
        (
            ("C", x + radius, y + s * k, x + k, y + s * radius, x, y + s * radius),
            ("C", x - k, y + s * radius, x - radius, y + s * k, x - radius, y),
            ("C", x - radius, y - s * k, x - k, y - s * radius, x, y - s * radius),
            ("C", x + k, y - s * radius, x + radius, y - s * k, x + radius, y),
        ),
    )


def face() -> Drawing:
    """A ring, a star, marks where characters would stand, and a cut."""
    star = []
    for i in range(10):
        angle, radius = math.pi * i / 5 - math.pi / 2, 7.0 if i % 2 == 0 else 7.0 * 0.381966
        star.append((20 + radius * math.cos(angle), 20 + radius * math.sin(angle)))
    parts = [
        Part("ring", "ring", Ink.INK, (circle(20, (20, 20)), circle(19, (20, 20), back=True))),
        Part("star", "star", Ink.INK, (Contour(star[0], tuple(("L", x, y) for x, y in star[1:])),)),
    ]
    for i in range(14):
        angle = math.radians(150 + i * 240 / 13)
        x, y = 20 + 15 * math.cos(angle), 20 + 15 * math.sin(angle)
        parts.append(Part(f"arc.0.{i}", "text", Ink.INK, (circle(2.4, (x, y)), circle(1.4, (x, y), back=True))))
    parts.append(Part("cut.0", "cut", Ink.CUT, (Contour((2, 12), (("L", 12, 6), ("L", 12.2, 6.4), ("L", 2.2, 12.4))),)))
    return Drawing(40.0, 40.0, tuple(parts))


def thumbnail() -> bytes:
    picture = QImage(120, 160, QImage.Format.Format_RGB32)
    picture.fill(QColor("#d8e2d4"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())


def list_page() -> QWidget:
    header = PageHeader("生产", "12 枚待生产，按交付日期排列")
    header.tools.addWidget(SearchBox("扫描工单或输入编码"))
    header.tools.addWidget(normal("导出", icon="download"))
    banner = Banner()
    banner.say("平台暂时连接不上，您的工作已保存在本机。", Tone.WARN, "恢复连接后自动发送。", (("重试", lambda: None),))
    table = Table("生产队列", COLUMNS, lambda order: order.number, Empty("production", "没有待生产的印章"), ticks=True)
    table.show_rows(orders(40))
    table.select("DD202603120002")
    table.rows.tick(1, True)
    table.rows.tick(2, True)
    release = primary("开始生产", icon="go")
    bar = ActionBar(quiet("打印工单", icon="print"), normal("退回"), release)
    bar.say("已勾选 2 枚")
    body = column(header, banner, gap=Space.S, around=margins(x=Space.L, y=Space.S))
    body.addWidget(table, 1)
    whole = column(gap=0)
    whole.addLayout(body, 1)
    whole.addWidget(bar)
    return holding(whole)


class SampleUsccError(UserError):
    sentence = "统一社会信用代码的校验位不对，请核对第 18 位。"


def form_page(lane: Lane) -> QWidget:
    def refuse(_value: str) -> None:
        raise SampleUsccError

    form = Form(columns=2)
    form.add_heading("单位信息")
    form.add(PickerField("name", "单位全称", lambda _w: lane.submit(lambda _t: ()), required=True, free=True), 2).set_value(UNITS[0])
    form.add(TextField("uscc", "统一社会信用代码", required=True, check=refuse)).set_value("91310101MA1FPX1234")
    form.add(ChoiceField("kind", "单位类型", (Option(1, "企业"), Option(2, "机关"))))
    form.add(DateField("founded", "成立日期"))
    form.add(TextField("phone", "电话", hint="区号和号码，或手机号"))
    form.add(TextField("diameter", "直径", unit="mm")).set_value("40")
    form.add(FlagField("agent", "经办人", "与法定代表人为同一人")).set_value(True)
    form.add(NoteField("note", "备注", rows=2), 2)
    form.field("uscc").check_now()
    form.field("phone").show_problem(SamplePhoneError())
    left = Card("单位", note="已有 3 枚印章")
    left.tools.addWidget(quiet("历史", icon="idle"))
    left.body.addWidget(form)
    left.body.addStretch(1)
    canvas = FaceCanvas()
    canvas.show_drawing(face(), words="上海云杉信息技术有限公司")
    right = Card("印面", padded=False, note="圆 40 mm · 国发〔1999〕25号")
    right.body.addWidget(canvas)
    slots = DocumentSlots()
    slots.show_slots(
        (
            Slot("unit", "单位证明", True, (Paper("p1", "营业执照.jpg", thumbnail()),)),
            Slot("head", "负责人身份证", True, (Paper("p2", "身份证正面.jpg", b"", "照片偏暗，可能看不清号码"),)),
            Slot("agent", "经办人身份证", True),
        )
    )
    papers = Card("证明文件")
    papers.body.addWidget(slots)
    submit = primary("提交审批", icon="go")
    bar = ActionBar(normal("暂存"), submit)
    bar.explain(submit, "还缺经办人身份证")
    top = row(left, right, gap=Space.M)
    top.setStretch(0, 3)
    top.setStretch(1, 2)
    body = column(top, papers, gap=Space.M, around=margins(x=Space.L, y=Space.M))
    whole = column(gap=0)
    whole.addWidget(scrolling(holding(body)), 1)
    whole.addWidget(bar)
    return holding(whole)


class SamplePhoneError(UserError):
    sentence = "电话号码少一位。"


def burn_page() -> QWidget:
    steps = (
        Step("读取芯片", StepState.DONE, "序列号 C0230441"),
        Step("核对订单", StepState.DONE, "上海云杉信息技术有限公司 · 合同专用章"),
        Step("生成密钥", StepState.DONE),
        Step("写入证书", StepState.NOW, "已写入 1,024 / 1,610 字节"),
        Step("读回比较"),
        Step("更换 PIN"),
    )
    left = Stepper()
    left.show_course(Course("正在灌制", Tone.BUSY, "请勿拔出芯片。", "C0230441", steps, 4, 6))
    right = Stepper()
    failed = (*steps[:3], Step("写入证书", StepState.FAILED, "芯片无响应，请重新插入后继续。"), *steps[4:])
    right.show_course(Course("未完成", Tone.FAULT, "芯片在写入证书时断开。", "C0230442", failed))
    good = Stepper()
    good.show_course(
        Course("合格", Tone.OK, "请放下一枚芯片。", "C0230440", tuple(Step(step.title, StepState.DONE, step.detail) for step in steps))
    )
    history = History()
    now = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)
    history.show_happenings(
        (
            Happening(now, "李晓梅", "签收准许证并通过承接。", Tone.OK),
            Happening(now - timedelta(hours=2), "平台", "公安机关批准，准许证号 2026000123。", Tone.OK),
            Happening(now - timedelta(days=1), "平台", "打回：经办人身份证照片不清。", Tone.WARN),
            Happening(now - timedelta(days=1, hours=3), "李晓梅", "提交审批。"),
        ),
        now,
    )
    card = Card("历史记录")
    card.body.addWidget(history)
    buttons = Card("按钮")
    disabled = primary("不可用")
    disabled.setEnabled(False)
    buttons.body.addLayout(row(primary("灌制", icon="go"), normal("普通"), quiet("轻", icon="retry"), disabled, None))
    top = row(left, right, good, gap=Space.M)
    bottom = row(card, buttons, gap=Space.M)
    return scrolling(holding(column(top, bottom, gap=Space.M, around=margins(x=Space.L, y=Space.M))))


def empty_page() -> QWidget:
    table = Table(
        "准许证",
        COLUMNS,
        lambda order: order.number,
        Empty("permit", "还没有准许证", "公安机关批准后，准许证会自动出现在这里。", "去登记"),
        begun=lambda: None,
    )
    return holding(column(PageHeader("承接"), table, around=margins(x=Space.L, y=Space.S)))


@pytest.fixture
def shoot(qtbot: QtBot, shots: Path | None) -> Callable[[QWidget, str], None]:
    def shoot_one(widget: QWidget, name: str) -> None:
        QApplication.processEvents()
        qtbot.wait(60)
        picture = widget.grab()
        assert not picture.isNull()
        if shots is not None:
            assert picture.save(str(shots / f"{name}.png"))

    return shoot_one


@pytest.fixture(params=list(Scheme), ids=lambda scheme: scheme.value)
def scheme(request: pytest.FixtureRequest, qapp: QApplication) -> Any:
    style_sheet.apply(qapp, request.param)
    yield request.param
    style_sheet.apply(qapp, Scheme.LIGHT)


def specs(lane: Lane) -> tuple[WorkspaceSpec, ...]:
    pages: dict[str, Callable[[], QWidget]] = {
        "today": lambda: list_page(),
        "registration": lambda: form_page(lane),
        "acceptance": empty_page,
        "production": burn_page,
    }

    def find(_desk: object, words: str) -> Any:
        hits = (
            Hit("单位", "unit", UNITS[0], "91310101MA1FPX1234", "registration"),
            Hit("单位", "unit", UNITS[3], "91320594MA1X000000", "registration"),
            Hit("订单", "order", "DD202603120007", "合同专用章 · 生产中", "production"),
        )
        return lane.submit(lambda _task: hits)

    return tuple(
        WorkspaceSpec(
            name,
            TITLES[name],
            name,
            "",
            lambda _desk, _shell, name=name: pages.get(name, empty_page)(),
            (lambda _session, name=name: COUNTS[name]) if name in COUNTS else None,
            find=find if name == "registration" else None,
        )
        for name in reversed(ORDER)
    )


def test_parts_stand_together_in_the_window(
    qtbot: QtBot, desk: Any, lane: Lane, scheme: Scheme, shoot: Callable[[QWidget, str], None]
) -> None:
    window = MainWindow(desk, specs(lane))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.rail.button("production").count == 12)
    window.say("已保存")
    for number, name in enumerate(("today", "registration", "acceptance", "production"), start=1):
        window.go(name)
        shoot(window, f"{scheme.value}-{number}-{name}")
    window.go("today")
    window.activateWindow()
    window.palette_sheet.open()
    qtbot.waitUntil(lambda: window.search.hasFocus())
    qtbot.keyClicks(window.search, "yu")
    qtbot.waitUntil(lambda: len(window.palette_sheet.hits()) >= 3)
    shoot(window, f"{scheme.value}-5-palette")
    window.palette_sheet.close_quietly()
    window.go("registration")
    window.resize(1366, 1040)
    shoot(window, f"{scheme.value}-13-tall")
    window.close()


def test_dialogs_and_sign_in_look_alike(qtbot: QtBot, sign_in_service: Any, scheme: Scheme, shoot: Callable[[QWidget, str], None]) -> None:
    pin = PinDialog(PinRequest("签收 3 份准许证", "USB Key 张建国", 2, "PIN 不正确。"))
    danger = DangerDialog(Danger("报废芯片 C0230442？", "报废后不能再使用，会记入审计。", "报废"))
    report = ReportDialog(present(ValueError("secret")))
    for number, dialog in enumerate((pin, danger, report), start=6):
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        shoot(dialog, f"{scheme.value}-{number}-dialog")
        dialog.close()
    sign_in = sign_in_window(sign_in_service, lambda _actor: None)
    sign_in_service.is_new_installation = True
    first_run: Any = sign_in_window(sign_in_service, lambda _actor: None)
    for number, page in enumerate((sign_in, first_run), start=9):
        qtbot.addWidget(page)
        page.show()
        qtbot.wait(80)
        shoot(page, f"{scheme.value}-{number}-enter")
    first_run.url.set_value("https://seal.example.cn")
    first_run.fetch()
    qtbot.waitUntil(lambda: first_run.pages.currentIndex() == 1)
    shoot(first_run, f"{scheme.value}-11-fingerprint")
    first_run.go_to(2)
    shoot(first_run, f"{scheme.value}-12-user")
