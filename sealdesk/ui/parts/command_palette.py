"""The palette under the search box: what was found, by group, chosen with the arrows and Enter while the cursor stays in the box.

It is a sheet inside the window, not a window of its own, so that an input method is never interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sealdesk.core.i18n import _
from sealdesk.core.lanes import Job
from sealdesk.ui import icons, jobs, theme
from sealdesk.ui.parts.layouts import column, margins, text
from sealdesk.ui.parts.search_box import SearchBox
from sealdesk.ui.theme import FontSize, Size, Space

_HIT = Qt.ItemDataRole.UserRole + 1
_GROUP = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its group ("Units"), icon, name and detail, and what it stands for."""

    group: str
    icon: str
    title: str
    detail: str = ""
    stage: str = ""
    subject: Any = None


Find = Callable[[str], Job[tuple[Hit, ...]]]
"""Starts a search; it runs on a lane. Several are asked side by side."""


class _HitDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look = theme.current()
        place = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        group = index.data(_GROUP)
        painter.save()
        left_middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if group is not None:
            painter.setPen(look.colour("ink_soft"))
            painter.setFont(theme.font(FontSize.CAPTION))
            painter.drawText(place.adjusted(Space.M, Space.S, 0, 0), left_middle, group)
            painter.restore()
            return
        hit: Hit = index.data(_HIT)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(place, look.colour("selection"))
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        picture = icons.pixmap(hit.icon, "ink_soft", Size.ICON, ratio)
        painter.drawPixmap(int(place.left() + Space.M), int(place.center().y() - Size.ICON / 2), picture)
        inner = place.adjusted(Space.M + Size.ICON + Space.S, 0, -Space.M, 0)
        body, caption = theme.font(FontSize.BODY), theme.font(FontSize.CAPTION)
        detail_width = min(QFontMetrics(caption).horizontalAdvance(hit.detail) + Space.M, int(inner.width() / 2)) if hit.detail else 0
        painter.setFont(body)
        painter.setPen(look.colour("ink"))
        title = QFontMetrics(body).elidedText(hit.title, Qt.TextElideMode.ElideMiddle, int(inner.width()) - detail_width)
        painter.drawText(inner, left_middle, title)
        painter.setFont(caption)
        painter.setPen(look.colour("ink_soft"))
        detail = QFontMetrics(caption).elidedText(hit.detail, Qt.TextElideMode.ElideRight, detail_width)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(Size.FIELD_MIN, Size.ROW)


class CommandPalette(QFrame):
    """Hits under a `SearchBox`; `chosen` brings the `Hit`."""

    chosen = Signal(object)

    def __init__(self, box: SearchBox, host: QWidget, *, length_min: int = 2) -> None:
        super().__init__(host)
        self.setProperty("part", "palette")
        self._box = box
        self._host = host
        self._length_min = length_min
        self._finders: tuple[Find, ...] = ()
        self._commands: tuple[Hit, ...] = ()
        self._asked = 0
        self._waiting = 0
        self._hits: list[Hit] = []
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_HitDelegate(self._list))
        self._list.setAccessibleName(_("Found"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.clicked.connect(self._on_list_clicked)
        self._words = text("", "soft")
        self._words.setContentsMargins(margins(x=Space.M, y=Space.S))
        self.setLayout(column(self._list, self._words, gap=0, around=margins(x=Space.HAIR, y=Space.XS)))
        box.installEventFilter(self)
        box.asked.connect(self._on_box_asked)
        box.submitted.connect(lambda _words: self.choose_current())
        self.hide()

    def set_sources(self, finders: Sequence[Find], commands: Sequence[Hit]) -> None:
        """Where to search, and the commands, which are known beforehand."""
        self._finders = tuple(finders)
        self._commands = tuple(commands)

    def open(self) -> None:
        """Bring the cursor into the box and show what there is."""
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.selectAll()
        self._on_box_asked(self._box.text().strip())

    def hits(self) -> tuple[Hit, ...]:
        """What is shown, from the top down."""
        rows = (self._model.item(place).data(_HIT) for place in range(self._model.rowCount()))
        return tuple(hit for hit in rows if hit is not None)

    def choose_current(self) -> None:
        """Take the marked hit."""
        hit = self._list.currentIndex().data(_HIT) if self.isVisible() else None
        if hit is not None:
            self.close_quietly()
            self.chosen.emit(hit)

    def close_quietly(self) -> None:
        """Put the palette away and empty the box."""
        self._asked += 1
        self.hide()
        self._box.blockSignals(True)
        self._box.clear()
        self._box.blockSignals(False)

    def _on_box_asked(self, words: str) -> None:
        if not self._box.hasFocus():
            return
        self._asked += 1
        number = self._asked
        fits = words.casefold()
        self._hits = [hit for hit in self._commands if fits in f"{hit.title} {hit.detail}".casefold()]
        self._waiting = 0
        if len(words) >= self._length_min:
            for find in self._finders:
                self._waiting += 1
                jobs.run(find(words), self, lambda found: self._add(number, found), lambda _error: self._add(number, ()))
        self._show(words)

    def _add(self, number: int, found: Sequence[Hit]) -> None:
        if number != self._asked:
            return  # an answer to something typed earlier
        self._waiting -= 1
        self._hits = [*found, *self._hits]
        self._show(self._box.text().strip())

    def _show(self, words: str) -> None:
        self._model.clear()
        groups: dict[str, list[Hit]] = {}
        for hit in self._hits:
            groups.setdefault(hit.group, []).append(hit)
        for group, hits in groups.items():
            head = QStandardItem(group)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setData(group, _GROUP)
            self._model.appendRow(head)
            for hit in hits:
                item = QStandardItem(f"{hit.title} {hit.detail}")
                item.setData(hit, _HIT)
                self._model.appendRow(item)
        if self._model.rowCount() > 1:
            self._list.setCurrentIndex(self._model.index(1, 0))
        self._list.setVisible(bool(self._hits))
        if self._waiting:
            sentence = _("Searching…")
        elif self._hits:
            sentence = ""
        elif len(words) < self._length_min:
            sentence = _("Type two characters: a name, pinyin initials, a code, the end of a phone number, or scan a ticket.")
        else:
            sentence = _("Nothing is called “{words}”.").format(words=words)
        self._words.setText(sentence)
        self._words.setVisible(bool(sentence))
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        rows = min(self._model.rowCount() * Size.ROW, Size.PALETTE_HEIGHT) if self._hits else 0
        height = rows + (Size.ROW if self._words.text() else 0) + 2 * Space.S
        corner = self._box.mapTo(self._host, self._box.rect().bottomLeft())
        width = max(Size.PALETTE_WIDTH, self._box.width())
        left = max(Space.S, min(corner.x() + (self._box.width() - width) // 2, self._host.width() - width - Space.S))
        self.setGeometry(left, corner.y() + Space.XS, width, height)

    def _on_list_clicked(self, index: QModelIndex) -> None:
        self._list.setCurrentIndex(index)
        self.choose_current()

    def _move(self, step: int) -> None:
        place = self._list.currentIndex().row()
        for _turn in range(self._model.rowCount()):
            place = (place + step) % self._model.rowCount()
            if self._model.item(place).data(_HIT) is not None:
                self._list.setCurrentIndex(self._model.index(place, 0))
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isVisible():
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._model.rowCount():
                self._move(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_quietly()
                return True
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        return super().eventFilter(watched, event)
