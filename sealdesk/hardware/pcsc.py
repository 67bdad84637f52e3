"""PC/SC readers: the only module that imports `smartcard`; connections and a watch on readers, nothing about commands.

Traps paid for: pyscard's high-level classes disconnect with UNPOWER even from `__del__`, and their monitors die with the service. So
this uses the plain calls: leave the card on disconnect, reconnect with a reset, a fresh context after every error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smartcard import scard

from sealdesk.core.errors import DeviceError
from sealdesk.hardware.device import Connection, split_answer
from sealdesk.hardware.errors import (
    MuteCardError,
    OutcomeUnknownError,
    ReaderBusyError,
    ReaderLostError,
    ServiceNotRunningError,
    TokenRemovedError,
)

PNP_READER = "\\\\?PnP?\\Notification"
"""Not a reader: a name whose state changes when readers come and go."""

_SERVICE_GONE = {
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
    scard.SCARD_E_INVALID_HANDLE,
    scard.SCARD_F_COMM_ERROR,
    scard.SCARD_E_SYSTEM_CANCELLED,
}
_CARD_GONE = {scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD}
_MUTE = {scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_W_UNSUPPORTED_CARD, scard.SCARD_E_PROTO_MISMATCH}
_READER_GONE = {scard.SCARD_E_READER_UNAVAILABLE, scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_NO_READERS_AVAILABLE}
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1

_log = logging.getLogger(__name__)


def error_for(code: int, reader: str) -> DeviceError:
    """The error that a result code of the service becomes."""
    if code in _SERVICE_GONE:
        return ServiceNotRunningError()
    if code in _CARD_GONE:
        return TokenRemovedError(reader=reader)
    if code in _MUTE:
        return MuteCardError(reader=reader)
    if code == scard.SCARD_E_SHARING_VIOLATION:
        return ReaderBusyError(reader=reader)
    return ReaderLostError(reader=reader)


def establish() -> int:
    """A context of the service.

    Raises:
        ServiceNotRunningError: it does not answer.
    """
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        raise ServiceNotRunningError
    return int(context)


class PcscConnection(Connection):
    """A card in a PC/SC reader, shared with other programs."""

    def __init__(self, reader: str) -> None:
        self._reader = reader
        self._context = self._card = self._protocol = 0
        self._atr = b""
        self._is_closed = True
        self._connect()

    @property
    def atr(self) -> bytes:
        return self._atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        if self._is_closed:
            raise OutcomeUnknownError
        code, answer = scard.SCardTransmit(self._card, self._protocol, list(apdu))
        if code != scard.SCARD_S_SUCCESS:
            _log.info("transmitting to %s failed: %s", self._reader, scard.SCardGetErrorMessage(code))
            raise OutcomeUnknownError from error_for(code, self._reader)
        return split_answer(bytes(answer))

    def reset(self) -> None:
        code = self._reconnect()
        if code in _SERVICE_GONE or code in _READER_GONE or code in _CARD_GONE:
            # the handle belongs to a service or a card that is no more; a fresh one also serves a card that was put back
            self.close()
            self._connect()
            code = self._reconnect()
        if code != scard.SCARD_S_SUCCESS:
            raise error_for(code, self._reader)
        self._atr = self._read_atr()

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(self._context)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        code = scard.SCardBeginTransaction(self._card)
        if code != scard.SCARD_S_SUCCESS:
            raise OutcomeUnknownError from error_for(code, self._reader)
        try:
            yield
        finally:
            scard.SCardEndTransaction(self._card, scard.SCARD_LEAVE_CARD)

    def _connect(self) -> None:
        context = establish()
        code, card, protocol = scard.SCardConnect(context, self._reader, scard.SCARD_SHARE_SHARED, _PROTOCOLS)
        if code != scard.SCARD_S_SUCCESS:
            scard.SCardReleaseContext(context)
            raise error_for(code, self._reader)
        self._context, self._card, self._protocol, self._is_closed = context, card, protocol, False
        try:
            self._atr = self._read_atr()
        except DeviceError:
            self.close()
            raise

    def _reconnect(self) -> int:
        if self._is_closed:
            return int(scard.SCARD_E_INVALID_HANDLE)
        code, protocol = scard.SCardReconnect(self._card, scard.SCARD_SHARE_SHARED, _PROTOCOLS, scard.SCARD_RESET_CARD)
        if code == scard.SCARD_S_SUCCESS:
            self._protocol = protocol
        return int(code)

    def _read_atr(self) -> bytes:
        code, _name, _state, _protocol, atr = scard.SCardStatus(self._card)
        if code != scard.SCARD_S_SUCCESS:
            raise error_for(code, self._reader)
        return bytes(atr)


@dataclass(frozen=True, slots=True)
class WatchedReader:
    """A reader's state as the service tells it. `raw_state` is what the next wait compares with."""

    reader: str
    raw_state: int
    atr: bytes

    @property
    def is_present(self) -> bool:
        """Whether a card is in it."""
        return bool(self.raw_state & scard.SCARD_STATE_PRESENT)

    @property
    def is_mute(self) -> bool:
        """Whether the card in it does not come to life."""
        return bool(self.raw_state & scard.SCARD_STATE_MUTE)

    @property
    def events(self) -> int:
        """The service's count of cards put in and taken out (upper 16 bits)."""
        return (self.raw_state >> 16) & 0xFFFF


class ReaderWatch:
    """One context that waits for changes; after an error it is thrown away and another one made."""

    def __init__(self) -> None:
        self._context = establish()
        self._pnp_state = scard.SCARD_STATE_UNAWARE
        self._known: dict[str, WatchedReader] = {}

    def look(self) -> tuple[WatchedReader, ...]:
        """The readers as they are now.

        Raises:
            ServiceNotRunningError, ReaderLostError: the watch is of no use any more.
        """
        code, names = scard.SCardListReaders(self._context, [])
        if code == scard.SCARD_E_NO_READERS_AVAILABLE:
            names = []
        elif code != scard.SCARD_S_SUCCESS:
            raise error_for(code, "")
        self._known = {}
        if names:
            self._ask(0, [(name, scard.SCARD_STATE_UNAWARE) for name in names])
        return tuple(self._known.values())

    def wait(self, timeout_ms: int) -> bool:
        """Wait for a change of a reader or of the list of readers; False when there was none.

        Raises:
            ServiceNotRunningError, ReaderLostError: the watch is of no use any more.
        """
        asked = [(reader.reader, reader.raw_state) for reader in self._known.values()]
        return self._ask(timeout_ms, [*asked, (PNP_READER, self._pnp_state)])

    def cancel(self) -> None:
        """End a wait that another thread is in."""
        scard.SCardCancel(self._context)

    def close(self) -> None:
        """Let the context go."""
        scard.SCardReleaseContext(self._context)

    def _ask(self, timeout_ms: int, asked: list[tuple[str, int]]) -> bool:
        code, states = scard.SCardGetStatusChange(self._context, timeout_ms, asked)
        if code in (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED):
            return False
        if code != scard.SCARD_S_SUCCESS:
            raise error_for(code, "")
        changed = False
        for name, state, atr in states:
            changed = changed or bool(state & scard.SCARD_STATE_CHANGED)
            if name == PNP_READER:
                self._pnp_state = state & ~scard.SCARD_STATE_CHANGED
            else:
                self._known[name] = WatchedReader(name, state & ~scard.SCARD_STATE_CHANGED, bytes(atr))
        return changed
