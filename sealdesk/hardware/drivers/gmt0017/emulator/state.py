"""What an emulated token stores, and the file it is kept in: whole or not at all, on disk before the answer; no commands.

The file is JSON, readable by its owner only, and holds the private key and the keys of the PINs.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sealdesk.core.durable import write_whole

_FORMAT = "sealdesk-software-token"
_VERSION = 1


def _with_check_byte(atr: bytes) -> bytes:
    """`atr` with its last byte set to the exclusive or of all bytes after the first (ISO 7816-3, TCK)."""
    check = 0
    for byte in atr[1:-1]:
        check ^= byte
    return atr[:-1] + bytes((check,))


DEFAULT_ATR = _with_check_byte(bytes.fromhex("3bdb18ff8131fe4580") + b"GM/T0017SE" + b"\0")
"""T=1 only, so that the service passes extended APDUs through; historical bytes 80 "GM/T0017SE"."""


@dataclass(slots=True)
class FileState:
    """A file on the token; `content` always has the size that it was made with."""

    name: str
    read_rights: int
    write_rights: int
    content: bytes


@dataclass(slots=True)
class ContainerState:
    """A container: at most one signing key and one signing certificate; `encryption_certificate` is kept but its key is not."""

    name: str
    private_key: bytes = b""
    public_point: bytes = b""
    certificate: bytes = b""
    encryption_certificate: bytes = b""


@dataclass(slots=True)
class PinState:
    """A PIN's SM4 key and its counters."""

    key: bytes
    tries_max: int
    tries_left: int
    is_default: bool = True


@dataclass(slots=True)
class ApplicationState:
    """An application with its two PINs, files and containers."""

    name: str
    admin: PinState
    user: PinState
    create_file_rights: int
    max_containers: int
    max_certificates: int
    max_files: int
    files: list[FileState] = field(default_factory=list)
    containers: list[ContainerState] = field(default_factory=list)


@dataclass(slots=True)
class CardState:
    """Everything that survives a power cut."""

    serial: str
    manufacturer: str
    issuer: str
    label: str
    device_key: bytes
    total_bytes: int
    max_apdu_data_bytes: int = 4096
    max_applications: int = 1
    atr: bytes = DEFAULT_ATR
    device_auth_tries_left: int = 10
    applications: list[ApplicationState] = field(default_factory=list)

    @property
    def used_bytes(self) -> int:
        """Bytes taken: contents, certificates, and a fixed part for each file, key and application."""
        used = 0
        for application in self.applications:
            used += 512 + sum(64 + len(file.content) for file in application.files)
            used += sum(128 + len(container.certificate) + len(container.encryption_certificate) for container in application.containers)
        return used

    @property
    def free_bytes(self) -> int:
        """Bytes left."""
        return self.total_bytes - self.used_bytes


def blank_state(serial: str = "", *, total_bytes: int = 256 * 1024, manufacturer: str = "sealdesk", label: str = "") -> CardState:
    """A token as the maker ships it: no application, factory device key; `serial` is made up when empty."""
    return CardState(
        serial=serial or f"SW{secrets.token_hex(6).upper()}",
        manufacturer=manufacturer,
        issuer="software",
        label=label,
        device_key=b"1234567812345678",
        total_bytes=total_bytes,
    )


class StateFile:
    """Keeps a `CardState` in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def load(self) -> CardState:
        """The stored state.

        Raises:
            ValueError: not such a file. OSError: it cannot be read.
        """
        content = json.loads(self._file.read_text("utf-8"), object_hook=_revive)
        if not isinstance(content, dict) or content.get("format") != _FORMAT or content.get("version") != _VERSION:
            raise ValueError(f"{self._file.name} is not a software token")
        return _card(content["card"])

    def save(self, state: CardState) -> None:
        """Store `state`, so that after a crash either the old or the new state is there."""
        content = {"format": _FORMAT, "version": _VERSION, "card": asdict(state)}
        raw = json.dumps(content, default=_plain, indent=1).encode("utf-8")
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._file, raw)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    raise TypeError(f"{type(value).__name__} is not stored")


def _revive(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value["hex"]) if set(value) == {"hex"} else value


def _card(content: dict[str, Any]) -> CardState:
    applications = [
        ApplicationState(
            **{
                **application,
                "admin": PinState(**application["admin"]),
                "user": PinState(**application["user"]),
                "files": [FileState(**file) for file in application["files"]],
                "containers": [ContainerState(**container) for container in application["containers"]],
            }
        )
        for application in content["applications"]
    ]
    return CardState(**{**content, "applications": applications})
