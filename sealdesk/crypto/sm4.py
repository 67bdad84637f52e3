"""SM4 as tokens of GM/T 0017 use it: single blocks, CBC-MAC, and the key made of a PIN; files are encrypted in `vault`, with AES."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK_LENGTH = 16
"""Bytes of a block and of a key."""

MAX_PIN_LENGTH = 16
"""Bytes of a PIN."""


def encrypt_ecb(key: bytes, blocks: bytes) -> bytes:
    """Encrypt whole 16-byte blocks, each for itself.

    Raises:
        ValueError: not whole blocks, or the key is not 16 bytes.
    """
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # what GM/T 0017 demands, over fresh randomness
    return encryptor.update(blocks) + encryptor.finalize()


def decrypt_ecb(key: bytes, blocks: bytes) -> bytes:
    """Decrypt whole 16-byte blocks; raises like `encrypt_ecb`."""
    decryptor = Cipher(algorithms.SM4(key), modes.ECB()).decryptor()
    return decryptor.update(blocks) + decryptor.finalize()


def cbc_mac(key: bytes, iv: bytes, data: bytes, length: int = 4) -> bytes:
    """The MAC of an APDU: the beginning of the last CBC block over `data`, always padded with 80 00 ….

    Args:
        key: 16 bytes.
        iv: 16 bytes; for tokens the 8 random bytes of the card and 8 zeros.
        data: any length.
        length: bytes of the MAC wanted, 1 to 16.

    Raises:
        ValueError: a length is wrong.
    """
    if not 1 <= length <= BLOCK_LENGTH:
        raise ValueError("a MAC is 1 to 16 bytes long")
    encryptor = Cipher(algorithms.SM4(key), modes.CBC(iv)).encryptor()
    last = (encryptor.update(padded(data)) + encryptor.finalize())[-BLOCK_LENGTH:]
    return last[:length]


def padded(data: bytes) -> bytes:
    """`data` with 80 and as many zeros as make whole blocks; at least the 80 is added (ISO/IEC 9797-1, method 2)."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK_LENGTH)


def pin_key(pin: bytes) -> bytes:
    """The 16-byte key of a PIN: the beginning of SHA-1 over the PIN, filled with zeros to 16 bytes.

    Raises:
        ValueError: the PIN is longer than 16 bytes.
    """
    if len(pin) > MAX_PIN_LENGTH:
        raise ValueError("a PIN is at most 16 bytes long")
    # SHA-1 is what tokens do; the PIN's few digits are the weakness, and the token's counter is the protection
    return hashlib.sha1(pin.ljust(MAX_PIN_LENGTH, b"\0"), usedforsecurity=False).digest()[:BLOCK_LENGTH]
