"""Attaches a virtual card to the real PC/SC service through vsmartcard's vpcd driver, over TCP; for tests and demonstrations on Linux.

vpcd listens on one port per slot (35963 and 35964 unless configured otherwise); a card is in the slot while it is connected. A message is
a 2-byte big-endian length and a payload: one byte 0 powers off, 1 on, 2 resets (no answer), 4 asks for the ATR; anything else is an APDU.
"""

from __future__ import annotations

import logging
import socket
import threading
import time

from sealdesk.hardware.virtual import PowerCut, VirtualCard

DEFAULT_PORTS = (35963, 35964)

_POWER_OFF, _POWER_ON, _RESET, _ATR = b"\x00", b"\x01", b"\x02", b"\x04"

_log = logging.getLogger(__name__)


class VpcdSlot:
    """One slot of vpcd: cards can be put in and taken out. A card whose line is cut falls out of the slot."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._card: VirtualCard | None = None

    def insert(self, card: VirtualCard, timeout_s: float = 5.0) -> None:
        """Put `card` in; one that is in comes out first.

        Raises:
            OSError: vpcd does not listen, also after `timeout_s`.
        """
        self.remove()
        card.reset()
        line = self._connect(time.monotonic() + timeout_s)
        self._socket, self._card = line, card
        self._thread = threading.Thread(target=_serve, args=(line, card), name=f"vpcd-{self._address[1]}", daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Take the card out."""
        line, card, thread = self._socket, self._card, self._thread
        self._socket = self._card = self._thread = None
        if line is None or card is None or thread is None:
            return
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            _log.debug("the line to vpcd was closed already")
        card.unplug()
        thread.join(3.0)
        line.close()

    def _connect(self, deadline: float) -> socket.socket:
        while True:
            try:
                line = socket.create_connection(self._address, timeout=2.0)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
                continue
            line.settimeout(None)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return line


def _serve(line: socket.socket, card: VirtualCard) -> None:
    """Answer vpcd until either side ends."""
    try:
        while (message := _receive(line)) is not None:
            answer = _answer(card, message)
            if answer is not None:
                line.sendall(len(answer).to_bytes(2, "big") + answer)
    except PowerCut:
        _log.debug("the line of a virtual card was cut")
    except OSError:
        _log.debug("vpcd ended the line")
    finally:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            _log.debug("the line to vpcd was closed already")


def _answer(card: VirtualCard, message: bytes) -> bytes | None:
    if message == _ATR:
        return card.atr
    if message in (_POWER_ON, _RESET, _POWER_OFF):
        card.reset()
        return None
    return card.process(message)


def _receive(line: socket.socket) -> bytes | None:
    head = _receive_exactly(line, 2)
    return None if head is None else _receive_exactly(line, int.from_bytes(head, "big"))


def _receive_exactly(line: socket.socket, length: int) -> bytes | None:
    data = b""
    while len(data) < length:
        if hasattr(socket, "TCP_QUICKACK"):  # set before each recv, or delayed acknowledgements leave 20 APDU/s of 8,000
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = line.recv(length - len(data))
        if not piece:
            return None
        data += piece
    return data
