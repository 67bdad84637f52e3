"""The named tokens of the window's look: colours, spaces, sizes, palettes; no other module holds a pixel or a colour.

The look is that of good stationery: paper, ink and one accent, the red of seal paste, kept for the face itself and for the one main
action of a place. Green, amber and blue stand for states only, always beside a word and an icon.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum, StrEnum
from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QWidget


class Scheme(Enum):
    """The two colour schemes."""

    LIGHT = "light"
    DARK = "dark"


class Tone(StrEnum):
    """What a state means; every tone has one icon and one pair of colours."""

    IDLE = "idle"
    BUSY = "busy"
    OK = "ok"
    WARN = "warn"
    FAULT = "fault"


class Space:
    """Distances in pixels: the 8-pixel grid, its half, its quarter and the hairline."""

    HAIR = 1
    XXS = 2
    XS = 4
    S = 8
    M = 16
    L = 24
    XL = 32
    XXL = 48


class Size:
    """Fixed extents in pixels."""

    ROW = 32
    ROW_TALL = 48
    FIELD = 32
    BUTTON = 32
    CHIP = 22
    BADGE = 18
    ICON = 18
    ICON_EDGE = 2
    ICON_M = 20
    ICON_L = 32
    ICON_XL = 48
    HEADER = 56
    STRIP = 32
    NAV_WIDTH = 152
    NAV_ROW = 40
    SEARCH_WIDTH = 400
    SEARCH_MIN = 240
    PALETTE_WIDTH = 560
    PALETTE_HEIGHT = 400
    DIALOG_WIDTH = 440
    REPORT_WIDTH = 640
    REPORT_HEIGHT = 440
    SIGN_IN_WIDTH = 416
    SIDE_WIDTH = 320
    TEXT_WIDTH = 480
    SLOT_WIDTH = 208
    PICK_WIDTH = 440
    CALENDAR_WIDTH = 304
    CALENDAR_HEIGHT = 256
    THUMBNAIL = 88
    PICTURE = 128
    COLUMN_MIN = 56
    FIELD_MIN = 96
    RULER = 24
    TICK_LONG = 10
    TICK_MIDDLE = 7
    TICK_SHORT = 4
    STEP_MARK = 24
    WINDOW_WIDTH = 1280
    WINDOW_HEIGHT = 720
    WINDOW_MIN_WIDTH = 1100
    WINDOW_MIN_HEIGHT = 620
    FOCUS = 2
    BAR = 3
    PROGRESS = 4
    SCROLL = 10
    SCROLL_THUMB_MIN = 32


class Radius:
    """Corner radii in pixels."""

    S = 3
    M = 4
    L = 8


class FontSize:
    """Sizes of text in pixels."""

    CAPTION = 12
    BODY = 13
    LEAD = 14
    HEADING = 16
    TITLE = 20
    FIGURE = 28
    STATE = 56
    STATE_MIN = 24


class Delay:
    """How long the window waits before it does something by itself, in milliseconds."""

    SEARCH_MS = 120
    CHECK_MS = 350
    SETTLE_MS = 900
    PROGRESS_MS = 250
    TELL_MS = 6000


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one scheme, as `#rrggbb`."""

    paper: str
    sheet: str
    rail: str
    well: str
    rule: str
    rule_strong: str
    ink: str
    ink_soft: str
    ink_faint: str
    hover: str
    pressed: str
    selection: str
    seal: str
    seal_hover: str
    seal_pressed: str
    seal_wash: str
    on_seal: str
    focus: str
    idle: str
    idle_wash: str
    busy: str
    busy_wash: str
    ok: str
    ok_wash: str
    warn: str
    warn_wash: str
    fault: str
    fault_wash: str
    tip: str
    on_tip: str


LIGHT = Colours(
    paper="#f8f6f1", sheet="#ffffff", rail="#f1eee7", well="#fbfaf7", rule="#e6e2d9", rule_strong="#cbc6ba",
    ink="#23262b", ink_soft="#5a5d63", ink_faint="#8f9196",
    hover="#f3f0e9", pressed="#e8e4da", selection="#ece6da",
    seal="#b5271c", seal_hover="#a01f15", seal_pressed="#871810", seal_wash="#f8e9e6", on_seal="#ffffff", focus="#23262b",
    idle="#5a5d63", idle_wash="#eeebe4", busy="#1c568f", busy_wash="#e4edf7", ok="#1b6537", ok_wash="#e3f1e7",
    warn="#745100", warn_wash="#faefd4", fault="#943a06", fault_wash="#fbe8da", tip="#2b2e34", on_tip="#f8f6f1",
)  # fmt: skip

DARK = Colours(
    paper="#1a1b1e", sheet="#232529", rail="#151618", well="#1f2124", rule="#33363b", rule_strong="#4b4f56",
    ink="#ebe8e1", ink_soft="#b0b2b7", ink_faint="#767a81",
    hover="#2b2e33", pressed="#34373d", selection="#393a3d",
    seal="#c23429", seal_hover="#d2443a", seal_pressed="#a92a20", seal_wash="#3b2322", on_seal="#ffffff", focus="#ebe8e1",
    idle="#b0b2b7", idle_wash="#2f3237", busy="#93c0ee", busy_wash="#1e2f42", ok="#82cf9a", ok_wash="#1d3326",
    warn="#e5bd63", warn_wash="#392f17", fault="#f2a06b", fault_wash="#40281b", tip="#ebe8e1", on_tip="#1a1b1e",
)  # fmt: skip

FACE_PAPER = "#ffffff"
"""Faces are drawn on paper white in both schemes."""
FACE_INK = "#c1271b"
"""The red of seal paste on paper."""
FACE_MARK = "#9aa0a8"
"""Rulers, guides and the proof mark beside a face; it must never be taken for ink."""


@lru_cache(maxsize=256)
def _colour(text: str) -> QColor:
    return QColor(text)


@dataclass(frozen=True, slots=True)
class Theme:
    """One scheme with its colours; ask for the one in use with `current()`."""

    scheme: Scheme
    colours: Colours

    def colour(self, name: str) -> QColor:
        """The colour called `name`; shared, so never change it in place."""
        return _colour(str(getattr(self.colours, name)))

    def tone(self, tone: Tone) -> QColor:
        """The colour of a state's word and icon."""
        return self.colour(tone.value)

    def wash(self, tone: Tone) -> QColor:
        """The colour behind a state's word."""
        return self.colour(f"{tone.value}_wash")


THEMES = {Scheme.LIGHT: Theme(Scheme.LIGHT, LIGHT), Scheme.DARK: Theme(Scheme.DARK, DARK)}
_current = THEMES[Scheme.LIGHT]


def current() -> Theme:
    """The theme in use."""
    return _current


def colour_names() -> tuple[str, ...]:
    """The names that `Theme.colour` knows."""
    return tuple(field.name for field in fields(Colours))


def use(scheme: Scheme) -> Theme:
    """Make `scheme` the one in use, and return it; `sealdesk.ui.style_sheet.apply` dresses the application in it."""
    global _current
    _current = THEMES[scheme]
    return _current


def palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme, for everything that the style sheet does not name."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "paper",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Base: "sheet",
        QPalette.ColorRole.AlternateBase: "sheet",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.PlaceholderText: "ink_faint",
        QPalette.ColorRole.Button: "sheet",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.BrightText: "on_seal",
        QPalette.ColorRole.Highlight: "selection",
        QPalette.ColorRole.HighlightedText: "ink",
        QPalette.ColorRole.Link: "ink",
        QPalette.ColorRole.LinkVisited: "ink",
        QPalette.ColorRole.ToolTipBase: "tip",
        QPalette.ColorRole.ToolTipText: "on_tip",
        QPalette.ColorRole.Light: "sheet",
        QPalette.ColorRole.Midlight: "rule",
        QPalette.ColorRole.Mid: "rule_strong",
        QPalette.ColorRole.Dark: "rule_strong",
        QPalette.ColorRole.Shadow: "rule_strong",
        QPalette.ColorRole.Accent: "seal",
    }
    for role, name in roles.items():
        made.setColor(role, theme.colour(name))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("ink_faint"))
    return made


def font(size_px: int, *, strong: bool = False) -> QFont:
    """The application's font at `size_px`; shared, so never change it in place."""
    return _font(QApplication.font().key(), size_px, strong)


def metrics(size_px: int) -> QFontMetrics:
    """How wide texts are at `size_px`."""
    return _metrics(QApplication.font().key(), size_px)


# Tables paint hundreds of cells a frame; making fonts and metrics anew for each takes most of the time.
@lru_cache(maxsize=64)
def _font(_application: str, size_px: int, strong: bool) -> QFont:
    made = QFont(QApplication.font())
    made.setPixelSize(size_px)
    made.setWeight(QFont.Weight.Bold if strong else QFont.Weight.Normal)
    return made


@lru_cache(maxsize=64)
def _metrics(application: str, size_px: int) -> QFontMetrics:
    return QFontMetrics(_font(application, size_px, False))


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let the sheet see it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
