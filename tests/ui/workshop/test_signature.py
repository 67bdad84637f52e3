"""The signature workspace, driven as a technician drives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from sealdesk.domain import seals
from sealdesk.ui.workspaces.signature import SPEC

LONG = 20_000
PIN = "246810"


def test_query_information_is_reviewed_signed_burned_and_read_back(
    qtbot: QtBot,
    workshop: Any,
    ordered: Any,
    open_window: Callable[..., Any],
    state_of: Callable[[str], str],
    type_pin: Callable[[str], Any],
    compose: Any,
    press: Any,
    scan: Any,
    shoot: Any,
) -> None:
    _order, contract, finance = workshop.order(ordered["contract"], ordered["finance"])
    workshop.burn(finance, "CHIP0002")
    workshop.burn(contract, "CHIP0001")
    window, page = open_window(SPEC)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 2)
    scan(page.scan, "CHIP0001")
    qtbot.waitUntil(lambda: page.title.text().endswith("合同专用章") and page.sign_button.isEnabled())
    assert page.grid.differing == ()
    qtbot.wait(300)
    shoot(window, "signature-ready")
    compose(page.grid.editor("inkpad_desc"), "红色光敏印油")
    press(page.sign_button)
    type_pin("999999")
    assert "PIN" in type_pin(PIN).problem.text()
    qtbot.waitUntil(lambda: state_of(contract) == seals.SIGNED, timeout=LONG)
    qtbot.waitUntil(page.next_button.isVisible, timeout=LONG)
    qtbot.wait(400)
    shoot(window, "signature-signed")
