"""Files encrypted at rest: attachments under the store's key, and that key itself under a passphrase; no key management.

An attachment file is `SDA1`, a 12-byte nonce, and AES-256-GCM of the content with the identifier as additional data. Its name is its
identifier: the SHA-256 of the content. Whatever is written is complete or not there, also after a power cut.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sealdesk.core.durable import sync_folder, write_whole
from sealdesk.core.errors import StorageError, UserError
from sealdesk.core.i18n import N_
from sealdesk.core.paths import ensure_private
from sealdesk.crypto.digests import sha256_hex

KEY_LENGTH = 32
"""Bytes of a key."""

_MAGIC = b"SDA1"
_NONCE_LENGTH = 12
_TAG_LENGTH = 16
_SALT_LENGTH = 16
_IDENTIFIER = re.compile(r"[0-9a-f]{64}")
_KEY_FILE_KIND = "sealdesk key file 1"
_KEY_FILE_LIMIT = 4096
_COSTS = {"memory_kib": 64 * 1024, "iterations": 3, "lanes": 4}
_MOST = {"memory_kib": 256 * 1024, "iterations": 64, "lanes": 64}


class MissingFileError(StorageError):
    """No such file. Fact: name."""

    code = "storage.file.missing"
    sentence = N_("The file {name} is missing.")
    advice = N_("Restore it from a backup.")
    retry = False


class DamagedFileError(StorageError):
    """Not what was written, or written under another key. Fact: name."""

    code = "storage.file.damaged"
    sentence = N_("The file {name} is damaged or belongs to another installation.")
    advice = N_("Restore it from a backup.")
    retry = False


class UnreadableFileError(StorageError):
    """The system does not let us read it. Facts: name, reason."""

    code = "storage.file.unreadable"
    sentence = N_("The file {name} cannot be read: {reason}.")


class UnwritableFileError(StorageError):
    """Disk full, no permission. Facts: name, reason."""

    code = "storage.file.unwritable"
    sentence = N_("The file {name} cannot be written: {reason}.")
    advice = N_("Make sure that there is space on the disk and that you may write there.")


class WrongPassphraseError(UserError):
    """The key file is sound, the passphrase is not its."""

    code = "user.passphrase.wrong"
    sentence = N_("The passphrase is not correct.")


class DamagedKeyFileError(StorageError):
    """Not a key file, or changed since it was written. Fact: name."""

    code = "storage.key_file.damaged"
    sentence = N_("The key file {name} is damaged.")
    advice = N_("Restore it from a backup.")
    retry = False


def attachment_path(folder: Path, identifier: str) -> Path:
    """Where the attachment lies below `folder`.

    Raises:
        MissingFileError: not an identifier, so it names no file (and can lead nowhere else).
    """
    if _IDENTIFIER.fullmatch(identifier) is None:
        raise MissingFileError(name=identifier[:80])
    return folder / identifier[:2] / identifier


def seal_file(folder: Path, content: bytes, key: bytes) -> str:
    """Write `content` encrypted below `folder` and return its identifier, 64 hexadecimal digits.

    The same content is written once; a damaged file of it is replaced.

    Raises:
        UnwritableFileError: the disk refuses.
        ValueError: the key is not 32 bytes.
    """
    cipher = _cipher(key)
    identifier = sha256_hex(content)
    path = attachment_path(folder, identifier)
    if _is_sound(folder, identifier, key):
        return identifier
    nonce = os.urandom(_NONCE_LENGTH)
    sealed = cipher.encrypt(nonce, content, _MAGIC + identifier.encode("ascii"))
    _write(path, _MAGIC + nonce + sealed)
    return identifier


def open_file(folder: Path, identifier: str, key: bytes) -> bytes:
    """The content that `seal_file` wrote.

    Raises:
        MissingFileError: there is no such file.
        DamagedFileError: the file is not what was written under this key and name.
        UnreadableFileError: the disk refuses.
        ValueError: the key is not 32 bytes.
    """
    cipher = _cipher(key)
    data = _read(attachment_path(folder, identifier))
    border = len(_MAGIC) + _NONCE_LENGTH
    if len(data) < border + _TAG_LENGTH or not data.startswith(_MAGIC):
        raise DamagedFileError(name=identifier)
    try:
        content = cipher.decrypt(data[len(_MAGIC) : border], data[border:], _MAGIC + identifier.encode("ascii"))
    except InvalidTag as error:
        raise DamagedFileError(name=identifier) from error
    if sha256_hex(content) != identifier:
        raise DamagedFileError(name=identifier)
    return content


def _is_sound(folder: Path, identifier: str, key: bytes) -> bool:
    try:
        open_file(folder, identifier, key)
    except StorageError:
        return False
    return True


def write_key_file(path: Path, key: bytes, passphrase: str) -> None:
    """Write `key` (32 bytes) under `passphrase`; an older file is replaced whole or not at all.

    Raises:
        UnwritableFileError: the disk refuses.
        ValueError: the key is not 32 bytes, or the passphrase is empty.
    """
    _cipher(key)
    if not passphrase:
        raise ValueError("a key file has a passphrase")
    salt, nonce = os.urandom(_SALT_LENGTH), os.urandom(_NONCE_LENGTH)
    head: dict[str, Any] = {"kind": _KEY_FILE_KIND, **_COSTS, "salt": salt.hex(), "nonce": nonce.hex()}
    sealed = AESGCM(_derived(passphrase, salt, _COSTS)).encrypt(nonce, key, _canonical(head))
    body = {**head, "sealed": sealed.hex()}
    # the checksum tells a damaged file from a wrong passphrase; it protects nothing
    whole = {**body, "checksum": sha256_hex(_canonical(body))}
    _write(path, _canonical(whole) + b"\n")


def read_key_file(path: Path, passphrase: str) -> bytes:
    """The key that `write_key_file` wrote, 32 bytes.

    Raises:
        WrongPassphraseError: the file is sound, the passphrase another.
        DamagedKeyFileError: the file is not what was written.
        MissingFileError: there is no such file.
        UnreadableFileError: the disk refuses.
    """
    data = _read(path)
    try:
        head, sealed = _key_file_parts(data)
        salt, nonce = bytes.fromhex(head["salt"]), bytes.fromhex(head["nonce"])
        costs = {name: head[name] for name in _COSTS}
        if any(type(cost) is not int or not 1 <= cost <= _MOST[name] for name, cost in costs.items()):
            raise ValueError("costs out of range")
        cipher = AESGCM(_derived(passphrase, salt, costs))
        key = cipher.decrypt(nonce, sealed, _canonical(head))
    except InvalidTag as error:
        raise WrongPassphraseError(field="passphrase") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedKeyFileError(name=path.name) from error
    if len(key) != KEY_LENGTH:
        raise DamagedKeyFileError(name=path.name)
    return key


def _key_file_parts(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The head that is bound to the key, and the sealed key."""
    if len(data) > _KEY_FILE_LIMIT:
        raise ValueError("too long")
    body = json.loads(data.decode("utf-8"))
    checksum = body.pop("checksum")
    if body["kind"] != _KEY_FILE_KIND or checksum != sha256_hex(_canonical(body)):
        raise ValueError("not a key file, or changed")
    sealed = bytes.fromhex(body.pop("sealed"))
    return body, sealed


def _derived(passphrase: str, salt: bytes, costs: dict[str, int]) -> bytes:
    kdf = Argon2id(salt=salt, length=KEY_LENGTH, iterations=costs["iterations"], lanes=costs["lanes"], memory_cost=costs["memory_kib"])
    # one spelling for what looks the same, whatever input method typed it
    return kdf.derive(unicodedata.normalize("NFKC", passphrase).encode("utf-8"))


def _canonical(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_LENGTH:
        raise ValueError("a key is 32 bytes long")
    return AESGCM(key)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(name=path.name) from error
    except OSError as error:
        raise UnreadableFileError(name=path.name, reason=error.strerror or str(error)) from error


def _write(path: Path, data: bytes) -> None:
    try:
        is_new = not path.parent.exists()
        ensure_private(path.parent)
        if is_new:
            sync_folder(path.parent.parent)
        write_whole(path, data)
    except OSError as error:
        raise UnwritableFileError(name=path.name, reason=error.strerror or str(error)) from error
