"""Writes files so that a power cut leaves the old content or the new, never a part of one. Knows nothing of what the files hold."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Make `file` hold `content`, readable for its owner only: a file of its own beside it, then its name, each made to last.

    Raises:
        OSError: the disk refuses; `file` is as it was.
    """
    beside = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut; Windows has no such call and needs none (NTFS journals renames)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
