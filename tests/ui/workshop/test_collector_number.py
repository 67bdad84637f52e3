"""The collector's document number at the counter: whole while it is typed, masked afterwards, shown again only by right and on record."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from sealdesk.models.audit import AuditRow
from sealdesk.stages.logistics.rules import DELIVER
from sealdesk.ui.workspaces.logistics import SPEC

NUMBER, MASKED = "220699199309089282", "220***********9282"
OTHER = "220699198405129171"

pytestmark = pytest.mark.long


@pytest.fixture
def order(workshop: Any, ordered: Any) -> str:
    """An order that waits for hand-over."""
    order_id, unit = workshop.order(ordered["unit"])
    workshop.make(unit)
    return str(order_id)


def looks(workshop: Any) -> int:
    with workshop.store.read() as session:
        return int(session.query(AuditRow).filter_by(command="RevealDocument", result="done").count())


def test_number_on_file_is_masked_and_what_is_typed_is_masked_when_it_is_left(
    workshop: Any, order: str, open_window: Any, hands: Any
) -> None:
    window, page = open_window(SPEC)
    form = page.panel.collector
    hands.until(lambda: page.panel.isVisible() and form.number.is_masked)
    assert form.number.line.text() == MASKED
    assert form.collector.document_number == NUMBER
    hands.shoot(window, "logistics-masked")
    hands.press(form.other_button)
    hands.until(lambda: not form.number.is_masked)
    form.number.line.setFocus()
    hands.compose(form.number.line, OTHER)
    assert form.number.line.text() == OTHER
    form.form.field("name").editor.setFocus()
    hands.until(lambda: form.number.is_masked)
    assert OTHER[6:14] not in form.number.line.text()
    assert form.collector.document_number == OTHER


def test_number_that_is_wrong_stays_to_be_put_right(workshop: Any, order: str, open_window: Any, hands: Any) -> None:
    _window, page = open_window(SPEC)
    form = page.panel.collector
    hands.until(lambda: page.panel.isVisible() and form.number.is_masked)
    form.number.line.setFocus()
    form.number.line.selectAll()
    hands.compose(form.number.line, OTHER[:-1] + "2")
    form.form.field("name").editor.setFocus()
    hands.until(lambda: form.number.problem is not None)
    assert (form.number.is_masked, form.number.line.text()) == (False, OTHER[:-1] + "2")


def test_typing_into_a_masked_number_begins_a_new_one(workshop: Any, order: str, open_window: Any, hands: Any) -> None:
    _window, page = open_window(SPEC)
    form = page.panel.collector
    hands.until(lambda: page.panel.isVisible() and form.number.is_masked)
    form.number.line.setFocus()
    form.number.line.setCursorPosition(5)
    hands.compose(form.number.line, "3")
    assert (form.number.is_masked, form.number.line.text(), form.number.value()) == (False, "3", "3")


def test_whole_number_is_shown_on_record(workshop: Any, order: str, open_window: Any, hands: Any) -> None:
    _window, page = open_window(SPEC)
    form = page.panel.collector
    hands.until(lambda: page.panel.isVisible() and form.reveal_button.isVisible())
    hands.press(form.reveal_button)
    hands.until(lambda: form.number.line.text() == NUMBER)
    assert looks(workshop) == 1
    hands.until(lambda: form.number.line.hasFocus())
    form.form.field("name").editor.setFocus()
    hands.until(lambda: form.number.line.text() == MASKED)


def test_without_the_right_the_number_stays_masked(workshop: Any, order: str, open_window: Any, hands: Any) -> None:
    workshop.sit_down(DELIVER.name)
    _window, page = open_window(SPEC)
    form = page.panel.collector
    hands.until(lambda: page.panel.isVisible() and form.reveal_button.isVisible())
    assert not form.reveal_button.isEnabled()
    assert form.reveal_button.toolTip()
    assert form.number.line.text() == MASKED


def test_backspace_clears_a_masked_number_and_arrows_do_not(workshop: Any, order: str, open_window: Any, hands: Any, qtbot: Any) -> None:
    _window, page = open_window(SPEC)
    form = page.panel.collector
    hands.until(lambda: page.panel.isVisible() and form.number.is_masked)
    form.number.line.setFocus()
    qtbot.keyClick(form.number.line, Qt.Key.Key_End)
    assert form.number.is_masked
    qtbot.keyClick(form.number.line, Qt.Key.Key_Backspace)
    assert (form.number.is_masked, form.number.value()) == (False, "")
