"""The store against what a workplace does to it: killed programs, full disks, interrupted changes of keys, old files."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

from sealdesk.core.errors import StorageError
from sealdesk.crypto import vault
from sealdesk.models import failures, migrations
from sealdesk.models import keystore as keys
from sealdesk.models.connection import connect
from sealdesk.models.database import STORE_FILE, Store, change_key, open_store
from sealdesk.models.outbox import FactRow

ROOT = Path(__file__).resolve().parents[2]
OLD_STORES = Path(__file__).with_name("old_stores")
KEY = bytes(range(32))
OTHER_KEY = bytes(reversed(range(32)))
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and mounts of POSIX")


def start(program: str, *arguments: str, **more: object) -> subprocess.Popen[str]:
    """Start a program of the tests; its output is lines of text."""
    command = [sys.executable, "-u", "-c", textwrap.dedent(program), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)  # type: ignore[call-overload, no-any-return]


def facts(store: Store) -> dict[str, object]:
    with store.read() as session:
        return {row.name: row.value for row in session.scalars(select(FactRow))}


# ---- killed programs

WRITER = """
import pathlib, sys
from sealdesk.models.database import Store
from sealdesk.models.outbox import FactRow
store = Store.open(pathlib.Path(sys.argv[1]), bytes(range(32)))
number = int(sys.argv[2])
while True:
    with store.write() as session:
        session.add(FactRow(name=f"a-{number}", value="x" * 3000))
        session.add(FactRow(name=f"b-{number}", value=number))
    print(number)
    number += 1
"""


@pytest.mark.long
@pytest.mark.timeout(600)
@posix
def test_nothing_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    Store.open(path, KEY).close()
    acknowledged, chance = -1, random.Random(2026)
    for _round in range(25):
        writer = start(WRITER, str(path), str(acknowledged + 2))
        assert writer.stdout is not None
        line = writer.stdout.readline()
        time.sleep(chance.random() * 0.2)
        writer.send_signal(signal.SIGKILL)
        said = [int(number) for number in (line + writer.communicate()[0]).split("\n")[:-1]]
        assert said
        acknowledged = said[-1]
        with contextlib.closing(Store.open(path, KEY)) as store:
            assert store.damage() == ()
            known = facts(store)
            assert all(f"a-{number}" in known and known[f"b-{number}"] == number for number in said)
            # Of a transaction that was not acknowledged either both facts stand or none.
            assert {name[2:] for name in known if name.startswith("a-")} == {name[2:] for name in known if name.startswith("b-")}


REKEYER = """
import pathlib, sys
from sealdesk.models import keystore as keys
from sealdesk.models.database import change_key, open_store
from sealdesk.crypto import vault
vault._COSTS = {"memory_kib": 64, "iterations": 1, "lanes": 1}
home = pathlib.Path(sys.argv[1])
keystore = keys.PassphraseKeyStore(home, lambda request: "p")
store = open_store(home, keystore)
print("begin")
change_key(store, keystore)
print("end")
"""


@pytest.mark.long
@pytest.mark.timeout(600)
@posix
def test_store_opens_whenever_a_change_of_keys_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "_COSTS", {"memory_kib": 64, "iterations": 1, "lanes": 1})
    keystore = keys.PassphraseKeyStore(tmp_path, lambda _request: "p")
    with contextlib.closing(open_store(tmp_path, keystore)) as store, store.write() as session:
        session.add_all(FactRow(name=f"fact-{number}", value="x" * 20_000) for number in range(400))
    interrupted, chance = 0, random.Random(2026)
    for _round in range(20):
        rekeyer = start(REKEYER, str(tmp_path))
        assert rekeyer.stdout is not None
        assert rekeyer.stdout.readline() == "begin\n"
        time.sleep(chance.random() * 0.25)
        rekeyer.send_signal(signal.SIGKILL)
        rest, complaint = rekeyer.communicate()
        assert complaint == ""
        interrupted += "end" not in rest
        keystore = keys.PassphraseKeyStore(tmp_path, lambda _request: "p")
        with contextlib.closing(open_store(tmp_path, keystore)) as store:
            assert len(facts(store)) == 400
            assert store.damage() == ()
        assert keystore.get(keys.NEXT_DATABASE_KEY) is None
    assert interrupted


@pytest.mark.parametrize("changed", [False, True])
def test_interrupted_change_of_keys_is_finished_at_the_next_opening(tmp_path: Path, changed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "_COSTS", {"memory_kib": 64, "iterations": 1, "lanes": 1})
    keystore = keys.PassphraseKeyStore(tmp_path, lambda _request: "p")
    store = open_store(tmp_path, keystore)
    with store.write() as session:
        session.add(FactRow(name="a", value=1))
    before = keystore.get(keys.DATABASE_KEY)
    following = keys.begin_key_change(keystore)
    if changed:
        store.rekey(following)
    store.close()
    with contextlib.closing(open_store(tmp_path, keystore)) as again:
        assert facts(again) == {"a": 1}
    assert keystore.get(keys.DATABASE_KEY) == (following if changed else before)
    assert keystore.get(keys.NEXT_DATABASE_KEY) is None
    with contextlib.closing(open_store(tmp_path, keystore)) as again:
        change_key(again, keystore)
    assert keystore.get(keys.DATABASE_KEY) not in (before, following)


def test_store_with_the_system_key_store(sealdesk_home: Path, secret_service: str) -> None:
    def nobody(_request: keys.PassphraseRequest) -> str:
        raise AssertionError("no passphrase should be asked for")

    with contextlib.closing(open_store(sealdesk_home, keys.open_keystore(sealdesk_home, nobody))) as store, store.write() as session:
        session.add(FactRow(name="a", value=1))
    with contextlib.closing(open_store(sealdesk_home, keys.open_keystore(sealdesk_home, nobody))) as store:
        assert facts(store) == {"a": 1}
    keystore = keys.open_keystore(sealdesk_home, nobody)
    keystore.remove(keys.DATABASE_KEY)
    before = (sealdesk_home / STORE_FILE).read_bytes()
    with pytest.raises(keys.KeyLostError):
        open_store(sealdesk_home, keystore)
    assert (sealdesk_home / STORE_FILE).read_bytes() == before


# ---- full disks

FILLER = """
import pathlib, sys
from sealdesk.core.errors import StorageError
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.models.outbox import FactRow
folder = pathlib.Path(sys.argv[1])
store = Store.open(folder / "store.db", bytes(range(32)))
with store.write() as session:
    session.add(FactRow(name="before", value=1))
try:
    with store.write() as session:
        session.add_all(FactRow(name=f"fact-{number}", value="x" * 100_000) for number in range(100))
except StorageError as error:
    print(error.code)
try:
    AttachmentStore(folder / "attachments", bytes(32)).put(bytes(8_000_000))
except StorageError as error:
    print(error.code)
print([file.name for file in folder.rglob("*") if "attachments" in str(file) and file.is_file()])
with store.read() as session:
    print([row.name for row in session.query(FactRow)])
try:
    store.backup(folder / "copy.db")
    store.backup(folder / "copy2.db")
    store.backup(folder / "copy3.db")
    for number in range(200): store.backup(folder / f"copy-{number}.db")
except StorageError as error:
    print(error.code)
print([file.name for file in folder.glob("*.part*")])
for file in folder.glob("copy*"): file.unlink()
with store.write() as session:
    session.add(FactRow(name="after", value=1))
print(store.damage())
"""


@posix
def test_full_disk_loses_nothing_and_work_goes_on_after_it_was_cleared(tmp_path: Path, own_mounts: list[str]) -> None:
    """On a disk of four megabytes of its own."""
    assert own_mounts, "no mounts of one's own are allowed here"
    disk = tmp_path / "disk"
    disk.mkdir()
    program = tmp_path / "filler.py"
    program.write_text(textwrap.dedent(FILLER))
    inside = 'mount -t tmpfs -o size=4m none "$1" && exec "$2" "$3" "$1"'
    done = subprocess.run(
        [*own_mounts, "sh", "-c", inside, "sh", str(disk), sys.executable, str(program)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "storage.disk.full",
        "storage.file.unwritable",
        "[]",
        "['before']",
        "storage.disk.full",
        "[]",
        "()",
    ]


@posix
def test_store_that_cannot_be_made_for_lack_of_room_leaves_nothing(tmp_path: Path) -> None:
    program = """
        import pathlib, resource, sys
        from sealdesk.core.errors import StorageError
        from sealdesk.models.database import Store
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            Store.open(pathlib.Path(sys.argv[1]) / "store.db", bytes(32))
        except StorageError as error:
            print(error.code)
    """
    made = start(program, str(tmp_path))
    said, complaint = made.communicate(timeout=60)
    assert (said.strip(), complaint) == ("storage.disk.failed", "")
    assert not (tmp_path / "store.db").exists()
    Store.open(tmp_path / "store.db", KEY).close()


# ---- old files


def load(dump: Path, path: Path) -> None:
    """Make the old encrypted store that a dump was taken from."""
    with contextlib.closing(connect(path, KEY, foreign_keys=False)) as connection:
        connection.executescript(dump.read_text("utf-8"))


@pytest.mark.parametrize("revision", migrations.REVISIONS)
def test_every_step_has_the_old_file_that_it_was_written_for(revision: str) -> None:
    assert (OLD_STORES / f"{revision}.sql").is_file()


def test_every_old_file_has_its_step() -> None:
    assert {file.stem for file in OLD_STORES.glob("*.sql")} == set(migrations.REVISIONS)


@pytest.mark.parametrize("revision", migrations.REVISIONS)
def test_old_store_is_upgraded_to_the_newest(tmp_path: Path, revision: str) -> None:
    """The old file is the store before the step; what it holds is counted before and after."""
    path = tmp_path / "store.db"
    load(OLD_STORES / f"{revision}.sql", path)
    with contextlib.closing(connect(path, KEY)) as connection:
        tables = [
            str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        ]
        before = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables if "search_" not in name}
    with contextlib.closing(Store.open(path, KEY)) as store:
        assert store.revision() == migrations.REVISIONS[-1]
        assert store.damage() == ()
        with store.read() as session:
            after = {name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in before}
    assert after == before
    assert path.with_name(f"store-before-{migrations.REVISIONS[-1]}.db").exists() == bool(before)


def test_store_of_another_installation_is_a_wrong_key(tmp_path: Path) -> None:
    Store.open(tmp_path / "store.db", KEY).close()
    with pytest.raises(failures.WrongKeyError):
        Store.open(tmp_path / "store.db", OTHER_KEY)
    assert issubclass(failures.WrongKeyError, StorageError)
