"""The one style sheet of the window, written from the tokens of `sealdesk.ui.theme`; it adds no colour or size of its own.

The windows carry the sheet, not the application: under a sheet of the application every widget that gets a parent has its whole subtree
dressed again, which made the first opening of a tab four times as long.
"""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from sealdesk.core import paths
from sealdesk.ui import icons, theme
from sealdesk.ui.theme import DARK, Colours, FontSize, Radius, Scheme, Size, Space

FUSION = "fusion"
_DRESSED = "dressed"


def apply(app: QApplication, scheme: Scheme) -> None:
    """Dress the whole application in `scheme`; windows already open change at once."""
    look = theme.use(scheme)
    if app.style().name() != FUSION:  # every widget there is would be dressed anew
        app.setStyle(FUSION)
    app.setPalette(theme.palette(look))
    sheet = style_sheet(look.colours)
    for window in app.topLevelWidgets():
        if window.property(_DRESSED):
            window.setStyleSheet(sheet)
    icons.repaint_all()


def dress(window: QWidget) -> None:
    """Give a window its look, now and whenever the scheme changes; one that has a parent looks like it anyway. Called while it is made."""
    if window.parentWidget() is None:
        window.setProperty(_DRESSED, True)
        window.setStyleSheet(style_sheet(theme.current().colours))


def style_sheet(c: Colours) -> str:
    """The sheet for one set of colours."""
    parts = (_ground(c), _texts(c), _buttons(c), _fields(c), _choices(c), _lists(c), _surfaces(c), _bars(c), _window(c))
    return "\n".join(parts)


def _picture(name: str) -> str:
    return f'url("{(paths.resources() / "icons" / f"{name}.svg").as_posix()}")'


def _ground(c: Colours) -> str:
    return f"""
QWidget {{ color: {c.ink}; font-size: {FontSize.BODY}px; }}
QMainWindow, QDialog, QWidget[surface="paper"] {{ background: {c.paper}; }}
QWidget[surface="sheet"] {{ background: {c.sheet}; }}
QWidget[surface="rail"] {{ background: {c.rail}; }}
QToolTip {{ background: {c.tip}; color: {c.on_tip}; border: none; padding: {Space.XS}px {Space.S}px; }}
QScrollArea, QScrollArea > QWidget > QWidget[surface="clear"] {{ background: transparent; border: none; }}
QSplitter::handle {{ background: {c.rule}; }}
QSplitter::handle:horizontal {{ width: {Space.HAIR}px; }}
QSplitter::handle:vertical {{ height: {Space.HAIR}px; }}
"""


def _texts(c: Colours) -> str:
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {FontSize.TITLE}px; font-weight: 700; }}
QLabel[role="heading"] {{ font-size: {FontSize.HEADING}px; font-weight: 700; }}
QLabel[role="lead"] {{ font-size: {FontSize.LEAD}px; }}
QLabel[role="strong"] {{ font-weight: 700; }}
QLabel[role="label"] {{ color: {c.ink_soft}; font-size: {FontSize.CAPTION}px; }}
QLabel[role="caption"] {{ color: {c.ink_soft}; font-size: {FontSize.CAPTION}px; }}
QLabel[role="soft"] {{ color: {c.ink_soft}; }}
QLabel[role="figure"] {{ font-size: {FontSize.FIGURE}px; }}
QLabel[role="required"] {{ color: {c.ink}; font-size: {FontSize.CAPTION}px; }}
QLabel[tone="ok"] {{ color: {c.ok}; }}
QLabel[tone="warn"] {{ color: {c.warn}; }}
QLabel[tone="fault"] {{ color: {c.fault}; }}
QLabel[tone="busy"] {{ color: {c.busy}; }}
QLabel[tone="idle"] {{ color: {c.ink_soft}; }}
QLabel[role="brand"] {{ font-size: {FontSize.HEADING}px; font-weight: 700; }}
QLabel[role="key"] {{ color: {c.ink_soft}; background: {c.sheet}; border: {Space.HAIR}px solid {c.rule_strong};
    border-radius: {Radius.S}px; padding: 0 {Space.XS}px; font-size: {FontSize.CAPTION}px; }}
"""


def _buttons(c: Colours) -> str:
    ring = Size.FOCUS - Space.HAIR
    return f"""
QPushButton {{ background: {c.sheet}; color: {c.ink}; border: {Space.HAIR}px solid {c.rule_strong}; border-radius: {Radius.M}px;
    min-height: {Size.BUTTON - 2 * Space.HAIR}px; padding: 0 {Space.M}px; }}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:pressed {{ background: {c.pressed}; }}
QPushButton:focus {{ border: {Size.FOCUS}px solid {c.focus}; padding: 0 {Space.M - ring}px;
    min-height: {Size.BUTTON - 2 * Size.FOCUS}px; }}
QPushButton:disabled {{ color: {c.ink_faint}; background: {c.paper}; border-color: {c.rule}; }}
QPushButton[kind="primary"] {{ background: {c.seal}; color: {c.on_seal}; border-color: {c.seal}; font-weight: 700; }}
QPushButton[kind="primary"]:hover {{ background: {c.seal_hover}; border-color: {c.seal_hover}; }}
QPushButton[kind="primary"]:pressed {{ background: {c.seal_pressed}; border-color: {c.seal_pressed}; }}
QPushButton[kind="primary"]:focus {{ border-color: {c.focus}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.pressed}; color: {c.ink_faint}; border-color: {c.pressed}; }}
QPushButton[kind="quiet"], QToolButton {{ background: transparent; border: {Space.HAIR}px solid transparent;
    border-radius: {Radius.M}px; color: {c.ink_soft}; padding: 0 {Space.S}px; }}
QToolButton {{ min-height: {Size.BUTTON - 2 * Space.HAIR}px; padding: 0 {Space.S - Space.XXS}px; }}
QPushButton[kind="quiet"]:hover, QToolButton:hover {{ background: {c.pressed}; color: {c.ink}; }}
QPushButton[kind="quiet"]:pressed, QToolButton:pressed {{ background: {c.selection}; }}
QPushButton[kind="quiet"]:focus, QToolButton:focus {{ border: {Size.FOCUS}px solid {c.focus}; padding: 0 {Space.S - ring}px; }}
QToolButton:focus {{ min-height: {Size.BUTTON - 2 * Size.FOCUS}px; padding: 0 {Space.S - Space.XXS - ring}px; }}
QPushButton:checked, QToolButton:checked {{ background: {c.selection}; border-color: {c.ink}; color: {c.ink}; }}
QPushButton[kind="quiet"]:disabled, QToolButton:disabled {{ color: {c.ink_faint}; background: transparent;
    border-color: transparent; }}
"""


def _fields(c: Colours) -> str:
    editors = ("QLineEdit", "QComboBox", "QDateEdit", "QSpinBox", "QDoubleSpinBox", "QPlainTextEdit")
    ring = Size.FOCUS - Space.HAIR

    def each(suffix: str = "") -> str:
        return ", ".join(f"{editor}{suffix}" for editor in editors)

    return f"""
{each()} {{ background: {c.sheet}; color: {c.ink}; border: {Space.HAIR}px solid {c.rule_strong}; border-radius: {Radius.M}px;
    padding: 0 {Space.S}px; min-height: {Size.FIELD - 2 * Space.HAIR}px; selection-background-color: {c.ink};
    selection-color: {c.sheet}; }}
QPlainTextEdit {{ padding: {Space.XS}px {Space.XS}px; }}
{each(":hover")} {{ border-color: {c.ink_faint}; }}
{each('[state="fault"]')} {{ border-color: {c.fault}; }}
{each(":focus")} {{ border: {Size.FOCUS}px solid {c.focus}; padding: 0 {Space.S - ring}px;
    min-height: {Size.FIELD - 2 * Size.FOCUS}px; }}
QPlainTextEdit:focus {{ padding: {Space.XS - ring}px {Space.XS - ring}px; }}
{each('[state="fault"]:focus')} {{ border-color: {c.fault}; }}
{each(":disabled")}, QLineEdit[readOnly="true"] {{ background: {c.paper}; color: {c.ink_soft}; border-color: {c.rule}; }}
QComboBox, QComboBox:focus {{ padding-right: 0; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: {Size.ICON_M + Space.XS}px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: {_picture("chevron-down")}; width: {Size.ICON}px; height: {Size.ICON}px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ border: none;
    background: transparent; width: {Size.ICON_M}px; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: {_picture("chevron-up")}; width: {Space.M}px; height: {Space.M}px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: {_picture("chevron-down")}; width: {Space.M}px; height: {Space.M}px; }}
QLineEdit[place="search"] {{ border-color: {c.rule}; padding-left: {Space.XL}px; }}
QLineEdit[place="search"]:focus {{ border-color: {c.focus}; padding-left: {Space.XL - ring}px; }}
QLineEdit[place="pin"] {{ font-size: {FontSize.FIGURE}px; min-height: {Size.ROW_TALL}px; }}
"""


def _choices(c: Colours) -> str:
    tick = _picture("check-dark" if c is DARK else "check")
    box = Space.M - 2 * Space.HAIR
    return f"""
QCheckBox, QRadioButton {{ spacing: {Space.S}px; min-height: {Size.ROW - Space.S}px; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: {box}px; height: {box}px; border: {Space.HAIR}px solid {c.ink_faint};
    background: {c.sheet}; }}
QCheckBox::indicator {{ border-radius: {Radius.S}px; }}
QRadioButton::indicator {{ border-radius: {Space.S}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {c.ink}; }}
QCheckBox::indicator:checked {{ background: {c.ink}; border-color: {c.ink}; image: {tick}; }}
QRadioButton::indicator:checked {{ border: {Space.XS}px solid {c.ink}; width: {Space.S}px; height: {Space.S}px; }}
QCheckBox:focus, QRadioButton:focus {{ text-decoration: underline; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {c.focus}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {c.ink_faint}; }}
"""


def _lists(c: Colours) -> str:
    return f"""
QAbstractItemView {{ background: {c.sheet}; border: none; outline: none; selection-background-color: {c.selection};
    selection-color: {c.ink}; }}
QTableView, QListView[place="page"] {{ background: {c.sheet}; border: {Space.HAIR}px solid {c.rule}; border-radius: {Radius.M}px;
    gridline-color: {c.rule}; }}
QTableView:focus {{ border-color: {c.ink_faint}; }}
QTableCornerButton::section, QHeaderView {{ background: {c.sheet}; border: none; }}
QHeaderView::section {{ background: {c.sheet}; color: {c.ink_soft}; font-size: {FontSize.CAPTION}px; border: none;
    border-bottom: {Space.HAIR}px solid {c.rule_strong}; padding: 0 {Space.S + Space.XS}px; min-height: {Size.ROW}px; }}
QHeaderView::section:hover {{ color: {c.ink}; }}
QHeaderView::up-arrow {{ image: {_picture("chevron-up")}; width: {Space.M}px; height: {Space.M}px; }}
QHeaderView::down-arrow {{ image: {_picture("chevron-down")}; width: {Space.M}px; height: {Space.M}px; }}
QComboBox QAbstractItemView, QListView[place="popup"] {{ border: {Space.HAIR}px solid {c.rule_strong}; border-radius: 0;
    padding: 0; }}
QComboBox QAbstractItemView::item {{ min-height: {Size.ROW}px; padding: 0 {Space.S}px; }}
QComboBox QAbstractItemView::item:selected {{ background: {c.selection}; color: {c.ink}; }}
QMenu {{ background: {c.sheet}; border: {Space.HAIR}px solid {c.rule_strong}; padding: {Space.XS}px 0; }}
QMenu::item {{ padding: {Space.S}px {Space.L}px; }}
QMenu::item:selected {{ background: {c.selection}; color: {c.ink}; }}
QMenu::item:disabled {{ color: {c.ink_faint}; }}
QMenu::separator {{ height: {Space.HAIR}px; background: {c.rule}; margin: {Space.XS}px 0; }}
QCalendarWidget QWidget {{ background: {c.sheet}; }}
QCalendarWidget QAbstractItemView {{ selection-background-color: {c.ink}; selection-color: {c.sheet}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {c.ink_faint}; }}
QCalendarWidget QToolButton {{ color: {c.ink}; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QCalendarWidget QToolButton#qt_calendar_prevmonth {{ qproperty-icon: {_picture("chevron-left")}; }}
QCalendarWidget QToolButton#qt_calendar_nextmonth {{ qproperty-icon: {_picture("chevron-right")}; }}
QCalendarWidget QSpinBox {{ border: none; }}
"""


def _surfaces(c: Colours) -> str:
    tones = "\n".join(
        f'QFrame[part="banner"][tone="{tone}"] {{ background: {getattr(c, f"{tone}_wash")}; '
        f"border-left: {Size.BAR}px solid {getattr(c, tone)}; }}"
        for tone in ("idle", "busy", "ok", "warn", "fault")
    )
    return f"""
QFrame[part="card"] {{ background: {c.sheet}; border: {Space.HAIR}px solid {c.rule}; border-radius: {Radius.L}px; }}
QFrame[part="card"][state="selected"] {{ border: {Space.HAIR}px solid {c.ink}; }}
QFrame[part="figure"] {{ background: transparent; border: {Space.HAIR}px solid transparent; border-radius: {Radius.M}px; }}
QFrame[part="figure"][state="selected"] {{ background: {c.well}; border-color: {c.rule_strong}; }}
QFrame[part="rule"] {{ background: {c.rule}; border: none; max-height: {Space.HAIR}px; min-height: {Space.HAIR}px; }}
QFrame[part="upright"] {{ background: {c.rule}; border: none; max-width: {Space.HAIR}px; min-width: {Space.HAIR}px; }}
QFrame[part="banner"] {{ border: none; border-radius: {Radius.S}px; }}
{tones}
QFrame[part="slot"] {{ background: {c.well}; border: {Space.HAIR}px dashed {c.rule_strong}; border-radius: {Radius.L}px; }}
QFrame[part="slot"][state="filled"] {{ background: {c.sheet}; border: {Space.HAIR}px solid {c.rule}; }}
QFrame[part="slot"][state="over"] {{ background: {c.selection}; border: {Space.HAIR}px solid {c.ink}; }}
QFrame[part="slot"]:focus {{ border: {Size.FOCUS}px solid {c.focus}; }}
QFrame[part="action_bar"] {{ background: {c.sheet}; border-top: {Space.HAIR}px solid {c.rule}; }}
QFrame[part="palette"] {{ background: {c.sheet}; border: {Space.HAIR}px solid {c.rule_strong}; border-radius: {Radius.L}px; }}
QFrame[part="palette"] QListView {{ background: transparent; }}
"""


def _bars(c: Colours) -> str:
    thumb = Radius.S
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {Size.SCROLL}px; }}
QScrollBar:horizontal {{ height: {Size.SCROLL}px; }}
QScrollBar::handle {{ background: {c.rule_strong}; border-radius: {thumb}px; margin: {Space.XXS}px; }}
QScrollBar::handle:hover {{ background: {c.ink_faint}; }}
QScrollBar::handle:vertical {{ min-height: {Size.SCROLL_THUMB_MIN}px; }}
QScrollBar::handle:horizontal {{ min-width: {Size.SCROLL_THUMB_MIN}px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {c.rule}; border: none; border-radius: {Space.XXS}px; min-height: {Size.PROGRESS}px;
    max-height: {Size.PROGRESS}px; }}
QProgressBar::chunk {{ background: {c.ink}; border-radius: {Space.XXS}px; }}
QTabBar {{ background: transparent; border: none; }}
QTabWidget::pane {{ border: none; border-top: {Space.HAIR}px solid {c.rule}; }}
QTabBar::tab {{ background: transparent; color: {c.ink_soft}; padding: {Space.S}px {Space.XS}px; margin-right: {Space.M}px;
    border: none; border-bottom: {Space.XXS}px solid transparent; }}
QTabBar::tab:hover {{ color: {c.ink}; }}
QTabBar::tab:selected {{ color: {c.ink}; border-bottom-color: {c.ink}; }}
QTabBar::tab:focus {{ color: {c.ink}; border-bottom-color: {c.focus}; }}
"""


def _window(c: Colours) -> str:
    return f"""
QFrame[part="header"] {{ background: {c.paper}; border-bottom: {Space.HAIR}px solid {c.rule}; }}
QFrame[part="rail"] {{ background: {c.rail}; border-right: {Space.HAIR}px solid {c.rule}; }}
QFrame[part="strip"] {{ background: {c.rail}; border-top: {Space.HAIR}px solid {c.rule}; }}
QFrame[part="strip"] QToolButton {{ color: {c.ink}; border-radius: {Radius.S}px; min-height: {Size.STRIP - Space.S}px; }}
QFrame[part="strip"] QToolButton:focus {{ min-height: {Size.STRIP - Space.S - Space.XXS}px; }}
QFrame[part="side"] {{ background: {c.rail}; border-left: {Space.HAIR}px solid {c.rule}; }}
"""
