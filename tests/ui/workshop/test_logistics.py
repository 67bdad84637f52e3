"""The logistics workspace, driven as a clerk at the counter drives it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from sealdesk.domain import seals
from sealdesk.ui.workspaces.logistics import SPEC

LONG = 20_000
PIN = "246810"


def test_order_is_handed_over_with_checked_papers_chips_slip_and_mailer(
    qtbot: QtBot,
    workshop: Any,
    ordered: Any,
    open_window: Callable[..., Any],
    state_of: Callable[[str], str],
    type_pin: Callable[[str], Any],
    choose_path: Any,
    press: Any,
    shoot: Any,
    opened_files: list[str],
    tmp_path: Path,
) -> None:
    _order, unit, contract = workshop.order(ordered["unit"], ordered["contract"], goods=True)
    workshop.make(unit)
    chip = workshop.burn(contract, "CHIP0001")
    workshop.sign(contract)
    workshop.readers.remove("芯片座 1")
    window, page = open_window(SPEC)
    panel = page.panel
    qtbot.waitUntil(lambda: panel.isVisible() and panel.main_button.isEnabled())
    qtbot.wait(300)
    shoot(window, "logistics-check")
    press(panel.main_button)
    assert panel.collector.form.field("original_seen").problem is not None
    press(panel.collector.form.field("original_seen").box)
    press(panel.main_button)
    type_pin(PIN)
    qtbot.waitUntil(lambda: "CHIP0001" in panel.main_button.toolTip(), timeout=LONG)
    shoot(window, "logistics-insert-chip")
    workshop.insert(chip)
    qtbot.waitUntil(panel.main_button.isEnabled)
    press(panel.main_button)
    qtbot.waitUntil(lambda: panel.slip_button.isVisible() and panel.counter.phase.value == "papers", timeout=LONG)
    assert not panel.main_button.isEnabled()
    shoot(window, "logistics-papers")
    press(panel.slip_button)
    choose_path(tmp_path / "slip.pdf")
    qtbot.waitUntil(lambda: panel.counter.slip_saved, timeout=LONG)
    assert "PIN" in panel.main_button.toolTip()
    press(panel.mailer_button)
    choose_path(tmp_path / "mailer.pdf")
    qtbot.waitUntil(panel.main_button.isEnabled, timeout=LONG)
    assert [Path(path).name for path in opened_files] == ["slip.pdf", "mailer.pdf"]
    assert (tmp_path / "mailer.pdf").read_bytes().startswith(b"%PDF")
    press(panel.main_button)
    qtbot.waitUntil(lambda: state_of(unit) == state_of(contract) == seals.DELIVERED, timeout=LONG)
    qtbot.waitUntil(lambda: not panel.main_button.isVisible())
    qtbot.wait(300)
    panel.tabs.setCurrentIndex(1)
    shoot(window, "logistics-done")
