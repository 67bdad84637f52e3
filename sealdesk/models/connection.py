"""Opens one keyed connection to the encrypted file, the only way that the program ever connects to it.

No transactions and no tables here; `sealdesk.models.database` builds its engines on this.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from sealdesk.core.errors import StorageError
from sealdesk.models.failures import CipherMissingError, WrongKeyError, of_disk, of_sqlite
from sealdesk.models.pages import key_fits

DatabaseError = dbapi2.Error
KEY_BYTES = 32
_BUSY_TIMEOUT_S = 15.0


def key_literal(key: bytes) -> str:
    """The raw key as PRAGMA key and rekey take it; raw, because a passphrase costs 150 ms and more on every connection.

    Raises:
        ValueError: the key is not 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a store's key has {KEY_BYTES} bytes, not {len(key)}")
    return f"\"x'{key.hex()}'\""


def connect(path: Path, key: bytes, *, foreign_keys: bool = True) -> Any:
    """A connection to the store at `path` in autocommit mode, usable from any one thread at a time.

    Args:
        path: the file; made when missing.
        key: the raw key, 32 bytes.
        foreign_keys: False for migrations only, where rebuilding a table would delete the children of CASCADE tables.

    Raises:
        StorageError: wrong key, damaged file, no access, no cipher.
    """
    literal = key_literal(key)
    try:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=_BUSY_TIMEOUT_S)
    except dbapi2.Error as error:
        raise (of_sqlite(error, path.name) or StorageError()) from error
    try:
        _prepare(connection, literal, foreign_keys=foreign_keys)
    except dbapi2.Error as error:
        connection.close()
        raise _opening_failure(error, path, key) from error
    except StorageError:
        connection.close()
        raise
    return connection


def _prepare(connection: Any, literal: str, *, foreign_keys: bool) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = {literal}")
    version = connection.execute("PRAGMA cipher_version").fetchone()
    if not version or not version[0]:
        # A library without a cipher ignores PRAGMA key and would write plain text.
        raise CipherMissingError
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    connection.execute("PRAGMA secure_delete = ON").fetchone()
    connection.execute("PRAGMA temp_store = MEMORY")


def _opening_failure(error: BaseException, path: Path, key: bytes) -> StorageError:
    failure = of_sqlite(error, path.name) or StorageError()
    if failure.code != "storage.damaged":
        return failure
    try:
        fits = key_fits(path, key)
    except OSError as unreadable:
        return of_disk(unreadable, path.name)
    return failure if fits else WrongKeyError(file=path.name)
