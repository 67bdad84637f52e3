"""Attachments: encrypted, named by content, bounded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sealdesk.crypto import vault
from sealdesk.models.attachments import MOST_BYTES, AttachmentStore, AttachmentTooLargeError, EmptyAttachmentError

SCAN = "营业执照".encode() * 1000


@pytest.fixture
def attachments(tmp_path: Path, key: bytes) -> AttachmentStore:
    return AttachmentStore(tmp_path / "attachments", key)


def test_content_comes_back_and_is_named_by_its_digest(attachments: AttachmentStore) -> None:
    attachment_id = attachments.put(SCAN)
    assert attachment_id == hashlib.sha256(SCAN).hexdigest()
    assert attachments.get(attachment_id) == SCAN
    assert attachments.exists(attachment_id)


def test_same_content_is_kept_once(attachments: AttachmentStore, tmp_path: Path) -> None:
    assert attachments.put(SCAN) == attachments.put(SCAN)
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1


def test_nothing_is_on_the_disk_in_plain(attachments: AttachmentStore, tmp_path: Path) -> None:
    attachments.put(SCAN)
    (file,) = (file for file in tmp_path.rglob("*") if file.is_file())
    assert "营业执照".encode() not in file.read_bytes()


def test_removed_attachment_is_gone(attachments: AttachmentStore) -> None:
    attachment_id = attachments.put(SCAN)
    attachments.remove(attachment_id)
    attachments.remove(attachment_id)
    assert not attachments.exists(attachment_id)
    with pytest.raises(vault.MissingFileError):
        attachments.get(attachment_id)


def test_file_under_another_name_or_key_is_refused(attachments: AttachmentStore, tmp_path: Path) -> None:
    attachment_id = attachments.put(SCAN)
    other_id = attachments.put(b"other")
    folder = tmp_path / "attachments"
    vault.attachment_path(folder, other_id).write_bytes(vault.attachment_path(folder, attachment_id).read_bytes())
    with pytest.raises(vault.DamagedFileError):
        attachments.get(other_id)
    with pytest.raises(vault.DamagedFileError):
        AttachmentStore(folder, b"\xff" * 32).get(attachment_id)


@pytest.mark.parametrize("attachment_id", ["", "../store.db", "AB" * 32, "0" * 63])
def test_what_is_no_id_names_nothing(attachments: AttachmentStore, attachment_id: str) -> None:
    assert not attachments.exists(attachment_id)
    attachments.remove(attachment_id)
    with pytest.raises(vault.MissingFileError):
        attachments.get(attachment_id)


def test_size_is_bounded(attachments: AttachmentStore) -> None:
    assert attachments.exists(attachments.put(bytes(MOST_BYTES)))
    with pytest.raises(AttachmentTooLargeError, match=r"20\.1 MB; at most 20 MB"):
        attachments.put(bytes(MOST_BYTES + 1))
    with pytest.raises(EmptyAttachmentError):
        attachments.put(b"")
