"""The signature workspace, driven as a technician drives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sealdesk.core.i18n import _
from sealdesk.domain import seals
from sealdesk.models.orders import SealRow
from sealdesk.models.units import UnitRow
from sealdesk.ui.workspaces.signature import SPEC

Open = Callable[..., Any]
PIN = "246810"

pytestmark = pytest.mark.long


def test_query_information_is_reviewed_signed_burned_and_read_back(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract, finance = workshop.order(ordered["contract"], ordered["finance"])
    workshop.burn(finance, "CHIP0002")
    workshop.burn(contract, "CHIP0001")
    window, page = open_window(SPEC)
    hands.until(lambda: page.table.rows.rowCount() == 2)
    hands.scan(page.scan, "CHIP0001")
    hands.until(lambda: page.title.text().endswith("合同专用章") and page.sign_button.isEnabled())
    assert page.grid.differing == ()
    hands.shoot(window, "signature-ready")
    hands.compose(page.grid.editor("inkpad_desc"), "红色光敏印油")
    hands.press(page.sign_button)
    hands.type_pin("999999")
    assert "PIN" in hands.type_pin(PIN).problem.text()
    hands.until(lambda: hands.state_of(contract) == seals.SIGNED)
    hands.until(page.next_button.isVisible)
    assert page.grid.read_back.inkpad_desc == "红色光敏印油"
    assert page.grid.read_back == page.grid.information
    hands.shoot(window, "signature-signed")
    hands.press(page.next_button)
    hands.until(lambda: page.title.text().endswith("财务专用章") and "CHIP0002" in page.sign_button.toolTip())


def test_fields_that_break_their_rule_or_differ_from_the_permit_are_marked(
    workshop: Any, ordered: Any, open_window: Open, hands: Any
) -> None:
    _order, contract = workshop.order(ordered["contract"])
    workshop.burn(contract, "CHIP0001")
    with workshop.store.write() as session:
        session.query(UnitRow).one().uscc = "91220699MA0YB0017W"
    window, page = open_window(SPEC)
    hands.until(page.sign_button.isEnabled)
    assert page.grid.differing == ("social_credit",)
    assert page.grid.problems == {}
    hands.retype(page.grid.editor("material_code"), "铜")
    hands.until(lambda: not page.sign_button.isEnabled())
    assert set(page.grid.problems) == {"material_code"}
    assert "1" in page.sign_button.toolTip()
    page.grid.go_to("material_code")
    hands.shoot(window, "signature-problems")
    hands.retype(page.grid.editor("material_code"), "01")
    hands.until(page.sign_button.isEnabled)


def test_signed_record_is_only_burned_and_another_chip_is_not_taken(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract, finance = workshop.order(ordered["contract"], ordered["finance"])
    chip = workshop.burn(contract, "CHIP0001")
    workshop.burn(finance, "CHIP0002")
    workshop.sign_only(contract)
    window, page = open_window(SPEC)
    hands.until(lambda: page.table.rows.rowCount() == 2)
    hands.scan(page.scan, "CHIP0001")
    hands.until(lambda: page.sign_button.text() == "灌制签名")
    assert "CHIP0001" in page.sign_button.toolTip()
    hands.shoot(window, "signature-insert")
    with workshop.store.read() as session:
        signed = session.get(SealRow, contract).signed_record
    workshop.insert(chip)
    hands.until(page.sign_button.isEnabled)
    hands.press(page.sign_button)
    hands.until(lambda: hands.state_of(contract) == seals.SIGNED)
    with workshop.store.read() as session:
        assert session.get(SealRow, contract).signed_record == signed


def test_nothing_is_signed_without_a_key(workshop: Any, ordered: Any, open_window: Open, hands: Any) -> None:
    _order, contract = workshop.order(ordered["contract"])
    workshop.burn(contract, "CHIP0001")
    workshop.readers.remove("软件密钥")
    _window, page = open_window(SPEC)
    hands.until(lambda: page.sign_button.toolTip() == _("Plug in the USB key."))
    assert not page.sign_button.isEnabled()
