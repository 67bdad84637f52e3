"""Letters of a font or single outlines as a small picture in a row, sharp on screens of 200 %; faces are drawn elsewhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from sealdesk.face.drawing import Contour
from sealdesk.face.raster import outline_path
from sealdesk.ui.theme import FACE_INK

_SHARPNESS = 2
_EM = 0.72
"""Height of an em as a part of the picture's."""
_FOOT = 0.2
"""How far the baseline lies above the foot of the em box."""


def letters_picture(letters: tuple[tuple[Contour, ...], ...], height_px: int) -> QImage:
    """The letters, given in em units with y upwards, side by side on transparent ground; may run on any lane."""
    side = height_px * _SHARPNESS
    picture = QImage(max(round(side * _EM * len(letters) * 1.1 + side * (1 - _EM)), 1), side, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    em = side * _EM
    painter.translate(side * (1 - _EM) / 2, (side + em) / 2 - _FOOT * em)
    painter.scale(em, -em)
    for contours in letters:
        painter.fillPath(outline_path(contours), QColor(FACE_INK))
        painter.translate(1.1, 0)
    painter.end()
    picture.setDevicePixelRatio(_SHARPNESS)
    return picture
