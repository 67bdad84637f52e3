"""Files of a shop: announced, sent in pieces, complete when length and hash are right.

A piece is written and forced to the disk before its offset is committed; what lies behind the committed offset is cut off first, so a
server that was killed in between goes on exactly where it surely was.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sealdesk.central.case import Identity
from sealdesk.central.errors import RequestFailed
from sealdesk.central.platform import Platform
from sealdesk.central.store import UploadRow
from sealdesk.core.clock import stamp
from sealdesk.core.paths import ensure_private
from sealdesk.wire import errors as codes
from sealdesk.wire.uploads import CHUNK_BYTES, AnnounceUpload, UploadState

MOST_PIECE_BYTES = 4 * CHUNK_BYTES
MOST_OPEN = 200
"""Files of one shop that are announced and not complete."""

_BLOCK_BYTES = 1 << 20


def announce(platform: Platform, who: Identity, sha256: str, body: AnnounceUpload) -> UploadState:
    """Announce a file; announced before, it goes on where it was.

    Raises:
        RequestFailed: it was announced with another length (409), or too many are open (429).
    """
    with platform.store.write() as work:
        work.lock(f"upload:{who.shop_code}:{sha256}")
        row = work.files.upload(who.shop_code, sha256)
        if row is None:
            if work.files.count_open(who.shop_code) >= MOST_OPEN:
                raise RequestFailed(429, codes.UPLOAD_SIZE, reason="open")
            row = UploadRow(
                shop_code=who.shop_code,
                sha256=sha256,
                size=body.size,
                media_type=body.media_type,
                committed=0,
                complete=0,
                made_at=stamp(platform.clock.now()),
            )
            work.add(row)
        elif row.size != body.size and row.complete:
            raise RequestFailed(409, codes.UPLOAD_SIZE)
        elif row.size != body.size:  # nobody knows which length was right; the hash will tell
            row.size, row.committed = body.size, 0
        return _state(row)


def append(platform: Platform, who: Identity, sha256: str, offset: int, piece: bytes) -> UploadState:
    """Add a piece at the committed offset.

    Raises:
        RequestFailed: not announced (404), at another offset (409, fact `offset`), beyond the announced length (413), or complete with
            another hash (422; the file begins anew).
    """
    path = _path(platform, who, sha256)
    broken = False
    with platform.store.write() as work:
        work.lock(f"upload:{who.shop_code}:{sha256}")
        row = work.files.upload(who.shop_code, sha256)
        if row is None:
            raise RequestFailed(404, codes.UNKNOWN_SUBJECT)
        if row.complete or offset != row.committed:
            raise RequestFailed(409, codes.UPLOAD_OFFSET, offset=str(row.committed))
        if not piece or row.committed + len(piece) > row.size:
            raise RequestFailed(413, codes.UPLOAD_SIZE)
        _write(path, offset, piece)
        row.committed += len(piece)
        if row.committed == row.size:
            if _digest(path) == sha256:
                row.complete = 1
            else:
                row.committed, broken = 0, True
        state = _state(row)
    if broken:
        raise RequestFailed(422, codes.UPLOAD_DIGEST)
    return state


def state_of(platform: Platform, who: Identity, sha256: str) -> UploadState:
    """How far a file is.

    Raises:
        RequestFailed: it was not announced (404).
    """
    with platform.store.read() as work:
        row = work.files.upload(who.shop_code, sha256)
        if row is None:
            raise RequestFailed(404, codes.UNKNOWN_SUBJECT)
        return _state(row)


def _path(platform: Platform, who: Identity, sha256: str) -> Path:
    """Shop codes and hashes are letters and digits, so the path cannot lead elsewhere."""
    return ensure_private(platform.uploads / who.shop_code) / sha256


def _write(path: Path, offset: int, piece: bytes) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _state(row: UploadRow) -> UploadState:
    return UploadState(offset=row.committed, complete=bool(row.complete))
