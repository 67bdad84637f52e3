"""The logistics workspace, driven as a clerk at the counter drives it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealdesk.domain import seals
from sealdesk.models.deliveries import DeliveryRow
from sealdesk.ui.workspaces.logistics import SPEC

Open = Callable[..., Any]
PIN = "246810"

pytestmark = pytest.mark.long


def deliveries(workshop: Any) -> list[tuple[str, str, str]]:
    """State, collector and power of attorney of all hand-overs."""
    with workshop.store.read() as session:
        return [(row.state, row.collector.name, row.authorisation) for row in session.query(DeliveryRow)]


def test_order_is_handed_over_with_checked_papers_chip_slip_and_mailer(
    workshop: Any, ordered: Any, open_window: Open, hands: Any, opened_files: list[str], tmp_path: Path
) -> None:
    _order, unit, contract = workshop.order(ordered["unit"], ordered["contract"], goods=True)
    workshop.make(unit)
    chip = workshop.burn(contract, "CHIP0001")
    workshop.sign(contract)
    workshop.readers.remove("芯片座 1")
    window, page = open_window(SPEC)
    panel = page.panel
    hands.until(lambda: panel.isVisible() and panel.main_button.isEnabled())
    hands.shoot(window, "logistics-check")
    hands.press(panel.main_button)
    assert panel.collector.form.field("original_seen").problem is not None
    hands.press(panel.collector.form.field("original_seen").box)
    hands.press(panel.main_button)
    hands.type_pin(PIN)
    hands.until(lambda: "CHIP0001" in panel.main_button.toolTip())
    hands.shoot(window, "logistics-insert-chip")
    workshop.insert(chip)
    hands.until(panel.main_button.isEnabled)
    hands.press(panel.main_button)
    hands.until(lambda: panel.slip_button.isVisible() and panel.counter.phase.value == "papers")
    assert not panel.main_button.isEnabled()
    hands.shoot(window, "logistics-papers")
    hands.press(panel.slip_button)
    hands.choose_path(tmp_path / "slip.pdf")
    hands.until(lambda: panel.counter.slip_saved)
    assert "PIN" in panel.main_button.toolTip()
    hands.press(panel.mailer_button)
    hands.choose_path(tmp_path / "mailer.pdf")
    hands.until(panel.main_button.isEnabled)
    assert [Path(path).name for path in opened_files] == ["slip.pdf", "mailer.pdf"]
    assert (tmp_path / "mailer.pdf").read_bytes().startswith(b"%PDF")
    hands.press(panel.main_button)
    hands.until(lambda: hands.state_of(unit) == hands.state_of(contract) == seals.DELIVERED)
    hands.until(lambda: not panel.main_button.isVisible())
    panel.tabs.setCurrentIndex(1)
    hands.shoot(window, "logistics-done")


def test_another_person_needs_a_power_of_attorney(workshop: Any, ordered: Any, open_window: Open, hands: Any, tmp_path: Path) -> None:
    _order, unit = workshop.order(ordered["unit"])
    workshop.make(unit)
    window, page = open_window(SPEC)
    panel = page.panel
    form = panel.collector.form
    hands.until(lambda: panel.isVisible() and panel.main_button.isEnabled())
    hands.press(panel.collector.other_button)
    hands.compose(form.field("name").editor, "周明")
    hands.compose(form.field("document_number").editor, "220699198405129171")
    hands.compose(form.field("phone").editor, "19900000009")
    hands.press(form.field("original_seen").box)
    assert panel.collector.slot.isVisible()
    hands.press(panel.main_button)
    assert form.field("name").problem is not None and "林知夏" in str(form.field("name").problem)
    hands.shoot(window, "logistics-another")
    paper = tmp_path / "authorisation.png"
    paper.write_bytes(b"a scan")
    panel.collector.slot.offered.emit("authorisation", (paper,))
    hands.until(lambda: panel.collector.papers.authorisation)
    hands.press(panel.main_button)
    hands.type_pin(PIN)
    hands.until(lambda: deliveries(workshop))
    ((state, name, authorisation),) = deliveries(workshop)
    assert (state, name) == ("signed", "周明")
    assert workshop.desk.attachments.get(authorisation) == b"a scan"


def test_wrong_numbers_are_told_beside_their_fields_before_a_pin_is_asked(
    workshop: Any, ordered: Any, open_window: Open, hands: Any
) -> None:
    _order, unit = workshop.order(ordered["unit"])
    workshop.make(unit)
    _window, page = open_window(SPEC)
    panel = page.panel
    form = panel.collector.form
    hands.until(lambda: panel.isVisible() and panel.main_button.isEnabled())
    hands.press(form.field("original_seen").box)
    hands.retype(form.field("document_number").editor, "220699198405129172")
    hands.press(panel.main_button)
    assert form.field("document_number").problem is not None
    hands.press(panel.collector.principal_button)
    assert (form.field("name").value(), form.field("document_number").problem) == ("沈云帆", None)


def test_hand_over_is_withdrawn_with_a_reason_and_begun_again(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, unit = workshop.order(ordered["unit"])
    workshop.make(unit)
    window, page = open_window(SPEC)
    panel = page.panel
    hands.until(lambda: panel.isVisible() and panel.main_button.isEnabled())
    hands.press(panel.collector.form.field("original_seen").box)
    hands.press(panel.main_button)
    hands.type_pin(PIN)
    hands.until(panel.withdraw_button.isVisible)
    hands.press(panel.withdraw_button)
    hands.press(panel.confirm_button)
    assert panel.reason.problem is not None
    hands.compose(panel.reason.editor, "领取人已离开")
    hands.shoot(window, "logistics-withdraw")
    hands.press(panel.confirm_button)
    hands.confirm()
    hands.until(lambda: panel.collector.isVisible())
    assert [state for state, _name, _paper in deliveries(workshop)] == ["withdrawn"]
    assert not panel.collector.papers.original_seen, "the papers are checked anew"


def test_slip_of_a_delivered_order_is_printed_again(
    workshop: Any, ordered: Any, open_window: Open, hands: Any, opened_files: list[str], tmp_path: Path
) -> None:
    order, unit = workshop.order(ordered["unit"])
    workshop.make(unit)
    workshop.hand_over(order)
    window, page = open_window(SPEC)
    hands.until(lambda: page.delivered.rows.rowCount() == 1)
    hands.scan(page.scan, "2206810001001")
    hands.until(lambda: page.panel.slip_button.isVisible())
    assert page.tabs.currentIndex() == 1
    assert not page.panel.mailer_button.isVisible()
    hands.press(page.panel.slip_button)
    hands.choose_path(tmp_path / "again.pdf")
    hands.until(lambda: opened_files)
    hands.shoot(window, "logistics-delivered")
