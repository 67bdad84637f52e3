"""The encrypted store: one writer, many readers, opened with a key and never without.

Transactions and life cycle are here; tables are in their own modules, the key's whereabouts in `sealdesk.models.keystore`.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from sealdesk.core.durable import sync_folder
from sealdesk.core.errors import StorageError
from sealdesk.core.paths import ensure_private
from sealdesk.models import card_pins, search, upgrade
from sealdesk.models.connection import connect, key_literal
from sealdesk.models.failures import (
    BackupFailedError,
    DamagedStoreError,
    KeyChangeFailedError,
    WrongKeyError,
    of_disk,
    of_sqlite,
)
from sealdesk.models.keystore import KeyStore, begin_key_change, database_keys, finish_key_change

STORE_FILE = "store.db"
_READERS = 4


class Store:
    """An open store. `write()` and `read()` give sessions; rows live no longer than their session.

    Any thread may use it, though the program does so on the data lane only; writers queue up, readers do not wait for them.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._writing = threading.Lock()
        self._writer = 0
        self._make_engines()

    @classmethod
    def open(cls, path: Path, key: bytes) -> Store:
        """Open the store at `path`, making or upgrading it first where needed.

        A new store is made beside its place and moved there whole, so an empty file under the name is always damage.

        Raises:
            WrongKeyError, DamagedStoreError, NewerStoreError, MigrationFailedError, DiskFullError, StoreNotWritableError, …
        """
        try:
            ensure_private(path.parent)
            if not path.exists():
                _make(path, key)
            elif path.stat().st_size == 0:
                raise DamagedStoreError(file=path.name)
        except OSError as error:
            raise of_disk(error, path.name) from error
        upgrade.bring_up_to_date(path, key, backup=backup_to)
        store = cls(path, key)
        with store.read() as session:
            card_pins.sweep(session)
        return store

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that holds the write lock from its beginning; committed at the end, rolled back on any exception.

        Raises:
            RuntimeError: this thread is writing already (units of work do not nest).
            StorageError: the disk or the file failed; nothing of the transaction stands.
        """
        here = threading.get_ident()
        if self._writer == here:
            raise RuntimeError("units of work do not nest")
        with self._writing:
            self._writer = here
            try:
                with self._translated(), self._write_sessions.begin() as session:
                    yield session
            finally:
                self._writer = 0

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the store; any attempt to change it fails. Nothing is kept at the end.

        Raises:
            StorageError: the disk or the file failed.
        """
        with self._translated(), self._read_sessions() as session:
            yield session

    def revision(self) -> str | None:
        """The revision of the schema in the file."""
        with self.read() as session:
            return upgrade.revision_of(session.connection().connection.dbapi_connection)

    def damage(self) -> tuple[str, ...]:
        """What a full reading of the file finds wrong, in SQLite's words; empty for a sound store. Takes seconds for a large one."""
        with contextlib.closing(connect(self.path, self._key)) as connection:
            try:
                broken = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
                checked = [str(row[0]) for row in connection.execute("PRAGMA quick_check")]
                orphans = [f"foreign key of {row[0]} {row[1]}" for row in connection.execute("PRAGMA foreign_key_check")]
            except dbapi2.Error as error:
                return (*broken, str(error))
        return (*broken, *(line for line in checked if line != "ok"), *orphans)

    def backup(self, target: Path) -> Path:
        """Write a consistent, encrypted copy under the same key to `target` (whole or not at all), read it back, and return its path.

        Raises:
            BackupFailedError, DiskFullError, StoreNotWritableError
        """
        return backup_to(self.path, self._key, target)

    def rekey(self, key: bytes) -> None:
        """Encrypt the whole store with another key. The caller keeps both keys until this has returned (`change_key` does).

        Raises:
            KeyChangeFailedError: the old key still holds.
        """
        with self._writing:
            self._dispose()
            try:
                with contextlib.closing(connect(self.path, self._key)) as connection:
                    connection.execute(f"PRAGMA rekey = {key_literal(key)}").fetchall()
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                connect(self.path, key).close()
            except (dbapi2.Error, StorageError) as error:
                self._make_engines()
                raise KeyChangeFailedError from error
            self._key = key
            self._make_engines()

    def close(self) -> None:
        """Fold the log into the file and let go of it. Waits for a writer; sessions still open keep their connection until they end."""
        with self._writing:
            self._dispose()
            # Best effort: whatever stays in the log is read at the next opening.
            with contextlib.suppress(StorageError, dbapi2.Error), contextlib.closing(connect(self.path, self._key)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _make_engines(self) -> None:
        self._writes = _engine(self.path, self._key, begin="BEGIN IMMEDIATE", connections=1)
        self._reads = _engine(self.path, self._key, begin="BEGIN", connections=_READERS)
        self._write_sessions = sessionmaker(self._writes)
        self._read_sessions = sessionmaker(self._reads)
        search.follow(self._write_sessions)
        pads = card_pins.Pads(self.path.parent / card_pins.FOLDER)
        for sessions in (self._write_sessions, self._read_sessions):
            card_pins.follow(sessions, pads)

    def _dispose(self) -> None:
        self._reads.dispose()
        self._writes.dispose()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            failure = of_sqlite(error.orig, self.path.name)
            if failure is None:
                raise
            raise failure from error


def open_store(home: Path, keystore: KeyStore) -> Store:
    """Open the store of the installation in `home` with the key that `keystore` holds, finishing a key change that was interrupted.

    Raises:
        KeyLostError: the store is there, its key is not. StorageError: see `Store.open`.
    """
    path = home / STORE_FILE
    current, *following = database_keys(keystore, path)
    if not following:
        return Store.open(path, current)
    try:
        store, key = Store.open(path, following[0]), following[0]
    except (WrongKeyError, DamagedStoreError):
        # A change that did not come to its end left some or all pages under the old key.
        store, key = Store.open(path, current), current
    finish_key_change(keystore, key)
    return store


def change_key(store: Store, keystore: KeyStore) -> None:
    """Give the store a new random key; both keys are kept until the store was reopened with the new one.

    Older backups stay under the old key: make a new backup afterwards.

    Raises:
        KeyChangeFailedError: the old key still holds.
    """
    key = begin_key_change(keystore)
    store.rekey(key)
    finish_key_change(keystore, key)


def backup_to(path: Path, key: bytes, target: Path) -> Path:
    """Copy the store at `path` to `target` under the same key; see `Store.backup`."""
    beside = target.with_name(target.name + ".part")
    try:
        ensure_private(target.parent)
        beside.unlink(missing_ok=True)
        with contextlib.closing(connect(path, key)) as source, contextlib.closing(connect(beside, key)) as copy:
            source.backup(copy)
            found = [str(row[0]) for row in copy.execute("PRAGMA quick_check")]
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if found != ["ok"]:
            raise BackupFailedError
        _settle(beside, target)
    except dbapi2.Error as error:
        raise (of_sqlite(error, target.name) or BackupFailedError()) from error
    except OSError as error:
        raise of_disk(error, target.name) from error
    finally:
        for leftover in (beside, *_companions(beside)):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)
    return target


def _make(path: Path, key: bytes) -> None:
    """Make a new store beside `path`, then move it there."""
    beside = path.with_name(path.name + ".new")
    for leftover in (beside, *_companions(beside), *_companions(path)):
        leftover.unlink(missing_ok=True)
    upgrade.bring_up_to_date(beside, key, backup=None)
    with contextlib.closing(connect(beside, key)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    _settle(beside, path)


def _settle(written: Path, target: Path) -> None:
    """Move a file that was written completely to its name so that a power cut leaves the one or the other."""
    written.chmod(0o600)
    with written.open("rb+") as file:
        os.fsync(file.fileno())
    written.replace(target)
    sync_folder(target.parent)


def _companions(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def _engine(path: Path, key: bytes, *, begin: str, connections: int) -> Engine:
    reads_only = begin == "BEGIN"

    def creator() -> object:
        connection = connect(path, key)
        if reads_only:
            connection.execute("PRAGMA query_only = ON")
        return connection

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0 if not reads_only else connections,
        hide_parameters=True,  # personal data must not reach messages and logs
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # SQLAlchemy's own transactions begin deferred and lost updates between concurrent writers.
        connection.exec_driver_sql(begin)

    return engine
