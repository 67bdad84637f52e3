"""The three workspaces of the workshop for people who cannot use a mouse or see the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from sealdesk.ui.workspaces import logistics, production, signature


@pytest.mark.long
@pytest.mark.parametrize("spec", [production.SPEC, signature.SPEC, logistics.SPEC], ids=lambda spec: spec.name)
def test_everything_that_takes_the_focus_is_named(
    workshop: Any, ordered: Any, open_window: Callable[..., Any], hands: Any, spec: Any
) -> None:
    _order, unit, contract = workshop.order(ordered["unit"], ordered["contract"])
    if spec is not production.SPEC:
        workshop.burn(contract, "CHIP0001")
    if spec is logistics.SPEC:
        workshop.make(unit)
        workshop.sign(contract)
    window, page = open_window(spec)
    hands.until(lambda: window.rail.button(spec.name).count == (2 if spec is production.SPEC else 1))
    nameless = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and type(widget) is not QWidget
    ]
    assert nameless == []
