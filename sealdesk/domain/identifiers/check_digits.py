"""Check characters of Chinese numbers: plain arithmetic, no opinion about the rest of a number."""

from __future__ import annotations

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015: digits and letters without I, O, S, V, Z."""

_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"


def uscc_check(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 (GB 32100-2015: weights 3^i mod 31).

    Raises:
        ValueError: not 17 characters of `USCC_ALPHABET`.
    """
    if len(first17) != 17:
        raise ValueError("17 characters are needed")
    total = sum(USCC_ALPHABET.index(c) * weight for c, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def resident_check(first17: str) -> str:
    """The 18th character of a citizen's number (GB 11643, ISO 7064 MOD 11-2).

    Raises:
        ValueError: not 17 digits.
    """
    if len(first17) != 17:
        raise ValueError("17 digits are needed")
    total = sum(int(c) * weight for c, weight in zip(first17, _RESIDENT_WEIGHTS, strict=True))
    return _RESIDENT_CHECKS[total % 11]


def registration_check(first14: str) -> str:
    """The 15th digit of an old business registration number (ISO 7064 MOD 11,10).

    Raises:
        ValueError: not 14 digits.
    """
    if len(first14) != 14:
        raise ValueError("14 digits are needed")
    rest = 10
    for digit in first14:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)
