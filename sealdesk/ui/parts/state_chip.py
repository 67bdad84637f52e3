"""The chip of a state: a word and its icon on the wash of its tone; a widget, and a painter for table cells."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sealdesk.ui import icons, theme
from sealdesk.ui.theme import FontSize, Radius, Size, Space, Tone


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as people see it: its word, its tone, and another icon than the tone's where that says more."""

    word: str
    tone: Tone
    icon: str = ""


def chip_width(chip: Chip) -> int:
    """The width in pixels that `paint_chip` needs."""
    return theme.metrics(FontSize.CAPTION).horizontalAdvance(chip.word) + Size.ICON + Space.XS + 2 * Space.S


def paint_chip(painter: QPainter, place: QRectF, chip: Chip) -> None:
    """Paint `chip` at the left of `place`, in the middle of its height."""
    look = theme.current()
    width = min(float(chip_width(chip)), place.width())
    box = QRectF(place.left(), place.center().y() - Size.CHIP / 2, width, Size.CHIP)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.wash(chip.tone))
    painter.drawRoundedRect(box, Radius.M, Radius.M)
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    picture = icons.pixmap(chip.icon or chip.tone.value, chip.tone.value, Size.ICON, ratio)
    painter.drawPixmap(int(box.left() + Space.S - Space.XXS), int(box.center().y() - Size.ICON / 2), picture)
    painter.setPen(look.tone(chip.tone))
    painter.setFont(theme.font(FontSize.CAPTION))
    words = box.adjusted(Space.S + Size.ICON + Space.XXS, 0, -Space.XS, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, chip.word)
    painter.restore()


class StateChip(QWidget):
    """A chip that stands by itself in a layout."""

    def __init__(self, chip: Chip | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip: Chip | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_chip(chip)

    @property
    def chip(self) -> Chip | None:
        """What is shown."""
        return self._chip

    def show_chip(self, chip: Chip | None) -> None:
        """Show another state, or none."""
        self._chip = chip
        self.setAccessibleName(chip.word if chip else "")
        if chip is None:
            self.hide()
        elif not self.isVisible() and self.parent() is not None:
            self.show()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._chip) if self._chip else 0, Size.CHIP)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._chip is not None:
            painter = QPainter(self)
            paint_chip(painter, QRectF(self.rect()), self._chip)
            painter.end()
