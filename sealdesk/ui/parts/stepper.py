"""A list of steps with ticks, and one state word that can be read from two metres; it shows a course, it does not run one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.ui import icons, theme
from sealdesk.ui.parts.layouts import clear, column, margins, row, text
from sealdesk.ui.theme import FontSize, Size, Space, Tone


class StepState(StrEnum):
    """How a step stands."""

    TODO = "todo"
    NOW = "now"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


_LOOKS: dict[StepState, tuple[str, str, str]] = {
    StepState.TODO: ("todo", "ink_faint", N_("to do")),
    StepState.NOW: ("now", "busy", N_("now")),
    StepState.DONE: ("ok", "ok", N_("done")),
    StepState.FAILED: ("fault", "fault", N_("failed")),
    StepState.SKIPPED: ("skipped", "ink_faint", N_("not needed")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, its state, and what is to be said about it."""

    title: str
    state: StepState = StepState.TODO
    detail: str = ""


class StepList(QWidget):
    """Steps one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._lines: QVBoxLayout = column(gap=0)
        self.setLayout(self._lines)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is shown."""
        return self._steps

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps, or the same in other states."""
        if tuple(steps) == self._steps:
            return
        self._steps = tuple(steps)
        clear(self._lines)
        for step in self._steps:
            self._lines.addWidget(self._line(step))

    def _line(self, step: Step) -> QWidget:
        icon_name, colour, state_words = _LOOKS[step.state]
        mark = QLabel()
        mark.setFixedSize(Size.STEP_MARK, Size.STEP_MARK)
        icons.bind(mark, icon_name, colour, Size.ICON_M)
        title = text(step.title, "strong" if step.state is StepState.NOW else "")
        title.setMinimumHeight(Size.STEP_MARK)
        if step.state in (StepState.TODO, StepState.SKIPPED):
            title.setProperty("role", "soft")
        detail = text(step.detail, "caption", wrap=True)
        detail.setVisible(bool(step.detail))
        if step.state is StepState.FAILED:
            detail.setProperty("tone", Tone.FAULT.value)
        line = QWidget()
        line.setAccessibleName(f"{step.title}: {_(state_words)}. {step.detail}".strip())
        layout = row(gap=Space.S)
        layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column(title, detail, None, gap=0), 1)
        line.setLayout(layout)
        line.setMinimumHeight(Size.ROW_TALL if step.detail else Size.ROW)
        return line


@dataclass(frozen=True, slots=True)
class Course:
    """All that a stepper shows: the one large word, its tone, a sentence, the number of the thing, and the steps."""

    word: str
    tone: Tone
    sentence: str = ""
    number: str = ""
    steps: tuple[Step, ...] = ()
    done: int = 0
    total: int = 0


class StateWord(QWidget):
    """One word, as large as fits; what does not fit at the smallest size ends in dots."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = ""
        self._tone = Tone.IDLE
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(FontSize.STATE + Space.M)

    def show_word(self, word: str, tone: Tone) -> None:
        """Show another word."""
        self._word, self._tone = word, tone
        self.setAccessibleName(word)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        size = FontSize.STATE
        while size > FontSize.STATE_MIN and QFontMetrics(theme.font(size)).horizontalAdvance(self._word) > self.width():
            size -= Space.XS
        painter.setFont(theme.font(size))
        painter.setPen(theme.current().tone(self._tone))
        word = painter.fontMetrics().elidedText(self._word, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
        painter.end()


class Stepper(QFrame):
    """The state word on its wash, and the steps below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self._icon = QLabel()
        self._icon.setFixedSize(Size.ICON_XL, Size.ICON_XL)
        self._word = StateWord()
        self._sentence = text("", "lead", wrap=True)
        self._number = text("", "soft")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(_("Progress"))
        self._head = QFrame()
        self._head.setProperty("part", "banner")
        word_row = row(gap=Space.M)
        word_row.addWidget(self._icon)
        word_row.addWidget(self._word, 1)
        self._head.setLayout(column(word_row, row(self._sentence, None, self._number), gap=Space.XS, around=margins(Space.M)))
        self.list = StepList()
        body = column(self._progress, self.list, None, gap=Space.S, around=margins(Space.M))
        layout = column(self._head, gap=0, around=margins(Space.HAIR))
        layout.addLayout(body, 1)
        self.setLayout(layout)
        self.show_course(Course("", Tone.IDLE))

    def show_course(self, course: Course) -> None:
        """Show another state of the course."""
        self._word.show_word(course.word, course.tone)
        theme.set_property(self._head, "tone", course.tone.value)
        icons.bind(self._icon, course.tone.value, course.tone.value, Size.ICON_XL)
        self._sentence.setText(course.sentence)
        self._sentence.setVisible(bool(course.sentence))
        self._number.setText(course.number)
        self._progress.setVisible(course.total > 0)
        self._progress.setRange(0, max(course.total, 1))
        self._progress.setValue(course.done)
        self.list.show_steps(course.steps)
        self.setAccessibleName(f"{course.word} {course.number} {course.sentence}".strip())
