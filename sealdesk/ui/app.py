"""Sets up the QApplication (fonts, Qt's own Chinese texts, theme) and leads from the sign-in to the main window.

It knows Protocols only; `bootstrap()` calls it with the concrete services.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from sealdesk.core.i18n import _, use_language
from sealdesk.core.settings import UI_LANGUAGE, UI_SCALE, UI_THEME, Settings
from sealdesk.domain.access import Actor
from sealdesk.ui import jobs, style_sheet
from sealdesk.ui.bug_report import ReportDialog
from sealdesk.ui.desk import Desk, WorkspaceSpec
from sealdesk.ui.failures import present
from sealdesk.ui.first_run import FirstRunPage
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.sign_in import SignInPage, SignInService
from sealdesk.ui.theme import FontSize, Scheme, Size

_WINDOWS_FONT = "Microsoft YaHei UI"


def set_up(scheme: Scheme | None = None, *, language: str = "zh_CN") -> QApplication:
    """The application, dressed: made when there is none yet; `scheme` None follows the system."""
    existing = QApplication.instance()
    if existing is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("sealdesk")
    app.setApplicationDisplayName(_("sealdesk"))
    jobs.prepare()
    _use_font(app)
    if language == "zh_CN":
        QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        _use_qt_texts(app)
    style_sheet.apply(app, scheme if scheme is not None else system_scheme(app))
    return app


def system_scheme(app: QApplication) -> Scheme:
    """The scheme that the person's system prefers."""
    return Scheme.DARK if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else Scheme.LIGHT


def chosen_scheme(settings: Settings) -> Scheme | None:
    """The scheme chosen at this workplace; None while the system decides."""
    chosen = settings.get(UI_THEME)
    return None if chosen == "system" else Scheme(chosen)


def _use_font(app: QApplication) -> None:
    if sys.platform == "win32":
        family = _WINDOWS_FONT if _WINDOWS_FONT in QFontDatabase.families() else app.font().family()
    else:
        from pylopdf_fonts_zh_cn import sans_path

        number = QFontDatabase.addApplicationFont(str(sans_path()))
        families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        family = families[0] if families else app.font().family()
    font = QFont(family)
    font.setPixelSize(FontSize.BODY)
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    app.setFont(font)


def _use_qt_texts(app: QApplication) -> None:
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)


_Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


def _report_bug(before: _Hook) -> _Hook:
    """What no code foresaw in the window itself goes to the hook before (which logs it) and is reported; the window goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt):
            ReportDialog(present(error), QApplication.activeWindow()).open()

    return hook


def sign_in_window(service: SignInService, entered: Callable[[Actor], object]) -> QWidget:
    """The window before anybody is signed in; `entered` gets the actor once, and closes it then."""
    page: SignInPage | FirstRunPage = FirstRunPage(service) if service.is_new_installation else SignInPage(service)
    page.setProperty("surface", "paper")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    page.setWindowTitle(_("sealdesk"))
    page.resize(Size.SIGN_IN_WIDTH + Size.SIDE_WIDTH + 4 * Size.ROW_TALL, Size.WINDOW_MIN_HEIGHT)
    page.signed_in.connect(entered)
    return page


def run(service: SignInService, desk_of: Callable[[Actor], Desk], specs: Sequence[WorkspaceSpec], settings: Settings) -> int:
    """Show the sign-in, then the main window, and return when it was closed; the caller then stops sync and joins the lanes."""
    language = settings.get(UI_LANGUAGE)
    use_language(language)
    if settings.get(UI_SCALE) != UI_SCALE.default:
        os.environ["QT_SCALE_FACTOR"] = str(settings.get(UI_SCALE))
    app = set_up(chosen_scheme(settings), language=language)
    logged, sys.excepthook = sys.excepthook, _report_bug(sys.excepthook)
    app.setQuitOnLastWindowClosed(True)
    windows: list[QWidget] = []

    def enter(actor: Actor) -> None:
        window = MainWindow(desk_of(actor), specs)
        windows.append(window)
        window.show()
        windows[0].close()

    windows.append(sign_in_window(service, enter))
    windows[0].show()
    try:
        return app.exec()
    finally:
        sys.excepthook = logged
