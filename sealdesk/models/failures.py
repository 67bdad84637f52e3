"""What can go wrong with the local store, each with its own sentence, and how SQLite's result codes map to them.

Violated constraints are not here: they are bugs of a handler, not failures of the store.
"""

from __future__ import annotations

import errno

from sealdesk.core.errors import StorageError
from sealdesk.core.i18n import N_


class WrongKeyError(StorageError):
    """The key does not open the store."""

    code = "storage.key.wrong"
    retry = False
    sentence = N_("The key does not open the local store {file}.")
    advice = N_("It belongs to another installation, or its first bytes are damaged. Put back the store that belongs here, or a backup.")


class DamagedStoreError(StorageError):
    """The file is not a whole store any more."""

    code = "storage.damaged"
    retry = False
    sentence = N_("The local store {file} is damaged.")
    advice = N_("Do not work on. Check the disk and put back the newest backup.")


class DiskFullError(StorageError):
    """No room left; nothing was changed."""

    code = "storage.disk.full"
    sentence = N_("The disk is full; nothing was saved.")
    advice = N_("Free some space and try again.")


class DiskFailedError(StorageError):
    """Reading or writing failed below us."""

    code = "storage.disk.failed"
    sentence = N_("The disk did not carry out what the local store asked for.")
    advice = N_("Check the disk and its connection; try again.")


class StoreNotWritableError(StorageError):
    """The folder or file cannot be opened or written."""

    code = "storage.access"
    sentence = N_("The local store {file} cannot be opened for writing.")
    advice = N_("Check the permissions of the folder and whether another program holds the file.")


class StoreBusyError(StorageError):
    """Another process is writing for too long."""

    code = "storage.busy"
    sentence = N_("Another program is writing to the local store.")
    advice = N_("Close other windows of the program and try again.")


class NewerStoreError(StorageError):
    """The store was written by a newer program."""

    code = "storage.newer"
    retry = False
    sentence = N_("The local store was written by a newer version of the program (revision {revision}).")
    advice = N_("Install the newest version. Nothing was changed.")


class MigrationFailedError(StorageError):
    """An upgrade of the store failed and was undone."""

    code = "storage.migration"
    retry = False
    sentence = N_("The local store could not be upgraded to revision {revision}; it is as it was before.")
    advice = N_("Report this with the log. A backup from before the upgrade lies beside the store.")


class BackupFailedError(StorageError):
    """A backup was written but cannot be read back."""

    code = "storage.backup"
    sentence = N_("The backup could not be read back and was removed.")
    advice = N_("Choose another place for the backup and try again.")


class KeyChangeFailedError(StorageError):
    """The store kept its old key."""

    code = "storage.key.change"
    sentence = N_("The key of the local store could not be changed; the old one goes on working.")


class CipherMissingError(StorageError):
    """The database library has no encryption; it would write plain text."""

    code = "storage.cipher.missing"
    retry = False
    sentence = N_("The database library of this installation cannot encrypt; nothing was opened.")
    advice = N_("Install the program again.")


# Primary result codes, https://www.sqlite.org/rescode.html
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 3, 5, 6, 8, 10, 11, 13, 14, 26
_BY_RESULT_CODE: dict[int, type[StorageError]] = {
    _PERM: StoreNotWritableError,
    _BUSY: StoreBusyError,
    _LOCKED: StoreBusyError,
    _READONLY: StoreNotWritableError,
    _IOERR: DiskFailedError,
    _CORRUPT: DamagedStoreError,
    _FULL: DiskFullError,
    _CANTOPEN: StoreNotWritableError,
    _NOTADB: DamagedStoreError,
}


def of_sqlite(error: BaseException | None, file_name: str) -> StorageError | None:
    """The failure that a database error (with SQLite's result code) stands for, or None when it is not the store's fault."""
    result_code = getattr(error, "sqlite_errorcode", None)
    kind = None if result_code is None else _BY_RESULT_CODE.get(int(result_code) & 0xFF)
    return None if kind is None else kind(file=file_name)


def of_disk(error: OSError, file_name: str) -> StorageError:
    """The failure that an operating-system error while writing or reading a file stands for."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFullError(file=file_name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreNotWritableError(file=file_name)
    return DiskFailedError(file=file_name)
