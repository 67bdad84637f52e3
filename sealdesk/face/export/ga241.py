"""The seal picture of GA 241 systems (印模二维数据): its encoder, and a decoder that forgives the known encoder bug.

Layout: 22 bytes of header (seal code 13 ASCII, width 4, height 4 decimal ASCII, left-aligned and filled with NUL, then `2` raw or `3`
compressed), then one byte a pixel (raw) or runs row by row (compressed):

    00        end of row, the rest is background      01–1F run of ink            21–3F run of background
    41–5F     run of code                             61–7F run of mark in ink    81–9F run of mark in background
    A0–BF nn  long run of background                  C0–E0 nn long run of ink

Sources: two public encoders of one lineage and one decoder, checked on a filed picture; the standard's own text was not available.
"""

from __future__ import annotations

import re

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.face.export.bitmap import Layers

CODE_LENGTH = 13
HEADER_LENGTH = 22
MAX_SIDE_PX = 4096
MAX_COMPRESSED_BYTES = 8_000_000
"""Ten times what a face at 2400 dpi takes; more is no seal."""
CHIP_LIMIT = 65535
"""Most bytes of a compressed picture in a chip's query information."""

_RAW, _COMPRESSED = b"2", b"3"
_RUN = re.compile(rb"([\x00-\x04])\1*", re.DOTALL)
_BACKGROUND = 1
_LONG_BACKGROUND, _LONG_INK = 0xA0, 0xC0
_LONGEST = 0x1F * 256 + 255
_BYTES = tuple(bytes([value]) for value in range(5))


class SealPictureError(UserError):
    """The bytes are not a seal picture in the GA 241 form."""

    code = "face.ga241.broken"
    sentence = N_("This is not a readable seal picture (GA 241): at byte {offset}, {reason}.")
    advice = N_("Ask for the file again; it may have been cut off or changed on its way.")


class SealCodeTooLongError(UserError):
    """The header has room for 13 characters only."""

    code = "face.ga241.code"
    sentence = N_("The seal picture (GA 241) holds a seal code of at most {limit} digits or letters; “{seal_code}” does not fit.")


class SealPictureSizeError(UserError):
    """The picture has more pixels than the format or this program takes."""

    code = "face.ga241.size"
    sentence = N_("A seal picture (GA 241) has sides of 1 to {limit_px} pixels, not {width_px} × {height_px}.")
    advice = N_("Choose a lower resolution; 400 dpi is usual.")


_SHORT = N_("the header is not complete")
_NO_NUMBER = N_("the width or height is not a number")
_UNKNOWN_KIND = N_("the mark for raw or compressed is unknown")
_UNKNOWN_VALUE = N_("a byte has no meaning there")
_ROW_TOO_LONG = N_("a row is longer than the picture is wide")
_TOO_FEW = N_("the picture ends too early")
_TOO_MANY = N_("more follows than the picture has room for")


def encode(picture: Layers, seal_code: str = "", compressed: bool = True) -> bytes:
    """The picture with its header.

    Args:
        picture: values 0 to 4; its resolution is not recorded (the format has no place for it, 400 dpi is taken for granted).
        seal_code: up to 13 ASCII characters, filled up with NUL.
        compressed: runs instead of one byte a pixel.

    Raises:
        SealCodeTooLongError: the code does not fit the header.
        SealPictureSizeError: a side is not 1 to `MAX_SIDE_PX` pixels.
    """
    if len(seal_code) > CODE_LENGTH or not ((seal_code.isascii() and seal_code.isalnum()) or not seal_code):
        raise SealCodeTooLongError(limit=CODE_LENGTH, seal_code=seal_code, field="code")
    _check_size(picture.width_px, picture.height_px)
    header = seal_code.encode("ascii").ljust(CODE_LENGTH, b"\0")
    header += str(picture.width_px).encode("ascii").ljust(4, b"\0") + str(picture.height_px).encode("ascii").ljust(4, b"\0")
    if not compressed:
        return header + _RAW + picture.values
    width = picture.width_px
    out = bytearray(header + _COMPRESSED)
    for start in range(0, width * picture.height_px, width):
        _encode_row(picture.values[start : start + width], out)
        if len(out) > MAX_COMPRESSED_BYTES:
            raise SealPictureSizeError(width_px=width, height_px=picture.height_px, limit_px=MAX_SIDE_PX)
    return bytes(out)


def decode(data: bytes, dpi: float = 400.0) -> tuple[str, Layers]:
    """The seal code and the picture.

    Args:
        data: the whole file, raw or compressed.
        dpi: what the file cannot say.

    Raises:
        SealPictureError: the bytes break the format.
        SealPictureSizeError: the header asks for more than `MAX_SIDE_PX` pixels a side.
    """
    if len(data) < HEADER_LENGTH:
        raise SealPictureError(offset=len(data), reason=_Reason(_SHORT))
    seal_code = data[:CODE_LENGTH].rstrip(b"\0 ")
    if not (seal_code.isalnum() or not seal_code):
        raise SealPictureError(offset=0, reason=_Reason(_UNKNOWN_VALUE))
    width, height = _side(data, 13), _side(data, 17)
    _check_size(width, height)
    kind, body = data[21:22], data[HEADER_LENGTH:]
    if kind == _RAW:
        values = _raw_values(body, width * height)
    elif kind == _COMPRESSED:
        if len(data) > MAX_COMPRESSED_BYTES:
            raise SealPictureError(offset=MAX_COMPRESSED_BYTES, reason=_Reason(_TOO_MANY))
        rows = _chosen(_parsed(body, width, height), width, height, len(data))
        values = b"".join([row.ljust(width, b"\x01") for row in rows])
    else:
        raise SealPictureError(offset=21, reason=_Reason(_UNKNOWN_KIND))
    return seal_code.decode("ascii"), Layers(width, height, dpi, values)


class _Reason:
    """A text that is translated when the sentence around it is shown."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __format__(self, spec: str) -> str:
        return format(_(self._text), spec)

    def __str__(self) -> str:
        return _(self._text)


def _check_size(width: int, height: int) -> None:
    if not (1 <= width <= MAX_SIDE_PX and 1 <= height <= MAX_SIDE_PX):
        raise SealPictureSizeError(width_px=width, height_px=height, limit_px=MAX_SIDE_PX)


def _side(data: bytes, start: int) -> int:
    digits = data[start : start + 4].rstrip(b"\0 ")
    if not digits.isdigit():
        raise SealPictureError(offset=start, reason=_Reason(_NO_NUMBER))
    return int(digits)


def _encode_row(row: bytes, out: bytearray) -> None:
    width = len(row)
    for run in _RUN.finditer(row):
        value, length = row[run.start()], run.end() - run.start()
        if value == _BACKGROUND and run.end() == width:
            break
        while length > 31:
            if value > _BACKGROUND:
                out.append(value << 5 | 31)
                length -= 31
                continue
            piece = min(length, _LONGEST)
            out.append((_LONG_BACKGROUND if value == _BACKGROUND else _LONG_INK) + (piece >> 8))
            out.append(piece & 255)
            length -= piece
        if length:
            out.append(value << 5 | length)
    out.append(0)


def _raw_values(body: bytes, count: int) -> bytes:
    if len(body) != count:
        raise SealPictureError(offset=HEADER_LENGTH + min(len(body), count), reason=_Reason(_TOO_FEW if len(body) < count else _TOO_MANY))
    wrong = re.search(rb"[^\x00-\x04]", body)
    if wrong:
        raise SealPictureError(offset=HEADER_LENGTH + wrong.start(), reason=_Reason(_UNKNOWN_VALUE))
    return body


def _parsed(body: bytes, width: int, height: int) -> list[bytearray]:
    """All rows without their open ends, at most twice as many as the picture has (each may bring one stray row with it)."""
    rows: list[bytearray] = []
    row = bytearray()
    at = 0
    end = len(body)
    while at < end:
        if len(rows) >= 2 * height:
            raise SealPictureError(offset=HEADER_LENGTH + at, reason=_Reason(_TOO_MANY))
        byte = body[at]
        at += 1
        if byte == 0:
            rows.append(row)
            row = bytearray()
            continue
        if byte < _LONG_BACKGROUND:
            value, length = byte >> 5, byte & 31
        elif byte <= 0xE0 and at < end:
            value = _BACKGROUND if byte < _LONG_INK else 0
            length = (byte - (_LONG_BACKGROUND if value else _LONG_INK)) * 256 + body[at]
            at += 1
        else:
            raise SealPictureError(offset=HEADER_LENGTH + at - 1, reason=_Reason(_UNKNOWN_VALUE if byte > 0xE0 else _TOO_FEW))
        if not length or len(row) + length > width:
            raise SealPictureError(offset=HEADER_LENGTH + at - 1, reason=_Reason(_ROW_TOO_LONG if length else _UNKNOWN_VALUE))
        row += _BYTES[value] * length
    if row:  # the last row's end is missing
        rows.append(row)
    return rows


def _chosen(rows: list[bytearray], width: int, height: int, size: int) -> list[bytearray]:
    """The picture's rows, stray ones put back where they belong.

    Public encoders end a row one pixel early when background reaches up to its last pixel, and then write that pixel as a row of its own.
    """
    surplus = len(rows) - height
    if surplus < 0:
        raise SealPictureError(offset=size, reason=_Reason(_TOO_FEW))
    strays = _strays(rows, width, surplus) if surplus else set()
    if len(strays) < surplus:
        raise SealPictureError(offset=size, reason=_Reason(_TOO_MANY))
    chosen: list[bytearray] = []
    for number, row in enumerate(rows):
        if number in strays:
            chosen[-1] = chosen[-1].ljust(width - 1, b"\x01") + row
        else:
            chosen.append(row)
    return chosen


def _strays(rows: list[bytearray], width: int, surplus: int) -> set[int]:
    """The numbers of up to `surplus` rows that are the last pixel of the row before.

    A stray row is a single pixel, and the row before leaves at least two pixels open. A row that only has its leftmost pixel looks the
    same; seals are symmetric, so pixels whose row before starts with ink are taken first.
    """
    strays: set[int] = set()
    for mirrored in (True, False):
        for number in range(1, len(rows)):
            if len(strays) == surplus:
                return strays
            row, before = rows[number], rows[number - 1]
            single = len(row) == 1 and row[0] != _BACKGROUND and len(before) <= width - 2
            free = not {number - 1, number, number + 1} & strays
            if single and free and (not mirrored or (before and before[0] != _BACKGROUND)):
                strays.add(number)
    return strays
