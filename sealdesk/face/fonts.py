"""Outlines of letters from font files, shaped by HarfBuzz. It knows fonts, not faces; a missing letter is refused, never a box.

Outlines are in em units with y upwards. Roles (song, fang, kai, sans, arial) name what the law or the trade asks for; on every system
a role is the first file that is there, and `FontSet.substitute` says in words when that file is not the font that was asked for.
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sealdesk.core.errors import StorageError, UserError
from sealdesk.core.i18n import N_, _
from sealdesk.face.drawing import Bounds, Contour, Segment, contour_bounds, quadratic
from sealdesk.face.specification import FaceFont

MAX_FONT_BYTES = 200_000_000


class MissingGlyphError(UserError):
    """No configured font has the character."""

    code = "face.font.glyph"
    sentence = N_("No font has the character “{character}” ({code_point}).")
    advice = N_("Add a font file that has it, or import an SVG outline for this one character.")


class FontFileError(StorageError):
    """A font file cannot be used."""

    code = "face.font.file"
    sentence = N_("The font file {name} cannot be used: {reason}.")
    advice = N_("Choose another font file (TTF, OTF or TTC).")


class ForeignFontError(UserError):
    """The face is set with a font file of a shop that is not among this one's."""

    code = "face.font.foreign"
    sentence = N_("The font “{name}” that this face is set with is not among the shop's fonts.")
    advice = N_("Add that font file under templates, or choose another font.")


class NoFontError(StorageError):
    """Not one font file of a role is on this computer."""

    code = "face.font.none"
    sentence = N_("No font for “{role}” is on this computer.")
    advice = N_("Install the program again, or choose a font file in the settings.")


@dataclass(frozen=True, slots=True)
class Outline:
    """One glyph in em units, y upwards."""

    key: str
    contours: tuple[Contour, ...]
    advance: float
    bounds: Bounds | None


@dataclass(frozen=True, slots=True)
class Shaped:
    """One glyph of a shaped line: its outline, where it stands (em), and the characters that it shows."""

    outline: Outline
    x: float
    y: float
    advance: float
    text: str


@dataclass(frozen=True, slots=True)
class Metrics:
    """The boxes that are scaled to a letter's height and width (em, y upwards).

    `face` is the box that full ideographs fill, `capital` runs from the baseline to the top of a capital, `digit_width` is the ink of
    the widest digit.
    """

    face: Bounds
    capital: float
    digit_width: float


class _Pen:
    """Collects one glyph's outline; the names are those of HarfBuzz's pen protocol."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.contours: list[Contour] = []
        self._start: tuple[float, float] = (0.0, 0.0)
        self._at: tuple[float, float] = (0.0, 0.0)
        self._segments: list[Segment] = []

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._finish()
        self._start = self._at = (point[0] * self.scale, point[1] * self.scale)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._at = (point[0] * self.scale, point[1] * self.scale)
        self._segments.append(("L", *self._at))

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        s = self.scale
        (x1, y1), (x2, y2), (x, y) = points
        self._at = (x * s, y * s)
        self._segments.append(("C", x1 * s, y1 * s, x2 * s, y2 * s, *self._at))

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        s = self.scale
        (qx, qy), (x, y) = points
        x0, y0 = self._at
        self._at = (x * s, y * s)
        self._segments.append(quadratic(x0, y0, qx * s, qy * s, *self._at))

    def closePath(self) -> None:  # noqa: N802
        self._finish()

    def endPath(self) -> None:  # noqa: N802
        self._finish()

    def _finish(self) -> None:
        if self._segments:
            self.contours.append(Contour(self._start, tuple(self._segments)))
        self._segments = []


class FontFile:
    """One font file, opened once; outlines are kept."""

    def __init__(self, path: Path, index: int = 0, content: bytes | None = None) -> None:
        """Open `path`, or take its `content` if it lies elsewhere.

        Raises:
            FontFileError: it is missing, too large, or no font.
        """
        import uharfbuzz as hb

        self.path = path
        data = _read(path) if content is None else content
        self.digest = hashlib.sha256(data).hexdigest()[:16] + (f".{index}" if index else "")
        self._hb: Any = hb
        face = hb.Face(hb.Blob(data), index)
        if not face.glyph_count or not face.unicodes:
            raise FontFileError(name=path.name, reason=_("it is not a font file"))
        self._font = hb.Font(face)
        self._scale = 1 / face.upem
        self._kept: dict[int, Outline] = {}
        self._metrics: Metrics | None = None

    def has(self, character: str) -> bool:
        """Whether every code point of `character` has a glyph (joiners need none); an asked variation must be there, too."""
        if len(character) == 2 and _selector(character[1]):
            return bool(self._font.get_variation_glyph(ord(character[0]), ord(character[1])))
        return all(_invisible(c) or self._font.get_nominal_glyph(ord(c)) for c in character)

    def characters(self) -> frozenset[int]:
        """The code points that it has letters for."""
        return frozenset(self._font.face.unicodes)

    def outline(self, character: str) -> Outline:
        """The unshaped glyph of one character (its variation selector is honoured when the font knows it)."""
        gid = 0
        if len(character) == 2:  # base and variation selector
            gid = self._font.get_variation_glyph(ord(character[0]), ord(character[1])) or 0
        return self._glyph(gid or self._font.get_nominal_glyph(ord(character[0])) or 0)

    def _glyph(self, gid: int) -> Outline:
        kept = self._kept.get(gid)
        if kept is None:
            pen = _Pen(self._scale)
            self._font.draw_glyph_with_pen(gid, pen)
            contours = tuple(pen.contours)
            advance = self._font.get_glyph_h_advance(gid) * self._scale
            kept = Outline(f"{self.digest}/{gid}", contours, advance, contour_bounds(contours) if contours else None)
            self._kept[gid] = kept
        return kept

    def shape(self, text: str) -> list[Shaped]:
        """The line as HarfBuzz sets it: visual order, joined and stacked forms, em units."""
        buffer = self._hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        self._hb.shape(self._font, buffer, {"kern": True, "liga": True})
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        out: list[Shaped] = []
        x = 0.0
        clusters = sorted({i.cluster for i in infos} | {len(text)})
        following = dict(itertools.pairwise(clusters))
        shown: set[int] = set()
        for info, at in zip(infos, positions, strict=True):
            if info.codepoint == 0:  # never a box: what was shaped to nothing is named
                missing = text[info.cluster]
                raise MissingGlyphError(character=missing, code_point=f"U+{ord(missing):04X}")
            piece = "" if info.cluster in shown else text[info.cluster : following.get(info.cluster, len(text))]
            shown.add(info.cluster)
            advance = at.x_advance * self._scale
            out.append(Shaped(self._glyph(info.codepoint), x + at.x_offset * self._scale, at.y_offset * self._scale, advance, piece))
            x += advance
        return out

    def _usual_box(self) -> Bounds | None:
        """The box that ideographs fill in a font of rare characters, which has none of the reference letters; None without ideographs."""
        ideographs = sorted(code for code in self.characters() if is_ideograph(code))
        sampled = ideographs[:: max(len(ideographs) // _SAMPLED, 1)]
        boxes = [box for code in sampled if (box := self.outline(chr(code)).bounds)]
        if not boxes:
            return None
        sides = [sorted(box[side] for box in boxes) for side in range(4)]
        outer, last = len(boxes) // 10, len(boxes) - 1  # flat and slim letters, and what hangs out, do not count
        return sides[0][outer], sides[1][outer], sides[2][last - outer], sides[3][last - outer]

    def metrics(self) -> Metrics:
        """The font's boxes, measured on its own reference letters."""
        if self._metrics is None:
            boxes = [b for c in "国圆圖東永事" if self.has(c) and (b := self.outline(c).bounds)]
            caps = [b for c in "HEIX" if self.has(c) and (b := self.outline(c).bounds)]
            digits = [b for c in "0123456789" if self.has(c) and (b := self.outline(c).bounds)]
            capital = max((b[3] for b in caps or digits), default=0.7)
            face = (
                (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
                if boxes
                else self._usual_box() or (0.0, 0.0, 1.0, capital)
            )
            self._metrics = Metrics(face, capital, max((b[2] - b[0] for b in digits), default=0.5))
        return self._metrics


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FONT_BYTES:
            raise FontFileError(name=path.name, reason=_("it is too large"))
        return path.read_bytes()
    except OSError as error:
        raise FontFileError(name=path.name, reason=error.strerror or str(error)) from error


_SAMPLED = 120
"""Ideographs that the usual box is measured on."""


def is_ideograph(code: int) -> bool:
    """Whether a code point is a Han character: the unified blocks, the compatibility ideographs, planes 2 and 3."""
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


def _selector(c: str) -> bool:
    return "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef"


def _invisible(c: str) -> bool:
    return c in "\u200c\u200d\u202f\u180e" or "\ufe00" <= c <= "\ufe0f" or "\u180b" <= c <= "\u180d" or "\U000e0100" <= c <= "\U000e01ef"


class FontSet:
    """The files of each role, best first. Files are opened when a letter is first asked for."""

    def __init__(self, files: dict[str, tuple[tuple[str, Path | FaceFont], ...]]) -> None:
        """`files` maps a role to (name of the font, where it is) pairs; the first pair's font is the one that the role means."""
        self._files = files
        self._chosen: dict[tuple[str, str], FontFile] = {}
        self._with: dict[tuple[FaceFont, ...], FontSet] = {}

    def primary(self, role: str) -> FontFile:
        """The role's first file.

        Raises:
            NoFontError: the role has none.
        """
        for _name, path in self._files.get(role, ()):
            return open_font(path)
        raise NoFontError(role=role)

    def covering(self, role: str, text: str) -> FontFile:
        """The first file of the role that has all of `text` (one character or a line of a script).

        Raises:
            MissingGlyphError: no file has it; names the first character that is missing everywhere.
        """
        key = (role, text)
        found = self._chosen.get(key)
        if found is None:
            found = self._chosen[key] = self._search(role, text)
        return found

    def _search(self, role: str, text: str) -> FontFile:
        files = self._files.get(role, ())
        if not files:
            raise NoFontError(role=role)
        for _name, path in files:
            font = open_font(path)
            if font.has(text):
                return font
        for c in text if len(text) > 2 or not _selector(text[-1]) else ():
            if not any(open_font(path).has(c) for _name, path in files):
                raise MissingGlyphError(character=c, code_point=f"U+{ord(c):04X}")
        raise MissingGlyphError(character=text, code_point=" ".join(f"U+{ord(c):04X}" for c in text))

    def missing(self, role: str, text: str) -> tuple[str, ...]:
        """The characters of `text` that no file of the role has, each once."""
        files = self._files.get(role, ())
        wanted = dict.fromkeys(c for c in text if not c.isspace())
        return tuple(c for c in wanted if not any(open_font(path).has(c) for _name, path in files))

    def substitute(self, role: str) -> str:
        """A sentence when the role's font is not the one that is meant; empty when it is."""
        files = self._files.get(role, ())
        if not files or files[0][0] == MEANT[role] or isinstance(files[0][1], FaceFont):
            return ""
        return _("{meant} is not on this computer; {used} is used instead.").format(meant=MEANT[role], used=files[0][0])

    def names(self, role: str) -> tuple[str, ...]:
        """The names of the role's fonts, best first."""
        return tuple(name for name, _path in self._files.get(role, ()))

    def with_font(self, role: str, name: str, path: Path) -> FontSet:
        """The same set with the shop's own file as the first of a role.

        Raises:
            FontFileError: the file is no font.
        """
        open_font(path)
        return FontSet({**self._files, role: ((name, path), *self._files.get(role, ()))})

    def for_face(self, fonts: tuple[FaceFont, ...]) -> FontSet:
        """The same set with the shop's files that a face names: first of their role, or last of all roles."""
        if not fonts:
            return self
        made = self._with.get(fonts)
        if made is None:
            files = dict(self._files)
            for font in reversed(fonts):
                for role in (font.role,) if font.role else tuple(files):
                    own: tuple[tuple[str, Path | FaceFont], ...] = ((font.name, font),)
                    files[role] = own + files.get(role, ()) if font.role else files[role] + own
            made = FontSet(files)
            if len(self._with) >= _SETS_KEPT:
                self._with.clear()
            self._with[fonts] = made
        return made


_SETS_KEPT = 64
"""Sets of a shop's fonts that are kept opened."""


def open_font(font: Path | FaceFont) -> FontFile:
    """A font of this computer or of the shop, opened once in this process.

    Raises:
        FontFileError: it cannot be used.
        ForeignFontError: the shop has no such file.
    """
    return _open_file(font) if isinstance(font, Path) else _open_shops(font.digest, font.index, font.name)


@lru_cache(maxsize=32)
def _open_file(path: Path) -> FontFile:
    return FontFile(path)


@lru_cache(maxsize=16)
def _open_shops(digest: str, index: int, name: str) -> FontFile:
    content = _shops_file(digest)
    if content is None:
        raise ForeignFontError(name=name or digest[:8])
    return FontFile(Path(name or digest[:8]), index, content)


def _no_file(_digest: str) -> bytes | None:
    return None


_shops_file: Callable[[str], bytes | None] = _no_file


def take_shops_files_from(source: Callable[[str], bytes | None]) -> None:
    """Have the shop's font files fetched by `source`, which is given a SHA-256 and knows the content or None. Any thread may ask it."""
    global _shops_file
    _shops_file = source
    _open_shops.cache_clear()


MEANT = {"song": "SimSun", "fang": "FangSong", "kai": "KaiTi", "sans": "SimHei", "arial": "Arial"}
"""The font that a role means: 国发〔1999〕25号 Art. 17 says 宋体, 国家税务总局公告2011年第7号 仿宋体 and Arial."""

_SYSTEM: dict[str, tuple[tuple[str, str], ...]] = {
    "song": (("SimSun", "simsun.ttc"), ("Noto Serif SC", "NotoSerifSC-Regular.otf")),
    "fang": (("FangSong", "simfang.ttf"), ("LXGW WenKai", "LXGWWenKai-Regular.ttf"), ("Noto Serif SC", "NotoSerifSC-Regular.otf")),
    "kai": (("KaiTi", "simkai.ttf"), ("LXGW WenKai", "LXGWWenKai-Regular.ttf"), ("Noto Serif SC", "NotoSerifSC-Regular.otf")),
    "sans": (("SimHei", "simhei.ttf"), ("Noto Sans SC", "NotoSansSC-Regular.otf")),
    "arial": (
        ("Arial", "arial.ttf"),
        ("Liberation Sans", "LiberationSans-Regular.ttf"),
        ("Nimbus Sans", "NimbusSans-Regular.otf"),
        ("DejaVu Sans", "DejaVuSans.ttf"),
        ("Noto Sans SC", "NotoSansSC-Regular.otf"),
    ),
}
_RARE: tuple[tuple[str, str], ...] = (
    ("Noto Serif SC", "NotoSerifSC-Regular.otf"),
    ("SimSun-ExtB", "simsunb.ttf"),
    ("SimSun-ExtG", "SimsunExtG.ttf"),
    ("HanaMinA", "HanaMinA.ttf"),
    ("HanaMinB", "HanaMinB.ttf"),
    ("TW-Sung-Ext-B", "TW-Sung-Ext-B-98_1.ttf"),
    ("Microsoft Uighur", "msuighur.ttf"),
    ("Microsoft Himalaya", "himalaya.ttf"),
    ("Mongolian Baiti", "monbaiti.ttf"),
    ("Noto Sans Mongolian", "NotoSansMongolian-Regular.ttf"),
    ("Noto Serif Tibetan", "NotoSerifTibetan-Regular.ttf"),
    ("Noto Sans Arabic", "NotoSansArabic-Regular.ttf"),
    ("DejaVu Sans", "DejaVuSans.ttf"),
)
"""Fonts for what the role's own fonts lack: CJK extensions B and beyond, and the scripts that are set beside Chinese (Art. 16)."""


def font_folders() -> tuple[Path, ...]:
    """Where font files are looked for, best first."""
    folders: list[Path] = []
    if sys.platform == "win32":
        folders.append(Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts")
        if local := os.environ.get("LOCALAPPDATA"):
            folders.append(Path(local) / "Microsoft" / "Windows" / "Fonts")
    package = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if package is not None and package.origin:
        folders.append(Path(package.origin).parent)
    if sys.platform != "win32":
        for base in ("/usr/share/fonts/truetype", "/usr/share/fonts/opentype", "/usr/local/share/fonts"):
            root = Path(base)
            if root.is_dir():
                folders += [root, *sorted(p for p in root.iterdir() if p.is_dir())]
    return tuple(folders)


@lru_cache(maxsize=1)
def system_fonts() -> FontSet:
    """The roles with what this computer has; no file is opened yet."""
    folders = font_folders()

    def present(table: tuple[tuple[str, str], ...]) -> list[tuple[str, Path]]:
        return [(name, path) for name, file in table if (path := _find(folders, file))]

    rare = present(_RARE)
    files: dict[str, tuple[tuple[str, Path | FaceFont], ...]] = {}
    for role, table in _SYSTEM.items():
        own = present(table)
        known = {path for _name, path in own}
        files[role] = tuple(own + [pair for pair in rare if pair[1] not in known])
    return FontSet(files)


def _find(folders: tuple[Path, ...], file: str) -> Path | None:
    for folder in folders:
        path = folder / file
        if path.is_file():
            return path
    return None
