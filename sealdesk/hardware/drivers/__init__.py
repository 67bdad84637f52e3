"""Drivers, one folder per kind of card: driver, session and emulator together with a CHECKLIST.md; they are strangers to each other.

`DRIVERS` is what the device manager asks in order; a driver recognises its cards by what they answer, never by the ATR alone.
"""

from collections.abc import Callable

from sealdesk.hardware.drivers import gmt0017
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.profile import Profile
from sealdesk.hardware.protocol import ApduProtocol

Recogniser = Callable[[ApduProtocol, str, tuple[Profile, ...]], Gmt0017Token | None]
"""Takes the protocol, the reader's name and the profiles; gives the token, or None for a card of another kind."""

DRIVERS: tuple[Recogniser, ...] = (gmt0017.recognise,)
