"""Choosing a face template by its picture: those for one type of seal, drawn on a lane and kept for the whole session."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Lane, Task
from sealdesk.face.drawing import Drawing
from sealdesk.face.faces import face_of
from sealdesk.face.template import Template
from sealdesk.ui import jobs, theme
from sealdesk.ui.parts.face_canvas import paint_drawing, part_path
from sealdesk.ui.theme import FACE_INK, FACE_PAPER, Radius, Size, Space
from sealdesk.workflow.templates import Available

_NAME = Qt.ItemDataRole.UserRole + 1
_SHARPNESS = 2
"""Pictures are drawn this many times larger than shown, so that they are sharp on a screen of 200 %."""
_AT_A_TIME = 3
_CELL = Size.THUMBNAIL
_pictures: dict[str, QImage] = {}


def render(drawing: Drawing, side_px: int) -> QImage:
    """A drawing as a square picture on paper white; may run on any lane."""
    picture = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    scale = side_px / max(drawing.width_mm, drawing.height_mm)
    painter.translate((side_px - drawing.width_mm * scale) / 2, (side_px - drawing.height_mm * scale) / 2)
    painter.scale(scale, scale)
    paint_drawing(painter, [(part_path(part), part.ink) for part in drawing.parts], QColor(FACE_INK))
    painter.end()
    return picture


class _Thumbnails(QStyledItemDelegate):
    """Paints one template: its picture on paper, framed when it is the chosen one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look = theme.current()
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        place = QRectF(option.rect).adjusted(Space.XXS, Space.XXS, -Space.XXS, -Space.XXS)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(look.colour("ink" if chosen else "rule"), Size.FOCUS if chosen else Space.HAIR))
        painter.setBrush(QColor(FACE_PAPER))
        painter.drawRoundedRect(place, Radius.M, Radius.M)
        picture = _pictures.get(index.data(_NAME))
        if picture is not None:
            painter.drawImage(place.adjusted(Space.S, Space.S, -Space.S, -Space.S), picture)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_CELL, _CELL)


class TemplateGallery(QListWidget):
    """`chosen` comes with the template's name when the person chooses one; arrow keys walk."""

    chosen = Signal(str)

    def __init__(self, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._filling = False
        self._shown: tuple[str, ...] = ()
        self._files: dict[str, str] = {}
        self.setAccessibleName(_("Template"))
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMovement(QListWidget.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Thumbnails(self))
        self.setProperty("place", "page")
        self.currentItemChanged.connect(self._on_current_changed)

    def template_name(self) -> str:
        """The name of the chosen template; empty when there is none."""
        item = self.currentItem()
        return "" if item is None else str(item.data(_NAME))

    def template_file(self) -> str:
        """The text of the chosen template's file; empty for the system's own."""
        return self._files.get(self.template_name(), "")

    def show_templates(self, offered: tuple[Available, ...], name: str) -> None:
        """Offer these templates, with `name` chosen if it is among them."""
        self._filling = True
        self._files = {one.template.name: one.file for one in offered}
        if tuple(self._files) != self._shown:
            self._shown = tuple(self._files)
            self._fill(tuple(one.template for one in offered))
        row = next((row for row in range(self.count()) if self.item(row).data(_NAME) == name), -1)
        self.setCurrentRow(row)
        self._filling = False

    def _fill(self, templates: tuple[Template, ...]) -> None:
        self.clear()
        for template in templates:
            item = QListWidgetItem()
            item.setData(_NAME, template.name)
            item.setToolTip(_(template.title))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _(template.title))
            self.addItem(item)
        rows = 2 if len(templates) > 3 else 1
        self.setFixedHeight(rows * _CELL + Space.S)
        missing = [template for template in templates if template.name not in _pictures]
        for start in range(0, len(missing), _AT_A_TIME):
            self._draw(tuple(missing[start : start + _AT_A_TIME]))

    def _draw(self, templates: tuple[Template, ...]) -> None:
        """A few at a time, so that the first stand there soon and a face being typed need not wait for all."""
        jobs.run(self._lane.submit(lambda task: _draw(task, templates)), self, self._on_drawn, lambda _error: self._on_drawn({}))

    def _on_drawn(self, pictures: dict[str, QImage]) -> None:
        _pictures.update(pictures)
        self.viewport().update()

    def _on_current_changed(self) -> None:
        if not self._filling and self.currentItem() is not None:
            self.chosen.emit(self.template_name())


def _draw(task: Task, templates: tuple[Template, ...]) -> dict[str, QImage]:
    pictures = {}
    for template in templates:
        task.check()
        drawing = face_of(template, template.examples()).drawing
        pictures[template.name] = render(drawing, Size.THUMBNAIL * _SHARPNESS)
    return pictures
