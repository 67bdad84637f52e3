"""The production workspace, driven as a technician drives it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealdesk.domain import seals
from sealdesk.face.export.upd import unpack
from sealdesk.stages.production.queries import burn_of_chip, live_burn, spoiled_chips
from sealdesk.ui.parts.stepper import StepState
from sealdesk.ui.workspaces.production import SPEC

Open = Callable[..., Any]
OTHER_UNIT = "临江市青禾餐饮管理有限公司"


def test_physical_seal_is_exported_and_then_marked_made(workshop: Any, ordered: Any, open_window: Open, hands: Any, tmp_path: Path) -> None:
    _order, seal_id = workshop.order(ordered["unit"], due="2026-03-20")
    workshop.order(ordered["contract"], ordered["finance"], due="2026-03-18")
    workshop.order(ordered["unit"], unit=OTHER_UNIT)
    window, page = open_window(SPEC)
    hands.until(lambda: len(page.queue.tickets) == 4)
    assert [ticket.due_on for ticket in page.queue.tickets] == ["2026-03-18", "2026-03-18", "2026-03-20", ""]
    hands.scan(page.queue.scan, "2206810001001")
    hands.until(lambda: page.made_button.isVisible() and page.artwork.canvas.drawing is not None)
    assert not page.made_button.isEnabled()
    assert "临江市云帆文化传播有限公司" in page.made_button.toolTip()
    hands.shoot(window, "production-physical")
    target = tmp_path / "out"
    target.mkdir()
    hands.press(page.artwork.picture_button)
    hands.choose_path(target)
    hands.until(lambda: len(list(target.iterdir())) == 2 and page.made_button.isEnabled())
    assert {path.name for path in target.iterdir()} == {"2206810001001.png", "2206810001001.tif"}
    hands.shoot(window, "production-exported")
    hands.press(page.made_button)
    hands.until(lambda: hands.state_of(seal_id) == seals.MADE)
    hands.until(lambda: len(page.queue.tickets) == 3)


def test_package_calibration_sheet_and_ticket_are_saved(
    workshop: Any, ordered: Any, open_window: Open, hands: Any, tmp_path: Path, opened_files: list[str]
) -> None:
    workshop.order(ordered["unit"])
    window, page = open_window(SPEC)
    panel = page.artwork
    hands.until(lambda: panel.package_button.isEnabled())
    panel.views.setCurrentIndex(1)
    before = panel.explained
    panel.material.set_value("photosensitive")
    panel.material.edited.emit()
    assert panel.explained != before
    hands.press(panel.package_button)
    hands.choose_path(tmp_path)
    file = tmp_path / "2206810001001.upd"
    hands.until(file.exists)
    manifest = unpack(file.read_bytes()).manifest
    assert (manifest["seal"]["code"], manifest["artwork"]["profile"]) == ("2206810001001", "photosensitive")
    hands.press(panel.calibration_button)
    hands.choose_path(tmp_path)
    hands.until(lambda: (tmp_path / "calibration-photosensitive.png").exists())
    hands.press(panel.ticket_button)
    hands.choose_path(tmp_path / "ticket.pdf")
    hands.until(lambda: opened_files)
    assert (tmp_path / "ticket.pdf").read_bytes().startswith(b"%PDF")
    hands.shoot(window, "production-artwork")


@pytest.mark.long
def test_chip_is_burned_step_by_step_and_the_next_one_is_offered(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract, finance = workshop.order(ordered["contract"], ordered["finance"])
    workshop.order(ordered["unit"], unit=OTHER_UNIT)
    window, page = open_window(SPEC)
    panel = page.chip_panel
    hands.until(panel.isVisible)
    hands.shoot(window, "production-chip-empty")
    assert not panel.burn_button.isEnabled()
    workshop.insert(workshop.new_chip("CHIP0001"))
    hands.until(panel.burn_button.isEnabled)
    hands.shoot(window, "production-chip-ready")
    workshop.platform.online = False
    hands.press(panel.burn_button)
    hands.until(lambda: panel.stepper.list.steps[2].state is StepState.NOW)
    assert panel.stepper.list.steps[2].detail == "平台离线，恢复后自动继续。"
    assert panel.cancel_button.hasFocus()
    hands.shoot(window, "production-chip-burning")
    workshop.platform.change(online=True)
    hands.until(lambda: hands.state_of(contract) == seals.MADE and panel.next_button.isVisible())
    assert all(step.state is StepState.DONE for step in panel.stepper.list.steps)
    hands.shoot(window, "production-chip-good")
    hands.press(panel.next_button)
    hands.until(lambda: panel.station.ticket.seal_id == finance)
    hands.until(lambda: panel.burn_button.toolTip() == "这枚芯片属于另一枚印章，请插入新芯片。")
    assert workshop.platform.asked == 1


def test_seal_that_was_gone_on_to_stays_when_a_list_comes_late(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract, finance = workshop.order(ordered["contract"], ordered["finance"])
    _window, page = open_window(SPEC)
    panel = page.chip_panel
    hands.until(lambda: panel.station is not None and panel.station.ticket.seal_id == contract)
    lists_come = page._load  # what every change in the store begins
    lists_come()
    page.queue.select(finance)
    hands.until(lambda: panel.station.ticket.seal_id == finance)
    lists_come()
    hands.quiet()
    assert panel.station.ticket.seal_id == finance


@pytest.mark.long
def test_interrupted_chip_says_what_is_missing_and_is_finished(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract, finance = workshop.order(ordered["contract"], ordered["finance"])
    chip = workshop.insert(workshop.new_chip("CHIP0001"))
    window, page = open_window(SPEC)
    panel = page.chip_panel
    hands.until(panel.burn_button.isEnabled)
    workshop.platform.online = False
    hands.press(panel.burn_button)
    hands.until(lambda: panel.stepper.list.steps[2].state is StepState.NOW)
    hands.press(panel.cancel_button)
    hands.until(lambda: panel.burn_button.isVisible() and panel.burn_button.text() == "继续完成")
    assert hands.state_of(contract) == seals.BURNING
    states = [step.state for step in panel.stepper.list.steps]
    assert states == [StepState.DONE, StepState.DONE, *[StepState.TODO] * 5]
    hands.shoot(window, "production-chip-interrupted")
    workshop.readers.remove("芯片座 1")
    hands.until(lambda: "CHIP0001" in panel.burn_button.toolTip())
    page.queue.select(finance)
    hands.until(lambda: panel.station.ticket.seal_id == finance)
    workshop.insert(chip)
    hands.until(lambda: page.banner.isVisible() and "CHIP0001" in page.banner.sentence)
    hands.shoot(window, "production-chip-found")
    page.show_subject(contract)
    hands.until(lambda: panel.station.ticket.seal_id == contract and panel.burn_button.isEnabled())
    workshop.platform.change(online=True)
    hands.press(panel.burn_button)
    hands.until(lambda: hands.state_of(contract) == seals.MADE)
    assert workshop.platform.asked == 1


@pytest.mark.long
def test_spoiled_chip_needs_a_reason_and_is_not_taken_again(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract = workshop.order(ordered["contract"])
    workshop.insert(workshop.new_chip("CHIP0001"))
    window, page = open_window(SPEC)
    panel = page.chip_panel
    hands.until(panel.burn_button.isEnabled)
    workshop.platform.online = False
    hands.press(panel.burn_button)
    hands.until(lambda: panel.stepper.list.steps[2].state is StepState.NOW)
    hands.press(panel.cancel_button)
    hands.until(panel.spoil_button.isVisible)
    hands.press(panel.spoil_button)
    hands.press(panel.confirm_button)
    assert panel.reason.problem is not None
    hands.compose(panel.reason.editor, "触点损坏")
    hands.shoot(window, "production-chip-spoil")
    hands.press(panel.confirm_button)
    hands.confirm()
    hands.until(lambda: hands.state_of(contract) == seals.ACCEPTED)
    (burn,) = workshop.desk.tell(spoiled_chips)
    assert burn.spoiled_reason == "触点损坏"
    hands.until(lambda: panel.burn_button.toolTip() == "这枚芯片已作废，请插入新芯片。")
    hands.until(lambda: page.queue.spoiled.rows.rowCount() == 1)
    page.queue.tabs.setCurrentIndex(2)
    hands.shoot(window, "production-spoiled")


@pytest.mark.long
def test_two_readers_burn_two_seals_side_by_side(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract, finance = workshop.order(ordered["contract"], ordered["finance"])
    workshop.insert(workshop.new_chip("CHIP0001"), "芯片座 1")
    workshop.insert(workshop.new_chip("CHIP0002"), "芯片座 2")
    window, page = open_window(SPEC)
    panel = page.chip_panel
    hands.until(panel.burn_button.isEnabled)
    assert panel.reader_card.isVisible()
    hands.shoot(window, "production-two-readers")
    workshop.platform.online = False
    panel.reader.set_value("CHIP0002")
    hands.press(panel.burn_button)
    hands.until(lambda: panel.stepper.list.steps[2].state is StepState.NOW)
    page.queue.select(finance)
    hands.until(lambda: panel.station.ticket.seal_id == finance and panel.burn_button.isEnabled())
    assert panel.reader.value() == "CHIP0001"
    hands.press(panel.burn_button)
    hands.until(lambda: len(page.runs.seals()) == 2)
    workshop.platform.change(online=True)
    hands.until(lambda: hands.state_of(contract) == hands.state_of(finance) == seals.MADE)
    assert workshop.desk.tell(lambda s: live_burn(s, contract)).chip_serial == "CHIP0002"
    assert workshop.desk.tell(lambda s: burn_of_chip(s, "CHIP0001")).seal_id == finance


def test_scan_that_fits_nothing_is_told(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    workshop.order(ordered["unit"])
    _window, page = open_window(SPEC)
    hands.until(lambda: page.queue.tickets)
    hands.scan(page.queue.scan, "9999999")
    assert page.banner.isVisible() and "9999999" in page.banner.sentence


def test_scanned_ticket_chooses_its_seal(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    workshop.order(ordered["unit"])
    workshop.order(ordered["unit"], unit=OTHER_UNIT)
    _window, page = open_window(SPEC)
    hands.until(lambda: len(page.queue.tickets) == 2)
    hands.scan(page.queue.scan, "sealdesk:seal:2206810002001")
    hands.until(lambda: page.title.text() == OTHER_UNIT)


def test_person_without_the_right_sees_why_nothing_can_be_done(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    workshop.sit_down("production.burn")
    workshop.order(ordered["unit"])
    _window, page = open_window(SPEC.__class__("production", "x", "production", "", SPEC.build, SPEC.count, SPEC.nouns))
    hands.until(lambda: page.made_button.isVisible())
    for button in (page.made_button, page.artwork.picture_button, page.artwork.package_button):
        assert not button.isEnabled()
        assert "权限" in button.toolTip()
