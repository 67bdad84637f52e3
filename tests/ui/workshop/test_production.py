"""The production workspace, driven as a technician drives it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from sealdesk.domain import seals
from sealdesk.models.orders import SealRow
from sealdesk.ui.workspaces.production import SPEC

LONG = 20_000


def state_of(workshop: Any, seal_id: str) -> str:
    with workshop.store.read() as session:
        return str(session.get(SealRow, seal_id).state)


def answer_folder(qtbot: QtBot, folder: Path) -> None:
    """Type a folder into the open dialog and press Enter."""
    from PySide6.QtWidgets import QApplication

    def dialog() -> QFileDialog | None:
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()), None)

    qtbot.waitUntil(lambda: dialog() is not None)
    shown = dialog()
    assert shown is not None
    line = shown.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(line, QLineEdit)
    line.setText(str(folder))
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_physical_seal_is_exported_and_then_marked_made(
    qtbot: QtBot, workshop: Any, ordered: Any, open_window: Callable[..., Any], tmp_path: Path, shoot: Any
) -> None:
    _order, seal_id = workshop.order(ordered["unit"], due="2026-03-20")
    workshop.order(ordered["contract"], ordered["finance"], due="2026-03-18")
    workshop.order(ordered["unit"], unit="临江市青禾餐饮管理有限公司")
    window, page = open_window(SPEC)
    qtbot.waitUntil(lambda: len(page.queue.tickets) == 4)
    page.queue.scan.setFocus()
    qtbot.keyClicks(page.queue.scan, "2206810001001")
    qtbot.keyClick(page.queue.scan, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.made_button.isVisible() and page.artwork.canvas.drawing is not None)
    assert not page.made_button.isEnabled()
    assert "临江市云帆文化传播有限公司" in page.made_button.toolTip()
    shoot(window, "production-physical")
    target = tmp_path / "out"
    target.mkdir()
    qtbot.keyClick(page.artwork.picture_button, Qt.Key.Key_Space)
    answer_folder(qtbot, target)
    qtbot.waitUntil(lambda: len(list(target.iterdir())) == 2 and page.made_button.isEnabled(), timeout=LONG)
    assert {path.name for path in target.iterdir()} == {"2206810001001.png", "2206810001001.tif"}
    shoot(window, "production-exported")
    page.made_button.setFocus()
    qtbot.keyClick(page.made_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: state_of(workshop, seal_id) == seals.MADE)
    qtbot.waitUntil(lambda: len(page.queue.tickets) == 3)


def test_chip_is_burned_step_by_step(qtbot: QtBot, workshop: Any, ordered: Any, open_window: Callable[..., Any], shoot: Any) -> None:
    _order, contract, _finance = workshop.order(ordered["contract"], ordered["finance"])
    workshop.order(ordered["unit"], unit="临江市青禾餐饮管理有限公司")
    window, page = open_window(SPEC)
    panel = page.chip_panel
    qtbot.waitUntil(lambda: panel.isVisible())
    shoot(window, "production-chip-empty")
    assert not panel.burn_button.isEnabled()
    workshop.insert(workshop.new_chip("CHIP0001"))
    qtbot.waitUntil(lambda: panel.burn_button.isEnabled())
    shoot(window, "production-chip-ready")
    panel.burn_button.setFocus()
    workshop.platform.online = False
    qtbot.keyClick(panel.burn_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.stepper.list.steps[2].state == "now", timeout=LONG)
    shoot(window, "production-chip-burning")
    workshop.platform.change(online=True)
    qtbot.waitUntil(lambda: state_of(workshop, contract) == seals.MADE, timeout=LONG)
    qtbot.waitUntil(lambda: panel.next_button.isVisible(), timeout=LONG)
    qtbot.wait(400)
    shoot(window, "production-chip-good")
