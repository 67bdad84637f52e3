"""Settings of this workplace: language, appearance, size, and how often the platform is asked. Each is saved when it is chosen."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from sealdesk.core.errors import PermissionDeniedError, SealdeskError
from sealdesk.core.i18n import N_, _
from sealdesk.core.settings import SYNC_INTERVAL_S, UI_LANGUAGE, UI_SCALE, UI_THEME, Setting
from sealdesk.stages.administration.rules import SETTINGS
from sealdesk.ui import style_sheet
from sealdesk.ui.app import chosen_scheme, system_scheme
from sealdesk.ui.desk import Shell
from sealdesk.ui.parts.banner import Banner
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.fields import ChoiceField, Option
from sealdesk.ui.parts.form import Form
from sealdesk.ui.parts.layouts import column, margins, row
from sealdesk.ui.presenting import show_failure
from sealdesk.ui.theme import Size, Space
from sealdesk.workflow.desk import Desk

LANGUAGES = (("zh_CN", "简体中文"), ("en", "English"))
THEMES = (("system", N_("As the system has it")), ("light", N_("Light")), ("dark", N_("Dark")))
SCALES = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
INTERVALS_S = (5.0, 15.0, 30.0, 60.0, 300.0)


class SettingsPage(QWidget):
    """设置."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = desk.settings
        self._shell = shell
        may = desk.actor.may(SETTINGS.name)
        denied = PermissionDeniedError(permission=_(SETTINGS.title), name=SETTINGS.name)
        self.banner = Banner()
        self.look = Form(columns=1)
        self.exchange = Form(columns=1)
        self.theme = self._choice(self.look, UI_THEME, [Option(value, _(words)) for value, words in THEMES])
        self.scale = self._choice(
            self.look, UI_SCALE, _numbers(desk.settings.get(UI_SCALE), SCALES, lambda value: f"{value:.0%}"), later=True
        )
        self.language = self._choice(self.look, UI_LANGUAGE, [Option(value, words) for value, words in LANGUAGES], later=True)
        intervals = _numbers(desk.settings.get(SYNC_INTERVAL_S), INTERVALS_S, _seconds)
        self.interval = self._choice(self.exchange, SYNC_INTERVAL_S, intervals, _("How often the platform is asked"), later=True)
        if not may:
            self.interval.combo.setEnabled(False)
            self.interval.show_hint(str(denied))
        appearance = Card(_("This screen"))
        appearance.body.addWidget(self.look)
        platform = Card(_("Exchange with the platform"))
        platform.body.addWidget(self.exchange)
        for card in (appearance, platform):
            card.setFixedWidth(Size.SIGN_IN_WIDTH)
        cards = row(column(appearance, None), column(platform, None), None, gap=Space.M)
        whole = column(self.banner, gap=Space.S, around=margins(x=Space.L, y=Space.S))
        whole.addLayout(cards, 1)
        self.setLayout(whole)

    def _choice(self, form: Form, setting: Setting[Any], options: list[Option], label: str = "", *, later: bool = False) -> ChoiceField:
        hint = _("Takes effect when the program is started again.") if later else ""
        field = ChoiceField(setting.name, label or _(setting.title), options, hint=hint)
        field.set_value(self._settings.get(setting))
        field.edited.connect(lambda: self._keep(setting, field))
        form.add(field)
        return field

    def _keep(self, setting: Setting[Any], field: ChoiceField) -> None:
        self.banner.hide()
        try:
            self._settings.set(setting, field.value())
        except SealdeskError as error:
            field.set_value(self._settings.get(setting))
            show_failure(error, self, self.banner)
            return
        if setting is UI_THEME:
            application = QApplication.instance()
            if isinstance(application, QApplication):
                style_sheet.apply(application, chosen_scheme(self._settings) or system_scheme(application))
        self._shell.say(_("Saved."))


def _numbers(now: float, usual: tuple[float, ...], words: Any) -> list[Option]:
    return [Option(value, words(value)) for value in sorted({*usual, now})]


def _seconds(value: float) -> str:
    if value >= 60 and value % 60 == 0:
        return _("Every {count} min").format(count=int(value // 60))
    return _("Every {count} s").format(count=f"{value:g}")
