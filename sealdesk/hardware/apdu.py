"""Commands and answers of smart cards as bytes (ISO/IEC 7816-4): short and extended lengths; nothing is sent here.

Lc and Le are big-endian in both forms. Le of 256 (short) or 65536 (extended) is written as zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_SHORT_DATA = 255
MAX_SHORT_LE = 256
MAX_EXTENDED_DATA = 65535
MAX_EXTENDED_LE = 65536

OK = 0x9000


class ApduFormatError(ValueError):
    """The bytes are not a command APDU."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command APDU.

    Attributes:
        cla, ins, p1, p2: the header, one byte each.
        data: the body, at most 65535 bytes; it never shows in `repr`.
        le: how many bytes are expected, 1..65536, or None for none.
        secret: whether the body holds a PIN or a key and must be masked in logs.
    """

    cla: int
    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = field(default=b"", repr=False)
    le: int | None = None
    secret: bool = False

    def __post_init__(self) -> None:
        if not all(0 <= byte <= 0xFF for byte in (self.cla, self.ins, self.p1, self.p2)):
            raise ApduFormatError("a header byte is out of range")
        if len(self.data) > MAX_EXTENDED_DATA:
            raise ApduFormatError("more data than an extended APDU can carry")
        if self.le is not None and not 1 <= self.le <= MAX_EXTENDED_LE:
            raise ApduFormatError("Le is out of range")

    @property
    def is_extended(self) -> bool:
        """Whether a length does not fit the short form."""
        return len(self.data) > MAX_SHORT_DATA or (self.le is not None and self.le > MAX_SHORT_LE)

    def encode(self) -> bytes:
        """The bytes of the APDU, in the short form where it fits."""
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        if not self.is_extended:
            body = bytes((len(self.data),)) + self.data if self.data else b""
            tail = b"" if self.le is None else bytes((self.le & 0xFF,))
            return head + body + tail
        body = b"\x00" + len(self.data).to_bytes(2, "big") + self.data if self.data else b""
        tail = b"" if self.le is None else (self.le & 0xFFFF).to_bytes(2, "big")
        if not self.data:  # the zero byte that marks the extended form stands before whichever length comes first
            tail = b"\x00" + tail
        return head + body + tail

    @classmethod
    def decode(cls, apdu: bytes) -> Command:
        """The command in `apdu`, as a card reads it.

        Raises:
            ApduFormatError: the lengths do not fit together.
        """
        if len(apdu) < 4:
            raise ApduFormatError("shorter than a header")
        cla, ins, p1, p2 = apdu[:4]
        data, le = _decode_body(apdu[4:])
        return cls(cla, ins, p1, p2, data, le)


def _decode_body(rest: bytes) -> tuple[bytes, int | None]:
    if not rest:
        return b"", None
    if len(rest) == 1:
        return b"", rest[0] or MAX_SHORT_LE
    if rest[0]:
        length = rest[0]
        data, tail = rest[1 : 1 + length], rest[1 + length :]
        if len(data) < length or len(tail) > 1:
            raise ApduFormatError("short lengths do not fit")
        return data, (tail[0] or MAX_SHORT_LE) if tail else None
    if len(rest) == 3:
        return b"", int.from_bytes(rest[1:3], "big") or MAX_EXTENDED_LE
    length = int.from_bytes(rest[1:3], "big")
    data, tail = rest[3 : 3 + length], rest[3 + length :]
    if not length or len(data) < length or len(tail) not in (0, 2):
        raise ApduFormatError("extended lengths do not fit")
    return data, (int.from_bytes(tail, "big") or MAX_EXTENDED_LE) if tail else None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: the data and the status word (two bytes as one number)."""

    data: bytes
    status: int

    @property
    def ok(self) -> bool:
        """Whether the status word is 9000; nothing else counts as done."""
        return self.status == OK

    def encode(self) -> bytes:
        """The bytes that a card sends."""
        return self.data + self.status.to_bytes(2, "big")
