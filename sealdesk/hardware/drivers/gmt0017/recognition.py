"""Tells whether a card is a GM/T 0017 token with an application of a known profile; asks, never writes, spends no try."""

from __future__ import annotations

from sealdesk.core.errors import DeviceError
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.profile import Profile
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.errors import OutcomeUnknownError, ReaderLostError
from sealdesk.hardware.protocol import ApduProtocol


def recognise(protocol: ApduProtocol, reader: str, profiles: tuple[Profile, ...]) -> Gmt0017Token | None:
    """The token on the connection, or None: a card of another kind, or one without an application of `profiles`.

    Raises:
        OutcomeUnknownError, ReaderLostError: the card or the reader broke off.
    """
    session = TokenSession(protocol)
    try:
        info = session.get_device_info()
        present = set(session.applications())
    except (OutcomeUnknownError, ReaderLostError):
        raise
    except DeviceError:  # whatever else it answered, it is not one of ours
        return None
    for profile in profiles:
        if profile.application in present:
            return Gmt0017Token(session, reader, profile, info)
    return None
