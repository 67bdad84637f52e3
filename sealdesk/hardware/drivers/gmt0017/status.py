"""Status words of GM/T 0017 tokens and the errors they become; one table, used by nothing but the session.

Source: the firmware list in the domain notes, 6.2. Only 9000 counts as done.
"""

from __future__ import annotations

from enum import IntEnum

from sealdesk.core.errors import DeviceError
from sealdesk.hardware.errors import (
    AccessRefusedError,
    CardRefusedError,
    KeyMissingError,
    NoSpaceError,
    NotUnlockedError,
    PinLockedError,
)


class Status(IntEnum):
    """Status words, named after what they say."""

    OK = 0x9000
    WRITE_FAILED = 0x6581
    WRONG_LENGTH = 0x6700
    SECURITY_STATE = 0x6982
    LOCKED = 0x6983
    NO_CHALLENGE = 0x6984
    CONDITIONS = 0x6985
    MAC_MISSING = 0x6987
    MAC_WRONG = 0x6988
    APPLICATION_NOT_OPEN = 0x698A
    WRONG_DATA = 0x6A80
    NOT_SUPPORTED = 0x6A81
    NO_ROOM = 0x6A84
    WRONG_P1P2 = 0x6A86
    APPLICATION_MISSING = 0x6A88
    APPLICATION_EXISTS = 0x6A89
    APPLICATION_ALREADY_OPEN = 0x6A8A
    APPLICATION_NAME_UNKNOWN = 0x6A8B
    CONTAINER_NAME_UNKNOWN = 0x6A91
    FILE_EXISTS = 0x6A92
    FILE_MISSING = 0x6A93
    CONTAINER_ID_UNKNOWN = 0x6A94
    KEY_MISSING = 0x6A95
    CERTIFICATE_MISSING = 0x6A96
    VERIFY_FAILED = 0x6A98
    SIGN_FAILED = 0x6A9C
    KEY_NOT_FOUND = 0x6A9F
    WRONG_OFFSET = 0x6B00
    INS_UNKNOWN = 0x6D00
    CLA_UNKNOWN = 0x6E00
    CONTAINER_EXISTS = 0x6E02


_PLAIN: dict[int, type[DeviceError]] = {
    Status.SECURITY_STATE: NotUnlockedError,
    Status.LOCKED: PinLockedError,
    Status.CONDITIONS: AccessRefusedError,
    Status.NO_ROOM: NoSpaceError,
    Status.KEY_MISSING: KeyMissingError,
    Status.KEY_NOT_FOUND: KeyMissingError,
}


def tries_left(status: int) -> int | None:
    """How many tries a status word of a PIN command says are left; -1 when it says "wrong" but not how many; None for other words.

    63Cx is the rule; one firmware puts the count into bits 8 to 11 instead, so that 6xC0 also means a wrong PIN, and then only
    GetPINInfo tells the truth.
    """
    if status & 0xFFF0 == 0x63C0:
        return status & 0x0F
    if status & 0xF3F0 == 0x63C0:
        return -1
    return None


def error_for(status: int, command: str) -> DeviceError:
    """The error that a status word other than 9000 becomes."""
    known = _PLAIN.get(status)
    if known is not None:
        return known()
    return CardRefusedError(command=command, status=f"{status:04X}")
