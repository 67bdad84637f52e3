"""One section of today: its heading with its count, and its lines; Enter or a click on a line leads to its place."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import _
from sealdesk.ui import theme
from sealdesk.ui.parts.buttons import quiet
from sealdesk.ui.parts.card import Card
from sealdesk.ui.parts.history import day_words
from sealdesk.ui.parts.layouts import column
from sealdesk.ui.parts.state_chip import Chip, StateChip
from sealdesk.ui.theme import FontSize, Size, Space
from sealdesk.ui.workspaces.today.waiting import Section, Waiting

LINES_SHOWN = 5
_LINE = Qt.ItemDataRole.UserRole + 1
_SINCE = Qt.ItemDataRole.UserRole + 2


def since_words(since: datetime | None, now: datetime) -> str:
    """Since when something waits: the time of today, else the day."""
    if since is None:
        return ""
    local = since.astimezone(CHINA)
    return f"{local:%H:%M}" if local.date() == now.astimezone(CHINA).date() else day_words(since, now)


class _Lines(QStyledItemDelegate):
    """Two lines of text, the time at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look = theme.current()
        line: Waiting = index.data(_LINE)
        place = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(place, look.colour("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, look.colour("hover"))
        painter.fillRect(QRectF(place.left(), place.bottom() - Space.HAIR, place.width(), Space.HAIR), look.colour("rule"))
        inner = place.adjusted(Space.S, Space.XS, -Space.S, -Space.XS)
        body, caption = theme.font(FontSize.BODY), theme.font(FontSize.CAPTION)
        since = str(index.data(_SINCE))
        since_width = QFontMetrics(caption).horizontalAdvance(since) + Space.M
        painter.setFont(caption)
        painter.setPen(look.colour("ink_soft"))
        painter.drawText(inner, int((Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight).value), since)
        words = inner.adjusted(0, 0, -since_width, 0)
        detail = QFontMetrics(caption).elidedText(line.detail, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int((Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft).value), detail)
        painter.setFont(body)
        painter.setPen(look.colour("ink"))
        title = QFontMetrics(body).elidedText(line.title, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int((Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft).value), title)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(Size.SLOT_WIDTH, Size.ROW_TALL)


class _List(QListWidget):
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class SectionCard(QWidget):
    """`chosen` comes with the stage and what it is to show; without a line, just the stage."""

    chosen = Signal(str, object)

    def __init__(self, section: Section, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        card = Card(_(section.title), note=_(section.advice))
        count = StateChip(Chip(str(len(section.lines)), section.tone))
        card.tools.addWidget(count)
        self.list = _List()
        self.list.setAccessibleName(f"{_(section.title)} {len(section.lines)}")
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for line in section.lines[:LINES_SHOWN]:
            item = QListWidgetItem()
            item.setData(_LINE, line)
            item.setData(_SINCE, since_words(line.since, now))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.title} {line.detail}")
            item.setToolTip(f"{line.title}\n{line.detail}")
            self.list.addItem(item)
        self.list.setFixedHeight(self.list.count() * Size.ROW_TALL + Space.XXS)
        card.body.addWidget(self.list)
        rest = len(section.lines) - LINES_SHOWN
        if rest > 0:
            more = quiet(_("{count} more").format(count=rest), lambda: self.chosen.emit(section.stage, None), icon="go")
            card.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(column(card, gap=0))
        self.list.itemClicked.connect(lambda item: self._choose(item.data(_LINE)))
        self.list.entered.connect(self._on_entered)

    def _on_entered(self) -> None:
        item = self.list.currentItem() or self.list.item(0)
        self._choose(item.data(_LINE))

    def _choose(self, line: Waiting) -> None:
        self.chosen.emit(self.section.stage, line.subject)
