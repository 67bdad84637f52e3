"""The pages of 系统 beside each other; each is built when it is first opened, and only those the person may use are there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.stages.administration.rules import AUDIT, USERS
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.theme import Space
from sealdesk.ui.workspaces.administration.diagnosis_page import DiagnosisPage
from sealdesk.ui.workspaces.administration.exchange_page import ExchangePage
from sealdesk.ui.workspaces.administration.people_page import PeoplePage
from sealdesk.ui.workspaces.administration.settings_page import SettingsPage
from sealdesk.ui.workspaces.administration.trail_page import TrailPage
from sealdesk.workflow.desk import Desk

PEOPLE, TRAIL, EXCHANGE, SETTINGS, DIAGNOSIS = "people", "trail", "exchange", "settings", "diagnosis"

_PAGES: tuple[tuple[str, str, str, Callable[[Desk, Shell], QWidget]], ...] = (
    (PEOPLE, N_("People and keys"), USERS.name, PeoplePage),
    (TRAIL, N_("Audit trail"), AUDIT.name, TrailPage),
    (EXCHANGE, N_("Exchange with the platform"), "", ExchangePage),
    (SETTINGS, N_("Settings"), "", SettingsPage),
    (DIAGNOSIS, N_("Diagnosis"), "", DiagnosisPage),
)


class AdministrationWorkspace(QWidget):
    """系统."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shell = shell
        self._pages = [page for page in _PAGES if desk.actor.may(page[2])]
        self._built: dict[str, QWidget] = {}
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName(_("Pages of administration"))
        for _name, title, _permission, _make in self._pages:
            self.tabs.addTab(_(title))
        self.stack = QStackedWidget()
        self.tabs.currentChanged.connect(self._on_tab_changed)
        head = row(gap=Space.L, around=margins(x=Space.L, y=0))
        head.addWidget(text(_("Administration"), "title"))
        head.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        whole = column(gap=Space.S)
        whole.setContentsMargins(margins(x=0, y=Space.S))
        whole.addLayout(head)
        whole.addWidget(self.stack, 1)
        self.setLayout(whole)
        self._on_tab_changed(0)

    def show_subject(self, subject: object) -> None:
        """Open a page: "devices" leads to the diagnosis, "sync.…" to the exchange, and each page by its name."""
        if not isinstance(subject, str):
            return
        wanted = DIAGNOSIS if subject == "devices" else EXCHANGE if subject.startswith("sync.") else subject
        for place, page in enumerate(self._pages):
            if page[0] == wanted:
                self.tabs.setCurrentIndex(place)

    def page(self, name: str) -> QWidget:
        """The page of that name, built now if it was not opened before."""
        made = self._built.get(name)
        if made is None:
            make = next(page[3] for page in self._pages if page[0] == name)
            made = self._built[name] = make(self._desk, self._shell)
            self.stack.addWidget(made)
        return made

    def _on_tab_changed(self, place: int) -> None:
        self.stack.setCurrentWidget(self.page(self._pages[place][0]))
