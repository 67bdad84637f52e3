"""What all groups of GM/T 0017 commands share: send, expect 9000, parse the answer; no command of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sealdesk.hardware.apdu import Command, Response
from sealdesk.hardware.drivers.gmt0017 import layout
from sealdesk.hardware.drivers.gmt0017.layout import LayoutError
from sealdesk.hardware.drivers.gmt0017.status import error_for
from sealdesk.hardware.errors import MalformedAnswerError
from sealdesk.hardware.protocol import ApduProtocol

T = TypeVar("T")

_MAX_LIST_BYTES = 4096


class Exchange:
    """One connection's protocol with the manners of the standard."""

    def __init__(self, protocol: ApduProtocol) -> None:
        self.protocol = protocol

    def _send(self, command: Command) -> Response:
        """The card's whole answer, whatever its status."""
        return self.protocol.send(command)

    def _expect(self, name: str, command: Command) -> bytes:
        """The data of an answer with status 9000; every other status becomes an error."""
        response = self._send(command)
        if not response.ok:
            raise error_for(response.status, name)
        return response.data

    def _names(self, name: str, ins: int, data: bytes) -> tuple[str, ...]:
        """The names that an Enum command answers."""
        return layout.unpack_names(self._expect(name, Command(layout.CLA_PLAIN, ins, data=data, le=_MAX_LIST_BYTES)))

    @staticmethod
    def _parse(name: str, parse: Callable[[], T]) -> T:
        """What `parse` makes of an answer, or `MalformedAnswerError`."""
        try:
            return parse()
        except LayoutError as error:
            raise MalformedAnswerError(command=name) from error
