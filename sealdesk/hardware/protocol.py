"""Sends commands over a connection: fetches long answers (61xx), corrects Le (6Cxx), writes the traffic log; knows no command by name.

The traffic log (level `TRAFFIC`, below DEBUG, off unless asked for) shows headers, lengths and bodies. Bodies of commands marked `secret`
are masked, but what a card stores about people is not: treat such a log as confidential.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager

from sealdesk.core.logs import TRAFFIC
from sealdesk.hardware.apdu import MAX_SHORT_LE, Command, Response
from sealdesk.hardware.device import Connection
from sealdesk.hardware.errors import MalformedAnswerError

_GET_RESPONSE = 0xC0
_MAX_PIECES = 512  # a card that promises more for ever is broken; 512 × 256 bytes is beyond any file here

_log = logging.getLogger(__name__)


class ApduProtocol:
    """Exchanges whole commands and whole answers over one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def send(self, command: Command) -> Response:
        """Send `command` and return the whole answer.

        A command without Le is never sent twice, so no PIN try can be spent twice.

        Raises:
            OutcomeUnknownError, ReaderLostError: see `Connection.transmit`.
            MalformedAnswerError: the card promises data without end.
        """
        response = self._exchange(command)
        if response.status >> 8 == 0x6C and command.le is not None:
            corrected = (response.status & 0xFF) or MAX_SHORT_LE
            command = Command(command.cla, command.ins, command.p1, command.p2, command.data, corrected, command.secret)
            response = self._exchange(command)
        data = response.data
        for _piece in range(_MAX_PIECES):
            if response.status >> 8 != 0x61:
                return Response(data, response.status)
            rest = (response.status & 0xFF) or MAX_SHORT_LE
            response = self._exchange(Command(0x00, _GET_RESPONSE, le=rest))
            data += response.data
        raise MalformedAnswerError(command=f"{command.ins:02X}")

    def exclusive(self) -> AbstractContextManager[None]:
        """Keep other programs out for a few commands that belong together."""
        return self.connection.exclusive()

    def _exchange(self, command: Command) -> Response:
        if _log.isEnabledFor(TRAFFIC):
            body = f"<{len(command.data)} bytes hidden>" if command.secret else command.data.hex()
            _log.log(TRAFFIC, "> %02X%02X%02X%02X %s le=%s", command.cla, command.ins, command.p1, command.p2, body, command.le)
        data, status = self.connection.transmit(command.encode())
        _log.log(TRAFFIC, "< %s %04X", data.hex(), status)
        return Response(data, status)
