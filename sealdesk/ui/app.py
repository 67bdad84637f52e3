"""Sets up the QApplication (fonts, Qt's own Chinese texts, theme) and leads from the opening to the sign-in and to the main window.

It knows Protocols only; what opens the installation is given to it. What it imports at its head is imported before the first paint:
pages and main window come later.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from sealdesk.core.i18n import _, use_language
from sealdesk.core.lanes import Task
from sealdesk.core.settings import UI_LANGUAGE, UI_SCALE, UI_THEME, Settings
from sealdesk.domain.access import Actor
from sealdesk.ui import garbage, jobs, style_sheet
from sealdesk.ui.opening import Ask, Open, Opened, OpeningWindow
from sealdesk.ui.theme import FontSize, Scheme, Size

if TYPE_CHECKING:
    from sealdesk.ui.main_window import MainWindow
    from sealdesk.ui.sign_in import SignInService

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
            from sealdesk.ui.bug_report import ReportDialog
            from sealdesk.ui.failures import present

            ReportDialog(present(error), QApplication.activeWindow()).open()

    return hook


def sign_in_window(service: SignInService, entered: Callable[[Actor], object]) -> QWidget:
    """The page before anybody is signed in, as a window of its own; `entered` gets the actor once."""
    page = sign_in_page(service, entered)
    style_sheet.dress(page)
    page.setWindowTitle(_("sealdesk"))
    page.resize(Size.SIGN_IN_WIDTH + Size.SIDE_WIDTH + 4 * Size.ROW_TALL, Size.WINDOW_MIN_HEIGHT)
    return page


def sign_in_page(service: SignInService, entered: Callable[[Actor], object]) -> QWidget:
    """The page before anybody is signed in: the first run in a new installation, else the sign-in."""
    from sealdesk.ui.first_run import FirstRunPage
    from sealdesk.ui.sign_in import SignInPage

    page: SignInPage | FirstRunPage = FirstRunPage(service) if service.is_new_installation else SignInPage(service)
    page.setProperty("surface", "paper")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    page.signed_in.connect(entered)
    return page


class Course:
    """The way of one run: the opening window, the sign-in in its place, the main window after it."""

    def __init__(self, work: Open) -> None:
        self.opening = OpeningWindow(lambda task, ask: _with_pages(work, task, ask))
        self.opening.opened.connect(self._on_opened)
        self.main: MainWindow | None = None

    def _on_opened(self, opened: Opened) -> None:
        garbage.keep_what_is_loaded()
        self.opening.show_page(sign_in_page(opened.service, lambda actor: self._enter(opened, actor)))

    def _enter(self, opened: Opened, actor: Actor) -> None:
        from sealdesk.ui.main_window import MainWindow

        self.main = MainWindow(opened.desk_of(actor), opened.specs)
        self.main.show()
        self.main.build_ahead()
        self.opening.close()


def _with_pages(work: Open, task: Task, ask: Ask) -> Opened:
    """Open the installation and import what the window needs next, all of it away from the window's thread."""
    opened = work(task, ask)
    import sealdesk.ui.first_run
    import sealdesk.ui.main_window
    import sealdesk.ui.sign_in  # noqa: F401

    task.check()
    return opened


def run(work: Open, settings: Settings) -> int:
    """Paint the opening window, let `work` open the installation, lead through sign-in to the main window; returns when it was closed.

    The caller then stops sync and joins the lanes of what was opened; nothing of `work` runs any more.
    """
    language = settings.get(UI_LANGUAGE)
    use_language(language)
    if settings.get(UI_SCALE) != UI_SCALE.default:
        os.environ["QT_SCALE_FACTOR"] = str(settings.get(UI_SCALE))
    app = set_up(chosen_scheme(settings), language=language)
    logged, sys.excepthook = sys.excepthook, _report_bug(sys.excepthook)
    app.setQuitOnLastWindowClosed(True)
    course = Course(work)
    course.opening.show()
    try:
        return app.exec()
    finally:
        course.opening.end()
        sys.excepthook = logged
