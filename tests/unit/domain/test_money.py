"""Money: figures, capitals, typed amounts and shares."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core.errors import UserError
from sealdesk.domain.money import LARGEST_FEN, format_yuan, in_capitals, parse_yuan, share

AMOUNTS = st.integers(-LARGEST_FEN, LARGEST_FEN)
_DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(text: str) -> int:
    """An independent reader of 人民币大写, in fen."""
    body = text.removeprefix("人民币")
    sign = -1 if body.startswith("负") else 1
    body = body.removeprefix("负").removesuffix("整")
    total_fen = 0
    if "元" in body:
        whole, body = body.split("元")
        upper, _, lower = whole.rpartition("亿")
        total_fen = (_below_yi(upper) * 10**8 + _below_yi(lower)) * 100
    digit = 0
    for c in body:
        if c == "角":
            total_fen += digit * 10
        elif c == "分":
            total_fen += digit
        else:
            digit = _DIGITS[c]
    return sign * total_fen


def _below_yi(text: str) -> int:
    upper, _, lower = text.rpartition("万")
    return _below_wan(upper) * 10000 + _below_wan(lower)


def _below_wan(text: str) -> int:
    total = digit = 0
    for c in text:
        if c in _UNITS:
            total += digit * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


@pytest.mark.parametrize(
    ("total_fen", "written"),
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (55, "人民币伍角伍分"),
        (100, "人民币壹元整"),
        (1050, "人民币壹拾元零伍角整"),
        (140950, "人民币壹仟肆佰零玖元伍角整"),
        (600714, "人民币陆仟零柒元壹角肆分"),
        (32504, "人民币叁佰贰拾伍元零肆分"),
        (1640902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (10700053, "人民币壹拾万零柒仟元零伍角叁分"),
        (100000000, "人民币壹佰万元整"),
        (1000000000100, "人民币壹佰亿零壹元整"),
        (100000000000000, "人民币壹万亿元整"),
        (123450000000000, "人民币壹万贰仟叁佰肆拾伍亿元整"),
        (-12800, "人民币负壹佰贰拾捌元整"),
    ],
)
def test_capitals_follow_the_rules_for_bills(total_fen: int, written: str) -> None:
    assert in_capitals(total_fen) == written


@given(AMOUNTS)
def test_capitals_say_the_amount_and_never_two_zeros_together(total_fen: int) -> None:
    written = in_capitals(total_fen)
    assert read_capitals(written) == total_fen
    assert "零零" not in written
    assert ("零元" in written) == (total_fen == 0)


def test_capitals_of_more_than_can_be_stored_are_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        in_capitals(LARGEST_FEN + 1)


@given(AMOUNTS)
def test_figures_are_read_back(total_fen: int) -> None:
    assert parse_yuan(format_yuan(total_fen)) == total_fen


@pytest.mark.parametrize(
    ("typed", "total_fen"),
    [("1280.5", 128050), ("￥1,280.50", 128050), ("1280元", 128000), ("１２８．０５", 12805), ("-¥3", -300), ("¥-3", -300), (" 0.05 ", 5)],
)
def test_typed_amounts_are_understood(typed: str, total_fen: int) -> None:
    assert parse_yuan(typed) == total_fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "money.missing"),
        ("1280.505", "money.form"),
        ("12,80", "money.form"),
        ("1e3", "money.form"),
        ("--3", "money.form"),
        ("-¥-3", "money.form"),
        ("٣", "money.form"),
        ("10000000000000000", "money.too_large"),
    ],
)
def test_typed_amounts_that_are_wrong_are_named(typed: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_yuan(typed, field="price")
    assert (caught.value.code, caught.value.field) == (code, "price")


def test_share_rounds_halves_away_from_zero() -> None:
    assert share(1050, Decimal("0.05")) == 53
    assert share(-1050, Decimal("0.05")) == -53
    assert share(100, Decimal("0.333")) == 33
