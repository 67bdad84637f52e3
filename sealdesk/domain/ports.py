"""What the business asks of devices, as Protocols; `sealdesk.hardware` fulfils them and `bootstrap()` joins the two.

Every method of a key or chip runs on the lane of its reader and may raise `DeviceError`s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sealdesk.core.lanes import Job, Task
from sealdesk.domain.pin import Pin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TokenIdentity:
    """Which token this is. `kind` is "key" (a person's USB key) or "chip" (a seal's chip)."""

    reader: str
    serial: str
    label: str
    manufacturer: str
    kind: str


@dataclass(frozen=True, slots=True)
class PinStatus:
    """How many tries a PIN has; asking never spends one."""

    tries_max: int
    tries_left: int
    is_default: bool


class SigningKey(Protocol):
    """A USB key with one SM2 key pair and its certificate."""

    def identity(self) -> TokenIdentity:
        """Which key this is; needs no PIN."""
        ...

    def pin_status(self) -> PinStatus:
        """The tries left; never spends one."""
        ...

    def certificate(self) -> bytes | None:
        """The certificate as DER, readable without PIN; None while there is none."""
        ...

    def unlock(self, pin: Pin) -> None:
        """Prove the PIN; a wrong one costs one try.

        Raises:
            WrongPinError: with the tries left. PinLockedError: none is left.
        """
        ...

    def sign(self, message: bytes) -> bytes:
        """The SM2 signature (DER) over SM3(Z‖message), made on the token; needs `unlock`."""
        ...

    def lock(self) -> None:
        """Forget the proven PIN."""
        ...


class SealChip(SigningKey, Protocol):
    """The chip of a seal."""

    def generate_key(self) -> bytes:
        """Make the key pair on the chip and return the public point (65 bytes, 04‖x‖y).

        Raises:
            DeviceError: there is a key already; a seal's key is never replaced.
        """
        ...

    def public_key(self) -> bytes | None:
        """The public point (65 bytes), or None while there is no key."""
        ...

    def import_certificate(self, der: bytes) -> None:
        """Put the certificate beside the key."""
        ...

    def write_file(self, name: str, content: bytes) -> None:
        """Write a whole file, making it when missing; writing the same again is harmless."""
        ...

    def read_file(self, name: str) -> bytes | None:
        """A whole file, or None when it is not there."""
        ...

    def file_names(self) -> tuple[str, ...]:
        """The names of the files on the chip."""
        ...

    def change_pin(self, old: Pin, new: Pin) -> None:
        """Replace the user PIN; a wrong old one costs a try."""
        ...


@dataclass(frozen=True, slots=True)
class ReaderState:
    """What a reader shows now.

    `state` is "empty", "key", "chip", "unknown" (a card of another kind), "mute" (does not answer) or "lost" (reader gone or given up).
    """

    reader: str
    state: str
    token: TokenIdentity | None = None
    owner: str = ""


class Devices(Protocol):
    """The readers of this workplace."""

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers with what is in them."""
        ...

    def subscribe(self, listener: Callable[[tuple[ReaderState, ...]], None]) -> Callable[[], None]:
        """Call `listener` (on a device lane) at every change; the returned call ends it."""
        ...

    def with_key(self, reader: str, work: Callable[[SigningKey, Task], T], deadline_s: float = 30.0) -> Job[T]:
        """Run `work` on the lane of `reader` with the USB key in it."""
        ...

    def with_chip(self, reader: str, work: Callable[[SealChip, Task], T], deadline_s: float = 120.0) -> Job[T]:
        """Run `work` on the lane of `reader` with the chip in it."""
        ...
