"""Choosing a face template by its picture: those for one type of seal, drawn on a lane and kept for the whole session."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Lane
from sealdesk.face.template import Template
from sealdesk.ui import theme
from sealdesk.ui.parts.face_pictures import FacePictures, paint_picture
from sealdesk.ui.theme import FACE_PAPER, Radius, Size, Space
from sealdesk.workflow.templates import Available

_NAME = Qt.ItemDataRole.UserRole + 1
_CELL = Size.THUMBNAIL


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
        paint_picture(painter, place.adjusted(Space.S, Space.S, -Space.S, -Space.S), index.data(_NAME))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_CELL, _CELL)


class TemplateGallery(QListWidget):
    """`chosen` comes with the template's name when the person chooses one; arrow keys walk."""

    chosen = Signal(str)

    def __init__(self, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = FacePictures(lane, self)
        self._pictures.drawn.connect(self.viewport().update)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower gallery has more rows: the chosen template stays in sight."""
        super().resizeEvent(event)
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())

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
        self._pictures.want(templates)

    def _on_current_changed(self) -> None:
        if not self._filling and self.currentItem() is not None:
            self.chosen.emit(self.template_name())
