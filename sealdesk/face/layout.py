"""From a specification to a drawing: every part in its place, the same bytes every time. It decides nothing that the law decides.

Order of the parts: rings, lines, marks, texts, code, microtext, cuts (which take away what lies below them).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sealdesk.face import cells, cuts, marks, shapes, straight, text
from sealdesk.face.bending import Baseline
from sealdesk.face.cells import Letter, Matrix
from sealdesk.face.curves import edge
from sealdesk.face.drawing import Contour, Drawing, Ink, Origin, Part, transformed
from sealdesk.face.fonts import FontSet, Outline, Shaped
from sealdesk.face.specification import (
    Arc,
    CharacterOutline,
    Column,
    Cut,
    FaceSpec,
    Fit,
    Grid,
    Line,
    Mark,
    Microtext,
    Ring,
    Row,
    Shape,
    validate,
)

_JOINED = ("ARABIC", "MONGOLIAN", "SYRIAC", "NKO")
_STACKED = ("TIBETAN", "DEVANAGARI", "BENGALI", "THAI", "KHMER", "MYANMAR", "HEBREW")


def layout(spec: FaceSpec, fonts: FontSet) -> Drawing:
    """The drawing of a face.

    Raises:
        ProblemsError: the specification is not usable.
        MissingGlyphError: no font has one of its characters.
        PathDataError: an imported outline is not usable.
    """
    validate(spec)
    fonts = fonts.for_face(spec.fonts)
    parts = [part for name, element in _elements(spec) for part in _parts(fonts, spec.shape, spec.outlines, name, element)]
    return Drawing(spec.shape.width_mm, spec.shape.height_mm, tuple(parts))


def spacing(arc: Arc) -> str:
    """How an arc's text is set: `cells` (equal gaps), `line` (the font's advances) or `bent` (joined scripts)."""
    if arc.spacing != "auto":
        return arc.spacing
    names = {unicodedata.name(c, "").split(" ")[0] for c in arc.text if not c.isspace()}
    if names & set(_JOINED):
        return "bent"
    if names & set(_STACKED):
        return "line"
    if arc.kind == "text" and any(c.isalpha() for c in arc.text) and all(c.isspace() or cells.is_latin(c) for c in arc.text):
        return "line"
    return "cells"


_Element = Ring | Line | Mark | Arc | Row | Column | Grid | Microtext | Cut


def _elements(spec: FaceSpec) -> Iterator[tuple[str, _Element]]:
    """What is drawn, from below to above, under the names of its parts."""
    groups: tuple[tuple[str, tuple[_Element, ...]], ...] = (
        ("ring", spec.rings), ("line", spec.lines), ("mark", spec.marks), ("arc", spec.arcs), ("row", spec.rows),
        ("column", spec.columns), ("grid", spec.grids), ("microtext", spec.microtexts), ("cut", cuts.of(spec)),
    )  # fmt: skip
    for name, group in groups:
        for i, element in enumerate(group):
            yield f"{name}.{i}", element


@lru_cache(maxsize=48)
def _parts(fonts: FontSet, shape: Shape, outlines: tuple[CharacterOutline, ...], name: str, element: _Element) -> tuple[Part, ...]:
    """The parts of one element; those of the last few faces are kept, for a face changes one text at a time."""
    return tuple(_Layout(fonts, shape, outlines).parts(name, element))


class _Layout:
    def __init__(self, fonts: FontSet, shape: Shape, outlines: tuple[CharacterOutline, ...]) -> None:
        self.fonts = fonts
        self.shape = shape
        self.outlines = outlines
        self.middle: Matrix = (1, 0, 0, 1, shape.width_mm / 2, shape.height_mm / 2)

    def parts(self, name: str, element: _Element) -> Iterable[Part]:
        match element:
            case Ring():
                return [self._drawn(name, "ring", shapes.ring(self.shape, element))]
            case Line():
                bar = shapes.bar(element.x1_mm, element.y1_mm, element.x2_mm, element.y2_mm, element.width_mm)
                return [self._drawn(name, "line", (bar,))]
            case Mark():
                kind = "star" if element.kind == "star" and not element.outline else "emblem"
                return [self._drawn(name, kind, marks.contours(element))]
            case Arc():
                return self.arc(name, element)
            case Row():
                return self.row(name, element)
            case Column():
                return self.column(name, element)
            case Grid():
                return self.grid(name, element)
            case Microtext():
                return self.microtext(name, element)
            case Cut():
                return [self._drawn(name, "cut", (cuts.contour(element),))]

    def _drawn(self, name: str, kind: str, contours: tuple[Contour, ...]) -> Part:
        return Part(name, kind, Ink.CUT if kind == "cut" else Ink.INK, transformed(contours, *self.middle))

    def arc(self, name: str, arc: Arc) -> Iterator[Part]:
        words = arc.text.strip()
        if not words:
            return
        shape = self.shape
        line = edge(shape.width_mm, shape.height_mm)
        track = text.Track(line, arc.inset_mm, arc.side == "below")
        how = spacing(arc)
        if how != "cells":
            yield from self._line_on_arc(name, arc, track, bent=how == "bent")
            return
        letters = cells.letters(words, arc.font, self.fonts, self.outlines)
        shares = tuple(letter.share for letter in letters)
        span, least = math.radians(arc.span_deg), math.radians(arc.span_min_deg)
        placed = text.fit(track, shares, arc.height_mm, arc.width_mm, span, arc.fit, least)
        for i, (letter, r) in enumerate(zip(letters, placed.positions, strict=True)):
            frame = track.frame(r, placed.height)
            part = self._letter(
                f"{name}.{i}", arc.kind, letter, letter.share * placed.width, placed.height, frame, placed.width / placed.height
            )
            if part:
                yield part

    def _line_on_arc(self, name: str, arc: Arc, track: text.Track, *, bent: bool) -> Iterator[Part]:
        font = self.fonts.covering(arc.font, arc.text.strip())
        shaped = font.shape(arc.text.strip())
        advance = sum(g.advance for g in shaped)
        if not advance:
            return
        below = arc.side == "below"
        joined = bent or any(ord(c) >= 0x0590 for c in arc.text)
        top, bottom = _extent(shaped, font.metrics().capital, joined=joined, below=below)
        height, span = arc.height_mm, math.radians(arc.span_deg)
        for _ in range(40):
            # The letters' height is the capitals' (Latin) or that of all their ink (scripts whose letters have no common height).
            sy = height / (top + bottom if joined else top)
            foot = track.inset + (bottom if below else top) * sy
            inner = track.inset + (top + bottom) * sy if below else foot  # neighbours come closest there
            room = 2 * abs(track.edge.length(track.edge.at_angle(span / 2, inner), inner))
            if below:
                total = track.edge.length(math.pi, inner)
                room = 2 * (total - track.edge.length(track.edge.at_angle(math.pi - span / 2, inner), inner))
            sx = min(sy, room / advance)
            if sx >= arc.fit.min_ratio * sy or height <= arc.fit.min_height_mm:
                break
            height *= 0.96
        steps = sum(g.advance > 0 for g in shaped)
        extra = 0.0 if bent else min(max(room - advance * sx, 0.0) / max(steps, 1), 0.35 * height)
        # Letters that join keep their joints on the baseline; others their gaps where neighbours come closest.
        base = Baseline(track.edge, foot, below, foot if bent else inner)
        at, pen = -(advance * sx + extra * (steps - 1)) / 2, 0.0
        for i, glyph in enumerate(shaped):
            if glyph.outline.contours and bent:
                key, contours, turn = base.bent(glyph.outline, at + (glyph.x - pen) * sx, glyph.y * sy, sx, sy)
                yield self._glyph(f"{name}.{i}", arc.kind, key, contours, turn, glyph.text)
            elif glyph.outline.contours:
                frame = base.frame(at + glyph.advance * sx / 2)
                em = (sx, 0.0, 0.0, -sy, (glyph.x - pen - glyph.advance / 2) * sx, -glyph.y * sy)
                yield self._part(f"{name}.{i}", arc.kind, glyph.outline, straight.multiply(frame, em), glyph.text)
            pen += glyph.advance
            at += glyph.advance * sx + (extra if glyph.advance > 0 else 0.0)

    def row(self, name: str, row: Row) -> Iterator[Part]:
        words = row.text.strip()
        if not words:
            return
        if row.kind == "text" and not row.total_mm and _is_line(words):
            font = self.fonts.covering(row.font, words)
            shaped = font.shape(words)
            top, bottom = _extent(shaped, font.metrics().capital, joined=_is_shaped(words), below=False)
            sx, sy, width = straight.line_scale(shaped, row.height_mm, top + bottom, row.limit_mm)
            foot = row.top_mm + (row.height_mm + (top - bottom) * sy) / 2
            turn = straight.turned(row.turn_deg, row.x_mm, row.top_mm + row.height_mm / 2)
            yield from self._shaped(name, row.kind, shaped, straight.multiply(turn, (sx, 0, 0, -sy, row.x_mm - width / 2, foot)))
            return
        letters = cells.letters(words, row.font, self.fonts, self.outlines)
        run = straight.row(row, letters)
        for cell in run.cells:
            part = self._letter(
                f"{name}.{cell.index}", row.kind, letters[cell.index], cell.width, cell.height, cell.frame, run.width / run.height
            )
            if part:
                yield part

    def column(self, name: str, column: Column) -> Iterator[Part]:
        words = column.text.strip()
        if not words:
            return
        if _is_shaped(words):
            font = self.fonts.covering(column.font, words)
            shaped = font.shape(words)
            over, under = _extent(shaped, font.metrics().capital, joined=True, below=False)
            sx, sy, length = straight.line_scale(shaped, column.width_mm, over + under, column.length_mm)
            top = column.top_mm + (column.length_mm - length) / 2
            # A quarter turn clockwise: the line's x runs down the page, its upper side looks to the right; its ink is centred.
            yield from self._shaped(name, "text", shaped, (0, sx, sy, 0, column.x_mm - (over - under) / 2 * sy, top))
            return
        letters = cells.letters(words, column.font, self.fonts, self.outlines)
        for cell in straight.column(column, letters).cells:
            letter = letters[cell.index]
            part = self._letter(f"{name}.{cell.index}", "text", letter, cell.width * letter.share, cell.height, cell.frame)
            if part:
                yield part

    def grid(self, name: str, grid: Grid) -> Iterator[Part]:
        columns = tuple("".join(c.split()) for c in grid.columns)
        letters = [cells.letters(c, grid.font, self.fonts, self.outlines) for c in columns]
        shares = tuple(tuple(letter.share if letter.is_dot else 1.0 for letter in column) for column in letters)
        for i, k, cell in straight.grid(grid, shares):
            letter = letters[i][k]
            height = cell.height / shares[i][k]
            # A dot is as large as among full letters, and stands in the middle of its lower cell.
            frame = straight.multiply(cell.frame, (1, 0, 0, 1, 0.0, (cell.height - height) / 2))
            part = self._letter(f"{name}.{i}.{k}", "grid", letter, cell.width * letter.share, height, frame, fill=not letter.is_dot)
            if part:
                yield part

    def microtext(self, name: str, micro: Microtext) -> Iterator[Part]:
        words = micro.text.strip() + " "
        if not words.strip():
            return
        shape = self.shape
        track = text.Track(edge(shape.width_mm, shape.height_mm), micro.inset_mm, below=False)
        letters = cells.letters("".join(words * micro.repeats), micro.font, self.fonts, self.outlines)
        middle = micro.inset_mm + micro.height_mm / 2
        whole = 2 * track.edge.length(math.pi, middle)
        # One cell of room after the last letter closes the circle with the same gap.
        unit = whole / (sum(letter.share for letter in letters) * 1.3 + 0.4 * 1.3)
        width = min(unit, micro.height_mm * Fit().max_ratio)
        gap = (whole - sum(letter.share for letter in letters) * width) / (len(letters) + 1)
        at = -whole / 2 + gap
        for i, letter in enumerate(letters):
            at += letter.share * width / 2
            frame = track.frame(track.edge.at_length(at, middle), micro.height_mm)
            at += letter.share * width / 2 + gap
            part = self._letter(f"{name}.{i}", "microtext", letter, letter.share * width, micro.height_mm, frame)
            if part:
                yield part

    def _shaped(self, name: str, kind: str, shaped: list[Shaped], frame: Matrix) -> Iterator[Part]:
        for i, glyph in enumerate(shaped):
            if glyph.outline.contours:
                yield self._part(f"{name}.{i}", kind, glyph.outline, straight.multiply(frame, (1, 0, 0, 1, glyph.x, glyph.y)), glyph.text)

    def _letter(
        self, name: str, kind: str, letter: Letter, width: float, height: float, frame: Matrix, ratio: float = 1.0, *, fill: bool = False
    ) -> Part | None:
        if letter.outline is None or letter.outline.bounds is None:
            return None
        em = cells.matrix(letter, width, height)
        if fill and letter.metrics.face != letter.outline.bounds:
            em = cells.filled(letter, width, height)
        return self._part(name, kind, letter.outline, straight.multiply(frame, em), letter.text, 1.0 if letter.latin else ratio)

    def _part(self, name: str, kind: str, outline: Outline, matrix: Matrix, shown: str, ratio: float = 1.0) -> Part:
        return self._glyph(name, kind, outline.key, outline.contours, matrix, shown, ratio)

    def _glyph(self, name: str, kind: str, key: str, contours: tuple[Contour, ...], matrix: Matrix, shown: str, ratio: float = 1.0) -> Part:
        ink = Ink.CUT if kind == "microtext" else Ink.CODE if kind == "code" else Ink.INK
        return Part(name, kind, ink, (), shown, Origin(key, contours, straight.multiply(self.middle, matrix), ratio))


def _extent(shaped: list[Shaped], capital: float, *, joined: bool, below: bool) -> tuple[float, float]:
    """How far a line reaches over and under its baseline (em); what hangs below counts where it would hang over the edge."""
    boxes = [(g.y + g.outline.bounds[1], g.y + g.outline.bounds[3]) for g in shaped if g.outline.bounds]
    top = max((b[1] for b in boxes), default=capital)
    bottom = max(0.0, -min((b[0] for b in boxes), default=0.0))
    if joined:
        return max(top, 0.1), bottom
    return capital, bottom if below else 0.0


def _is_shaped(words: str) -> bool:
    """Whether a text is in a script whose letters join or stack, so that only a whole line of it is right."""
    return any(unicodedata.name(c, "").split(" ")[0] in (*_JOINED, *_STACKED) for c in words)


def _is_line(words: str) -> bool:
    """Whether a row is shaped as a line (Latin words, other scripts) instead of set in cells."""
    return _is_shaped(words) or (all(c.isspace() or cells.is_latin(c) for c in words) and any(c.isalpha() for c in words))
