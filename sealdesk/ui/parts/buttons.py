"""Buttons of the three kinds (primary, normal, quiet), and the way a button says why it cannot be pressed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton

from sealdesk.ui import icons
from sealdesk.ui.theme import Size


def _made(words: str, kind: str, icon: str, colour: str, clicked: Callable[[], object] | None, shortcut: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", kind)
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setAccessibleName(words)
    if icon:
        icons.bind(button, icon, colour)
    if shortcut:
        keys = QKeySequence(shortcut)
        button.setShortcut(keys)
        button.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))
    if clicked is not None:
        button.clicked.connect(lambda: clicked())
    return button


def primary(words: str, clicked: Callable[[], object] | None = None, *, icon: str = "", shortcut: str = "") -> QPushButton:
    """The one main action of a place, in the red of seal paste."""
    return _made(words, "primary", icon, "on_seal", clicked, shortcut)


def normal(words: str, clicked: Callable[[], object] | None = None, *, icon: str = "", shortcut: str = "") -> QPushButton:
    """An ordinary action."""
    return _made(words, "normal", icon, "ink_soft", clicked, shortcut)


def quiet(words: str, clicked: Callable[[], object] | None = None, *, icon: str = "", shortcut: str = "") -> QPushButton:
    """An action that should not draw the eye."""
    return _made(words, "quiet", icon, "ink_soft", clicked, shortcut)


def icon_button(name: str, words: str, clicked: Callable[[], object] | None = None) -> QToolButton:
    """A button that shows an icon only; `words` are its name for the tooltip and the screen reader."""
    button = QToolButton()
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    icons.bind(button, name, "ink_soft", Size.ICON_M)
    if clicked is not None:
        button.clicked.connect(lambda: clicked())
    return button


def explain(button: QPushButton | QToolButton, reason: str | None) -> None:
    """Disable the button and let it say why, or enable it when there is no reason."""
    button.setEnabled(reason is None)
    button.setToolTip(reason or "")
    button.setAccessibleDescription(reason or "")
