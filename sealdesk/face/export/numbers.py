"""How lengths are written in text formats: a fixed number of decimals, no trailing zeros, no minus zero, no locale."""

from __future__ import annotations


def written(value: float, decimals: int = 4) -> str:
    """`value` as plain decimal text; four decimals of a millimetre are 0.1 µm.

    Raises:
        ValueError: the value is not a finite number.
    """
    text = f"{value:.{decimals}f}"
    if text[-1] not in "0123456789":
        raise ValueError(f"{value!r} is not a length")
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
