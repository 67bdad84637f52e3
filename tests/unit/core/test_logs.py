"""The log: nothing sensitive gets into it, by whatever way it is logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core import logs
from sealdesk.core.logs import redact


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    yield tmp_path
    logs.tear_down()
    logging.getLogger().setLevel(level)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("pin=123456", "123456"),
        ("PIN: 41", "41"),
        ("the PIN = 41, next", "41"),
        ("card_pin='87654321'", "87654321"),
        ("PIN code: 4711", "4711"),
        ("{'password': 'a b\\'c', 'x': 1}", "b\\'c"),
        ('{"token": "eyJhbGciOi"}', "eyJhbGciOi"),
        ("passphrase=open sesame", "open"),
        ("密码：秘密", "秘密"),
        ("口令=秘密", "秘密"),
        ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
        ("sent Bearer abc.def-ghi", "abc.def-ghi"),
        ("http://user:hunter2@host/", "hunter2"),
        ("PRAGMA key = \"x'00112233445566778899aabbccddeeff'\"", "00112233445566778899aabbccddeeff"),
        ("x'00112233445566778899aabbccddeeff'", "00112233445566778899aabbccddeeff"),
        ("digest " + "0f" * 32, "0f" * 32),
        ("key " + "0F" * 32, "0F" * 32),
        ("-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----", "MIGHAgEA"),
        ("-----BEGIN EC PRIVATE KEY-----\nMIGHAgEA", "MIGHAgEA"),
        ("证件 11010519491231002X。", "11010519491231002X"),
        ("id 110105491231002", "110105491231002"),
        ("电话13812345678", "13812345678"),
        ("+86 138-1234-5678", "1234-5678"),
        ("021-65432100", "65432100"),
    ],
)
def test_secret_is_not_left(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "order D20260302-001 is ready",
        "KeyError: 'orders'",
        "seal code 3101040012345 of 14 31010400123456",
        "9000 after 12 bytes in 0.003 s",
        "2026-03-02 12:00:00,123",
        "pinned the backend; tokens are counted; keyboard: US",
        "uscc 91310000MA1K35X00A",
        "5f3a9c1e-0d2b-4c8f-9a7e-1b2c3d4e5f60",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == text


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(
    pin=st.integers(10**5, 10**8 - 1),
    before=st.sampled_from(["", "a ", "甲", "(", "x_"]),
    sign=st.sampled_from(["=", ": ", " = ", "：", "='", '": "']),
)
def test_no_pin_is_left(pin: int, before: str, sign: str) -> None:
    assert str(pin) not in redact(f"{before}pin{sign}{pin}")


def test_arguments_and_tracebacks_are_redacted_in_the_file(home: Path) -> None:
    file = logs.set_up(home)
    log = logging.getLogger("somebody.else")
    log.info("signing in with %s", {"password": "hunter2"})
    try:
        raise ValueError("card of 11010519491231002X")
    except ValueError:
        log.exception("failed, phone %s", "13812345678")
    logs.tear_down()
    written = file.read_text("utf-8")
    assert "signing in" in written
    assert "ValueError" in written
    for secret in ("hunter2", "11010519491231002X", "13812345678"):
        assert secret not in written


def test_file_turns_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST_BYTES", 2000)
    file = logs.set_up(home)
    for number in range(200):
        logging.getLogger("x").info("line %d of many", number)
    logs.tear_down()
    files = sorted(entry.name for entry in file.parent.iterdir())
    assert files == ["sealdesk.log", *(f"sealdesk.log.{number}" for number in range(1, 6))]
    assert all(entry.stat().st_size <= 2000 for entry in file.parent.iterdir())


def test_second_set_up_does_not_double_lines(home: Path) -> None:
    logs.set_up(home)
    file = logs.set_up(home)
    logging.getLogger("x").info("once")
    logs.tear_down()
    assert file.read_text("utf-8").count("once") == 1


def test_console_is_redacted_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(home, to_console=True)
    logging.getLogger("x").info("pin=123456")
    assert "pin=…" in capsys.readouterr().err


@pytest.mark.allowed_logs("traffic is being logged")
def test_traffic_warns_that_pins_are_logged(home: Path) -> None:
    assert logging.getLevelName(logs.TRAFFIC) == "TRAFFIC"
    file = logs.set_up(home, logs.TRAFFIC)
    logging.getLogger("x").log(logs.TRAFFIC, "80 18 00 01")
    logs.tear_down()
    written = file.read_text("utf-8")
    assert "PINs" in written
    assert "80 18 00 01" in written


def test_traffic_is_off_by_default(home: Path) -> None:
    file = logs.set_up(home)
    logging.getLogger("x").log(logs.TRAFFIC, "80 18 00 01")
    logging.getLogger("x").info("after")
    logs.tear_down()
    assert "80 18" not in file.read_text("utf-8")
