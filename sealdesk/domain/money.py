"""Money as whole fen, how it is written in figures and in capitals, and how it is read; rates are Decimal, never float."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")

LARGEST_FEN = 10**18 - 1
"""Sixteen places of yuan: four groups of four in capitals, and what a database integer holds."""


class AmountMissingError(UserError):
    """Nothing was typed."""

    code = "money.missing"
    sentence = N_("The amount is missing.")


class AmountFormError(UserError):
    """Not an amount."""

    code = "money.form"
    sentence = N_("An amount is written in yuan with at most two decimals, for example 1280.50.")


class AmountTooLargeError(UserError):
    """More than can be stored."""

    code = "money.too_large"
    sentence = N_("This amount is too large.")


def parse_yuan(text: str, field: str | None = None) -> int:
    """An amount typed in yuan ("1,280.5", "￥1280.50", "-3"), in fen.

    Raises:
        AmountMissingError, AmountFormError, AmountTooLargeError
    """
    typed = "".join(unicodedata.normalize("NFKC", text).split()).replace("−", "-")
    if not typed:
        raise AmountMissingError(field=field)
    found = re.fullmatch(r"(-?)[¥￥]?(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?元?", typed)
    if not found or (found[1] and found[2]):
        raise AmountFormError(field=field)
    total_fen = int(found[3].replace(",", "")) * 100 + int((found[4] or "").ljust(2, "0"))
    if total_fen > LARGEST_FEN:
        raise AmountTooLargeError(field=field)
    return -total_fen if found[1] or found[2] else total_fen


def format_yuan(total_fen: int) -> str:
    """The amount in figures with two decimals and thousands apart: 128050 is "1,280.50"."""
    sign = "-" if total_fen < 0 else ""
    yuan, fen = divmod(abs(total_fen), 100)
    return f"{sign}{yuan:,}.{fen:02d}"


def share(total_fen: int, rate: Decimal) -> int:
    """The part `rate` of an amount (0.15 for 15 %), rounded to whole fen, halves away from zero."""
    return int((Decimal(total_fen) * rate).quantize(Decimal(1), ROUND_HALF_UP))


def in_capitals(total_fen: int) -> str:
    """人民币大写 as the Ministry's rules for bills write it (支付结算办法, 附件一 正确填写票据和结算凭证的基本规定).

    整 follows an amount that ends with yuan or jiao, not one that ends with fen; several zeros in a row are written as one 零.

    Raises:
        ValueError: more than `LARGEST_FEN`.
    """
    if abs(total_fen) > LARGEST_FEN:
        raise ValueError("the amount is too large")
    yuan, rest = divmod(abs(total_fen), 100)
    jiao, fen = divmod(rest, 10)
    written = "人民币" + ("负" if total_fen < 0 else "")
    if yuan:
        written += _whole(yuan) + "元"
    if jiao:
        # A zero at the yuan's place is named: 10.50 is 壹拾元零伍角.
        written += ("零" if yuan and yuan % 10 == 0 else "") + _DIGITS[jiao] + "角"
    elif fen and yuan:
        written += "零"
    if fen:
        return written + _DIGITS[fen] + "分"
    return written + ("整" if yuan or jiao else "零元整")


def _whole(yuan: int) -> str:
    """A positive number in capitals, group by group of four places."""
    written, gap = "", False
    for group in range(len(_GROUPS) - 1, -1, -1):
        four = yuan // 10000**group % 10000
        if not four:
            gap = bool(written)
            # 1 0000 0000 0000 is 壹万亿, but 1 2345 0000 0000 is 壹万贰仟叁佰肆拾伍亿: the 亿 of the two upper groups is written once.
            continue
        for place in range(3, -1, -1):
            digit = four // 10**place % 10
            if digit:
                written += ("零" if gap and written else "") + _DIGITS[digit] + _PLACES[place]
            gap = digit == 0
        unit = _GROUPS[group]
        written += "万" if group == 3 and yuan // 10000**2 % 10000 else unit
    return written
