"""Tables keep their selection and ticks, load large sets in windows, and say what an empty one is for."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sealdesk.core.lanes import Job, Lane
from sealdesk.ui.parts.empty_state import Empty, EmptyState
from sealdesk.ui.parts.state_chip import Chip
from sealdesk.ui.parts.table import Table
from sealdesk.ui.parts.table_model import CHIP_ROLE, WINDOW_ROWS, WINDOWS_KEPT, Align, Column
from sealdesk.ui.theme import Size, Tone


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    name: str
    fen: int = 0


COLUMNS = (
    Column[Row]("名称", lambda row: row.name),
    Column[Row]("金额", lambda row: f"{row.fen / 100:.2f}", 8, Align.RIGHT, order=lambda row: row.fen),
    Column[Row]("状态", lambda row: "完成", 8, chip=lambda row: Chip("完成", Tone.OK) if row.fen else None),
)


def rows(*names: str) -> tuple[Row, ...]:
    return tuple(Row(number, name, number * 100) for number, name in enumerate(names))


@pytest.fixture
def table(qtbot: QtBot) -> Table:
    made = Table("订单", COLUMNS, lambda row: row.id, Empty("order", "没有订单", "新订单会出现在这里。"), ticks=True)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_table_is_named_and_quiet(table: Table) -> None:
    assert table.accessibleName() == "订单"
    assert not table.showGrid() and not table.alternatingRowColors()
    assert table.verticalHeader().defaultSectionSize() == Size.ROW


def test_empty_table_says_what_would_stand_there(table: Table) -> None:
    empty = table.findChild(EmptyState)
    assert empty is not None and empty.isVisible()
    assert "没有订单" in empty.accessibleName()
    table.show_rows(rows("a"))
    assert not empty.isVisible()
    table.show_rows(())
    assert empty.isVisible()


def test_empty_table_offers_how_to_begin(qtbot: QtBot) -> None:
    begun: list[int] = []
    made = Table("t", COLUMNS, lambda row: row.id, Empty("order", "空", action="登记"), begun=lambda: begun.append(1))
    qtbot.addWidget(made)
    made.findChild(QPushButton).click()
    assert begun == [1]


def test_enter_chooses_the_current_row(qtbot: QtBot, table: Table) -> None:
    table.show_rows(rows("a", "b"))
    table.select(1)
    with qtbot.waitSignal(table.chosen) as chosen:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert chosen.args == [Row(1, "b", 100)]


def test_selection_stays_on_its_row_when_rows_come_and_go(table: Table) -> None:
    table.show_rows(rows("a", "b", "c"))
    table.select(2)
    table.show_rows((Row(9, "new"), *rows("a", "b", "c")))
    assert table.current_row() == Row(2, "c", 200)
    table.show_rows(rows("a"))
    assert table.current_row() is None


def test_selection_stays_on_its_row_when_sorted(table: Table) -> None:
    table.show_rows((Row(1, "a", 10), Row(2, "b", 900), Row(3, "c", 50)))
    table.select(3)
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert [table.rows.row_at(place).id for place in range(3)] == [2, 3, 1]
    assert table.current_row().id == 3
    table.show_rows((Row(1, "a", 10), Row(2, "b", 900), Row(3, "c", 50)))
    assert [table.rows.row_at(place).id for place in range(3)] == [2, 3, 1]


def test_space_ticks_and_ticks_stay_with_their_rows(qtbot: QtBot, table: Table) -> None:
    table.show_rows(rows("a", "b"))
    table.select(1)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert [row.id for row in table.ticked_rows()] == [1]
    table.show_rows(tuple(reversed(rows("a", "b"))))
    assert [row.id for row in table.ticked_rows()] == [1]
    table.show_rows(rows("a"))
    assert table.ticked_rows() == ()


def test_click_on_the_box_ticks(qtbot: QtBot, table: Table) -> None:
    table.show_rows(rows("a", "b"))
    place = table.visualRect(table.rows.index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [row.id for row in table.ticked_rows()] == [0]


def test_state_is_given_as_a_chip_and_as_words(table: Table) -> None:
    table.show_rows(rows("a", "b"))
    index = table.rows.index(1, 3)
    assert table.rows.data(index, CHIP_ROLE) == Chip("完成", Tone.OK)
    assert table.rows.data(index) == "完成"


def test_large_set_loads_only_what_is_seen(qtbot: QtBot, table: Table, lane: Lane) -> None:
    asked: list[int] = []

    def load(ids: Sequence[int]) -> Job[tuple[Row, ...]]:
        wanted = tuple(ids)
        asked.append(len(wanted))
        return lane.submit(lambda _task: tuple(Row(number, f"第 {number} 行") for number in wanted))

    table.show_ids(array("q", range(1_000_000)), load)
    assert table.rows.rowCount() == 1_000_000
    qtbot.waitUntil(lambda: table.rows.data(table.rows.index(3, 1)) == "第 3 行")
    table.scrollTo(table.rows.index(765_432, 0))
    qtbot.waitUntil(lambda: table.rows.data(table.rows.index(765_432, 1)) == "第 765432 行")
    assert sum(asked) <= 4 * WINDOW_ROWS


def test_large_set_keeps_few_windows(qtbot: QtBot, table: Table, lane: Lane) -> None:
    def load(ids: Sequence[int]) -> Job[tuple[Row, ...]]:
        wanted = tuple(ids)
        return lane.submit(lambda _task: tuple(Row(number, str(number)) for number in wanted))

    table.show_ids(array("q", range(WINDOW_ROWS * (WINDOWS_KEPT + 20))), load)
    for number in range(WINDOWS_KEPT + 20):
        table.rows.row_at(number * WINDOW_ROWS)
    last = (WINDOWS_KEPT + 19) * WINDOW_ROWS
    qtbot.waitUntil(lambda: table.rows.row_at(last) is not None)
    assert len(table.rows._windows) <= WINDOWS_KEPT


def test_answer_for_an_older_set_is_ignored(qtbot: QtBot, table: Table, lane: Lane) -> None:
    table.show_ids(array("q", [1]), lambda _ids: lane.submit(lambda _task: (Row(1, "alt"),)))
    table.rows.row_at(0)
    table.show_ids(array("q", [2]), lambda _ids: lane.submit(lambda _task: (Row(2, "neu"),)))
    qtbot.waitUntil(lambda: table.rows.data(table.rows.index(0, 1)) == "neu")
