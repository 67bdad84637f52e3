"""A scanned old imprint laid over or under a face: where it lies, how strongly it shows, and painting it in a colour of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from sealdesk.stages.templates.scans import Scan
from sealdesk.ui import theme
from sealdesk.ui.theme import Tone

SMALLEST_MM, LARGEST_MM = 1.0, 2000.0
"""How wide a whole scan may be shown."""
FARTHEST_MM = 300.0
_GUESSED_DPI = 600.0


class Look(StrEnum):
    """What is seen of face and scan."""

    OVER = "over"
    UNDER = "under"
    DIFFERENCE = "difference"
    BLINK = "blink"


@dataclass(frozen=True)
class Overlay:
    """A scan on a face: its middle from the face's (millimetres, y downwards), turned clockwise, `width_mm` across."""

    scan: Scan
    x_mm: float = 0.0
    y_mm: float = 0.0
    turn_deg: float = 0.0
    width_mm: float = 0.0
    opacity: float = 0.6
    look: Look = Look.OVER

    def moved(self, dx_mm: float, dy_mm: float) -> Overlay:
        """Moved by so much."""
        return replace(self, x_mm=_within(self.x_mm + dx_mm, FARTHEST_MM), y_mm=_within(self.y_mm + dy_mm, FARTHEST_MM))

    def turned(self, by_deg: float) -> Overlay:
        """Turned by so much, clockwise."""
        turn = (self.turn_deg + by_deg + 180.0) % 360.0 - 180.0
        return replace(self, turn_deg=round(turn, 3))

    def scaled(self, factor: float) -> Overlay:
        """Larger or smaller by a factor."""
        return replace(self, width_mm=min(max(self.width_mm * factor, SMALLEST_MM), LARGEST_MM))

    def sized(self, dpi: float) -> Overlay:
        """As large as the scan is at a resolution."""
        return replace(self, width_mm=min(max(self.scan.width_px / dpi * 25.4, SMALLEST_MM), LARGEST_MM))

    @property
    def mm_per_px(self) -> float:
        """The scale."""
        return self.width_mm / self.scan.width_px


def laid(scan: Scan) -> Overlay:
    """A new scan in the middle, in the size that its file says."""
    return Overlay(scan).sized(scan.dpi or _GUESSED_DPI)


def _within(value: float, bound: float) -> float:
    return round(min(max(value, -bound), bound), 4)


class OverlayPicture:
    """The picture of one scan, made once."""

    def __init__(self, scan: Scan) -> None:
        ink = QImage(scan.ink, scan.width_px, scan.height_px, scan.width_px, QImage.Format.Format_Alpha8)
        self.scan = scan
        self._picture = QImage(scan.width_px, scan.height_px, QImage.Format.Format_ARGB32_Premultiplied)
        # The paper is white in both themes; red would be taken for the face.
        self._picture.fill(QColor(theme.THEMES[theme.Scheme.LIGHT].tone(Tone.BUSY)))
        painter = QPainter(self._picture)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(0, 0, ink)
        painter.end()

    def paint(self, painter: QPainter, overlay: Overlay, middle: QPointF, pixels_per_mm: float, *, multiply: bool) -> None:
        """Paint it around the face's middle; `multiply` darkens what lies below instead of covering it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if overlay.look in (Look.DIFFERENCE, Look.BLINK) else overlay.opacity)
        if multiply:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.translate(middle + QPointF(overlay.x_mm, overlay.y_mm) * pixels_per_mm)
        painter.rotate(overlay.turn_deg)
        scale = overlay.mm_per_px * pixels_per_mm
        painter.scale(scale, scale)
        half_x, half_y = self.scan.width_px / 2, self.scan.height_px / 2
        painter.drawImage(QRectF(-half_x, -half_y, 2 * half_x, 2 * half_y), self._picture, QRectF(self._picture.rect()))
        painter.restore()
