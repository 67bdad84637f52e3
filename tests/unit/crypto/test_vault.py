"""Encrypted files come back as they were or are refused, also when the disk or the power fails in the middle."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealdesk.crypto import vault
from sealdesk.crypto.digests import sha256_hex

KEY = bytes(range(32))
OTHER = bytes(32)


def flipped(path: Path, place: int, flip: int = 1) -> None:
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= flip
    path.write_bytes(bytes(data))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.binary(max_size=5000))
def test_content_comes_back_under_its_digest(tmp_path, content) -> None:
    identifier = vault.seal_file(tmp_path, content, KEY)
    assert identifier == sha256_hex(content)
    assert vault.open_file(tmp_path, identifier, KEY) == content


def test_file_shows_nothing_of_its_content(tmp_path) -> None:
    identifier = vault.seal_file(tmp_path, b"residence card " * 50, KEY)
    path = vault.attachment_path(tmp_path, identifier)
    assert b"residence" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_same_content_is_written_once(tmp_path) -> None:
    identifier = vault.seal_file(tmp_path, b"same", KEY)
    before = vault.attachment_path(tmp_path, identifier).read_bytes()
    assert vault.seal_file(tmp_path, b"same", KEY) == identifier
    assert vault.attachment_path(tmp_path, identifier).read_bytes() == before
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [identifier]


def test_damaged_file_is_replaced_when_its_content_comes_again(tmp_path) -> None:
    identifier = vault.seal_file(tmp_path, b"again", KEY)
    flipped(vault.attachment_path(tmp_path, identifier), -1)
    assert vault.seal_file(tmp_path, b"again", KEY) == identifier
    assert vault.open_file(tmp_path, identifier, KEY) == b"again"


@pytest.mark.parametrize("place", [0, 4, 16, 20, -1])
def test_changed_file_is_damaged(tmp_path, place) -> None:
    identifier = vault.seal_file(tmp_path, b"content", KEY)
    flipped(vault.attachment_path(tmp_path, identifier), place)
    with pytest.raises(vault.DamagedFileError) as caught:
        vault.open_file(tmp_path, identifier, KEY)
    assert caught.value.code == "storage.file.damaged" and caught.value.name == identifier


def test_cut_file_wrong_key_and_exchanged_files_are_damaged(tmp_path) -> None:
    first, second = (vault.seal_file(tmp_path, content, KEY) for content in (b"first", b"second"))
    with pytest.raises(vault.DamagedFileError):
        vault.open_file(tmp_path, first, OTHER)
    path = vault.attachment_path(tmp_path, first)
    path.write_bytes(vault.attachment_path(tmp_path, second).read_bytes())
    with pytest.raises(vault.DamagedFileError):
        vault.open_file(tmp_path, first, KEY)
    for length in (0, 3, 31):
        path.write_bytes(path.read_bytes()[:length])
        with pytest.raises(vault.DamagedFileError):
            vault.open_file(tmp_path, first, KEY)


def test_sealed_content_of_another_digest_is_damaged(tmp_path) -> None:
    identifier = vault.seal_file(tmp_path, b"content", KEY)
    sealed = AESGCM(KEY).encrypt(bytes(12), b"another", b"SDA1" + identifier.encode())
    vault.attachment_path(tmp_path, identifier).write_bytes(b"SDA1" + bytes(12) + sealed)
    with pytest.raises(vault.DamagedFileError):
        vault.open_file(tmp_path, identifier, KEY)


@pytest.mark.parametrize("identifier", ["", "x", "../" * 22, "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n", "0" * 64])
def test_what_names_no_file_is_missing_and_leads_nowhere(tmp_path, identifier) -> None:
    with pytest.raises(vault.MissingFileError):
        vault.open_file(tmp_path, identifier, KEY)


def test_unreadable_file_says_why(tmp_path) -> None:
    identifier = sha256_hex(b"x")
    vault.attachment_path(tmp_path, identifier).mkdir(parents=True)
    with pytest.raises(vault.UnreadableFileError) as caught:
        vault.open_file(tmp_path, identifier, KEY)
    assert os.strerror(errno.EISDIR) in str(caught.value)


def test_full_disk_leaves_no_trace_and_keeps_the_old_file(tmp_path, monkeypatch) -> None:
    path = tmp_path / "store.key"
    vault.write_key_file(path, KEY, "passphrase")
    old = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(vault.UnwritableFileError) as caught:
        vault.write_key_file(path, OTHER, "passphrase")
    assert os.strerror(errno.ENOSPC) in str(caught.value)
    with pytest.raises(vault.UnwritableFileError):
        vault.seal_file(tmp_path / "attachments", b"content", KEY)
    monkeypatch.undo()
    assert path.read_bytes() == old
    assert [item for item in tmp_path.rglob("*") if item.is_file()] == [path]


def test_file_is_on_the_disk_before_it_gets_its_name(tmp_path, monkeypatch) -> None:
    (tmp_path / "new").mkdir()
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    def noted_replace(source: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    vault.seal_file(tmp_path / "new", b"content", KEY)
    assert steps == ["folder", "file", "rename", "folder"]


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), bytes(16)])
def test_keys_of_another_length_are_a_mistake_of_the_caller(tmp_path, key) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        vault.seal_file(tmp_path, b"", key)
    with pytest.raises(ValueError, match="32 bytes"):
        vault.open_file(tmp_path, "0" * 64, key)
    with pytest.raises(ValueError, match="32 bytes"):
        vault.write_key_file(tmp_path / "k", key, "passphrase")


# the key file


@pytest.fixture
def key_file(tmp_path) -> Path:
    path = tmp_path / "store.key"
    vault.write_key_file(path, KEY, "印章 passphrase")
    return path


def test_key_file_gives_the_key_for_its_passphrase_only(key_file) -> None:
    assert vault.read_key_file(key_file, "印章 passphrase") == KEY
    assert vault.read_key_file(key_file, "印章 ｐassphrase") == KEY  # full width, from an input method
    for wrong in ("", "印章 Passphrase"):
        with pytest.raises(vault.WrongPassphraseError) as caught:
            vault.read_key_file(key_file, wrong)
        assert caught.value.code == "user.passphrase.wrong" and caught.value.field == "passphrase"


def test_key_file_is_private_and_holds_no_key(key_file) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert KEY.hex() not in key_file.read_text()


def test_key_file_can_be_replaced(key_file) -> None:
    vault.write_key_file(key_file, OTHER, "new")
    assert vault.read_key_file(key_file, "new") == OTHER


def test_missing_key_file_and_empty_passphrase_are_refused(tmp_path) -> None:
    with pytest.raises(vault.MissingFileError):
        vault.read_key_file(tmp_path / "nothing", "x")
    with pytest.raises(ValueError, match="passphrase"):
        vault.write_key_file(tmp_path / "k", KEY, "")


def test_every_changed_byte_of_a_key_file_is_damage(key_file) -> None:
    good = key_file.read_bytes()
    for place in range(0, len(good) - 1, 7):
        key_file.write_bytes(good)
        flipped(key_file, place)
        with pytest.raises(vault.DamagedKeyFileError):
            vault.read_key_file(key_file, "印章 passphrase")


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"5", b'"text"', b"null", b"\xff", b"{" * 1000, b" " * 5000, b'{"checksum":5}'])
def test_what_is_no_key_file_is_damage(key_file, data) -> None:
    key_file.write_bytes(data)
    with pytest.raises(vault.DamagedKeyFileError) as caught:
        vault.read_key_file(key_file, "x")
    assert "store.key" in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 10**9},
        {"iterations": 10**6},
        {"lanes": 1000},
        {"lanes": True},
        {"iterations": 0},
        {"salt": 5},
        {"salt": ""},
        {"nonce": "00"},
    ],
)
def test_key_file_with_outlandish_fields_is_damage(key_file, change) -> None:
    body = {**json.loads(key_file.read_text()), **change}
    del body["checksum"]
    body["checksum"] = sha256_hex(vault._canonical(body))
    key_file.write_bytes(vault._canonical(body))
    with pytest.raises(vault.DamagedKeyFileError):
        vault.read_key_file(key_file, "印章 passphrase")
