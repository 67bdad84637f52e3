"""Where the keys of an installation are kept: the system's key store, or a key file under a passphrase where there is none.

Keys are made here and handed out as bytes; nothing here encrypts, and no other package talks to the system's key store.
"""

from __future__ import annotations

import base64
import json
import logging
import secrets
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import keyring.errors
from keyring.backend import KeyringBackend

from sealdesk.core.durable import write_whole
from sealdesk.core.errors import StorageError
from sealdesk.core.i18n import N_
from sealdesk.core.paths import ensure_private
from sealdesk.models.failures import of_disk

DATABASE_KEY = "database-key"
NEXT_DATABASE_KEY = "database-key-next"
ATTACHMENT_KEY = "attachment-key"
PLATFORM_TOKEN = "platform-token"

INSTALLATION_FILE = "installation.json"
KEY_FILE = "keys.sealed"
SECRETS_FILE = "secrets.sealed"
_ACCOUNT = "sealdesk"
_KEY_BYTES = 32
_PASSPHRASE_TRIES = 3

_log = logging.getLogger(__name__)


class KeyStoreUnavailableError(StorageError):
    """The system's key store holds the keys but cannot be reached now."""

    code = "storage.keystore.unavailable"
    sentence = N_("The system's key store cannot be reached, and the keys of the local store are in it.")
    advice = N_("Sign in to the desktop as usual and start the program there; on Linux a secret service such as GNOME Keyring must run.")


class KeyStoreLockedError(StorageError):
    """The person did not unlock the system's key store."""

    code = "storage.keystore.locked"
    sentence = N_("The system's key store is locked.")
    advice = N_("Unlock it with your desktop password and try again.")


class KeyLostError(StorageError):
    """The store is there but its key is not."""

    code = "storage.key.lost"
    retry = False
    sentence = N_("The local store {file} is there, but its key is not in the key store of this computer and user.")
    advice = N_("Sign in as the user who installed the program, or put back a backup with its key. Nothing was changed.")


class DamagedKeyFileError(StorageError):
    """The key file, the secrets under it or the installation's own file cannot be read."""

    code = "storage.keystore.damaged"
    retry = False
    sentence = N_("The file {file} is damaged.")
    advice = N_("Put back this file from a backup. Nothing was changed.")


class KeyStore(Protocol):
    """Named secrets of one installation."""

    def get(self, name: str) -> bytes | None:
        """The secret, or None when there is none.

        Raises:
            KeyStoreUnavailableError, KeyStoreLockedError
        """
        ...

    def put(self, name: str, secret: bytes) -> None:
        """Keep the secret under this name, replacing what was there; it is read back before this returns."""
        ...

    def remove(self, name: str) -> None:
        """Forget the secret; harmless when there is none."""
        ...


def system_backend() -> KeyringBackend | None:
    """The one backend allowed on this system, or None where it cannot work.

    Made by hand and not by keyring's own choice, so that no configuration file or stray package can put a plain-text store in its place.
    """
    backend: KeyringBackend
    try:
        if sys.platform == "win32":
            from keyring.backends.Windows import WinVaultKeyring

            backend = WinVaultKeyring()
            # The default, "enterprise", would carry the key to other machines with a roaming profile.
            backend.persist = "local machine"
        elif sys.platform == "darwin":
            from keyring.backends import macOS

            backend = macOS.Keyring()
        else:
            from keyring.backends import SecretService

            backend = SecretService.Keyring()  # type: ignore[no-untyped-call]
        _ = type(backend).priority  # asking is how keyring finds out whether the service answers
    except (keyring.errors.KeyringError, RuntimeError, ImportError, OSError) as error:
        _log.info("no key store of the system: %s", error)
        return None
    return backend


class SystemKeyStore:
    """Secrets in the system's key store. The service name of each holds the installation's id: two installations do not meet."""

    def __init__(self, installation: str, backend: KeyringBackend) -> None:
        self._installation = installation
        self._backend = backend

    def get(self, name: str) -> bytes | None:
        text = self._ask(lambda: self._backend.get_password(self._service(name), _ACCOUNT))
        try:
            return None if text is None else base64.b64decode(text, validate=True)
        except ValueError as error:
            raise DamagedKeyFileError(file=name) from error

    def put(self, name: str, secret: bytes) -> None:
        text = base64.b64encode(secret).decode("ascii")
        self._ask(lambda: self._backend.set_password(self._service(name), _ACCOUNT, text))
        if self.get(name) != secret:
            raise KeyStoreUnavailableError

    def remove(self, name: str) -> None:
        if self.get(name) is not None:
            self._ask(lambda: self._backend.delete_password(self._service(name), _ACCOUNT))

    def _service(self, name: str) -> str:
        return f"sealdesk/{self._installation}/{name}"

    def _ask(self, question: Callable[[], Any]) -> Any:
        try:
            return question()
        except keyring.errors.KeyringLocked as error:
            raise KeyStoreLockedError from error
        except Exception as error:
            # The backends let D-Bus, Win32 and Security errors of many classes through.
            if type(error).__name__ in ("LockedException", "PromptDismissedException"):
                raise KeyStoreLockedError from error
            raise KeyStoreUnavailableError from error


@dataclass(frozen=True, slots=True)
class PassphraseRequest:
    """What is asked of the person: a new passphrase or the one chosen before; `attempt` counts from 1."""

    is_new: bool
    attempt: int


PassphraseSource = Callable[[PassphraseRequest], str]
"""Asks the person (or a script's environment); raises `UserCancelled` when he gives up."""


class PassphraseKeyStore:
    """Secrets in a file under a master key, which is in a key file under a passphrase; for systems without a key store of their own."""

    def __init__(self, home: Path, passphrase_source: PassphraseSource) -> None:
        """Open the key file of `home`, or make one.

        Raises:
            SealdeskError: the vault's own when the passphrase stays wrong; DamagedKeyFileError. UserCancelled: the person gave up.
        """
        self._folder = ensure_private(home)
        self._secrets = self._folder / SECRETS_FILE
        self._master = self._open_key_file(passphrase_source)

    def get(self, name: str) -> bytes | None:
        return self._load().get(name)

    def put(self, name: str, secret: bytes) -> None:
        known = self._load()
        known[name] = secret
        self._save(known)

    def remove(self, name: str) -> None:
        known = self._load()
        if known.pop(name, None) is not None:
            self._save(known)

    def _open_key_file(self, passphrase_source: PassphraseSource) -> bytes:
        from sealdesk.crypto import vault

        key_file = self._folder / KEY_FILE
        if not key_file.exists():
            if self._secrets.exists():
                raise KeyLostError(file=SECRETS_FILE)
            master = secrets.token_bytes(_KEY_BYTES)
            vault.write_key_file(key_file, master, passphrase_source(PassphraseRequest(True, 1)))
            return master
        attempt = 1
        while True:
            passphrase = passphrase_source(PassphraseRequest(False, attempt))
            try:
                return vault.read_key_file(key_file, passphrase)
            except vault.WrongPassphraseError:
                if attempt == _PASSPHRASE_TRIES:
                    raise
                attempt += 1

    def _load(self) -> dict[str, bytes]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not self._secrets.exists():
            return {}
        try:
            content = self._secrets.read_bytes()
            plain = AESGCM(self._master).decrypt(content[:12], content[12:], SECRETS_FILE.encode())
            return {name: base64.b64decode(text) for name, text in json.loads(plain).items()}
        except OSError as error:
            raise of_disk(error, SECRETS_FILE) from error
        except (InvalidTag, ValueError) as error:
            raise DamagedKeyFileError(file=SECRETS_FILE) from error

    def _save(self, known: dict[str, bytes]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        plain = json.dumps({name: base64.b64encode(secret).decode("ascii") for name, secret in known.items()}).encode()
        nonce = secrets.token_bytes(12)
        _write_whole(self._secrets, nonce + AESGCM(self._master).encrypt(nonce, plain, SECRETS_FILE.encode()))


def open_keystore(home: Path, passphrase_source: PassphraseSource) -> KeyStore:
    """The key store of the installation in `home`.

    The first call decides, for good: the system's key store where it works, else a key file under a passphrase. Later calls keep to
    that, so that a desktop whose key store is down for once never gets a second, empty set of keys.

    Raises:
        KeyStoreUnavailableError, DamagedKeyFileError, KeyLostError; UserCancelled when no passphrase was given.
    """
    ensure_private(home)
    installation = _installation(home)
    if installation is None:
        return _choose(home, str(uuid.uuid4()), passphrase_source)
    identity, place = installation
    if place == "file":
        return PassphraseKeyStore(home, passphrase_source)
    backend = system_backend()
    if backend is None:
        raise KeyStoreUnavailableError
    return SystemKeyStore(identity, backend)


def _choose(home: Path, identity: str, passphrase_source: PassphraseSource) -> KeyStore:
    backend = system_backend()
    if backend is not None:
        chosen = SystemKeyStore(identity, backend)
        try:
            # A service may answer and yet have no place for secrets, as on a server where nobody signs in to a desktop.
            chosen.put("trial", b"trial")
            chosen.remove("trial")
        except KeyStoreUnavailableError as error:
            _log.info("the system's key store takes no secrets: %s", error.__cause__)
        else:
            _write_installation(home, identity, "system")
            return chosen
    in_file = PassphraseKeyStore(home, passphrase_source)
    _write_installation(home, identity, "file")
    return in_file


def installation_id(home: Path) -> str:
    """The id of the installation in `home`, which `open_keystore` made.

    Raises:
        DamagedKeyFileError: there is none.
    """
    installation = _installation(home)
    if installation is None:
        raise DamagedKeyFileError(file=INSTALLATION_FILE)
    return installation[0]


def database_keys(keystore: KeyStore, store_file: Path) -> tuple[bytes, ...]:
    """The key of the store, followed by the next one when a change of keys was interrupted; made when there is no store yet.

    Raises:
        KeyLostError: the store is there, its key is not.
    """
    current = keystore.get(DATABASE_KEY)
    following = keystore.get(NEXT_DATABASE_KEY)
    known = tuple(key for key in (current, following) if key is not None)
    if known:
        return known
    if store_file.exists():
        raise KeyLostError(file=store_file.name)
    return (_make_key(keystore, DATABASE_KEY),)


def attachment_key(keystore: KeyStore, folder: Path) -> bytes:
    """The key of the attachments in `folder`; made while the folder is empty.

    Raises:
        KeyLostError: there are attachments, but not their key.
    """
    key = keystore.get(ATTACHMENT_KEY)
    if key is not None:
        return key
    if folder.exists() and any(folder.iterdir()):
        raise KeyLostError(file=folder.name)
    return _make_key(keystore, ATTACHMENT_KEY)


def begin_key_change(keystore: KeyStore) -> bytes:
    """A new key for the store, kept beside the one in use until `finish_key_change`."""
    return _make_key(keystore, NEXT_DATABASE_KEY)


def finish_key_change(keystore: KeyStore, key: bytes) -> None:
    """`key` has opened the store: it is the key from now on, and the other one is forgotten."""
    keystore.put(DATABASE_KEY, key)
    keystore.remove(NEXT_DATABASE_KEY)


def _make_key(keystore: KeyStore, name: str) -> bytes:
    key = secrets.token_bytes(_KEY_BYTES)
    keystore.put(name, key)
    return key


def _installation(home: Path) -> tuple[str, str] | None:
    """Id and place of keys ("system" or "file") as written in `home`, or None in a new home."""
    file = home / INSTALLATION_FILE
    try:
        facts = json.loads(file.read_text("utf-8"))
        identity, place = str(facts["id"]), str(facts["keys"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise of_disk(error, INSTALLATION_FILE) from error
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedKeyFileError(file=INSTALLATION_FILE) from error
    if place not in ("system", "file"):
        raise DamagedKeyFileError(file=INSTALLATION_FILE)
    return identity, place


def _write_installation(home: Path, identity: str, place: str) -> None:
    _write_whole(home / INSTALLATION_FILE, json.dumps({"id": identity, "keys": place}).encode())


def _write_whole(file: Path, content: bytes) -> None:
    try:
        write_whole(file, content)
    except OSError as error:
        raise of_disk(error, file.name) from error
