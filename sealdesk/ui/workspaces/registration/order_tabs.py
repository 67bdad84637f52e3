"""The middle of registration: seals, papers and goods share one place; each tab says how it stands, so nothing is forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabBar, QWidget

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.ui.parts.layouts import column
from sealdesk.ui.theme import Space
from sealdesk.ui.workspaces.registration.goods_panel import GoodsPanel
from sealdesk.ui.workspaces.registration.proofs_panel import ProofsPanel
from sealdesk.ui.workspaces.registration.seals_panel import SealsPanel

TITLES = (N_("Seals"), N_("Proof documents"), N_("Goods"))
SEALS, PAPERS, GOODS = range(3)


class OrderTabs(QWidget):
    """Ctrl+PgDown and Ctrl+PgUp go from one to the next."""

    def __init__(self, seals: SealsPanel, proofs: ProofsPanel, goods: GoodsPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seals, self._proofs, self._goods = seals, proofs, goods
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setAccessibleName(_("Parts of the order"))
        self._panels: tuple[QWidget, ...] = (seals, proofs, goods)
        for _panel in self._panels:
            self.bar.addTab("")
        self.setLayout(column(self.bar, *self._panels, None, gap=Space.S))
        self.bar.currentChanged.connect(self._on_bar_changed)
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda step=step: self.go((self.bar.currentIndex() + step) % len(TITLES)))
        self._on_bar_changed(SEALS)
        self.show_counts(())

    def go(self, page: int) -> None:
        """Open a page."""
        self.bar.setCurrentIndex(page)

    def show_counts(self, problems: Sequence[UserError]) -> None:
        """Say in each tab how many there are, and how many papers are missing."""
        missing = sum(1 for problem in problems if (problem.field or "").startswith("proofs."))
        papers = _("{count} missing").format(count=missing) if missing else str(len(self._proofs.proofs()) or "")
        counts = (str(len(self._seals.seals()) or ""), papers, str(len(self._goods.goods()) or ""))
        for place, (title, count) in enumerate(zip(TITLES, counts, strict=True)):
            self.bar.setTabText(place, f"{_(title)}  {count}".rstrip())

    def _on_bar_changed(self, place: int) -> None:
        if any(panel.isAncestorOf(focused) for panel in self._panels if (focused := self.focusWidget()) is not None):
            self.bar.setFocus()  # else the cursor would fall into the next field, whose text is selected and would be typed over
        for number, panel in enumerate(self._panels):
            panel.setVisible(number == place)
