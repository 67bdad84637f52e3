"""Many faces on one page, each with its title below: the contact sheet. It lays out the page; it makes no faces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sealdesk.face.drawing import Drawing, Ink, Part, transformed
from sealdesk.face.export.geometry import inked
from sealdesk.face.fonts import FontSet
from sealdesk.face.straight import line_scale

FACE_MM, CELL_MM, ROW_MM = 42.0, 50.0, 56.0
"""A face's longer side, a cell's width and its height."""
CAPTION = "caption"
"""The kind of the titles' parts, for exports that draw them in another colour."""
_LETTER_MM, _LINE_MM = 2.3, 4.0


def sheet(faces: Sequence[tuple[str, Drawing]], fonts: FontSet, columns: int = 10) -> Drawing:
    """The faces in rows, all equally large, their titles in up to two lines below.

    Args:
        faces: (title, face); the cuts of a face are taken out.
        fonts: what the titles are set with.
        columns: faces a row.

    Raises:
        ValueError: there is no face, or no column.
        MissingGlyphError: no font has a character of a title.
        OutlineError: a cut could not be taken out of a face.
    """
    if not faces or columns < 1:
        raise ValueError("a sheet has faces and columns")
    parts: list[Part] = []
    for number, (title, face) in enumerate(faces):
        x, y = number % columns * CELL_MM, number // columns * ROW_MM
        k = FACE_MM / max(face.width_mm, face.height_mm)
        left, top = x + (CELL_MM - face.width_mm * k) / 2, y + 3 + (FACE_MM - face.height_mm * k) / 2
        for part in inked(face):
            parts.append(Part(f"{number}.{part.name}", part.kind, Ink.INK, transformed(part.contours, k, 0, 0, k, left, top), part.text))
        for line, words in enumerate(_lines(title)):
            parts += _caption(f"{number}.title.{line}", words, fonts, x + CELL_MM / 2, y + 3 + FACE_MM + (line + 1) * _LINE_MM)
    width = min(columns, len(faces)) * CELL_MM
    return Drawing(width, -(-len(faces) // columns) * ROW_MM, tuple(parts))


def _lines(title: str) -> tuple[str, ...]:
    """The title at its commas (not those in brackets) in two lines of about the same length."""
    pieces = [piece.strip() for piece in re.split(r"(?<=[，,])(?![^（]*）)", title) if piece.strip()]
    if len(pieces) < 2:
        return (title,)
    cut = min(range(1, len(pieces)), key=lambda i: abs(len("".join(pieces[:i])) - len("".join(pieces[i:]))))
    return " ".join(pieces[:cut]).rstrip("，,"), " ".join(pieces[cut:])


def _caption(name: str, words: str, fonts: FontSet, middle: float, foot: float) -> list[Part]:
    font = fonts.covering("sans", words)
    shaped = font.shape(words)
    sx, sy, width = line_scale(shaped, _LETTER_MM, font.metrics().capital, CELL_MM - 3)
    left = middle - width / 2
    return [
        Part(f"{name}.{i}", CAPTION, Ink.CODE, transformed(g.outline.contours, sx, 0, 0, -sy, left + g.x * sx, foot - g.y * sy), g.text)
        for i, g in enumerate(shaped)
        if g.outline.contours
    ]
