"""What is in the readers now, as a workspace watches it: every change arrives on the window's thread, as long as the owner lives."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from sealdesk.domain.ports import Devices, ReaderState, TokenIdentity
from sealdesk.ui.jobs import post, prepare


class LiveReaders(QObject):
    """The readers of this workplace. `changed` comes after each change."""

    changed = Signal()

    def __init__(self, devices: Devices, owner: QObject) -> None:
        super().__init__(owner)
        prepare()
        self._states = devices.readers()
        end = devices.subscribe(lambda states: post(lambda: self._take(states)))
        self.destroyed.connect(lambda: end())

    @property
    def keys(self) -> tuple[ReaderState, ...]:
        """Readers with a USB key in them."""
        return tuple(state for state in self._states if state.state == "key")

    @property
    def chips(self) -> tuple[TokenIdentity, ...]:
        """The chips of seals that are plugged in, with their readers."""
        return tuple(state.token for state in self._states if state.state == "chip" and state.token is not None)

    @property
    def troubled(self) -> tuple[ReaderState, ...]:
        """Readers with a card that does not answer or is of another kind."""
        return tuple(state for state in self._states if state.state in ("unknown", "mute", "lost"))

    def chip(self, serial: str) -> TokenIdentity | None:
        """The chip of that number, when it is plugged in."""
        return next((chip for chip in self.chips if chip.serial == serial), None)

    def _take(self, states: tuple[ReaderState, ...]) -> None:
        if isValid(self) and states != self._states:
            self._states = states
            self.changed.emit()
