"""Tells a wrong key from a damaged file by looking at the store's encrypted pages; opens and changes nothing.

SQLCipher says "file is not a database" for both. Each page carries an HMAC, so a key that fits even one page is the right one
(SQLCipher 4 defaults: 4096-byte pages, an 80-byte reserve of IV and HMAC-SHA512, salt in the first 16 bytes).
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

PAGE_BYTES = 4096
_SALT_BYTES = 16
_MAC_BYTES = 64
_MAC_SALT_MASK = 0x3A
_MAC_KEY_ITERATIONS = 2
_PAGES_TRIED = 256


def key_fits(path: Path, key: bytes) -> bool:
    """Whether at least one of the first pages of the file at `path` was written with the raw 32-byte `key`.

    A file whose first 16 bytes are damaged fits no key: all keys of its pages derive from them.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        first = file.read(PAGE_BYTES)
        salt = bytes(byte ^ _MAC_SALT_MASK for byte in first[:_SALT_BYTES])
        mac_key = hashlib.pbkdf2_hmac("sha512", key, salt, _MAC_KEY_ITERATIONS, 32)
        page, number = first[_SALT_BYTES:], 1
        while number <= _PAGES_TRIED and len(page) > _MAC_BYTES:
            written, mac = page[:-_MAC_BYTES], page[-_MAC_BYTES:]
            if hmac.compare_digest(hmac.digest(mac_key, written + number.to_bytes(4, "little"), "sha512"), mac):
                return True
            page, number = file.read(PAGE_BYTES), number + 1
    return False
