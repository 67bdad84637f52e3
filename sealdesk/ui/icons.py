"""The icons of the window by the names of what they mean; one set (Phosphor, regular weight), loaded late and cached.

A widget that shows an icon is bound to it, so that a change of theme repaints it; nothing else calls the icon library.
"""

from __future__ import annotations

import weakref
from functools import lru_cache

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from sealdesk.ui import theme
from sealdesk.ui.theme import Size, Tone

_GLYPHS = {
    "today": "sun-horizon",
    "registration": "note-pencil",
    "acceptance": "handshake",
    "production": "factory",
    "signature": "pen-nib",
    "logistics": "truck",
    "finance": "receipt",
    "statistics": "chart-bar",
    "templates": "layout",
    "products": "package",
    "customers": "users",
    "administration": "gear",
    "idle": "clock",
    "busy": "hourglass-medium",
    "ok": "check-circle",
    "warn": "warning",
    "fault": "x-circle",
    "info": "info",
    "todo": "circle",
    "now": "arrow-circle-right",
    "skipped": "minus-circle",
    "search": "magnifying-glass",
    "command": "command",
    "go": "arrow-right",
    "back": "arrow-left",
    "retry": "arrow-clockwise",
    "key": "key",
    "reader": "cpu",
    "chip": "cpu",
    "unplugged": "prohibit",
    "lock": "lock-key",
    "pin": "lock-key",
    "online": "cloud-check",
    "offline": "cloud-slash",
    "sending": "cloud-arrow-up",
    "decide": "question",
    "add": "plus",
    "remove": "trash",
    "close": "x",
    "more": "dots-three",
    "attach": "paperclip",
    "upload": "upload-simple",
    "download": "download-simple",
    "paste": "clipboard",
    "file": "file-text",
    "folder": "folder-open",
    "image": "image",
    "camera": "camera",
    "see": "eye",
    "hide": "eye-slash",
    "copy": "copy",
    "edit": "note-pencil",
    "bug": "bug",
    "person": "user-circle",
    "identity": "identification-card",
    "unit": "buildings",
    "order": "clipboard-text",
    "seal": "circle-wavy-check",
    "permit": "article",
    "print": "printer",
    "calendar": "calendar-blank",
    "shield": "shield-check",
    "zoom_in": "magnifying-glass-plus",
    "zoom_out": "magnifying-glass-minus",
    "zoom_fit": "arrows-out",
    "list": "list-bullets",
    "down": "caret-down",
}


_bound: weakref.WeakKeyDictionary[QWidget, tuple[str, str, int]] = weakref.WeakKeyDictionary()


def names() -> tuple[str, ...]:
    """The names of all icons."""
    return tuple(_GLYPHS)


def icon(name: str, colour: str = "ink_soft") -> QIcon:
    """The icon called `name` in the colour token `colour` of the theme in use.

    Raises:
        KeyError: no icon has that name.
    """
    return _drawn(_GLYPHS[name], theme.current().colour(colour).name(), theme.current().colour("ink_faint").name())


def pixmap(name: str, colour: str = "ink_soft", size_px: int = Size.ICON, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture that is sharp on a screen of `ratio` device pixels per pixel."""
    return icon(name, colour).pixmap(QSize(size_px, size_px), ratio)


def tone_icon(tone: Tone) -> QIcon:
    """The icon of a state."""
    return icon(tone.value, tone.value)


def bind(widget: QWidget, name: str, colour: str = "ink_soft", size_px: int = Size.ICON) -> None:
    """Show the icon on a button or label, now and after each change of theme; an empty name takes it away."""
    _bound[widget] = (name, colour, size_px)
    _paint(widget, name, colour, size_px)


def repaint_all() -> None:
    """Draw all bound icons again; called when the theme has changed."""
    from shiboken6 import isValid

    for widget, (name, colour, size_px) in list(_bound.items()):
        if isValid(widget):
            _paint(widget, name, colour, size_px)


def _paint(widget: QWidget, name: str, colour: str, size_px: int) -> None:
    if isinstance(widget, QLabel):
        widget.setPixmap(pixmap(name, colour, size_px, widget.devicePixelRatioF()) if name else QPixmap())
    elif isinstance(widget, QAbstractButton):
        widget.setIcon(icon(name, colour) if name else QIcon())
        widget.setIconSize(QSize(size_px, size_px))


@lru_cache(maxsize=512)
def _drawn(glyph: str, colour: str, disabled: str) -> QIcon:
    import qtawesome  # late: its fonts cost 60 ms

    made: QIcon = qtawesome.icon(f"ph.{glyph}", color=colour, color_disabled=disabled)
    return made
