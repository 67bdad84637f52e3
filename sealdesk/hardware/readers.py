"""Where readers come from: what a source of readers tells, and software readers; not what is on the cards.

A source is the PC/SC service (`monitor`) or this process (`SoftwareDevices`). The manager treats all alike.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sealdesk.core.errors import DeviceError
from sealdesk.hardware.device import Connection
from sealdesk.hardware.drivers.gmt0017.emulator import Card, StateFile
from sealdesk.hardware.errors import ReaderLostError, TokenRemovedError
from sealdesk.hardware.virtual import VirtualCard, VirtualConnection


@dataclass(frozen=True, slots=True)
class Slot:
    """What a source sees of one reader, without talking to the card.

    `events` grows with every card put in or taken out, so that a quick exchange is noticed too.
    """

    reader: str
    is_present: bool
    atr: bytes = b""
    is_mute: bool = False
    events: int = 0


class ReaderSource(Protocol):
    """Something that has readers."""

    def slots(self) -> tuple[Slot, ...]:
        """The readers, in a stable order."""
        ...

    def problem(self) -> DeviceError | None:
        """Why there may be no readers, or None."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener`, on any thread, after each change."""
        ...

    def open(self, reader: str) -> Connection:
        """Power up the card in `reader`.

        Raises:
            TokenRemovedError, ReaderLostError, MuteCardError, ReaderBusyError, ServiceNotRunningError.
        """
        ...

    def close(self) -> None:
        """Stop watching."""
        ...


class SoftwareDevices:
    """Readers of this process, whose cards are emulated and kept in files; a `ReaderSource`. Calls may come from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cards: dict[str, VirtualCard | None] = {}
        self._events: dict[str, int] = {}
        self._connections: dict[str, list[VirtualConnection]] = {}
        self._listeners: list[Callable[[], None]] = []

    def insert(self, reader: str, state_file: Path) -> None:
        """Put the token that `state_file` keeps into `reader`, which appears when it is new.

        Raises:
            ValueError: not the file of a software token. OSError: it cannot be read.
        """
        self.insert_card(reader, Card(StateFile(state_file)))

    def insert_card(self, reader: str, card: VirtualCard) -> None:
        """Put any virtual card into `reader`; one that is in it comes out first."""
        self._take_out(reader)
        with self._lock:
            card.reset()
            self._cards[reader] = card
            self._events[reader] = self._events.get(reader, 0) + 1
        self._tell()

    def remove(self, reader: str) -> None:
        """Take the card out; the reader stays."""
        self._take_out(reader)
        self._tell()

    def unplug(self, reader: str) -> None:
        """Take the reader away with the card in it, as a USB key is pulled out."""
        self._take_out(reader)
        with self._lock:
            self._cards.pop(reader, None)
        self._tell()

    def slots(self) -> tuple[Slot, ...]:
        """The software readers in the order in which they appeared."""
        with self._lock:
            return tuple(
                Slot(reader, card is not None, b"" if card is None else card.atr, False, self._events.get(reader, 0))
                for reader, card in self._cards.items()
            )

    def problem(self) -> DeviceError | None:
        """Software readers need no service."""
        return None

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener`, on the thread that changed something, after each change."""
        with self._lock:
            self._listeners.append(listener)

    def open(self, reader: str) -> Connection:
        """A connection to the card in `reader`."""
        with self._lock:
            if reader not in self._cards:
                raise ReaderLostError(reader=reader)
            card = self._cards[reader]
            if card is None:
                raise TokenRemovedError(reader=reader)
            connection = VirtualConnection(card, reader, lambda: self._cards.get(reader))
            self._connections.setdefault(reader, []).append(connection)
        card.reset()
        return connection

    def close(self) -> None:
        """Take every card out."""
        with self._lock:
            self._listeners.clear()
            readers = list(self._cards)
        for reader in readers:
            self._take_out(reader)

    def _take_out(self, reader: str) -> None:
        with self._lock:
            if self._cards.get(reader) is None:
                return
            self._cards[reader] = None
            self._events[reader] = self._events.get(reader, 0) + 1
            connections = self._connections.get(reader, [])
        for connection in connections:
            connection.remove()

    def _tell(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener()
