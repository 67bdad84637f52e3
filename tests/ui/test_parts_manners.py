"""Small manners of the parts: who has the focus while an action rests, and what of a long file name is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.ui.parts.buttons import normal
from sealdesk.ui.parts.card import ActionBar
from sealdesk.ui.parts.document_slots import FileName
from sealdesk.ui.parts.layouts import column


def test_action_that_rests_gets_the_focus_back(qtbot: QtBot) -> None:
    line, action = QLineEdit(), normal("灌制")
    bar = ActionBar(action)
    window = QWidget()
    window.setLayout(column(line, bar))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    action.setFocus()
    bar.explain(action, "正在灌制")
    assert not line.hasFocus(), "what is typed now would go into another place"
    bar.explain(action, None)
    assert action.hasFocus()
    bar.explain(action, "正在灌制")
    line.setFocus()
    bar.explain(action, None)
    assert line.hasFocus(), "the person went on elsewhere"


def test_long_file_name_keeps_its_end(qtbot: QtBot) -> None:
    label = FileName("business_licence_of_the_unit_2026.jpg")
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    label.show()
    assert label.text() == "business_licence_of_the_unit_2026.jpg"
    label.resize(label.sizeHint().width() // 2, label.height())
    assert label.text().endswith(".jpg")
    assert "…" in label.text()
