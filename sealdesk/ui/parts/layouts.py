"""Columns and rows with the distances of the theme, and the texts and rules that stand in them; no part has a layout of its own kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from sealdesk.ui.theme import Space

W = TypeVar("W", bound=QWidget)
Item = QWidget | QLayout | None
"""A widget, a layout, or None for a stretch."""


def margins(all_px: int = 0, *, x: int | None = None, y: int | None = None) -> QMargins:
    """Margins of `all_px`, or of `x` left and right and `y` above and below."""
    across = all_px if x is None else x
    along = all_px if y is None else y
    return QMargins(across, along, across, along)


def column(*items: Item, gap: int = Space.S, around: QMargins | None = None) -> QVBoxLayout:
    """Items one below the other."""
    layout = QVBoxLayout()
    return _filled(layout, items, gap, around)


def row(*items: Item, gap: int = Space.S, around: QMargins | None = None) -> QHBoxLayout:
    """Items side by side."""
    layout = QHBoxLayout()
    return _filled(layout, items, gap, around)


B = TypeVar("B", bound=QBoxLayout)


def _filled(layout: B, items: Iterable[Item], gap: int, around: QMargins | None) -> B:
    layout.setSpacing(gap)
    layout.setContentsMargins(around if around is not None else margins())
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)
    return layout


def holding(layout: QLayout, surface: str = "") -> QWidget:
    """A plain widget around a layout."""
    widget = QWidget()
    widget.setLayout(layout)
    if surface:
        widget.setProperty("surface", surface)
    return widget


def text(words: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label; `role` is one of the text roles of the style sheet."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    if wrap:
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def rule() -> QFrame:
    """A thin horizontal line."""
    line = QFrame()
    line.setProperty("part", "rule")
    line.setFixedHeight(Space.HAIR)
    return line


def upright() -> QFrame:
    """A thin vertical line."""
    line = QFrame()
    line.setProperty("part", "upright")
    line.setFixedWidth(Space.HAIR)
    return line


def frame(part: str, layout: QLayout) -> QFrame:
    """A frame of one of the kinds that the style sheet knows."""
    made = QFrame()
    made.setProperty("part", part)
    made.setLayout(layout)
    return made


def scrolling(content: QWidget) -> QScrollArea:
    """`content` in an area that scrolls up and down only."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if not content.property("surface"):
        content.setProperty("surface", "clear")
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    return area


def clear(layout: QLayout) -> None:
    """Take every item out of `layout` and let its widgets go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
            continue
        inner = item.layout()
        if inner is not None:
            clear(inner)
