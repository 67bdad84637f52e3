"""What stands in an empty list: what would stand here, and how to begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from sealdesk.ui import icons, theme
from sealdesk.ui.parts.buttons import normal
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.theme import FontSize, Size, Space


@dataclass(frozen=True, slots=True)
class Empty:
    """The words of an empty place; `action` names the button that begins, if one does."""

    icon: str
    title: str
    advice: str = ""
    action: str = ""


class EmptyState(QWidget):
    """The icon, the words and, where it helps, the button of an empty place."""

    def __init__(self, empty: Empty, begun: Callable[[], object] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{empty.title} {empty.advice}".strip())
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        icons.bind(picture, empty.icon, "ink_faint", Size.ICON_XL)
        title = text(empty.title, "lead")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        advice = text(empty.advice, "soft", wrap=True)
        advice.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words_width = QFontMetrics(theme.font(FontSize.BODY)).horizontalAdvance(empty.advice) + Space.S
        advice.setFixedWidth(min(words_width, Size.TEXT_WIDTH))
        layout = column(None, picture, title, row(None, advice, None))
        layout.setContentsMargins(margins(Space.L))
        if empty.action and begun is not None:
            layout.addLayout(row(None, normal(empty.action, begun), None))
        layout.addStretch(1)
        self.setLayout(layout)
