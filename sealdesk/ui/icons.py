"""The icons of the window by the names of what they mean; one set (Phosphor, regular weight), loaded late and cached.

A widget that shows an icon is bound to it, so that a change of theme repaints it; nothing else calls the icon library.
"""

from __future__ import annotations

import importlib.util
import json
import weakref
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap
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
    "undo": "arrow-u-up-left",
    "redo": "arrow-u-up-right",
    "reset": "arrow-counter-clockwise",
    "guides": "crosshair",
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
    """The icon called `name` in the colour token `colour` of the theme in use, in the sizes that the window needs.

    Raises:
        KeyError: no icon has that name.
    """
    made = QIcon()
    for size_px in (Size.ICON, Size.ICON_M, Size.ICON_L):
        _add(made, name, colour, size_px, 1.0)
        _add(made, name, colour, size_px, 2.0)
    return made


def pixmap(name: str, colour: str = "ink_soft", size_px: int = Size.ICON, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture that is sharp on a screen of `ratio` device pixels per pixel."""
    return _drawn(_GLYPHS[name], theme.current().colour(colour).name(), size_px, ratio)


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
        made = QIcon()
        if name:
            _add(made, name, colour, size_px, widget.devicePixelRatioF())
        widget.setIcon(made)
        widget.setIconSize(QSize(size_px, size_px))


def _add(made: QIcon, name: str, colour: str, size_px: int, ratio: float) -> None:
    made.addPixmap(pixmap(name, colour, size_px, ratio), QIcon.Mode.Normal)
    made.addPixmap(pixmap(name, "ink_faint", size_px, ratio), QIcon.Mode.Disabled)


@lru_cache(maxsize=1)
def _typeface() -> tuple[str, dict[str, str]]:
    """The family of the icons' font and its characters by name.

    Only this one font of the library is loaded: importing the library itself costs 0.6 s and loads twelve.
    """
    found = importlib.util.find_spec("qtawesome")
    if found is None or found.origin is None:
        raise RuntimeError("the icon library is not installed")
    folder = Path(found.origin).parent / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(folder.glob("phosphor-*.ttf"))))
    charmap = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text("utf-8"))
    return QFontDatabase.applicationFontFamilies(number)[0], {name: chr(int(code, 16)) for name, code in charmap.items()}


@lru_cache(maxsize=1024)
def _drawn(glyph: str, colour: str, size_px: int, ratio: float) -> QPixmap:
    family, characters = _typeface()
    picture = QPixmap(round(size_px * ratio), round(size_px * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    font = QFont(family)
    font.setPixelSize(size_px - Size.ICON_EDGE * max(1, size_px // Size.ICON))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(0, 0, size_px, size_px), Qt.AlignmentFlag.AlignCenter, characters[glyph])
    painter.end()
    return picture
