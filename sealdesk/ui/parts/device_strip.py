"""The strip of devices along the bottom: each reader with its key or chip, in words, icon and colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from sealdesk.core.i18n import N_, _
from sealdesk.domain.ports import ReaderState
from sealdesk.ui import icons
from sealdesk.ui.parts.layouts import clear, row
from sealdesk.ui.theme import Size, Space, Tone

_STATES: dict[str, tuple[str, Tone, str]] = {
    "empty": ("reader", Tone.IDLE, N_("{reader}: empty")),
    "key": ("key", Tone.OK, N_("USB key {label}")),
    "chip": ("chip", Tone.OK, N_("Seal chip {label}")),
    "unknown": ("warn", Tone.WARN, N_("{reader}: a card of another kind")),
    "mute": ("fault", Tone.FAULT, N_("{reader}: the card does not answer")),
    "lost": ("unplugged", Tone.FAULT, N_("{reader}: reader lost, plug it in again")),
}


def reader_words(state: ReaderState) -> tuple[str, Tone, str]:
    """The icon, the tone and the sentence of a reader's state; shared by the strip and the sign-in page."""
    icon, tone, sentence = _STATES.get(state.state, _STATES["unknown"])
    label = ""
    if state.token is not None:
        label = state.owner or state.token.label or state.token.serial
    return icon, tone, _(sentence).format(reader=state.reader, label=label)


class DeviceStrip(QWidget):
    """One button per reader; `clicked` brings the reader's name."""

    clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Devices"))
        self._readers: tuple[ReaderState, ...] | None = None
        self._line: QHBoxLayout = row(gap=Space.XS)
        self.setLayout(self._line)
        self.show_readers(())

    def show_readers(self, readers: Sequence[ReaderState]) -> None:
        """Show other states."""
        if tuple(readers) == self._readers:
            return
        self._readers = tuple(readers)
        clear(self._line)
        self._buttons: list[QToolButton] = []
        for state in self._readers:
            icon, tone, words = reader_words(state)
            self._line.addWidget(self._button(icon, tone, words, state.reader))
        if not self._readers:
            self._line.addWidget(self._button("unplugged", Tone.IDLE, _("No reader is connected"), ""))
        self._line.addStretch(1)

    def words(self) -> tuple[str, ...]:
        """The sentences that are shown."""
        return tuple(button.text() for button in self._buttons)

    def _button(self, icon: str, tone: Tone, words: str, reader: str) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setText(words)
        button.setAccessibleName(words)
        button.setToolTip(reader)
        icons.bind(button, icon, tone.value, Size.ICON)
        button.clicked.connect(lambda: self.clicked.emit(reader))
        self._buttons.append(button)
        return button
