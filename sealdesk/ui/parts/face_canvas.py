"""Shows the drawing of a seal face sharp at the screen's true resolution, on paper white, with a millimetre ruler and the proof mark.

It shows a drawing and changes nothing in it; layout and checks belong to `sealdesk.face`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from sealdesk.core.i18n import _
from sealdesk.face import raster
from sealdesk.face.drawing import Drawing
from sealdesk.ui import theme
from sealdesk.ui.theme import FACE_INK, FACE_MARK, FACE_PAPER, FontSize, Size, Space

ZOOM_MAX = 64.0
MM_PER_INCH = 25.4
FADED = 0.2
ZOOM_STEP = 1.25


class FaceCanvas(QWidget):
    """A face on paper.

    The wheel with Ctrl, `+` and `-` zoom, `0` fits, `1` shows true size, dragging moves. `zoomed` comes with the factor over the fitting
    size, `pointed` with the pointer's place in millimetres from the face's top left (QPointF), or with None when it is gone.
    """

    zoomed = Signal(float)
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, ruler: bool = True) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self._proof = True
        self._faded = False
        self._words = ""
        self._ruler = ruler
        self._zoom = 1.0
        self._shift = QPointF()
        self._grabbed: QPointF | None = None
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self._picture: QImage | None = None
        self._picture_of: tuple[object, ...] = ()
        self._mark: QImage | None = None
        self._mark_of: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Seal face"))

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._drawing

    @property
    def zoom(self) -> float:
        """The factor over the size that fits."""
        return self._zoom

    def show_drawing(self, drawing: Drawing | None, *, proof: bool = True, words: str = "") -> None:
        """Show a face, or none. `proof` lays the proof mark over it; `words` tell a screen reader what the face says."""
        self._drawing = drawing
        self._proof = proof
        self._words = words
        self._picture = None
        size = f"{drawing.width_mm:g} × {drawing.height_mm:g} mm" if drawing else ""
        mark = _("PROOF") if proof else ""
        self.setAccessibleDescription(f"{words} {size} {mark}".strip())
        self.update()

    def fade(self, faded: bool) -> None:
        """Show pale that the face is the one before: what stands in the fields now cannot be laid out."""
        self._faded = faded
        self.update()

    def set_zoom(self, zoom: float) -> None:
        """Zoom around the middle; 1 fits the whole face."""
        self._zoom = min(max(zoom, 1.0), ZOOM_MAX)
        if self._zoom == 1.0:
            self._shift = QPointF()
        self._picture = None
        self.update()
        self.zoomed.emit(self._zoom)

    def show_true_size(self) -> None:
        """Show the face as large as it will be, if the screen says how large it is; never smaller than what fits."""
        self.set_zoom(self._zoom * self.logicalDpiX() / MM_PER_INCH / self.pixels_per_mm())

    def pixels_per_mm(self) -> float:
        """The scale in logical pixels."""
        if self._drawing is None:
            return 1.0
        room = self._room()
        fitting = min(room.width() / self._drawing.width_mm, room.height() / self._drawing.height_mm)
        return max(fitting, 0.1) * self._zoom

    def place(self) -> QRectF:
        """Where the face's box lies in the widget."""
        assert self._drawing is not None
        scale = self.pixels_per_mm()
        size_x, size_y = self._drawing.width_mm * scale, self._drawing.height_mm * scale
        middle = self._room().center() + self._shift
        return QRectF(middle.x() - size_x / 2, middle.y() - size_y / 2, size_x, size_y)

    def _paper(self) -> QRectF:
        edge = Size.RULER if self._ruler else 0
        return QRectF(edge, edge, max(self.width() - edge, 1), max(self.height() - edge, 1))

    def _room(self) -> QRectF:
        return self._paper().adjusted(Space.M, Space.M, -Space.M, -Space.M)

    def sizeHint(self) -> QSize:
        return QSize(Size.SIDE_WIDTH, Size.SIDE_WIDTH)

    def minimumSizeHint(self) -> QSize:
        return QSize(Size.SLOT_WIDTH, Size.SLOT_WIDTH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = theme.current()
        paper = self._paper()
        painter.fillRect(self.rect(), look.colour("rail"))
        painter.fillRect(paper, QColor(FACE_PAPER))
        if self._drawing is not None:
            ratio = self.devicePixelRatioF()
            self._paint_below(painter)
            if self._face_is_shown:
                painter.setOpacity(FADED if self._faded else 1.0)
                painter.drawImage(paper.topLeft(), self._rendered(paper, ratio))
                painter.setOpacity(1.0)
            self._paint_above(painter)
            if self._proof:
                painter.drawImage(paper.topLeft(), self._proof_mark(paper, ratio))
            if self._ruler:
                self._paint_rulers(painter, self._drawing)
        painter.setPen(QPen(look.colour("focus" if self.hasFocus() else "rule"), Space.HAIR))
        painter.drawRect(self.rect().adjusted(0, 0, -Space.HAIR, -Space.HAIR))
        painter.end()

    @property
    def _face_is_shown(self) -> bool:
        return True

    def _paint_below(self, painter: QPainter) -> None:
        """Paint what lies between paper and face."""

    def _paint_above(self, painter: QPainter) -> None:
        """Paint what lies on the face."""

    def _rendered(self, paper: QRectF, ratio: float) -> QImage:
        assert self._drawing is not None
        wanted = (id(self._drawing), paper.width(), paper.height(), ratio, self._zoom, self._shift.x(), self._shift.y())
        if self._picture is None or self._picture_of != wanted:
            box, scale = self.place(), self.pixels_per_mm()
            corner_px = ((box.left() - paper.left()) * ratio, (box.top() - paper.top()) * ratio)
            picture = raster.view(self._drawing, scale * ratio, corner_px, _size_px(paper, ratio), FACE_INK)
            picture.setDevicePixelRatio(ratio)
            self._picture, self._picture_of = picture, wanted
        return self._picture

    def _proof_mark(self, paper: QRectF, ratio: float) -> QImage:
        """The mark all over the paper; kept, because laying out its words takes about half as long as painting a face."""
        word = _("PROOF")
        wanted = (word, paper.width(), paper.height(), ratio)
        if self._mark is None or self._mark_of != wanted:
            self._mark, self._mark_of = QImage(*_size_px(paper, ratio), QImage.Format.Format_ARGB32_Premultiplied), wanted
            self._mark.setDevicePixelRatio(ratio)
            self._mark.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._mark)
            colour = QColor(FACE_MARK)
            colour.setAlphaF(0.28)
            painter.setPen(colour)
            painter.setFont(theme.font(FontSize.FIGURE))
            step_x, step_y = Size.FIELD_MIN * 2, Size.FIELD_MIN
            painter.translate(paper.width() / 2, paper.height() / 2)
            painter.rotate(-30)
            reach = int(max(paper.width(), paper.height()))
            for y in range(-reach, reach, step_y):
                for x in range(-reach - (y // step_y % 2) * step_x // 2, reach, step_x):
                    painter.drawText(QRectF(x, y, step_x, step_y), Qt.AlignmentFlag.AlignCenter, word)
            painter.end()
        return self._mark

    def _paint_rulers(self, painter: QPainter, drawing: Drawing) -> None:
        look = theme.current()
        box, scale = self.place(), self.pixels_per_mm()
        painter.save()
        painter.setPen(QPen(look.colour("ink_faint"), Space.HAIR))
        painter.setFont(theme.font(FontSize.CAPTION - Space.XXS))
        edge = Size.RULER
        for at, tick, label in _ticks(box.left(), scale, edge, self.width()):
            painter.drawLine(QPointF(at, edge - tick), QPointF(at, edge))
            if label:
                painter.drawText(QRectF(at + Space.XXS, 0, Size.ICON_L, edge - Space.XS), int(Qt.AlignmentFlag.AlignTop.value), label)
        for at, tick, label in _ticks(box.top(), scale, edge, self.height()):
            painter.drawLine(QPointF(edge - tick, at), QPointF(edge, at))
            if label:
                painter.drawText(QRectF(Space.XXS, at, edge, Size.ICON), int(Qt.AlignmentFlag.AlignTop.value), label)
        if self._pointer is not None:
            painter.setPen(QPen(look.colour("seal"), Space.HAIR))
            painter.drawLine(QPointF(self._pointer.x(), 0), QPointF(self._pointer.x(), edge))
            painter.drawLine(QPointF(0, self._pointer.y()), QPointF(edge, self._pointer.y()))
        painter.fillRect(QRectF(0, 0, edge, edge), look.colour("rail"))
        painter.drawText(QRectF(0, 0, edge, edge), Qt.AlignmentFlag.AlignCenter, "mm")
        painter.restore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or self._drawing is None:
            event.ignore()
            return
        before = self.pixels_per_mm()
        self._zoom_around(event.position(), ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP, before)
        event.accept()

    def _zoom_around(self, point: QPointF, factor: float, before: float) -> None:
        middle = self._room().center() + self._shift
        self.set_zoom(self._zoom * factor)
        if self._zoom > 1.0:
            grown = self.pixels_per_mm() / before
            self._shift += (point - middle) * (1 - grown)
            self._picture = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_zoom(self._zoom * ZOOM_STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.set_zoom(self._zoom / ZOOM_STEP)
        elif event.key() == Qt.Key.Key_0:
            self.set_zoom(1.0)
        elif event.key() == Qt.Key.Key_1:
            self.show_true_size()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = event.position()
        super().mousePressEvent(event)

    def _follow(self, point: QPointF | None) -> None:
        """Show on the rulers where the pointer is, and tell it in millimetres from the face's top left."""
        self._pointer = point
        if point is None or self._drawing is None:
            self.pointed.emit(None)
        else:
            self.pointed.emit((point - self.place().topLeft()) / self.pixels_per_mm())
        if self._ruler:
            edge = Size.RULER
            self.update(0, 0, self.width(), edge)
            self.update(0, 0, edge, self.height())

    def leaveEvent(self, event: QEvent) -> None:
        self._follow(None)
        super().leaveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._follow(event.position())
        if self._grabbed is not None and self._zoom > 1.0:
            self._shift += event.position() - self._grabbed
            self._grabbed = event.position()
            self._picture = None
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._picture = None
        super().resizeEvent(event)


def _size_px(paper: QRectF, ratio: float) -> tuple[int, int]:
    return math.ceil(paper.width() * ratio), math.ceil(paper.height() * ratio)


_STEPS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 50.0, 100.0)
"""Distances of ticks in millimetres."""


def _ticks(origin: float, scale: float, start: float, end: float) -> Iterator[tuple[float, int, str]]:
    """Places, lengths and labels of the ruler's ticks between two places; `scale` is in pixels per millimetre."""
    fine = next((step for step in _STEPS if step * scale >= Space.XS), _STEPS[-1])
    label_every = next((step for step in _STEPS if step >= fine and step * scale >= Size.ICON_L), _STEPS[-1])
    per_label, middle = round(label_every / fine), 5 if round(label_every / fine) % 5 == 0 else 2
    first = math.ceil((start - origin) / scale / fine)
    last = math.floor((end - origin) / scale / fine)
    for count in range(first, last + 1):
        label = f"{round(count * fine, 2) + 0.0:g}" if count % per_label == 0 else ""
        tick = Size.TICK_LONG if label else Size.TICK_MIDDLE if count % middle == 0 else Size.TICK_SHORT
        yield origin + count * fine * scale, tick, label
