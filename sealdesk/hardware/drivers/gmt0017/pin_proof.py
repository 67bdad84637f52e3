"""How a PIN is proved to a GM/T 0017 token without being sent: answer to a challenge, sealed new PIN, MAC; no connection.

K = SHA1(PIN padded with zeros to 16)[0..15]; the proof is SM4-ECB(K, challenge‖0×8) (domain notes, 6.3). Both ends use this module.
"""

from __future__ import annotations

from sealdesk.crypto import sm4
from sealdesk.crypto.sm4 import pin_key
from sealdesk.hardware.drivers.gmt0017.layout import CHALLENGE_LENGTH, MAC_LENGTH, PIN_LENGTH

__all__ = ["mac", "open_new_pin", "pin_key", "proof", "seal_new_pin"]


def proof(key: bytes, challenge: bytes) -> bytes:
    """The 16 bytes that show knowledge of `key` for an 8-byte challenge."""
    return sm4.encrypt_ecb(key, _padded_challenge(challenge))


def seal_new_pin(key: bytes, new_pin: bytes) -> bytes:
    """A new PIN of at most 16 bytes, encrypted under `key`."""
    return sm4.encrypt_ecb(key, new_pin.ljust(PIN_LENGTH, b"\0"))


def open_new_pin(key: bytes, sealed: bytes) -> bytes:
    """The PIN that `seal_new_pin` encrypted."""
    return sm4.decrypt_ecb(key, sealed).rstrip(b"\0")


def mac(key: bytes, challenge: bytes, message: bytes) -> bytes:
    """The 4-byte MAC: SM4-CBC, first block the padded challenge, message padded with 80 and zeros."""
    return sm4.cbc_mac(key, _padded_challenge(challenge), message, MAC_LENGTH)


def _padded_challenge(challenge: bytes) -> bytes:
    if len(challenge) != CHALLENGE_LENGTH:
        raise ValueError("a challenge has 8 bytes")
    return challenge + bytes(sm4.BLOCK_LENGTH - CHALLENGE_LENGTH)
