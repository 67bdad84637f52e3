"""Cards, page headers and the bar of actions: the frame in which every workspace stands."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sealdesk.ui import icons
from sealdesk.ui.parts.buttons import explain
from sealdesk.ui.parts.layouts import column, holding, margins, row, rule, text
from sealdesk.ui.theme import Size, Space


class Card(QFrame):
    """A sheet of paper with a heading; put things into `body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, note: str = "", padded: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.title = text(title, "heading")
        self.note = text(note, "caption")
        self.tools: QHBoxLayout = row(gap=Space.XS)
        self.body: QVBoxLayout = column(gap=Space.S, around=margins(Space.M) if padded else margins(Space.S))
        outer = column(gap=0)
        if title:
            self.setAccessibleName(title)
            head_row = row(self.title, self.note, None, gap=Space.S, around=margins(x=Space.M, y=0))
            head_row.addLayout(self.tools)
            head = holding(head_row)
            head.setFixedHeight(Size.ROW_TALL)
            outer.addWidget(head)
            outer.addWidget(rule())
        outer.addWidget(holding(self.body), 1)
        self.setLayout(outer)


class PageHeader(QWidget):
    """The top of a workspace: its name, one sentence, and its tools at the right."""

    def __init__(self, title: str, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = text(title, "title")
        self.sentence = text(sentence, "soft")
        self.tools: QHBoxLayout = row(gap=Space.S)
        layout = row(self.title, self.sentence, None, gap=Space.M)
        layout.addLayout(self.tools)
        self.setLayout(layout)
        self.setMinimumHeight(Size.ROW_TALL)


class ActionBar(QFrame):
    """The bottom of a place: a sentence at the left, its actions at the right, and the reason when one cannot be pressed.

    An action that is disabled while it has the focus leaves the focus to the bar, and gets it back when it can be pressed again; Qt
    would hand it to the next thing in the window, which is the search box on top.
    """

    def __init__(self, *actions: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "action_bar")
        self._sentence = ""
        self._reasons: dict[QPushButton, str] = {}
        self._resting: QPushButton | None = None
        self._icon = QLabel()
        self._icon.setFixedWidth(Size.ICON)
        self._icon.hide()
        self.words = text("", "soft", wrap=True)
        self.left: QHBoxLayout = row(gap=Space.S)
        layout = row(self._icon, around=margins(x=Space.L, y=Space.S))
        layout.addWidget(self.words, 1)
        layout.addLayout(self.left)
        for action in actions:
            layout.addWidget(action)
        self.setLayout(layout)

    def say(self, sentence: str) -> None:
        """Show a sentence at the left while no action needs its reason there."""
        self._sentence = sentence
        self._show()

    def explain(self, action: QPushButton, reason: str | None) -> None:
        """Disable `action` with its reason, shown at the left, or enable it."""
        if reason is not None and action.hasFocus():
            self._resting = action
            self.setFocus()
        explain(action, reason)
        if reason is None:
            self._reasons.pop(action, None)
            if self.hasFocus() and self._resting is action:
                action.setFocus()
        else:
            self._reasons[action] = reason
        self._show()

    def _show(self) -> None:
        reason = next(iter(self._reasons.values()), "")
        icons.bind(self._icon, "info" if reason else "", "ink_soft")
        self._icon.setVisible(bool(reason))
        self.words.setText(reason or self._sentence)
