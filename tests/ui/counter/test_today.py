"""Today: what waits over all stages, each line leading to its place, only for those who may go there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sealdesk.domain.access import Actor
from sealdesk.domain.orders import PRODUCED
from sealdesk.domain.seals import BURNING
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.stages.logistics.rules import DELIVER
from sealdesk.ui.workspaces.today.page import date_words
from sealdesk.ui.workspaces.today.section_card import LINES_SHOWN, since_words

WAIT_MS = 10_000


def names(page: Any) -> list[str]:
    return [card.section.name for card in page.cards]


def test_nothing_waiting_is_said_with_a_way_to_begin(qtbot: QtBot, open_stage: Any, shoot: Callable[..., None]) -> None:
    window, page = open_stage("today")
    qtbot.waitUntil(page.empty.isVisible, timeout=WAIT_MS)
    shoot(window, "today-1-empty")
    page.new_button.click()
    assert window.open_stage == "registration"


def test_returned_registration_stands_first_with_its_reason_and_leads_there(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    counter.permitted(unit=counter.other_unit(1))
    order_id = counter.returned("缺少授权委托书")
    window, page = open_stage("today")
    qtbot.waitUntil(lambda: names(page) == ["returned", "permits"], timeout=WAIT_MS)
    assert page.cards[0].section.lines[0].detail == "缺少授权委托书"
    qtbot.waitUntil(page.cards[0].list.hasFocus)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert window.open_stage == "registration"
    registration = window.stack.currentWidget()
    qtbot.waitUntil(lambda: registration.editing.order.id == order_id, timeout=WAIT_MS)


def test_list_that_comes_late_leaves_the_cursor_where_the_person_went(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    counter.returned("缺少授权委托书")
    busy = Event()
    counter.desk.lanes.data.submit(lambda _task: busy.wait())
    window, page = open_stage("today")
    window.go("registration")
    registration = window.stack.currentWidget()
    qtbot.waitUntil(lambda: registration.isAncestorOf(QApplication.focusWidget()))
    busy.set()
    qtbot.waitUntil(lambda: names(page) == ["returned"], timeout=WAIT_MS)
    qtbot.wait(50)  # the focus would be taken one turn later
    assert registration.isAncestorOf(QApplication.focusWidget())


def test_permit_leads_to_acceptance(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    counter.permitted(unit=counter.other_unit(1))
    order_id = counter.permitted(unit=counter.other_unit(2))
    window, page = open_stage("today")
    qtbot.waitUntil(lambda: names(page) == ["permits"], timeout=WAIT_MS)
    card = page.cards[0]
    place = [line.subject for line in card.section.lines].index(order_id)
    card.list.setCurrentRow(place)
    qtbot.keyClick(card.list, Qt.Key.Key_Return)
    acceptance = window.stack.currentWidget()
    qtbot.waitUntil(lambda: acceptance._view is not None and acceptance._view.order.id == order_id, timeout=WAIT_MS)


@pytest.mark.long
def test_what_arrives_meanwhile_appears_by_itself(qtbot: QtBot, counter: Any, open_stage: Any, shoot: Callable[..., None]) -> None:
    window, page = open_stage("today")
    qtbot.waitUntil(page.empty.isVisible, timeout=WAIT_MS)
    counter.permitted(unit=counter.other_unit(1))
    qtbot.waitUntil(lambda: names(page) == ["permits"], timeout=WAIT_MS)
    counter.returned()
    qtbot.waitUntil(lambda: names(page) == ["returned", "permits"], timeout=WAIT_MS)
    assert not page.empty.isVisible()
    _half_burned_and_deliverable(counter)
    page.refresh()
    qtbot.waitUntil(lambda: names(page) == ["returned", "burning", "permits", "delivery"], timeout=WAIT_MS)
    shoot(window, "today-2")


def _half_burned_and_deliverable(counter: Any) -> None:
    """States that take a whole walk to reach are set by hand: today only looks at them."""
    burning, produced = counter.submitted(unit=counter.other_unit(2)), counter.submitted(unit=counter.other_unit(3))
    with counter.store.write() as session:
        session.query(SealRow).filter(SealRow.order_id == burning).update({"state": BURNING})
        session.get(OrderRow, produced).state = PRODUCED


def test_half_burned_chip_and_hand_over_are_listed(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    _half_burned_and_deliverable(counter)
    _window, page = open_stage("today")
    qtbot.waitUntil(lambda: names(page) == ["burning", "delivery"], timeout=WAIT_MS)


@pytest.mark.long
def test_only_what_the_person_may_do_is_listed(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    counter.returned()
    _half_burned_and_deliverable(counter)
    counter.desk.actor = Actor("u2", "王小姐", frozenset({DELIVER.name}))
    _window, page = open_stage("today")
    qtbot.waitUntil(lambda: names(page) == ["delivery"], timeout=WAIT_MS)


@pytest.mark.long
def test_long_section_names_how_many_more_there_are(qtbot: QtBot, counter: Any, open_stage: Any) -> None:
    for number in range(LINES_SHOWN + 2):
        counter.returned(unit=counter.other_unit(number + 1))
    _window, page = open_stage("today")
    qtbot.waitUntil(lambda: names(page) == ["returned"], timeout=WAIT_MS)
    assert page.cards[0].list.count() == LINES_SHOWN
    assert len(page.cards[0].section.lines) == LINES_SHOWN + 2


def test_day_is_the_shops_day() -> None:
    assert date_words(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == "2026 年 11 月 23 日 星期一"


def test_time_is_told_for_today_and_the_day_for_earlier() -> None:
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert since_words(datetime(2026, 11, 22, 23, 5, tzinfo=UTC), now) == "07:05"
    assert since_words(datetime(2026, 11, 22, 2, 0, tzinfo=UTC), now) == "昨天"
    assert since_words(None, now) == ""
