"""Strips, steps, history and document slots say in words what they show in colour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.domain.ports import ReaderState, TokenIdentity
from sealdesk.ui.parts.device_strip import DeviceStrip
from sealdesk.ui.parts.document_slots import DocumentSlots, Paper, Slot
from sealdesk.ui.parts.history import Happening, History
from sealdesk.ui.parts.stepper import Course, Step, StepList, Stepper, StepState
from sealdesk.ui.parts.sync_strip import SyncLine, SyncStrip
from sealdesk.ui.theme import Tone

TOKEN = TokenIdentity("读卡器 A", "2026010017", "生产专用章", "GM", "key")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ReaderState("读卡器 A", "empty"), "读卡器 A：空"),
        (ReaderState("读卡器 A", "key", TOKEN, "张建国"), "USB Key 张建国"),
        (ReaderState("读卡器 A", "key", TOKEN), "USB Key 生产专用章"),
        (ReaderState("读卡器 A", "unknown"), "读卡器 A：其他类型的卡"),
        (ReaderState("读卡器 A", "mute"), "读卡器 A：卡无响应"),
        (ReaderState("读卡器 A", "lost"), "读卡器 A：读卡器断开，请重新插上"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.state,
)
def test_reader_is_described_in_words(qtbot: QtBot, state: ReaderState, words: str) -> None:
    strip = DeviceStrip()
    qtbot.addWidget(strip)
    strip.show_readers((state,))
    assert strip.words() == (words,)


def test_reader_is_clicked_by_its_name(qtbot: QtBot) -> None:
    strip = DeviceStrip()
    qtbot.addWidget(strip)
    assert strip.words() == ("未连接读卡器",)
    strip.show_readers((ReaderState("读卡器 A", "empty"),))
    button = next(one for one in strip.findChildren(QToolButton) if one.text().startswith("读卡器 A"))
    with qtbot.waitSignal(strip.clicked) as clicked:
        button.click()
    assert clicked.args == ["读卡器 A"]


def test_sync_says_since_when_it_is_offline_and_what_waits(qtbot: QtBot) -> None:
    strip = SyncStrip()
    qtbot.addWidget(strip)
    strip.show_line(SyncLine(online=True))
    assert strip.words() == ("在线",)
    strip.show_line(SyncLine(False, datetime(2026, 3, 12, 4, 5, tzinfo=UTC), 3, 1))
    assert strip.words() == ("1 项需处理", "3 项待发送", "离线，自 03-12 12:05 起")


def test_step_tells_its_state_to_a_screen_reader(qtbot: QtBot) -> None:
    steps = StepList()
    qtbot.addWidget(steps)
    steps.show_steps((Step("读取芯片", StepState.DONE), Step("写入证书", StepState.FAILED, "芯片无响应")))
    names = {widget.accessibleName() for widget in steps.findChildren(QWidget) if widget.accessibleName()}
    assert {"读取芯片: 已完成.", "写入证书: 失败. 芯片无响应"} <= {name.strip() for name in names}


def test_state_word_shrinks_until_it_fits(qtbot: QtBot) -> None:
    stepper = Stepper()
    qtbot.addWidget(stepper)
    stepper.resize(300, 300)
    stepper.show_course(Course("正在等待芯片插入读卡器", Tone.BUSY, "请插入", "C1"))
    stepper.show()
    qtbot.waitExposed(stepper)
    assert stepper.accessibleName() == "正在等待芯片插入读卡器 C1 请插入"
    picture = stepper._word.grab().toImage()
    edge = {picture.pixelColor(picture.width() - 1, y).name() for y in range(picture.height())}
    assert len(edge) == 1, "the word is cut off at the right"


def test_history_stands_newest_first_under_its_days(qtbot: QtBot) -> None:
    history = History()
    qtbot.addWidget(history)
    now = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)
    history.show_happenings((Happening(now - timedelta(days=1), "李晓梅", "提交审批。"), Happening(now, "平台", "批准。")), now)
    words = [label.text() for label in history.findChildren(QLabel) if label.text()]
    assert [word for word in words if word in ("今日", "昨天", "批准。", "提交审批。")] == ["今日", "批准。", "昨天", "提交审批。"]
    assert "15:30" in words


SLOTS = (
    Slot("unit", "单位证明", True, (Paper("p1", "执照.jpg"),)),
    Slot("head", "负责人身份证", True),
    Slot("agent", "经办人身份证", True),
    Slot("letter", "授权委托书", False),
)


@pytest.fixture
def slots(qtbot: QtBot) -> DocumentSlots:
    made = DocumentSlots()
    qtbot.addWidget(made)
    made.show_slots(SLOTS)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_slots_name_what_is_missing(slots: DocumentSlots) -> None:
    assert slots.summary == "还缺：负责人身份证、经办人身份证"
    assert slots.card("head").accessibleName() == "负责人身份证: 缺少"
    assert slots.card("letter").accessibleName() == "授权委托书: 选填"
    slots.show_slots(tuple(Slot(slot.name, slot.title, slot.required, (Paper("p", "p.jpg"),)) for slot in SLOTS))
    assert slots.summary == "证明文件已齐全。"


def test_dropped_files_are_offered_to_their_slot(qtbot: QtBot, slots: DocumentSlots, tmp_path: Path) -> None:
    paper = tmp_path / "身份证.jpg"
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(paper)), QUrl("https://example.cn/x.jpg")])
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(slots.offered) as offered:
        slots.card("head").dropEvent(event)
    assert offered.args == ["head", (paper,)]


def test_picture_is_pasted_into_the_slot_with_the_focus(qtbot: QtBot, slots: DocumentSlots) -> None:
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(picture)
    with qtbot.waitSignal(slots.offered) as offered:
        qtbot.keyClick(slots.card("agent"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert offered.args[0] == "agent"
    assert isinstance(offered.args[1], QImage)


def test_text_in_the_clipboard_is_not_a_paper(qtbot: QtBot, slots: DocumentSlots) -> None:
    offers: list[Any] = []
    slots.offered.connect(lambda *args: offers.append(args))
    QGuiApplication.clipboard().setText("hello")
    slots.card("agent").paste()
    assert offers == []


def test_delete_removes_the_last_paper_of_a_slot(qtbot: QtBot, slots: DocumentSlots) -> None:
    with qtbot.waitSignal(slots.removed) as removed:
        qtbot.keyClick(slots.card("unit"), Qt.Key.Key_Delete)
    assert removed.args == ["unit", "p1"]


def test_slots_that_stay_are_the_same_widgets(slots: DocumentSlots) -> None:
    before = slots.card("unit")
    slots.show_slots(SLOTS[:2])
    assert slots.card("unit") is before
    with pytest.raises(KeyError):
        slots.card("letter")
    assert before.mapTo(slots, QPoint(0, 0)).y() >= 0
