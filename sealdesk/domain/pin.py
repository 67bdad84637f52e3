"""The PIN of a key or chip, held so that it is neither printed nor stored by accident, and can be wiped; no rules on its length."""

from __future__ import annotations


class Pin:
    """A PIN in a buffer that `wipe` overwrites.

    `repr` and `str` show no character of it, and it refuses pickling, copying and hashing. Equality is by content.
    """

    __slots__ = ("_buffer",)

    def __init__(self, text: str | bytes | bytearray) -> None:
        self._buffer = bytearray(text.encode("utf-8") if isinstance(text, str) else text)

    def reveal(self) -> bytes:
        """The PIN's bytes (UTF-8); for the driver that sends the proof of it and for nobody else.

        Raises:
            ValueError: the PIN was wiped.
        """
        if not self._buffer:
            raise ValueError("the PIN was wiped")
        return bytes(self._buffer)

    def wipe(self) -> None:
        """Overwrite the PIN with zeros and forget it."""
        for index in range(len(self._buffer)):
            self._buffer[index] = 0
        self._buffer.clear()

    def __len__(self) -> int:
        return len(self._buffer)

    def __bool__(self) -> bool:
        return bool(self._buffer)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pin) and self._buffer == other._buffer

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Pin(•••)"

    def __str__(self) -> str:
        return "•••"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __reduce__(self) -> str:
        raise TypeError("a PIN is not pickled or copied")
