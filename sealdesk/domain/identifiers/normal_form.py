"""What was typed, brought into the one form in which numbers are compared and stored; it judges nothing."""

from __future__ import annotations

import unicodedata

_HYPHENS = frozenset("-‐‑‒–—―−－﹣")


def compact(text: str) -> str:
    """Half-width, upper case, without spaces, hyphens and invisible characters.

    Compatibility forms are folded (NFKC), so that full-width digits and the Roman numeral Ⅹ of some cards become what they stand for.
    """
    folded = unicodedata.normalize("NFKC", text)
    kept = (c for c in folded if c not in _HYPHENS and not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    return "".join(kept).upper()


def is_digits(text: str) -> bool:
    """Whether the text is one or more of 0 to 9 (the digits of other scripts are not meant)."""
    return text.isascii() and text.isdigit()


def strangers(text: str, allowed: str) -> str:
    """The characters of `text` that are not in `allowed`, each once, in their order."""
    return "".join(dict.fromkeys(c for c in text if c not in allowed))
