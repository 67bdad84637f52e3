"""Font files from outside: what is in one, and a sentence for each reason why it cannot be used. It trusts nothing in the file.

Only outlines and the table of characters are used; hinting programs never run. HarfBuzz checks each table before it reads it.
"""

from __future__ import annotations

import hashlib
import io
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sealdesk.core.i18n import N_
from sealdesk.face.codec import SpokenError
from sealdesk.face.fonts import FontFile, FontFileError, is_ideograph
from sealdesk.face.specification import FaceFont

LARGEST_BYTES = 64 * 1024 * 1024
"""The largest font of rare characters that was seen has 33 MB."""
MOST_FONTS = 16
"""Fonts of one collection that are looked at."""
MOST_SEGMENTS = 5000
"""Segments of one letter; the busiest ideograph of the fonts that were measured has 400."""
_SAMPLES = 300
_NAME = 80
_KINDS = {b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf"}
_WEB = {b"wOFF", b"wOF2"}
_OUTLINES = ("glyf", "CFF ", "CFF2")


class UnusableFontError(SpokenError):
    """The file is no font that faces can be set with. Facts: name, reason."""

    code = "face.font.unusable"
    sentence = N_("The font file {name} cannot be used: {reason}.")
    advice = N_("Choose another font file (TTF, OTF or TTC).")


@dataclass(frozen=True, slots=True)
class FontFacts:
    """One font of a file: how faces name it, and how many ideographs and other characters it has."""

    font: FaceFont
    ideographs: int
    others: int
    characters: frozenset[int] = field(default=frozenset(), repr=False)

    def has(self, code: int) -> bool:
        """Whether it has a letter for a code point."""
        return code in self.characters


def examine(file_name: str, content: bytes) -> tuple[FontFacts, ...]:
    """The fonts in a file, with everything about them tried that faces will ask for.

    Raises:
        UnusableFontError: with the reason.
    """
    head = content[:4]
    if len(content) > LARGEST_BYTES:
        raise _unusable(file_name, N_("it is larger than 64 MB"))
    if head in _WEB:
        raise _unusable(file_name, N_("it is a web font; its TTF or OTF file is needed"))
    if head not in _KINDS:
        raise _unusable(file_name, N_("it is not a font file"))
    digest = hashlib.sha256(content).hexdigest()
    return tuple(_facts(file_name, content, digest, index) for index in range(_count(file_name, content)))


def _unusable(name: str, reason: str) -> UnusableFontError:
    return UnusableFontError(name=name, reason=reason)


def _count(file_name: str, content: bytes) -> int:
    if content[:4] != b"ttcf":
        return 1
    count = struct.unpack(">I", content[8:12])[0] if len(content) >= 12 else 0
    if not 0 < count <= MOST_FONTS:
        raise _unusable(file_name, N_("its collection is damaged or has more than 16 fonts"))
    return int(count)


def _facts(file_name: str, content: bytes, digest: str, index: int) -> FontFacts:
    name = _name(file_name, content, index)
    try:
        font = FontFile(Path(file_name), index, content)
    except FontFileError:
        raise _unusable(file_name, N_("it has no letters")) from None
    characters = sorted(font.characters())
    ideographs = sum(is_ideograph(code) for code in characters)
    others = sum(code > 0x20 for code in characters) - ideographs
    if ideographs + others == 0:
        raise _unusable(file_name, N_("it has no letters"))
    _try_outlines(file_name, font, characters)
    return FontFacts(FaceFont(digest, index, name), ideographs, others, font.characters())


def _name(file_name: str, content: bytes, index: int) -> str:
    """What the font calls itself, in Chinese where it can; also finds out whether its tables are those of an outline font."""
    from fontTools.ttLib import TTFont

    try:
        with TTFont(io.BytesIO(content), fontNumber=index if content[:4] == b"ttcf" else -1, lazy=True) as font:
            if not any(table in font for table in _OUTLINES):
                raise _unusable(file_name, N_("it has pictures instead of outlines"))
            spoken = [words for words in _names(font) if words]
    except UnusableFontError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged file makes the reader stumble over
        raise _unusable(file_name, N_("its tables are damaged")) from None
    return next(iter(spoken), Path(file_name).stem)[:_NAME]


def _names(font: Any) -> Iterator[str]:
    """Full name and family, Simplified Chinese first; control characters of a hostile name are left out."""
    table = font.get("name")
    for language in (0x0804, 0x0409):
        for kind in (4, 1):
            record = table.getName(kind, 3, 1, language) if table is not None else None
            if record is not None:
                yield "".join(c for c in record.toUnicode(errors="replace") if c.isprintable()).strip()


def _try_outlines(file_name: str, font: FontFile, characters: list[int]) -> None:
    """Draw letters from all over the font."""
    step = max(len(characters) // _SAMPLES, 1)
    drawn = 0
    for code in characters[::step]:
        outline = font.outline(chr(code))
        if sum(len(contour.segments) for contour in outline.contours) > MOST_SEGMENTS:
            raise _unusable(file_name, N_("a letter of it has more than 5,000 segments"))
        if outline.bounds is None:
            continue
        if not all(math.isfinite(value) and abs(value) < 20 for value in outline.bounds):
            raise _unusable(file_name, N_("a letter of it has an impossible size"))
        drawn += 1
    if not drawn:
        raise _unusable(file_name, N_("its letters are empty"))
