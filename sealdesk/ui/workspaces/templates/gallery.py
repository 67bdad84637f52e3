"""The gallery of templates: pictures with titles and standings, filtered by type, standing and words; several may be selected."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Lane
from sealdesk.stages.templates.queries import TemplateLine
from sealdesk.stages.templates.rules import STANDING_TITLES, Standing
from sealdesk.ui import theme
from sealdesk.ui.parts.face_pictures import FacePictures, paint_picture
from sealdesk.ui.parts.state_chip import Chip, paint_chip
from sealdesk.ui.theme import FACE_PAPER, FontSize, Radius, Size, Space, Tone

_LINE = Qt.ItemDataRole.UserRole + 1
_LOOKS = {
    Standing.MANDATED: (Tone.BUSY, "lock"),
    Standing.CHOSEN: (Tone.OK, "ok"),
    Standing.OPTIONAL: (Tone.IDLE, "todo"),
    Standing.LOCAL: (Tone.OK, "ok"),
    Standing.RETIRED: (Tone.WARN, "skipped"),
}
_WIDTH = Size.PICTURE + 2 * Space.M
_HEIGHT = Size.PICTURE + Size.ROW_TALL + Size.CHIP + Space.XL


def chip_of(line: TemplateLine) -> Chip:
    """How a template stands, as a chip; the shop's own with its version."""
    word = _(STANDING_TITLES[line.standing])
    if line.standing is Standing.LOCAL:
        word = _("Own, version {number}").format(number=line.version)
    return Chip(word, *_LOOKS[line.standing])


class _Cells(QStyledItemDelegate):
    """Paints one template: its picture on paper, its title in two lines at most, its standing."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        line = index.data(_LINE)
        if not isinstance(line, TemplateLine):
            return
        look = theme.current()
        state: QStyle.StateFlag = option.state
        selected, hovered = bool(state & QStyle.StateFlag.State_Selected), bool(state & QStyle.StateFlag.State_MouseOver)
        place = QRectF(option.rect).adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("ink" if selected else "rule"), Size.FOCUS if selected else Space.HAIR))
        painter.setBrush(look.colour("selection" if selected else "hover" if hovered else "sheet"))
        painter.drawRoundedRect(place, Radius.L, Radius.L)
        side = place.width() - 2 * Space.S
        paper = QRectF(place.left() + Space.S, place.top() + Space.S, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(FACE_PAPER))
        painter.drawRoundedRect(paper, Radius.M, Radius.M)
        if line.standing is Standing.RETIRED:
            painter.setOpacity(0.4)
        paint_picture(painter, paper.adjusted(Space.S, Space.S, -Space.S, -Space.S), line.name)
        painter.setOpacity(1.0)
        painter.setPen(look.colour("ink"))
        painter.setFont(theme.font(FontSize.CAPTION))
        words = QRectF(paper.left(), paper.bottom() + Space.XS, side, 2 * (FontSize.CAPTION + Space.S))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(words, int(flags), _in_two_lines(line.title, int(side)))
        paint_chip(painter, QRectF(paper.left(), place.bottom() - Size.CHIP - Space.S, side, Size.CHIP), chip_of(line))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(_WIDTH, _HEIGHT)


def _in_two_lines(words: str, width: int) -> str:
    metrics = QFontMetrics(theme.font(FontSize.CAPTION))
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, 2 * width - 2 * FontSize.CAPTION)


class Gallery(QListWidget):
    """`walked` comes when other templates are selected, `entered` with the template that the person opens."""

    walked = Signal()
    entered = Signal(object)

    def __init__(self, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = FacePictures(lane, self)
        self.pictures.drawn.connect(self.viewport().update)
        self._filling = False
        self.setAccessibleName(_("Templates"))
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMovement(QListWidget.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Cells(self))
        self.setProperty("place", "page")
        self.itemSelectionChanged.connect(self._on_selection_changed)
        self.itemDoubleClicked.connect(lambda item: self.entered.emit(item.data(_LINE)))

    def lines(self) -> tuple[TemplateLine, ...]:
        """What is shown."""
        return tuple(self.item(row).data(_LINE) for row in range(self.count()))

    def selected(self) -> tuple[TemplateLine, ...]:
        """What is selected, in the order in which it stands here."""
        return tuple(self.item(row).data(_LINE) for row in range(self.count()) if self.item(row).isSelected())

    def show_lines(self, lines: tuple[TemplateLine, ...]) -> None:
        """Show these; what was selected stays selected where it is still there."""
        before = {_key(line) for line in self.selected()}
        current = self.currentItem()
        walked_to = None if current is None else _key(current.data(_LINE))
        place = self.verticalScrollBar().value()
        self._filling = True
        self.clear()
        for line in lines:
            item = QListWidgetItem()
            item.setData(_LINE, line)
            item.setToolTip(line.title)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.title} {chip_of(line).word}")
            self.addItem(item)
            if _key(line) == walked_to:
                self.setCurrentItem(item)
            item.setSelected(_key(line) in before)
        if lines and not self.selectedItems():
            self.setCurrentRow(0)
        self.verticalScrollBar().setValue(place)
        self._filling = False
        self.pictures.want(line.template for line in lines)
        self.walked.emit()

    def go_to(self, name: str) -> None:
        """Select the template that orders know by this name."""
        for row, line in enumerate(self.lines()):
            if line.name == name:
                self.clearSelection()
                self.setCurrentRow(row)
                self.scrollToItem(self.item(row))

    def _on_selection_changed(self) -> None:
        if not self._filling:
            self.walked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.selected()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(chosen) == 1:
            self.entered.emit(chosen[0])
            return
        super().keyPressEvent(event)


def _key(line: TemplateLine) -> str:
    """What stays the same when a new version comes."""
    return line.own_name or line.name
