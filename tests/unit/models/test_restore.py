"""Putting a backup back: checked before anything moves, and the store that was there is never destroyed."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealdesk.cli import main
from sealdesk.core.errors import StorageError
from sealdesk.core.single import SingleProgram
from sealdesk.crypto import vault
from sealdesk.models import keystore as keys
from sealdesk.models import restore as restoring
from sealdesk.models.database import STORE_FILE, change_key, open_store
from sealdesk.models.outbox import FactRow
from sealdesk.models.restore import BackupDamagedError, ForeignBackupError, NoBackupError, inspect, restore

NOW = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)
ASIDE = "store-replaced-20261123-100005.db"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose keys are under a passphrase."""
    monkeypatch.setattr(vault, "_COSTS", {"memory_kib": 64, "iterations": 1, "lanes": 1})
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def keystore(home: Path) -> keys.KeyStore:
    return keys.PassphraseKeyStore(home, lambda _request: "p")


@pytest.fixture
def backup(home: Path, keystore: keys.KeyStore, tmp_path: Path) -> Iterator[Path]:
    """A backup from before the store changed."""
    with contextlib.closing(open_store(home, keystore)) as store:
        write(store, "before")
        made = store.backup(tmp_path / "backups" / "before.db")
        write(store, "after")
    return made


def write(store, value: str) -> None:
    with store.write() as session:
        session.merge(FactRow(name="state", value=value))


def state(home: Path, keystore: keys.KeyStore) -> object:
    with contextlib.closing(open_store(home, keystore)) as store, store.read() as session:
        return session.get(FactRow, "state").value


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_backup_is_put_back_and_the_store_that_was_there_is_kept(home, keystore, backup):
    before = backup.read_bytes()
    assert inspect(home, keystore, backup).orders == 0
    aside = restore(home, keystore, backup, NOW)
    assert aside == home / ASIDE
    assert state(home, keystore) == "before"
    assert backup.read_bytes() == before
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]  # nothing was written beside it
    assert restore(home, keystore, aside, NOW) == home / "store-replaced-20261123-100005-2.db"
    assert state(home, keystore) == "after"


def test_backup_is_put_back_where_the_store_is_gone(home, keystore, backup):
    (home / STORE_FILE).unlink()
    assert restore(home, keystore, backup, NOW) is None
    assert state(home, keystore) == "before"


def test_damaged_store_is_kept_as_it_is_with_its_log(home, keystore, backup):
    (home / STORE_FILE).write_bytes(b"no store at all" * 1000)
    (home / (STORE_FILE + "-wal")).write_bytes(b"a log")
    restore(home, keystore, backup, NOW)
    assert state(home, keystore) == "before"
    assert (home / ASIDE).read_bytes() == b"no store at all" * 1000
    assert (home / (ASIDE + "-wal")).read_bytes() == b"a log"


def test_store_that_was_set_aside_with_an_unfolded_log_comes_back_whole(home, keystore, backup):
    with contextlib.closing(open_store(home, keystore)) as store:
        write(store, "in the log")
        shutil.copytree(home, home.with_name("cut"))  # as a power cut leaves it
    for name in (STORE_FILE, STORE_FILE + "-wal"):
        shutil.copyfile(home.with_name("cut") / name, home / name)
    assert (home / (STORE_FILE + "-wal")).stat().st_size
    aside = restore(home, keystore, backup, NOW)
    restore(home, keystore, aside, NOW)
    assert state(home, keystore) == "in the log"


def refused(home: Path, keystore: keys.KeyStore, file: Path, error: type[Exception]) -> Exception:
    before = files(home)
    with pytest.raises(error) as raised:
        restore(home, keystore, file, NOW)
    assert files(home) == before
    assert state(home, keystore) == "after"
    return raised.value


def test_file_that_is_not_there_is_refused(home, keystore, backup, tmp_path):
    refused(home, keystore, tmp_path / "nothing.db", NoBackupError)


@pytest.mark.parametrize("place", [5000, -2000])
def test_backup_with_a_changed_page_is_refused(home, keystore, backup, place):
    content = bytearray(backup.read_bytes())
    content[place] ^= 0xFF
    backup.write_bytes(content)
    refused(home, keystore, backup, BackupDamagedError)


def test_backup_that_was_cut_off_is_refused(home, keystore, backup):
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) // 2])
    refused(home, keystore, backup, StorageError)


def test_file_that_is_no_backup_is_refused(home, keystore, backup):
    backup.write_bytes(b"%PDF-1.7" * 2000)
    assert backup.name in str(refused(home, keystore, backup, ForeignBackupError)), "it names the file that was given"


def test_backup_of_another_key_is_refused(home, keystore, backup):
    with contextlib.closing(open_store(home, keystore)) as store:
        change_key(store, keystore)
    refused(home, keystore, backup, ForeignBackupError)


def test_disk_that_fails_at_the_last_step_leaves_the_store_with_what_only_its_log_held(home, keystore, backup, monkeypatch):
    store = open_store(home, keystore)
    write(store, "only in the log")
    kept = {file: file.read_bytes() for file in (home / STORE_FILE, home / (STORE_FILE + "-wal"))}
    store.close()
    for file, content in kept.items():  # as a killed program leaves it
        file.write_bytes(content)

    def fail(*_arguments: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(restoring.os, "replace", fail)
    with pytest.raises(StorageError):
        restore(home, keystore, backup, NOW)
    monkeypatch.undo()
    assert state(home, keystore) == "only in the log"


def test_disk_that_fails_at_the_last_step_leaves_the_store(home, keystore, backup, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring.os, "replace", full)
    with pytest.raises(StorageError):
        restore(home, keystore, backup, NOW)
    assert state(home, keystore) == "after"


# ---- the verb


@pytest.fixture
def verb(home: Path, backup: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEALDESK_HOME", str(home))
    monkeypatch.setenv("SEALDESK_PASSPHRASE", "p")
    monkeypatch.setattr(
        "sealdesk.models.keystore.open_keystore", lambda folder, source: keys.PassphraseKeyStore(folder, lambda _request: "p")
    )
    return lambda *arguments: main(["store", *map(str, arguments)])


def test_verb_checks_restores_and_backs_up(verb, home, keystore, backup, tmp_path, capsys):
    assert verb("check", backup) == 0
    assert verb("restore", backup) == 1  # nobody at a terminal agreed
    assert state(home, keystore) == "after"
    assert verb("restore", backup, "--yes") == 0
    assert state(home, keystore) == "before"
    assert "store-replaced-" in capsys.readouterr().out
    assert verb("backup", tmp_path / "new.db") == 0
    assert verb("backup", tmp_path / "new.db") == 1
    assert verb("check", tmp_path / "new.db") == 0


def test_verb_refuses_while_the_program_is_open(verb, home, keystore, backup, capsys):
    single = SingleProgram(home)
    single.take()
    try:
        assert verb("restore", backup, "--yes") == 1
    finally:
        single.release()
    assert state(home, keystore) == "after"
    assert "Traceback" not in capsys.readouterr().err
