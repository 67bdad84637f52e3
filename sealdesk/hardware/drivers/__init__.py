"""Drivers, one folder per kind of card: driver, session and emulator together with a CHECKLIST.md; they are strangers to each other.

`DRIVERS` is the list that the device manager asks in order; a driver recognises its cards by what they answer, never by the ATR alone.
"""

from sealdesk.hardware.drivers import gmt0017

DRIVERS = (gmt0017,)
"""Modules that offer `recognise(protocol, reader, profiles) -> Recognised | None`."""
