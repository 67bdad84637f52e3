"""The tabs of the window down the left side: icon, name and the count of what waits; it knows nothing of what a tab holds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout, QWidget

from sealdesk.core.i18n import _
from sealdesk.ui import icons, theme
from sealdesk.ui.parts.layouts import column, margins
from sealdesk.ui.theme import FontSize, Radius, Size, Space

COUNT_MAX = 999


class NavButton(QAbstractButton):
    """One tab."""

    def __init__(self, name: str, title: str, icon: str, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._icon = icon
        self._count = 0
        self._hovered = False
        self.setCheckable(True)
        self.setText(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(shortcut)
        self.setFixedHeight(Size.NAV_ROW)
        self._say()

    @property
    def count(self) -> int:
        """How many things wait here."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show how many things wait here; nothing for none."""
        self._count = count
        self._say()
        self.update()

    def _say(self) -> None:
        waiting = _("{count} waiting").format(count=self._count) if self._count else ""
        self.setAccessibleName(f"{self.text()} {waiting}".strip())

    def sizeHint(self) -> QSize:
        return QSize(Size.NAV_WIDTH, Size.NAV_ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(Space.S, Space.XXS, -Space.S, -Space.XXS)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(look.colour("sheet"))
            painter.drawRoundedRect(box, Radius.M, Radius.M)
            painter.setBrush(look.colour("ink"))
            painter.drawRoundedRect(QRectF(box.left(), box.top() + Space.S, Size.BAR, box.height() - 2 * Space.S), Radius.S, Radius.S)
        elif self._hovered:
            painter.setBrush(look.colour("pressed"))
            painter.drawRoundedRect(box, Radius.M, Radius.M)
        if self.hasFocus():
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(look.colour("focus"))
            pen.setWidth(Size.FOCUS)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(Space.HAIR, Space.HAIR, -Space.HAIR, -Space.HAIR), Radius.M, Radius.M)
        ink = "ink" if self.isChecked() else "ink_soft"
        picture = icons.pixmap(self._icon, ink, Size.ICON_M, self.devicePixelRatioF())
        painter.drawPixmap(int(box.left() + Space.S + Space.XS), int(box.center().y() - Size.ICON_M / 2), picture)
        painter.setPen(look.colour("ink" if self.isChecked() or self._hovered else "ink_soft"))
        painter.setFont(theme.font(FontSize.LEAD, strong=self.isChecked()))
        words = box.adjusted(Space.S + Space.XS + Size.ICON_M + Space.S, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._count:
            self._paint_count(painter, box)
        painter.end()

    def _paint_count(self, painter: QPainter, box: QRectF) -> None:
        look = theme.current()
        words = str(self._count) if self._count <= COUNT_MAX else f"{COUNT_MAX}+"
        font = theme.font(FontSize.CAPTION)
        width = max(QFontMetrics(font).horizontalAdvance(words) + Space.S, Size.BADGE)
        badge = QRectF(box.right() - width - Space.S, box.center().y() - Size.BADGE / 2, width, Size.BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("pressed"))
        painter.drawRoundedRect(badge, Size.BADGE / 2, Size.BADGE / 2)
        painter.setPen(look.colour("ink"))
        painter.setFont(font)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()


class NavRail(QFrame):
    """All tabs; `opened` brings a tab's name. The arrows go up and down."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "rail")
        self.setAccessibleName(_("Stages"))
        self.setFixedWidth(Size.NAV_WIDTH)
        self._buttons: dict[str, NavButton] = {}
        self._group = QButtonGroup(self)
        self._lines: QVBoxLayout = column(gap=0, around=margins(x=0, y=Space.S))
        self._lines.addStretch(1)
        self.setLayout(self._lines)

    def add(self, name: str, title: str, icon: str, shortcut: str) -> NavButton:
        """Add a tab below the others."""
        button = NavButton(name, title, icon, shortcut)
        button.clicked.connect(lambda: self.opened.emit(name))
        self._buttons[name] = button
        self._group.addButton(button)
        self._lines.insertWidget(self._lines.count() - 1, button)
        return button

    def button(self, name: str) -> NavButton:
        """The tab called `name`."""
        return self._buttons[name]

    def mark(self, name: str) -> None:
        """Show that this tab is open."""
        self._buttons[name].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = list(self._buttons)
        focused = next((name for name in names if self._buttons[name].hasFocus()), None)
        if focused is not None and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._buttons[names[(names.index(focused) + step) % len(names)]].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
