"""Numbers of persons as they are shown to those who need not see them whole; the length stays, most of the characters go."""

from __future__ import annotations

_STAR = "*"


def mask_document(number: str) -> str:
    """A document number with its middle hidden: 110***********002X, E1*****78; at least half of it is always hidden."""
    if len(number) >= 15:
        return _masked(number, 3, 4)
    quarter = len(number) // 4
    return _masked(number, quarter, quarter)


def mask_phone(number: str) -> str:
    """A telephone number with the middle hidden: 138****8000, 0571-****1234, +852****5678."""
    head, dash, rest = number.partition("-")
    if dash:
        local, dash2, extension = rest.partition("-")
        hidden = len(local) // 2
        return head + dash + _STAR * hidden + local[hidden:] + dash2 + extension
    if len(number) == 11:
        return _masked(number, 3, 4)
    if number.startswith("+"):
        quarter = (len(number) - 4) // 2
        return number[:4] + _STAR * quarter + number[4 + quarter :]
    return _masked(number, len(number) // 4, len(number) // 4)


def _masked(text: str, head: int, tail: int) -> str:
    return text[:head] + _STAR * (len(text) - head - tail) + (text[len(text) - tail :] if tail else "")
