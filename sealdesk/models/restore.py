"""Putting a backup in the place of the store: verified first, the present store kept beside it, never two stores at once.

Run only while no program has the store open. Which backup is the right one is a person's decision.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from sealdesk.core.clock import CHINA
from sealdesk.core.durable import sync_folder
from sealdesk.core.errors import StorageError
from sealdesk.core.i18n import N_
from sealdesk.models import migrations
from sealdesk.models.connection import connect
from sealdesk.models.database import STORE_FILE
from sealdesk.models.failures import DamagedStoreError, NewerStoreError, WrongKeyError, of_disk
from sealdesk.models.keystore import KeyStore, database_keys
from sealdesk.models.upgrade import revision_of

PREPARED = STORE_FILE + ".restoring"


class NoBackupError(StorageError):
    """There is no such file."""

    code = "storage.restore.missing"
    retry = False
    sentence = N_("There is no backup {file}.")


class BackupDamagedError(StorageError):
    """The backup is not whole."""

    code = "storage.restore.damaged"
    retry = False
    sentence = N_("The backup {file} is damaged: {reason}")
    advice = N_("Take an older backup. Nothing was changed.")


class ForeignBackupError(WrongKeyError):
    """The key of this installation does not open the file: another installation's backup, from before a change of keys, or no backup."""

    code = "storage.restore.foreign"
    sentence = N_("The key of this installation does not open {file}.")
    advice = N_("It is no backup, or one of another installation. Choose another file; nothing was changed.")


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """What a backup holds: its revision, counts, and the time of its last audit record, or empty."""

    revision: str
    orders: int
    records: int
    last_record_at: str


def inspect(home: Path, keystore: KeyStore, file: Path) -> BackupFacts:
    """Read a whole backup and check every page of it; it is not changed.

    Raises:
        NoBackupError, BackupDamagedError, NewerStoreError. ForeignBackupError: of another installation, or older than a change of keys.
    """
    with _prepared(home, keystore, file) as (_copy, facts):
        return facts


def restore(home: Path, keystore: KeyStore, file: Path, now: datetime) -> Path | None:
    """Put the backup in the place of the store; returns where the store that was there is now, or None when there was none.

    Raises:
        StorageError: see `inspect`; or the disk refuses. The store is as it was.
    """
    store = home / STORE_FILE
    with _prepared(home, keystore, file) as (copy, _facts):
        try:
            aside = _set_aside(store, now) if store.exists() else None
            _fold_log(home, keystore)
            for leftover in _companions(store):
                leftover.unlink(missing_ok=True)
            os.replace(copy, store)
            sync_folder(home)
        except OSError as error:
            raise of_disk(error, store.name) from error
    return aside


@contextlib.contextmanager
def _prepared(home: Path, keystore: KeyStore, file: Path) -> Iterator[tuple[Path, BackupFacts]]:
    """A verified copy of the backup in the store's folder, under its own name, with what it holds."""
    if not file.is_file():
        raise NoBackupError(file=file.name)
    copy = home / PREPARED
    try:
        try:
            shutil.copyfile(file, copy)  # the backup itself is never opened: that would write beside it
            copy.chmod(0o600)
            for source, target in zip(_companions(file), _companions(copy), strict=True):
                if source.exists():  # a store that was set aside has its log beside it
                    shutil.copyfile(source, target)
        except OSError as error:
            raise of_disk(error, file.name) from error
        facts = _checked(copy, _key_of(home, keystore, copy, file.name), file.name)
        with copy.open("rb+") as written:
            os.fsync(written.fileno())
        yield copy, facts
    finally:
        for leftover in (copy, *_companions(copy)):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)


def _key_of(home: Path, keystore: KeyStore, copy: Path, name: str) -> bytes:
    """The key that opens the backup: the present one, or the next one of a change that was begun."""
    wrong: StorageError | None = None
    for key in database_keys(keystore, home / STORE_FILE):
        try:
            connect(copy, key).close()
        except (WrongKeyError, DamagedStoreError) as error:
            wrong = error
        else:
            return key
    assert wrong is not None, "there is always a key"
    if isinstance(wrong, WrongKeyError):
        raise ForeignBackupError(file=name) from wrong
    raise wrong


def _checked(copy: Path, key: bytes, name: str) -> BackupFacts:
    try:
        with contextlib.closing(connect(copy, key)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
            found += [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            found += [f"foreign key of {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")]
            if found:
                raise BackupDamagedError(file=name, reason=found[0][:200])
            revision = revision_of(connection)
            if revision is None:
                raise BackupDamagedError(file=name, reason="empty")
            if revision not in migrations.REVISIONS:
                raise NewerStoreError(revision=revision)
            orders = connection.execute("SELECT count(*) FROM orders").fetchone()[0]
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            records, last = connection.execute("SELECT count(*), coalesce(max(at), '') FROM audit").fetchone()
    except dbapi2.Error as error:
        raise BackupDamagedError(file=name, reason=str(error)[:200]) from error
    return BackupFacts(revision, orders, records, last)


def _set_aside(store: Path, now: datetime) -> Path:
    """Copy the present store with its log to a name of its own, to the byte; opening a damaged one could lose what its log holds."""
    aside = _free(store.with_name(f"{store.stem}-replaced-{now.astimezone(CHINA):%Y%m%d-%H%M%S}{store.suffix}"))
    for source, target in zip((store, *_companions(store)), (aside, *_companions(aside)), strict=True):
        if source.exists():
            shutil.copyfile(source, target)
            target.chmod(0o600)
            with target.open("rb+") as written:
                os.fsync(written.fileno())
    sync_folder(store.parent)
    return aside


def _fold_log(home: Path, keystore: KeyStore) -> None:
    """Bring the store's log into the store, so that it is whole without its log until the backup has its name; a damaged one stays so."""
    store = home / STORE_FILE
    if not store.exists() or not any(companion.exists() for companion in _companions(store)):
        return
    with (
        contextlib.suppress(StorageError, dbapi2.Error),
        contextlib.closing(connect(store, _key_of(home, keystore, store, store.name))) as one,
    ):
        one.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _free(wanted: Path) -> Path:
    """That name, or one with a number where it is taken."""
    tries = (wanted, *(wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}") for number in range(2, 1000)))
    return next(path for path in tries if not path.exists())


def _companions(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
