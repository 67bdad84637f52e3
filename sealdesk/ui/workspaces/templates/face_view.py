"""The face in the editor: the canvas with guides, with the place that a finding names, and with keys and dragging that move a figure."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.face.checks import ERROR, Finding
from sealdesk.ui import theme
from sealdesk.ui.parts.face_canvas import FaceCanvas, part_path
from sealdesk.ui.theme import FACE_MARK, Size, Space, Tone
from sealdesk.ui.workspaces.templates.editing import LARGE_STEPS

JUMP_ZOOM = 4.0
_STEP_MM = 0.05
_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}


class FaceView(FaceCanvas):
    """`nudged` comes with steps of 0.05 mm, `dragged` with millimetres upwards since the dragging began and the number of that dragging."""

    nudged = Signal(int)
    dragged = Signal(float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding: Finding | None = None
        self._guides = True
        self._from: QPointF | None = None
        self._gesture = 0
        self.setAccessibleName(_("Face being edited; arrow keys change the chosen figure"))

    @property
    def finding(self) -> Finding | None:
        """The finding whose place is marked."""
        return self._finding

    def show_guides(self, shown: bool) -> None:
        """Lay the axes over the face, or take them away."""
        self._guides = shown
        self.update()

    def mark(self, finding: Finding | None, *, jump: bool = False) -> None:
        """Mark the place of a finding, or none; `jump` goes near it."""
        self._finding = finding
        if finding is not None and jump and self.drawing is not None:
            self.set_zoom(max(self.zoom, JUMP_ZOOM))
            place = self._at(finding)
            self._shift += self._room().center() - place
            self._picture = None
        self.update()

    def _at(self, finding: Finding) -> QPointF:
        box, scale = self.place(), self.pixels_per_mm()
        return QPointF(box.left() + finding.x_mm * scale, box.top() + finding.y_mm * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.drawing is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._paper())
        if self._guides:
            self._paint_guides(painter)
        if self._finding is not None:
            self._paint_finding(painter, self._finding)
        painter.end()

    def _paint_guides(self, painter: QPainter) -> None:
        box, paper = self.place(), self._paper()
        pen = QPen(QColor(FACE_MARK), Space.HAIR, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        middle = box.center()
        painter.drawLine(QPointF(paper.left(), middle.y()), QPointF(paper.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), paper.top()), QPointF(middle.x(), paper.bottom()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _paint_finding(self, painter: QPainter, finding: Finding) -> None:
        assert self.drawing is not None
        colour = theme.THEMES[theme.Scheme.LIGHT].tone(Tone.BUSY)  # the face lies on white paper in both themes; red would be taken for ink
        box, scale = self.place(), self.pixels_per_mm()
        painter.save()
        painter.translate(box.topLeft())
        painter.scale(scale, scale)
        pen = QPen(colour, Size.FOCUS)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for part in self.drawing.parts:
            if part.name in finding.parts:
                painter.drawPath(part_path(part))
        painter.restore()
        place, reach = self._at(finding), Size.STEP_MARK / 2
        painter.setPen(QPen(colour, Size.FOCUS, Qt.PenStyle.SolidLine if finding.severity == ERROR else Qt.PenStyle.DotLine))
        painter.drawEllipse(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = _KEYS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
            return
        large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.nudged.emit(steps * (LARGE_STEPS if large else 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pulls = event.modifiers() & Qt.KeyboardModifier.ControlModifier or self.zoom == 1.0
        if self.drawing is not None and event.button() == Qt.MouseButton.LeftButton and pulls:
            self._from = event.position()
            self._gesture += 1
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            super().mouseMoveEvent(event)
            return
        up_mm = (self._from.y() - event.position().y()) / self.pixels_per_mm()
        self.dragged.emit(round(up_mm / _STEP_MM) * _STEP_MM, self._gesture)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None
        super().mouseReleaseEvent(event)
