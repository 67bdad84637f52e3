"""Profiles of GM/T 0017 tokens as data: names, factory PINs, limits; read from `resources/devices/*.json` and checked, no behaviour.

The standard fixes commands, not names: which application and container a maker creates, and which PIN the factory sets, differ per product.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import Any

from sealdesk.core import paths

FORMAT = "sealdesk-device-profile"
VERSION = 1


class Rights(IntFlag):
    """Who may read or write (GM/T 0016, SECURE_*_ACCOUNT)."""

    NEVER = 0
    ADMIN = 0x01
    USER = 0x10
    ANYONE = 0xFF


class ProfileError(ValueError):
    """A profile file is not one: wrong format, a field missing or impossible."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of token.

    Attributes:
        name: of the profile, unique.
        kind: "key" or "chip".
        application, container: names on the token.
        files: names that the business uses on it, for reading out a token as a whole.
        user_pin, admin_pin: as the factory sets them.
        device_key: 16 characters, for creating applications on a blank token.
        chunk_bytes: data bytes per ReadFile or WriteFile.
        max_file_bytes: the protocol's offset has two bytes, so never more than 65535.
    """

    name: str
    driver: str
    kind: str
    application: str
    container: str
    files: tuple[str, ...]
    user_pin: str
    admin_pin: str
    device_key: str
    user_tries: int
    admin_tries: int
    pin_min_length: int
    pin_max_length: int
    chunk_bytes: int
    max_file_bytes: int
    create_file_rights: Rights
    file_read_rights: Rights
    file_write_rights: Rights
    max_containers: int
    max_certificates: int
    max_files: int

    def __post_init__(self) -> None:
        problems = [
            (self.kind not in ("key", "chip"), "kind"),
            (not 1 <= len(self.application.encode()) <= 48, "application"),
            (not 1 <= len(self.container.encode()) <= 64, "container"),
            (any(not 1 <= len(name.encode()) <= 32 for name in self.files), "files"),
            (not 1 <= self.pin_min_length <= self.pin_max_length <= 16, "pin_max_length"),
            (not 1 <= self.user_tries <= 15 or not 1 <= self.admin_tries <= 15, "tries"),
            (not 1 <= self.chunk_bytes <= 32768, "chunk_bytes"),
            (not 1 <= self.max_file_bytes <= 65535, "max_file_bytes"),
            (len(self.device_key.encode()) != 16, "device_key"),
        ]
        wrong = [field for failed, field in problems if failed]
        if wrong:
            raise ProfileError(f"profile {self.name}: {', '.join(wrong)}")


def load_profile(file: Path) -> Profile:
    """The profile in a JSON file.

    Raises:
        ProfileError: the file is not a profile of this version, or a field is wrong.
    """
    try:
        content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if content.pop("format") != FORMAT or content.pop("version") != VERSION:
            raise ProfileError(f"{file.name}: not a device profile of version {VERSION}")
        for field in ("create_file_rights", "file_read_rights", "file_write_rights"):
            content[field] = Rights[str(content[field]).upper()]
        content["files"] = tuple(content["files"])
        return Profile(**content)
    except (KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{file.name}: {error}") from error


PROFILE_FILES = ("usb_key.json", "seal_chip.json")


def load_profiles(folder: Path | None = None) -> tuple[Profile, ...]:
    """The profiles that ship with the program, keys first; `folder` holds others with the same file names."""
    place = folder if folder is not None else paths.resources() / "devices"
    return tuple(load_profile(place / name) for name in PROFILE_FILES)


def profile_of(kind: str, profiles: tuple[Profile, ...]) -> Profile:
    """The first profile of `kind` ("key" or "chip").

    Raises:
        ProfileError: there is none.
    """
    for profile in profiles:
        if profile.kind == kind:
            return profile
    raise ProfileError(f"no profile of kind {kind}")
