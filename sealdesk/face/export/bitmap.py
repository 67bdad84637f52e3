"""Pictures as values, and as PNG, TIFF and BMP files that carry their resolution. It does not paint.

Written by hand: an image library's bytes change with its version and the codecs it was built with. PNG and BMP record whole pixels a metre
(600 dpi reads back as 599.999), TIFF records the exact fraction.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from fractions import Fraction

_METRES_PER_INCH = 0.0254
_COMPLEMENT = bytes(255 - value for value in range(256))


@dataclass(frozen=True, slots=True)
class Bitmap:
    """One bit a pixel.

    Attributes:
        width_px: pixels across.
        height_px: pixels down.
        dpi: pixels an inch.
        rows: rows from the top, each `(width_px + 7) // 8` bytes, leftmost pixel in the highest bit, 1 is ink, the rest of the last byte 0.
    """

    width_px: int
    height_px: int
    dpi: float
    rows: bytes


@dataclass(frozen=True, slots=True)
class Greys:
    """One byte a pixel, 0 black to 255 white, rows from the top without padding."""

    width_px: int
    height_px: int
    dpi: float
    values: bytes


@dataclass(frozen=True, slots=True)
class Layers:
    """One byte a pixel with GA 241's values: 0 ink, 1 background, 2 seal code, 3 auxiliary mark in ink, 4 auxiliary mark in background."""

    width_px: int
    height_px: int
    dpi: float
    values: bytes


LAYER_COLOURS = ((255, 0, 0), (255, 255, 255), (0, 0, 255), (0, 255, 0), (192, 88, 207))
"""The colours of the values 0 to 4 in the 24-bit source pictures of GA 241 systems."""


def png(picture: Bitmap | Greys) -> bytes:
    """A PNG file: greyscale of 1 or 8 bits, ink black, resolution in `pHYs`."""
    if isinstance(picture, Bitmap):
        return _png(picture, 1, 0, picture.rows.translate(_COMPLEMENT), (picture.width_px + 7) // 8, b"")
    return _png(picture, 8, 0, picture.values, picture.width_px, b"")


def png_tinted(picture: Greys, rgb: tuple[int, int, int]) -> bytes:
    """A PNG file with a palette that runs from `rgb` (value 0) to white (value 255)."""
    palette = bytes(round(part + (255 - part) * value / 255) for value in range(256) for part in rgb)
    return _png(picture, 8, 3, picture.values, picture.width_px, _chunk(b"PLTE", palette))


def png_two_inks(first: Greys, second: Greys, first_rgb: tuple[int, int, int], second_rgb: tuple[int, int, int]) -> bytes:
    """A PNG file of two pictures of the same size on white, each in 128 tints of its colour; they must not overlap."""
    count = first.width_px * first.height_px
    lower = int.from_bytes(first.values.translate(bytes(v >> 1 for v in range(256))), "big")
    upper = int.from_bytes(second.values.translate(bytes(0 if v == 255 else 1 + (v >> 1) for v in range(256))), "big")
    colours = [(first_rgb, v / 127) for v in range(128)] + [(second_rgb, v / 127) for v in range(128)]
    palette = bytes(round(part + (255 - part) * share) for rgb, share in colours for part in rgb)
    # where the second picture has ink the first is white (127), so no sum carries into its neighbour
    mixed = Greys(first.width_px, first.height_px, first.dpi, (lower + upper).to_bytes(count, "big"))
    return _png(mixed, 8, 3, mixed.values, mixed.width_px, _chunk(b"PLTE", palette))


def tiff(picture: Bitmap | Greys) -> bytes:
    """A baseline TIFF 6.0 file (little-endian, one strip, not compressed); 1 bit with WhiteIsZero, or 8 bits with BlackIsZero."""
    one_bit = isinstance(picture, Bitmap)
    data = picture.rows if isinstance(picture, Bitmap) else picture.values
    dpi = Fraction(picture.dpi).limit_denominator(100000)
    entries = (
        (256, 4, picture.width_px),
        (257, 4, picture.height_px),
        (258, 3, 1 if one_bit else 8),
        (259, 3, 1),
        (262, 3, 0 if one_bit else 1),
        (273, 4, None),  # StripOffsets
        (277, 3, 1),
        (278, 4, picture.height_px),
        (279, 4, len(data)),
        (282, 5, 0),
        (283, 5, 8),
        (296, 3, 2),  # inches
    )
    directory_end = 8 + 2 + 12 * len(entries) + 4
    out = bytearray(struct.pack("<2sHIH", b"II", 42, 8, len(entries)))
    for tag, kind, value in entries:
        if value is None:
            value = directory_end + 16
        elif kind == 5:
            value += directory_end
        out += struct.pack("<HHII", tag, kind, 1, value)
    out += struct.pack("<I", 0)
    out += struct.pack("<II", dpi.numerator, dpi.denominator) * 2
    return bytes(out) + data


def bmp(picture: Bitmap | Greys) -> bytes:
    """A Windows bitmap of 1 or 8 bits, ink black; colour 0 is black and the last is white, as programs expect that ignore the palette."""
    if isinstance(picture, Bitmap):
        palette = bytes((0, 0, 0, 0, 255, 255, 255, 0))
        return _bmp(picture, 1, palette, picture.rows.translate(_COMPLEMENT), (picture.width_px + 7) // 8)
    palette = b"".join(bytes((value, value, value, 0)) for value in range(256))
    return _bmp(picture, 8, palette, picture.values, picture.width_px)


def bmp_layers(picture: Layers) -> bytes:
    """A 24-bit Windows bitmap with a colour for each layer, as GA 241 systems and chips take it."""
    colours = [bytes(reversed(rgb)) for rgb in LAYER_COLOURS]
    return _bmp(picture, 24, b"", b"".join([colours[value] for value in picture.values]), picture.width_px * 3)


def _png(picture: Bitmap | Greys, depth: int, colour_type: int, data: bytes, row_bytes: int, palette: bytes) -> bytes:
    lines = b"\0" + b"\0".join([data[start : start + row_bytes] for start in range(0, row_bytes * picture.height_px, row_bytes)])
    header = struct.pack(">IIBBBBB", picture.width_px, picture.height_px, depth, colour_type, 0, 0, 0)
    resolution = struct.pack(">IIB", _per_metre(picture.dpi), _per_metre(picture.dpi), 1)
    return b"".join((
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", header),
        palette,
        _chunk(b"pHYs", resolution),
        _chunk(b"IDAT", _deflated(lines)),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def _deflated(data: bytes) -> bytes:
    """Runs of equal bytes and letter frequencies only: on pictures of seals a third quicker than zlib's level 2, and smaller.

    It also leaves no choice of matches to the version of zlib, so that the bytes are the same on every system.
    """
    packer = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    return packer.compress(data) + packer.flush()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bmp(picture: Bitmap | Greys | Layers, depth: int, palette: bytes, data: bytes, row_bytes: int) -> bytes:
    pad = bytes(-row_bytes % 4)
    rows = b"".join([data[y * row_bytes : (y + 1) * row_bytes] + pad for y in range(picture.height_px - 1, -1, -1)])
    offset = 14 + 40 + len(palette)
    header = struct.pack("<2sIHHI", b"BM", offset + len(rows), 0, 0, offset)
    per_metre = _per_metre(picture.dpi)
    colours = len(palette) // 4
    info = struct.pack(
        "<IiiHHIIiiII", 40, picture.width_px, picture.height_px, 1, depth, 0, len(rows), per_metre, per_metre, colours, colours
    )
    return header + info + palette + rows


def _per_metre(dpi: float) -> int:
    return int(dpi / _METRES_PER_INCH + 0.5)
