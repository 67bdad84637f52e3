"""Typefaces of the papers: measuring a text, and TrueType files of just the characters that one document shows.

reportlab embeds TrueType outlines only, and the Chinese fonts have cubic ones; so each document's characters are converted. A character
that a font lacks is taken from the next one (Extension B and beyond from HanaMinB or the system's), and 〓 stands for what nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import RLock
from typing import Any

GETA = "〓"
"""The printer's mark for a missing character."""

_PER_EM = 1000
_CURVE_ERROR = 0.6
"""Units of 1/1000 em by which a converted curve may differ: 3 µm in a text of 14 points."""

_RARE = (
    Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"),
    Path("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf"),
    Path("C:/Windows/Fonts/simsunb.ttf"),
    Path("C:/Windows/Fonts/TW-Sung-Ext-B-98_1.ttf"),
)

_lock = RLock()  # fontTools reads tables when they are first used; two computing lanes may ask for papers at once.


class Typeface(Enum):
    """The two voices of a paper."""

    SANS = "sans"
    SERIF = "serif"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text that one font shows."""

    font: Path
    text: str


@cache
def _paths(typeface: Typeface) -> tuple[Path, ...]:
    import pylopdf_fonts_zh_cn as fonts

    pair = (fonts.sans_path(), fonts.serif_path())
    own = pair if typeface is Typeface.SANS else pair[::-1]
    return (*own, *(path for path in _RARE if path.exists()))


class _Font:
    """One opened font: which glyph a character has, how wide it is, and its outline in 1/1000 em."""

    def __init__(self, path: Path) -> None:
        from fontTools.ttLib import TTFont

        self.name = path.stem
        self._font = TTFont(path, lazy=True)
        self.glyphs: dict[int, str] = self._font.getBestCmap()
        self._advances: dict[str, tuple[int, int]] = self._font["hmtx"].metrics
        self._scale: float = _PER_EM / self._font["head"].unitsPerEm
        self._cubic = "glyf" not in self._font
        header = self._font["hhea"]
        self.ascent = round(header.ascent * self._scale)
        self.descent = round(header.descent * self._scale)
        self._outlines: dict[str, Any] = {}

    def advance(self, character: str) -> float:
        return self._advances[self.glyphs[ord(character)]][0] * self._scale

    def outline(self, character: str) -> Any:
        """The glyph as a TrueType glyph (clockwise, quadratic)."""
        name = self.glyphs[ord(character)]
        if name not in self._outlines:
            self._outlines[name] = self._convert(name)
        return self._outlines[name]

    def _convert(self, name: str) -> Any:
        from fontTools.misc.roundTools import otRound
        from fontTools.pens.cu2quPen import Cu2QuPen
        from fontTools.pens.recordingPen import DecomposingRecordingPen
        from fontTools.pens.transformPen import TransformPen
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        glyphs = self._font.getGlyphSet()
        recording = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(recording)
        target = TTGlyphPen(None)
        # PostScript outlines run the other way round than TrueType ones.
        pen = Cu2QuPen(target, _CURVE_ERROR, reverse_direction=self._cubic)
        recording.replay(TransformPen(pen, (self._scale, 0, 0, self._scale, 0, 0)))
        return target.glyph(round=otRound)


@cache
def _font(path: Path) -> _Font:
    return _Font(path)


@lru_cache(maxsize=16_384)
def _home(typeface: Typeface, character: str) -> Path | None:
    for path in _paths(typeface):
        if ord(character) in _font(path).glyphs:
            return path
    return None


def missing_characters(text: str) -> str:
    """The characters that no installed font has, each once; a paper shows 〓 in their place."""
    with _lock:
        return "".join(dict.fromkeys(c for c in text if _home(Typeface.SANS, c) is None))


def runs(text: str, typeface: Typeface) -> tuple[Run, ...]:
    """The text in pieces of one font each; line breaks and other control characters become spaces."""
    pieces: list[tuple[Path, list[str]]] = []
    with _lock:
        for character in text:
            shown = character if character.isprintable() else " "
            path = _home(typeface, shown)
            if path is None:
                shown, path = GETA, _paths(typeface)[0]
            if pieces and pieces[-1][0] == path:
                pieces[-1][1].append(shown)
            else:
                pieces.append((path, [shown]))
    return tuple(Run(path, "".join(characters)) for path, characters in pieces)


@lru_cache(maxsize=16_384)
def _advance(typeface: Typeface, character: str) -> float:
    (run,) = runs(character, typeface)
    with _lock:
        return _font(run.font).advance(run.text)


def width_pt(text: str, typeface: Typeface, size_pt: float, tracking_pt: float = 0.0) -> float:
    """How wide the text is, in points, with `tracking_pt` between neighbours."""
    return sum(_advance(typeface, c) for c in text) * size_pt / _PER_EM + tracking_pt * max(len(text) - 1, 0)


def font_name(path: Path) -> str:
    """The PostScript name under which a font appears in the PDF."""
    return _font(path).name


@lru_cache(maxsize=32)
def subset(path: Path, characters: str) -> bytes:
    """A TrueType file of just `characters` (sorted, each once); the same characters give the same bytes."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    with _lock:
        font = _font(path)
        names = {ord(c): f"u{ord(c):05X}" for c in characters}
        builder = FontBuilder(_PER_EM, isTTF=True)
        builder.setupGlyphOrder([".notdef", *names.values()])
        builder.setupCharacterMap(names)
        builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **{names[ord(c)]: font.outline(c) for c in characters}})
        bearings = builder.font["glyf"]
        metrics = {names[ord(c)]: (round(font.advance(c)), getattr(bearings[names[ord(c)]], "xMin", 0)) for c in characters}
        builder.setupHorizontalMetrics({".notdef": (_PER_EM, 0), **metrics})
        builder.setupHorizontalHeader(ascent=font.ascent, descent=font.descent)
        builder.setupNameTable({"familyName": font.name, "styleName": "Regular", "psName": font.name, "fullName": font.name})
        builder.setupOS2(sTypoAscender=font.ascent, sTypoDescender=font.descent, fsType=0)
        builder.setupPost()
        # A date in the file would make every paper different.
        builder.font.recalcTimestamp = False
        builder.font["head"].created = builder.font["head"].modified = 0
        stream = BytesIO()
        builder.save(stream)
    return stream.getvalue()


def register(path: Path, characters: str) -> str:
    """Make a subset known to reportlab and return the name to select it by; the next document's subset takes its place."""
    from reportlab.pdfbase import pdfmetrics

    name = f"sealdesk-{font_name(path)}"
    font = _truetype_class()(name, BytesIO(subset(path, characters)))
    if name in pdfmetrics.getRegisteredFontNames():
        # registerFont keeps the first font of a name for ever, so its outlines are exchanged instead.
        registered: Any = pdfmetrics.getFont(name)
        registered.face = font.face
    else:
        pdfmetrics.registerFont(font)
    return name


@cache
def _truetype_class() -> Any:
    from reportlab.pdfbase.ttfonts import TTFont

    class TrueType(TTFont):
        """reportlab's font, with text that can be copied out again beyond the basic plane too."""

        def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's own name
            super().addObjects(doc)
            for key, found in doc.idToObject.items():
                # WORKAROUND reportlab 5.1: it writes U+20000 as five digits, where the format wants UTF-16.
                if str(key).startswith("toUnicodeCMap:"):
                    found.content = _as_utf16(found.content)

    return TrueType


def _as_utf16(cmap: str) -> str:
    import re

    def pair(match: re.Match[str]) -> str:
        return f"{match[1]}<{chr(int(match[2], 16)).encode('utf-16-be').hex().upper()}>"

    return re.sub(r"(<[0-9A-F]{2}> )<([0-9A-F]{5,6})>", pair, cmap)
