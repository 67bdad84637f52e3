"""Small pictures of templates with their example texts, drawn on a computing lane a few at a time and kept for the whole session."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from sealdesk.core.errors import SealdeskError
from sealdesk.core.lanes import Lane, Task
from sealdesk.face import raster
from sealdesk.face.drawing import Drawing
from sealdesk.face.faces import face_of
from sealdesk.face.template import Options, Template
from sealdesk.ui import jobs
from sealdesk.ui.theme import FACE_INK, Size

_SHARPNESS = 2
"""Pictures are drawn this many times larger than shown, so that they are sharp on a screen of 200 %."""
_AT_A_TIME = 3
_pictures: dict[str, QImage] = {}
_scaled: dict[tuple[str, int], QImage] = {}


def paint_picture(painter: QPainter, place: QRectF, name: str) -> None:
    """Paint the picture of a template into a square, sharp on its screen; nothing while it has not been drawn."""
    whole, device = _pictures.get(name), painter.device()
    if whole is None or device is None:
        return
    side = round(place.width() * device.devicePixelRatioF())
    picture = _scaled.get((name, side))
    if picture is None:  # a painter that scales takes four pixels for each, which tears thin strokes; this takes all of them
        picture = _scaled[name, side] = whole.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    painter.drawImage(place, picture)


def render(drawing: Drawing, side_px: int) -> QImage:
    """A drawing as a square picture on transparent ground; may run on any lane."""
    scale = side_px / max(drawing.width_mm, drawing.height_mm)
    corner_px = ((side_px - drawing.width_mm * scale) / 2, (side_px - drawing.height_mm * scale) / 2)
    return raster.view(drawing, scale, corner_px, (side_px, side_px), FACE_INK)


class FacePictures(QObject):
    """`drawn` comes whenever more pictures are there. What was wanted last is drawn first, and other work gets its turn in between."""

    drawn = Signal()

    def __init__(self, lane: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self._lane = lane
        self._waiting: dict[str, Template] = {}
        self._busy = False

    @property
    def is_idle(self) -> bool:
        """Whether everything that was wanted has been drawn."""
        return not self._busy and not self._waiting

    def want(self, templates: Iterable[Template]) -> None:
        """Have the pictures of these drawn that are not there yet, in this order."""
        wanted = {one.name: one for one in templates if one.name not in _pictures}
        self._waiting = {**wanted, **{name: one for name, one in self._waiting.items() if name not in wanted}}
        self._go_on()

    def _go_on(self) -> None:
        if self._busy or not self._waiting:
            return
        names = list(self._waiting)[:_AT_A_TIME]
        batch = tuple(self._waiting.pop(name) for name in names)
        self._busy = True
        jobs.run(self._lane.submit(lambda task: _draw(task, batch)), self, self._on_drawn, lambda _error: self._on_drawn({}))

    def _on_drawn(self, pictures: dict[str, QImage]) -> None:
        self._busy = False
        _pictures.update(pictures)
        self.drawn.emit()
        self._go_on()


def _draw(task: Task, templates: tuple[Template, ...]) -> dict[str, QImage]:
    pictures = {}
    for template in templates:
        task.check()
        try:
            drawing = face_of(template, template.examples(), Options(draft=True)).drawing
        except SealdeskError:
            continue  # a template of the shop whose example has a letter that this computer cannot draw stays without a picture
        pictures[template.name] = render(drawing, Size.PICTURE * _SHARPNESS)
    return pictures
