"""The only dialogs of the program besides files: the PIN and dangerous confirmations; and the bridge for lanes that must ask.

A dialog never blocks the window's thread: it is opened, and its answer comes by a call. A device lane may wait for the person through
`Bridge`; its wait ends when the job is cancelled or the program closes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QWidget

from sealdesk.core.errors import UserCancelled
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Task
from sealdesk.domain.pin import Pin
from sealdesk.ui import icons, style_sheet, theme
from sealdesk.ui.jobs import post, prepare
from sealdesk.ui.parts.buttons import normal, primary
from sealdesk.ui.parts.layouts import column, margins, row, text
from sealdesk.ui.theme import Size, Space, Tone

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PinRequest:
    """What a PIN is asked for.

    Attributes:
        purpose: what happens with it, as a sentence ("Countersign 3 permits").
        device: the key or chip, as people know it.
        tries_left: read from the device without spending one; None when it cannot say.
        problem: what was wrong with the last try; empty the first time.
        length_min, length_max: how many characters it has.
    """

    purpose: str
    device: str
    tries_left: int | None = None
    problem: str = ""
    length_min: int = 1
    length_max: int = 16


@dataclass(frozen=True, slots=True)
class Danger:
    """Something that cannot be undone: a question, what it brings about, and the verb of the button that does it."""

    question: str
    consequence: str
    verb: str


class PinEdit(QLineEdit):
    """A masked line that takes keys only: no paste, no drop, no menu, no input method."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)

    def take(self) -> Pin:
        """The PIN that was typed; the line is empty afterwards."""
        pin = Pin(self.text())
        self.clear()
        return pin

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:  # pastes the selection on X11
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()


def tries_sentence(tries_left: int | None) -> tuple[str, Tone]:
    """What to say about the tries left, and how urgently."""
    if tries_left is None:
        return "", Tone.IDLE
    if tries_left == 0:
        return _("The PIN is locked; no try is left."), Tone.FAULT
    if tries_left == 1:
        return _("Only one try is left. A wrong PIN now locks the key."), Tone.FAULT
    if tries_left <= 3:
        return _("{count} tries are left.").format(count=tries_left), Tone.WARN
    return _("{count} tries are left.").format(count=tries_left), Tone.IDLE


class PinDialog(QDialog):
    """Asks for one PIN. It never tries the PIN itself, so nothing is spent before the person presses Enter."""

    answered = Signal(object)

    def __init__(self, request: PinRequest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style_sheet.dress(self)
        self.request = request
        self.setWindowTitle(_("Enter PIN"))
        self.setModal(True)
        self.setFixedWidth(Size.DIALOG_WIDTH)
        icon = QLabel()
        icons.bind(icon, "pin", "ink_soft", Size.ICON_L)
        self.edit = PinEdit()
        self.edit.setProperty("place", "pin")
        self.edit.setMaxLength(request.length_max)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.edit.setAccessibleName(_("PIN of {device}").format(device=request.device))
        self.problem = text(request.problem, "", wrap=True)
        self.problem.setVisible(bool(request.problem))
        theme.set_property(self.problem, "tone", Tone.FAULT.value)
        sentence, tone = tries_sentence(request.tries_left)
        self.tries = text(sentence, "caption", wrap=True)
        self.edit.setAccessibleDescription(f"{request.problem} {sentence}".strip())
        theme.set_property(self.tries, "tone", tone.value)
        self.accept_button = primary(_("OK"), self._on_accepted)
        self.accept_button.setDefault(True)
        self.cancel_button = normal(_("Cancel"), self.reject)
        words = column(text(request.purpose, "heading", wrap=True), text(request.device, "soft", wrap=True), gap=Space.XS)
        head = row(gap=Space.M)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.setLayout(
            column(
                head,
                self.problem,
                self.edit,
                self.tries,
                row(None, self.cancel_button, self.accept_button),
                gap=Space.M,
                around=margins(Space.L),
            )
        )
        self.edit.textChanged.connect(self._on_edit_changed)
        self.edit.setEnabled(request.tries_left != 0)
        self._on_edit_changed("")
        self.edit.setFocus()

    def _on_edit_changed(self, _text: str) -> None:
        long_enough = len(self.edit.text()) >= self.request.length_min
        self.accept_button.setEnabled(long_enough and self.request.tries_left != 0)

    def _on_accepted(self) -> None:
        if self.accept_button.isEnabled():
            pin = self.edit.take()
            self.accept()
            self.answered.emit(pin)

    def reject(self) -> None:
        self.edit.clear()
        super().reject()


class DangerDialog(QDialog):
    """Asks for one dangerous thing. The harmless answer has the focus, and Enter gives it."""

    def __init__(self, danger: Danger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style_sheet.dress(self)
        self.setWindowTitle(danger.verb)
        self.setModal(True)
        self.setFixedWidth(Size.DIALOG_WIDTH)
        icon = QLabel()
        icons.bind(icon, "warn", "warn", Size.ICON_L)
        self.do_button = primary(danger.verb, self.accept)
        self.leave_button = normal(_("Cancel"), self.reject)
        self.leave_button.setDefault(True)
        self.setAccessibleName(danger.question)
        self.setAccessibleDescription(danger.consequence)
        words = column(text(danger.question, "heading", wrap=True), text(danger.consequence, "soft", wrap=True), gap=Space.XS)
        head = row(gap=Space.M)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.setLayout(column(head, row(None, self.leave_button, self.do_button), gap=Space.L, around=margins(Space.L)))
        self.leave_button.setFocus()


def ask_pin(parent: QWidget | None, request: PinRequest, answered: Callable[[Pin], object]) -> PinDialog:
    """Open the PIN dialog; `answered` gets the PIN and has to wipe it."""
    dialog = PinDialog(request, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.answered.connect(answered)
    dialog.open()
    return dialog


def confirm(parent: QWidget | None, danger: Danger, confirmed: Callable[[], object]) -> DangerDialog:
    """Open the confirmation; `confirmed` is called when the person does it."""
    dialog = DangerDialog(danger, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: confirmed())
    dialog.open()
    return dialog


class _Question(Generic[T]):
    """One question on its way from a lane to the person and back."""

    def __init__(self) -> None:
        self._answered = threading.Event()
        self._answer: T | None = None
        self.dialog: QDialog | None = None

    def answer(self, value: T | None) -> None:
        if not self._answered.is_set():
            self._answer = value
            self._answered.set()

    def wait(self, task: Task | None) -> T:
        """The answer, or `UserCancelled` when the person, the job or the program gave up."""
        while not self._answered.wait(_PATIENCE_S):
            if task is not None:
                task.check()
        if self._answer is None:
            raise UserCancelled
        return self._answer


_PATIENCE_S = 0.1
"""How soon a waiting lane notices that its job was cancelled."""


class Bridge(QObject):
    """Lets a device lane ask the person. Make it on the window's thread; call `release` when the program closes."""

    def __init__(self, window: QWidget | None) -> None:
        super().__init__(window)
        prepare()
        self._window = window
        self._lock = threading.Lock()
        self._open: list[_Question[Pin] | _Question[bool]] = []
        self._released = False

    def ask_pin(self, request: PinRequest, task: Task | None = None) -> Pin:
        """Ask for a PIN and wait; called on a device lane.

        Raises:
            UserCancelled: the person gave up, the job was cancelled or the program closes.
        """
        question: _Question[Pin] = _Question()

        def show() -> None:
            dialog = ask_pin(self._window, request, question.answer)
            self._watch(question, dialog)

        return self._ask(question, show, task)

    def confirm(self, danger: Danger, task: Task | None = None) -> bool:
        """Ask for a dangerous confirmation and wait; called on a device lane. False when the person leaves it.

        Raises:
            UserCancelled: the job was cancelled or the program closes.
        """
        question: _Question[bool] = _Question()

        def show() -> None:
            dialog = confirm(self._window, danger, lambda: question.answer(True))
            dialog.rejected.connect(lambda: question.answer(None if self._released else False))
            self._watch(question, dialog)

        return self._ask(question, show, task)

    def release(self) -> None:
        """End every open question and refuse new ones; waiting lanes get `UserCancelled`."""
        with self._lock:
            self._released = True
            pending = list(self._open)
        for question in pending:
            if question.dialog is not None:
                question.dialog.reject()
            question.answer(None)

    def _watch(self, question: _Question[Pin] | _Question[bool], dialog: QDialog) -> None:
        question.dialog = dialog
        dialog.finished.connect(lambda _code: self._forget(question))
        dialog.rejected.connect(lambda: question.answer(None))

    def _forget(self, question: _Question[Pin] | _Question[bool]) -> None:
        question.dialog = None

    def _ask(self, question: _Question[T], show: Callable[[], None], task: Task | None) -> T:
        with self._lock:
            if self._released:
                raise UserCancelled
            self._open.append(question)  # type: ignore[arg-type]

        def show_unless_over() -> None:
            if not question._answered.is_set() and not self._released:
                show()

        try:
            post(show_unless_over)
            return question.wait(task)
        except UserCancelled:
            post(lambda: _close(question))
            raise
        finally:
            with self._lock:
                self._open.remove(question)  # type: ignore[arg-type]


def _close(question: _Question[T]) -> None:
    question.answer(None)
    if question.dialog is not None:
        question.dialog.reject()
