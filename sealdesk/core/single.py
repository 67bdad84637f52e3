"""One program on one data folder: a lock file that the system itself lets go when its process ends, however it ends.

Not a lock of the store: headless verbs read it beside an open window, and SQLite keeps writers apart.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from sealdesk.core.errors import StorageError
from sealdesk.core.i18n import N_

LOCK_FILE = "sealdesk.lock"

_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_NOT_SUPPORTED = (errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK)
_OFFSET = 1024
"""Windows forbids others to read what is locked, so a byte far behind the process's number is locked and not the number."""


class AlreadyOpenError(StorageError):
    """Another program has this data folder open. Facts: file, process (its number, or "?")."""

    code = "storage.already_open"
    sentence = N_("The program is open already on this data folder (process {process}).")
    advice = N_("Go on in its window, or close it first. If none is to be seen, end that process and try again.")


class LockNotMadeError(StorageError):
    """The lock file cannot be made. Facts: file, reason."""

    code = "storage.lock"
    sentence = N_("The file {file} cannot be made in the data folder ({reason}).")
    advice = N_("Make sure that there is space on the disk and that you may write there.")


class SingleProgram:
    """Holds the data folder for this process, from `take` to `release`."""

    def __init__(self, home: Path) -> None:
        self._file = home / LOCK_FILE
        self._handle: int | None = None

    def take(self) -> None:
        """Hold the folder; calling it again while it is held changes nothing.

        A lock file that a crash left behind does not count: the system let its lock go with the process. Where the disk knows no locks
        (some network drives), the number in the file is looked at, and a process that no longer runs does not count either.

        Raises:
            AlreadyOpenError: another process holds it. LockNotMadeError: the disk refuses.
        """
        if self._handle is not None:
            return
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LockNotMadeError(file=self._file.name, reason=error.strerror or "") from error
        try:
            self._lock(handle)
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, str(os.getpid()).encode())
        except BaseException as error:
            os.close(handle)
            if isinstance(error, OSError):
                raise LockNotMadeError(file=self._file.name, reason=error.strerror or "") from error
            raise
        self._handle = handle

    def release(self) -> None:
        """Let the folder go; harmless when it is not held. The file stays: removing it would let two others in at once."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)
            os.close(handle)

    def _lock(self, handle: int) -> None:
        try:
            _lock(handle)
        except OSError as error:
            process = _process_in(handle)
            if error.errno in _HELD or (error.errno in _NOT_SUPPORTED and process not in (0, os.getpid()) and _is_running(process)):
                raise AlreadyOpenError(file=self._file.name, process=process or "?") from error
            if error.errno not in _NOT_SUPPORTED:
                raise


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)

    def _is_running(process: int) -> bool:
        import ctypes

        synchronise = 0x00100000
        opened = ctypes.windll.kernel32.OpenProcess(synchronise, False, process)
        if not opened:
            return False
        try:
            return bool(ctypes.windll.kernel32.WaitForSingleObject(opened, 0) != 0)
        finally:
            ctypes.windll.kernel32.CloseHandle(opened)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_running(process: int) -> bool:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def _process_in(handle: int) -> int:
    """The number of the process that wrote the file, or 0."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        return int(os.read(handle, 20) or b"0")
    except (OSError, ValueError):
        return 0
    finally:
        os.lseek(handle, 0, os.SEEK_SET)
