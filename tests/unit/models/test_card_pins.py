"""Card PINs at rest: readable while they are kept, gone from every copy of the store once they are forgotten."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sealdesk.core.errors import StorageError
from sealdesk.models import card_pins
from sealdesk.models.burns import BurnRow
from sealdesk.models.database import Store

BURN, PIN = "33333333-3333-4333-8333-333333333333", "481516"


@pytest.fixture
def burned(store: Store, order: Any) -> Store:
    """A store with one burning whose card's PIN is kept."""
    with store.write() as session:
        row = BurnRow(id=BURN, seal_id="seal-A", chip_serial="CHIP", state="done", steps={}, started_by="a")
        row.started_at = datetime(2026, 1, 1, tzinfo=UTC)
        session.add(order("A"))
        session.flush()
        session.add(row)
        card_pins.keep(session, row, PIN)
    return store


def pin_in(store: Store) -> str:
    with store.read() as session:
        row = session.get(BurnRow, BURN)
        assert row is not None
        return card_pins.card_pin(session, row)


def forget(store: Store) -> None:
    with store.write() as session:
        row = session.get(BurnRow, BURN)
        assert row is not None
        card_pins.forget(session, row)


def pads(store: Store) -> Path:
    return store.path.parent / card_pins.FOLDER


def test_pin_is_read_back_and_stands_in_no_file(burned: Store, key: bytes) -> None:
    assert pin_in(burned) == PIN
    with burned.read() as session:
        sealed = session.connection().exec_driver_sql("select card_pin from burns").scalar()
    assert PIN not in sealed and PIN.encode().hex() not in sealed
    (pad,) = pads(burned).iterdir()
    assert PIN.encode() not in pad.read_bytes()
    if os.name != "nt":
        assert stat.S_IMODE(pad.stat().st_mode) == 0o600
    burned.close()
    with contextlib.closing(Store.open(burned.path, key)) as again:
        assert pin_in(again) == PIN


def test_forgotten_pin_is_gone_from_backups_made_before(burned: Store, key: bytes, tmp_path: Path) -> None:
    backup = burned.backup(tmp_path / "backups" / "before.db")
    forget(burned)
    assert pin_in(burned) == ""
    assert list(pads(burned).iterdir()) == []
    shutil.copyfile(backup, burned.path.parent / "put-back.db")
    with contextlib.closing(Store.open(burned.path.parent / "put-back.db", key)) as before:
        with before.read() as session:
            assert session.connection().exec_driver_sql("select card_pin from burns").scalar() != ""
        assert pin_in(before) == ""


def test_backup_put_back_while_the_pin_is_kept_still_has_it(burned: Store, key: bytes, tmp_path: Path) -> None:
    backup = burned.backup(tmp_path / "before.db")
    burned.close()
    shutil.copyfile(backup, burned.path)
    with contextlib.closing(Store.open(burned.path, key)) as again:
        assert pin_in(again) == PIN


def test_pin_stays_when_the_transaction_that_forgets_it_is_undone(burned: Store) -> None:
    with pytest.raises(RuntimeError, match="undone"), burned.write() as session:
        row = session.get(BurnRow, BURN)
        assert row is not None
        card_pins.forget(session, row)
        session.flush()
        raise RuntimeError("undone")
    assert pin_in(burned) == PIN


def test_pad_that_a_power_cut_left_goes_at_the_next_start_and_strange_ones_stay(burned: Store, key: bytes) -> None:
    (pad,) = pads(burned).iterdir()
    content = pad.read_bytes()
    forget(burned)
    pad.write_bytes(content)
    strange = pads(burned) / "44444444-4444-4444-8444-444444444444"
    strange.write_bytes(b"of another store")
    burned.close()
    with contextlib.closing(Store.open(burned.path, key)) as again:
        assert list(pads(again).iterdir()) == [strange]


@pytest.mark.parametrize("damage", [lambda pad: pad.unlink(), lambda pad: pad.write_bytes(b""), lambda pad: pad.write_bytes(bytes(40))])
def test_pin_without_its_pad_is_not_guessed(burned: Store, damage: Any) -> None:
    (pad,) = pads(burned).iterdir()
    damage(pad)
    assert pin_in(burned) == ""


def test_pin_that_was_written_before_there_were_pads_is_read(burned: Store) -> None:
    with burned.write() as session:
        session.connection().exec_driver_sql("update burns set card_pin = '123456'")
    assert pin_in(burned) == "123456"


@pytest.mark.parametrize("pin", ["", "1" * 15])
def test_what_is_no_cards_pin_is_refused(burned: Store, pin: str) -> None:
    with pytest.raises(ValueError, match="PIN"), burned.write() as session:
        row = session.get(BurnRow, BURN)
        assert row is not None
        card_pins.keep(session, row, pin)


def test_disk_that_refuses_the_pad_refuses_the_pin(burned: Store, key: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError):
        card_pins.Pads(tmp_path / "file" / "pads").make(BURN, 6)
