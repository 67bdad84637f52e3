"""Breaking a text into lines as Chinese is set: between any two characters, but not within a number or a Latin word."""

from __future__ import annotations

import re

from sealdesk.documents.typefaces import Typeface, width_pt

_NO_START = frozenset("，。、；：？！）》」』】〉”’％%,.;:?!)]}·—…")
_NO_END = frozenset("（《「『【〈“‘([{")
_PIECE = re.compile(r"\s+|[!-~À-ɏ]+|.", re.DOTALL)


def wrap(text: str, width_mm: float, typeface: Typeface, size_pt: float) -> tuple[str, ...]:
    """The lines of a text; a line break in it begins a new one.

    A word wider than the line is cut; an indent of spaces is kept. There is at least one line, perhaps empty.
    """
    from reportlab.lib.units import mm

    limit_pt = width_mm * mm
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += _lines(paragraph.rstrip(), limit_pt, typeface, size_pt)
    return tuple(lines)


def _lines(paragraph: str, limit_pt: float, typeface: Typeface, size_pt: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(paragraph):
        if width_pt((line + piece).rstrip(), typeface, size_pt) <= limit_pt:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while width_pt(line, typeface, size_pt) > limit_pt and len(line) > 1:
            fitting = next(n for n in range(len(line), 0, -1) if n == 1 or width_pt(line[:n], typeface, size_pt) <= limit_pt)
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line.rstrip()]


def _pieces(paragraph: str) -> list[str]:
    """What may not be torn apart: words, and punctuation together with the character that it belongs to."""
    pieces: list[str] = []
    for piece in _PIECE.findall(paragraph):
        joins = pieces and not piece.isspace() and (piece[0] in _NO_START or pieces[-1][-1] in _NO_END)
        if joins:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
