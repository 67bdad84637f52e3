"""The port through which anything that holds a private key signs; keys in memory and keys in hardware look alike here."""

from __future__ import annotations

from typing import Protocol

from sealdesk.crypto.sm2 import PublicKey


class Signer(Protocol):
    """Holds an SM2 key and signs with it; `sm2.PrivateKey` is one."""

    @property
    def public(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The DER signature of `message` under the default identifier."""
        ...
