"""Which templates the gallery shows: by standing, by type of seal, and by words in title, name or note."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QTabBar, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.domain.seals import SEAL_TYPE_TITLES, SealType
from sealdesk.stages.templates.queries import TemplateLine
from sealdesk.stages.templates.rules import Standing
from sealdesk.ui.parts.layouts import row
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.theme import Size, Space

_PAGES: tuple[tuple[str, frozenset[Standing]], ...] = (
    (N_("All templates"), frozenset(Standing)),
    (N_("Offered at registration"), frozenset(standing for standing in Standing if standing.is_offered)),
    (N_("Can be chosen"), frozenset({Standing.OPTIONAL})),
    (N_("The shop's own"), frozenset({Standing.LOCAL, Standing.RETIRED})),
)


class Filters(QWidget):
    """`changed` comes when another choice is made."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = QTabBar()
        self.pages.setExpanding(False)
        self.pages.setDrawBase(False)
        self.pages.setUsesScrollButtons(False)
        self.pages.setAccessibleName(_("Which templates"))
        for title, _standings in _PAGES:
            self.pages.addTab(_(title))
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Seal type"))
        self.kind.setMinimumWidth(Size.NAV_WIDTH)
        self.kind.addItem(_("All seal types"), "")
        for kind in SealType:
            self.kind.addItem(_(SEAL_TYPE_TITLES[kind]), str(kind))
        self.search = SearchBox(_("Find a template"))
        layout = row(self.pages, None, self.kind, self.search, gap=Space.S)
        self.setLayout(layout)
        self.pages.currentChanged.connect(lambda _place: self.changed.emit())
        self.kind.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.search.asked.connect(lambda _words: self.changed.emit())

    def show_counts(self, lines: tuple[TemplateLine, ...]) -> None:
        """Write how many there are beside each choice."""
        for place, (title, standings) in enumerate(_PAGES):
            count = sum(line.standing in standings for line in lines)
            self.pages.setTabText(place, f"{_(title)}  {count}")

    def of(self, lines: tuple[TemplateLine, ...]) -> tuple[TemplateLine, ...]:
        """Those that are to be shown."""
        standings, kind = _PAGES[self.pages.currentIndex()][1], str(self.kind.currentData() or "")
        words = self.search.text().strip().casefold().split()
        return tuple(line for line in lines if line.standing in standings and kind in ("", line.template.seal_type) and _fits(line, words))

    def show_all(self) -> None:
        """Take every restriction away."""
        self.pages.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        self.search.clear()


def _fits(line: TemplateLine, words: list[str]) -> bool:
    text = f"{line.title} {line.name} {_(line.template.note)} {_(SEAL_TYPE_TITLES[SealType(line.template.seal_type)])}".casefold()
    return all(word in text for word in words)
