"""Scans, photos and papers: encrypted files beside the store, named by what is in them; no rows, no pictures' formats."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.crypto import vault
from sealdesk.models.failures import of_disk

ATTACHMENTS_FOLDER = "attachments"
MOST_BYTES = 20 * 1024 * 1024


class AttachmentTooLargeError(UserError):
    """The file is larger than any paper needs to be. Facts: size_mb, most_mb."""

    code = "user.attachment.large"
    sentence = N_("The file has {size_mb} MB; at most {most_mb} MB are possible.")
    advice = N_("Scan it again at a lower resolution, or split it.")


class EmptyAttachmentError(UserError):
    """There is nothing in the file."""

    code = "user.attachment.empty"
    sentence = N_("The file is empty.")


class AttachmentStore:
    """Attachments in one folder under one key. Any thread may use it; the same content is kept once."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def put(self, content: bytes, most_bytes: int = MOST_BYTES) -> str:
        """Keep the content, durably, and return its id: the SHA-256 as 64 hexadecimal digits. Only papers are bounded by themselves.

        Raises:
            AttachmentTooLargeError, EmptyAttachmentError; UnwritableFileError of the vault.
        """
        if len(content) > most_bytes:
            raise AttachmentTooLargeError(size_mb=math.ceil(len(content) / 1024 / 1024 * 10) / 10, most_mb=most_bytes // 1024 // 1024)
        if not content:
            raise EmptyAttachmentError
        return vault.seal_file(self._folder, content, self._key)

    def get(self, attachment_id: str) -> bytes:
        """The content.

        Raises:
            MissingFileError, DamagedFileError, UnreadableFileError: see the vault.
        """
        return vault.open_file(self._folder, attachment_id, self._key)

    def exists(self, attachment_id: str) -> bool:
        """Whether a file of that id is there; whether it is whole only `get` knows."""
        try:
            return vault.attachment_path(self._folder, attachment_id).is_file()
        except vault.MissingFileError:
            return False

    def remove(self, attachment_id: str) -> None:
        """Delete the file; harmless when there is none.

        Raises:
            StorageError: the disk refuses.
        """
        with contextlib.suppress(vault.MissingFileError):
            path = vault.attachment_path(self._folder, attachment_id)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise of_disk(error, path.name) from error
