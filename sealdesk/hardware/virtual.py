"""Cards made of software, whatever they imitate: the interface of one, and the connection to one in this process; no kind of card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sealdesk.hardware.device import Connection, split_answer
from sealdesk.hardware.errors import OutcomeUnknownError, TokenRemovedError


class PowerCut(Exception):  # noqa: N818 - an event, not an error of the card
    """The line to the card was cut; it sends no answer, and its volatile state is gone."""


class VirtualCard(Protocol):
    """The card's side: bytes in, bytes out."""

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        ...

    def reset(self) -> None:
        """Power down and up."""
        ...

    def process(self, apdu: bytes) -> bytes:
        """The answer to one command APDU, with its status word.

        Raises:
            PowerCut: the line was cut instead of an answer.
        """
        ...

    def unplug(self) -> None:
        """The card is taken out: end whatever still waits inside `process`."""
        ...


class VirtualConnection(Connection):
    """A virtual card in this process, as a connection; `inserted` says which card is in the reader when it is asked."""

    def __init__(self, card: VirtualCard, reader: str, inserted: Callable[[], VirtualCard | None] = lambda: None) -> None:
        self._card = card
        self._reader = reader
        self._inserted = inserted
        self._is_removed = False

    @property
    def atr(self) -> bytes:
        return self._card.atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        if self._is_removed:
            raise OutcomeUnknownError
        try:
            return split_answer(self._card.process(apdu))
        except PowerCut as cut:
            raise OutcomeUnknownError from cut

    def reset(self) -> None:
        if self._is_removed:
            card = self._inserted()
            if card is None:
                raise TokenRemovedError(reader=self._reader)
            self._card, self._is_removed = card, False
        self._card.reset()

    def close(self) -> None:
        """Nothing to let go of."""

    def remove(self) -> None:
        """The card is taken out under the connection."""
        self._is_removed = True
        self._card.unplug()
