"""Digests: SM3 (GB/T 32905-2016) for whatever is signed or chained, SHA-256 for naming files; no keyed hashes.

SM3 is the standards' digest; SHA-256 names attachments because every system can recompute it.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hashes

SM3_LENGTH = 32
"""Bytes of an SM3 digest."""


class Sm3:
    """SM3 over data that arrives in pieces."""

    def __init__(self, data: bytes = b"") -> None:
        self._hash = hashes.Hash(hashes.SM3())
        self._hash.update(data)

    def update(self, data: bytes) -> Sm3:
        """Add `data`; returns itself so that calls can be chained."""
        self._hash.update(data)
        return self

    def digest(self) -> bytes:
        """The 32-byte digest of everything so far; more may be added afterwards."""
        return self._hash.copy().finalize()

    def hexdigest(self) -> str:
        """The digest as 64 lower-case hexadecimal digits."""
        return self.digest().hex()


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest of `data`."""
    return Sm3(data).digest()


def sha256_hex(data: bytes) -> str:
    """The SHA-256 digest of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
