"""What one letter takes of a line: the width of its cell and the matrix that puts its outline into it. It knows no curves.

A cell is `height` tall; a full letter (an ideograph, or a letter of an all-Latin text) is `width` wide, narrower signs take a part of
that. An outline is scaled so that its font's face box (ideographs) or capital (Latin) fills the cell.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from sealdesk.face.fonts import FontSet, Metrics, Outline
from sealdesk.face.specification import CharacterOutline

Matrix = tuple[float, float, float, float, float, float]

_NARROW = (
    dict.fromkeys("（）()【】〔〕[]「」《》〈〉", 0.5) | dict.fromkeys("·•・‧∙．.,，、:：;；'’", 0.34) | dict.fromkeys("-－—–~～/", 0.6)
)
_LATIN_SHARE = 0.62
_DOTS = "·•・‧∙"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a text: its characters, its outline (None for a space) and how it fills its cell."""

    text: str
    outline: Outline | None
    metrics: Metrics
    share: float  # of the full width
    latin: bool
    squeeze: bool  # imported outlines fill their cell by their own bounds
    digit_share: float = 1.0  # the share that a digit has in this text

    @property
    def is_dot(self) -> bool:
        """Whether it is the dot between the parts of a name, which needs little room in a column too."""
        return self.text in _DOTS


def split(text: str) -> list[str]:
    """The text as characters, each with the variation selectors that follow it."""
    out: list[str] = []
    for c in text:
        if "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef":
            if out:
                out[-1] += c
        elif c not in "\u200b\u200c\u200d\u2060\ufeff":  # joiners have nothing to join in cells, and no shape of their own
            out.append(c)
    return out


def is_latin(c: str) -> bool:
    """Whether a character is set by its baseline and capital height: Latin, Cyrillic, Greek, digits, ASCII signs."""
    return ord(c[0]) < 0x2000 and not c.isspace() and unicodedata.category(c[0])[0] in "LNPS" and c[0] != "·"


def letters(text: str, role: str, fonts: FontSet, imported: tuple[CharacterOutline, ...] = ()) -> tuple[Letter, ...]:
    """The letters of a text that is set in cells.

    Raises:
        MissingGlyphError: a character has neither a font nor an imported outline.
    """
    pieces = split(text.strip())
    all_latin = all(is_latin(p) or p.isspace() for p in pieces)
    own = {o.character: o.outline for o in imported}
    out = []
    for piece in pieces:
        if piece.isspace():
            out.append(Letter(piece, None, _NO_METRICS, 0.4, latin=True, squeeze=False))
        elif piece in own:
            out.append(Letter(piece, _imported(own[piece]), _NO_METRICS, 1.0, latin=False, squeeze=True))
        else:
            font = fonts.covering(role, piece)
            latin = is_latin(piece)
            share = _NARROW.get(piece[0], _LATIN_SHARE if latin and not all_latin else 1.0)
            out.append(Letter(piece, font.outline(piece), font.metrics(), share, latin, False, 1.0 if all_latin else _LATIN_SHARE))
    return tuple(out)


_NO_METRICS = Metrics((0.0, 0.0, 1.0, 1.0), 1.0, 1.0)


@lru_cache(maxsize=128)
def _imported(path: str) -> Outline:
    from sealdesk.face import svgpath

    contours = svgpath.contours(path)
    return Outline("svg/" + svgpath.key(path), svgpath.fitted(contours, 0.0, 1.0, 1.0, -1.0), 1.0, (0.0, 0.0, 1.0, 1.0))


def matrix(letter: Letter, width: float, height: float) -> Matrix:
    """Em units (y up) to the cell: x from its middle, y downwards from its top; SVG order."""
    outline = letter.outline
    assert outline is not None and outline.bounds is not None
    left, bottom, right, top = outline.bounds
    middle = (left + right) / 2
    if letter.squeeze:
        sx, sy = width / (right - left), height / (top - bottom)
        return (sx, 0.0, 0.0, -sy, -middle * sx, top * sy)
    if letter.latin:
        sy = height / letter.metrics.capital
        # The widest digit fills a digit's cell; wider letters are squeezed into theirs, narrower ones keep the common scale.
        sx = width / letter.share * letter.digit_share / letter.metrics.digit_width
        sx = min(sx, width / max(right - left, 1e-6))
        if letter.text in "()[]":  # brackets of a number are as tall as its digits
            sy = height / (top - bottom)
            return (sx, 0.0, 0.0, -sy, -middle * sx, top * sy)
        return (sx, 0.0, 0.0, -sy, -middle * sx, height)
    face = letter.metrics.face
    sy = height / (face[3] - face[1])
    full = width / letter.share
    sx = full / (face[2] - face[0])
    if letter.share < 1.0:
        sx = min(sx, width / max(right - left, 1e-6))
        return (sx, 0.0, 0.0, -sy, -middle * sx, face[3] * sy)
    return (sx, 0.0, 0.0, -sy, -(face[0] + face[2]) / 2 * sx, face[3] * sy)


def filled(letter: Letter, width: float, height: float) -> Matrix:
    """As `matrix`, but the ink itself fills the cell, as the letters of name seals do; flat and slim signs keep their face box."""
    outline = letter.outline
    assert outline is not None and outline.bounds is not None
    left, bottom, right, top = outline.bounds
    face = letter.metrics.face
    # 一 or 丨 stretched to a full cell would be a black bar: from half the face box on, the ink may fill.
    wide = (left, right) if right - left > 0.5 * (face[2] - face[0]) else (face[0], face[2])
    tall = (bottom, top) if top - bottom > 0.5 * (face[3] - face[1]) else (face[1], face[3])
    sx, sy = width / (wide[1] - wide[0]), height / (tall[1] - tall[0])
    return (sx, 0.0, 0.0, -sy, -(wide[0] + wide[1]) / 2 * sx, tall[1] * sy)
