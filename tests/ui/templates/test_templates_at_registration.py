"""What the shop chose and made itself is what registration offers, and an order keeps what it was begun with."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sealdesk.stages.templates.rules import ChooseTemplates, ImportTemplate, RetireTemplate, TakeOutTemplates
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.workspaces import registration

LONG = 20_000


def offered(page: Any) -> list[str]:
    gallery = page.seals.editor.gallery
    return [gallery.item(row).data(Qt.ItemDataRole.UserRole + 1) for row in range(gallery.count())]


def test_registration_offers_what_the_shop_uses_and_keeps_what_was_begun(qtbot: QtBot, office: Any, shoot: Any) -> None:
    office.desk.do(ImportTemplate("a.stp", office.file()))
    office.desk.do(TakeOutTemplates(("unit.enterprise.45",)))
    window = MainWindow(office.desk, (registration.SPEC,))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    page: Any = window.stack.currentWidget()
    page.seals.add()
    qtbot.waitUntil(lambda: "local.shop.round@1" in offered(page), timeout=LONG)
    assert {"unit.enterprise.40", "unit.enterprise.38"} <= set(offered(page))
    assert not {"unit.enterprise.45", "union.42"} & set(offered(page))
    gallery = page.seals.editor.gallery
    gallery.setCurrentRow(offered(page).index("local.shop.round@1"))
    assert page.seals.current.template == "local.shop.round@1"
    assert page.seals.current.template_file
    qtbot.waitUntil(lambda: page.face.canvas.drawing is not None, timeout=LONG)
    shoot(page, "templates-at-registration")
    office.desk.do(ImportTemplate("b.stp", office.file(mark=12.0)))
    office.desk.do(ChooseTemplates(("union.42",)))
    qtbot.waitUntil(lambda: {"local.shop.round@2", "union.42"} <= set(offered(page)), timeout=LONG)
    office.desk.do(RetireTemplate("shop.round"))
    qtbot.waitUntil(lambda: "local.shop.round@2" not in offered(page), timeout=LONG)
    assert "local.shop.round@1" in offered(page)
    assert gallery.template_name() == page.seals.current.template == "local.shop.round@1"
