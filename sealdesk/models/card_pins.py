"""Card PINs at rest: each is kept as the sum with a one-time pad that lies in a file of its own beside the store, never in it.

A copy of the store, however old, holds the sum alone. When the PIN is forgotten its pad goes, and with it what every copy held (D-032).
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from sealdesk.core.durable import sync_folder, write_whole
from sealdesk.core.paths import ensure_private
from sealdesk.models.burns import BurnRow
from sealdesk.models.failures import of_disk

FOLDER = "card-pins"
"""Beside the store; one file of random bytes for each chip that waits for its hand-over."""
LONGEST_PIN = 14
_MARK = "pad1:"
_PADS = "card_pads"
_FORGOTTEN = "card_pads_forgotten"
_NAME = re.compile(r"[0-9a-f-]{1,64}")


class Pads:
    """The pads of one store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, burn_id: str, length: int) -> bytes:
        """A new pad, safely on the disk before this returns.

        Raises:
            StorageError: the disk refuses.
        """
        pad = secrets.token_bytes(length)
        file = self._file(burn_id)
        try:
            ensure_private(self.folder)
            write_whole(file, pad)
        except OSError as error:
            raise of_disk(error, file.name) from error
        return pad

    def pad(self, burn_id: str) -> bytes:
        """The pad of a burning; empty when there is none."""
        try:
            return self._file(burn_id).read_bytes()
        except OSError:
            return b""

    def destroy(self, burn_id: str) -> None:
        """Overwrite the pad and take it away; harmless when there is none."""
        file = self._file(burn_id)
        with contextlib.suppress(OSError):
            with file.open("rb+") as stream:
                stream.write(bytes(file.stat().st_size))
                stream.flush()
                os.fsync(stream.fileno())
            file.unlink()
            sync_folder(self.folder)

    def names(self) -> tuple[str, ...]:
        """The burnings that have a pad."""
        return tuple(sorted(file.name for file in self.folder.iterdir())) if self.folder.is_dir() else ()

    def _file(self, burn_id: str) -> Path:
        if _NAME.fullmatch(burn_id) is None:
            raise ValueError("not the id of a burning")
        return self.folder / burn_id


def follow(sessions: sessionmaker[Session], pads: Pads) -> None:
    """Give these sessions the pads; a forgotten PIN's pad goes when the transaction that forgets it stands."""
    sessions.configure(info={_PADS: pads})
    event.listen(sessions, "after_commit", _after_commit)


def sweep(session: Session) -> None:
    """Take away the pads of forgotten PINs, such as after a power cut between a commit and the pad's end.

    Pads of burnings that this store does not know stay: it may have been put back, and they belong to the one before.
    """
    pads = _pads(session)
    names = pads.names()
    if not names:
        return
    for burn_id in session.execute(select(BurnRow.id).where(BurnRow.sealed_pin == "", BurnRow.id.in_(names))).scalars():
        pads.destroy(burn_id)


def keep(session: Session, burn: BurnRow, pin: str) -> None:
    """Keep the card's PIN of a burning.

    Raises:
        StorageError: the disk refuses. ValueError: longer than a card's PIN.
    """
    plain = pin.encode()
    if not 1 <= len(plain) <= LONGEST_PIN:
        raise ValueError("not a card's PIN")
    pad = _pads(session).make(burn.id, len(plain))
    burn.sealed_pin = _MARK + _summed(plain, pad).hex()


def card_pin(session: Session, burn: BurnRow) -> str:
    """The card's PIN of a burning; empty when none is kept, or its pad is not there."""
    if not burn.sealed_pin.startswith(_MARK):
        return burn.sealed_pin  # written before pads were
    sealed = bytes.fromhex(burn.sealed_pin.removeprefix(_MARK))
    pad = _pads(session).pad(burn.id)
    return _summed(sealed, pad).decode() if len(pad) == len(sealed) else ""


def forget(session: Session, burn: BurnRow) -> None:
    """Forget the card's PIN, here and in every copy of the store."""
    burn.sealed_pin = ""
    session.info.setdefault(_FORGOTTEN, set()).add(burn.id)


def _after_commit(session: Session) -> None:
    for burn_id in session.info.pop(_FORGOTTEN, ()):
        _pads(session).destroy(burn_id)


def _pads(session: Session) -> Pads:
    pads: Pads = session.info[_PADS]
    return pads


def _summed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
