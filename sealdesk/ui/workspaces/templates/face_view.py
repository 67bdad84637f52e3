"""The face in the editor: the canvas with guides, with the place that a finding names, and with keys and dragging that move a figure."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from sealdesk.core.i18n import _
from sealdesk.face.checks import ERROR, Finding
from sealdesk.face.raster import outline_path
from sealdesk.ui import theme
from sealdesk.ui.parts.face_canvas import FaceCanvas
from sealdesk.ui.parts.overlay import Look, Overlay, OverlayPicture
from sealdesk.ui.theme import FACE_MARK, Size, Space, Tone
from sealdesk.ui.workspaces.templates.editing import LARGE_STEPS

JUMP_ZOOM = 4.0
_STEP_MM = 0.05
TURN_DEG = 0.1
SCALE = 1.001
"""How far one key or one notch of the wheel turns and scales a scan."""
BLINK_MS = 500
_MOVES = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_TURNS = {"[": -TURN_DEG, "]": TURN_DEG, "{": -TURN_DEG * LARGE_STEPS, "}": TURN_DEG * LARGE_STEPS}
_SCALES = {",": 1 / SCALE, ".": SCALE, "<": SCALE**-LARGE_STEPS, ">": SCALE**LARGE_STEPS}
_LOOKS = {Qt.Key.Key_B: Look.BLINK, Qt.Key.Key_D: Look.DIFFERENCE}
_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}


class FaceView(FaceCanvas):
    """`nudged` comes with steps of 0.05 mm, `dragged` with millimetres upwards since the dragging began and the number of that dragging.

    While a scan is being moved, the same keys and dragging move it instead: arrows and dragging shift it, `[` and `]` (Shift and dragging)
    turn it, `,` and `.` (the wheel) scale it. `B` lets face and scan blink, `D` shows where they differ. `overlay_changed` comes with the
    overlay as it is then.
    """

    nudged = Signal(int)
    dragged = Signal(float, int)
    overlay_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding: Finding | None = None
        self._guides = True
        self._from: QPointF | None = None
        self._gesture = 0
        self._overlay: Overlay | None = None
        self._picture_of_scan: OverlayPicture | None = None
        self._moves_overlay = False
        self._held: Overlay | None = None
        self._scan_turn = False
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_MS)
        self._blink.timeout.connect(self._on_blink)
        self.setAccessibleName(_("Face being edited; arrow keys change the chosen figure"))

    @property
    def finding(self) -> Finding | None:
        """The finding whose place is marked."""
        return self._finding

    @property
    def overlay(self) -> Overlay | None:
        """The scan that lies on the face."""
        return self._overlay

    @property
    def moves_overlay(self) -> bool:
        """Whether keys and dragging move the scan."""
        return self._moves_overlay and self._overlay is not None

    def set_overlay(self, overlay: Overlay | None) -> None:
        """Lay a scan on the face, move it, or take it away."""
        if overlay == self._overlay:
            return
        self._overlay = overlay
        if overlay is not None and (self._picture_of_scan is None or self._picture_of_scan.scan is not overlay.scan):
            self._picture_of_scan = OverlayPicture(overlay.scan)
        blinks = overlay is not None and overlay.look is Look.BLINK
        if blinks != self._blink.isActive():
            self._scan_turn = blinks
            if blinks:
                self._blink.start()
            else:
                self._blink.stop()
        self.update()
        self.overlay_changed.emit(overlay)

    def move_overlay(self, moves: bool) -> None:
        """Let keys and dragging move the scan, or the chosen figure again."""
        self._moves_overlay = moves
        self._held = None

    def _on_blink(self) -> None:
        self._scan_turn = not self._scan_turn
        self.update()

    @property
    def _face_is_shown(self) -> bool:
        return not (self._overlay is not None and self._overlay.look is Look.BLINK and self._scan_turn)

    def _paint_below(self, painter: QPainter) -> None:
        if self._overlay is not None and (self._overlay.look is Look.UNDER or not self._face_is_shown):
            self._paint_overlay(painter, self._overlay, multiply=False)

    def _paint_above(self, painter: QPainter) -> None:
        if self._overlay is not None and self._overlay.look in (Look.OVER, Look.DIFFERENCE):
            self._paint_overlay(painter, self._overlay, multiply=self._overlay.look is Look.DIFFERENCE)

    def _paint_overlay(self, painter: QPainter, overlay: Overlay, *, multiply: bool) -> None:
        assert self._picture_of_scan is not None
        painter.save()
        painter.setClipRect(self._paper())
        self._picture_of_scan.paint(painter, overlay, self.place().center(), self.pixels_per_mm(), multiply=multiply)
        painter.restore()

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
                painter.drawPath(outline_path(part.contours))
        painter.restore()
        place, reach = self._at(finding), Size.STEP_MARK / 2
        painter.setPen(QPen(colour, Size.FOCUS, Qt.PenStyle.SolidLine if finding.severity == ERROR else Qt.PenStyle.DotLine))
        painter.drawEllipse(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._overlay is not None and self._overlay_key(event, self._overlay):
            return
        steps = _KEYS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
            return
        large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.nudged.emit(steps * (LARGE_STEPS if large else 1))

    def _overlay_key(self, event: QKeyEvent, overlay: Overlay) -> bool:
        """Whether a key was meant for the scan."""
        look = _LOOKS.get(Qt.Key(event.key()))
        if look is not None and not event.modifiers():
            self.set_overlay(replace(overlay, look=Look.OVER if overlay.look is look else look))
            return True
        if not self._moves_overlay:
            return False
        times = LARGE_STEPS if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        move, turn, scale = _MOVES.get(Qt.Key(event.key())), _TURNS.get(event.text()), _SCALES.get(event.text())
        if move is not None:
            overlay = overlay.moved(move[0] * _STEP_MM * times, move[1] * _STEP_MM * times)
        elif turn is not None:
            overlay = overlay.turned(turn)
        elif scale is not None:
            overlay = overlay.scaled(scale)
        else:
            return False
        self.set_overlay(overlay)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() or event.angleDelta().x()
        if not self.moves_overlay or event.modifiers() & Qt.KeyboardModifier.ControlModifier or not steps:
            super().wheelEvent(event)
            return
        assert self._overlay is not None
        turns = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        up = 1 if steps > 0 else -1
        self.set_overlay(self._overlay.turned(up * TURN_DEG) if turns else self._overlay.scaled(SCALE**up))
        event.accept()

    def _drag_overlay(self, held: Overlay, start: QPointF, now: QPointF, *, turns: bool) -> None:
        if not turns:
            way = (now - start) / self.pixels_per_mm()
            self.set_overlay(held.moved(way.x(), way.y()))
            return
        middle = self.place().center() + QPointF(held.x_mm, held.y_mm) * self.pixels_per_mm()
        before, after = start - middle, now - middle
        angle = math.degrees(math.atan2(after.y(), after.x()) - math.atan2(before.y(), before.x()))
        self.set_overlay(held.turned(round(angle / TURN_DEG) * TURN_DEG))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pans = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if self.moves_overlay and event.button() == Qt.MouseButton.LeftButton and not pans:
            self._from, self._held = event.position(), self._overlay
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            event.accept()
            return
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
        self._follow(event.position())
        if self._held is not None:
            turns = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._drag_overlay(self._held, self._from, event.position(), turns=turns)
            return
        up_mm = (self._from.y() - event.position().y()) / self.pixels_per_mm()
        self.dragged.emit(round(up_mm / _STEP_MM) * _STEP_MM, self._gesture)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = self._held = None
        super().mouseReleaseEvent(event)
