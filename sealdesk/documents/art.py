"""Faces and codes on paper: outlines in millimetres and QR symbols, drawn as vectors; nothing is laid out here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

Segment = tuple[str, float, float] | tuple[str, float, float, float, float, float, float]


_NONZERO = 1
"""reportlab's number for the nonzero rule."""


class Contour(Protocol):
    """A closed contour: a start point, then `("L", x, y)` lines and `("C", x1, y1, x2, y2, x, y)` cubic curves, in millimetres."""

    @property
    def start(self) -> tuple[float, float]:
        """Where it begins and ends."""
        ...

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The way round."""
        ...


@dataclass(frozen=True, slots=True)
class ArtPart:
    """Contours that are filled together with the nonzero rule; a cut takes away the ink below it."""

    contours: tuple[Contour, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class FaceArt:
    """A face to show: its size, and its parts in the order of painting; origin top left, y downwards, millimetres."""

    width_mm: float
    height_mm: float
    parts: tuple[ArtPart, ...]


def paint(canvas: Any, art: FaceArt, x_mm: float, top_mm: float, page_height_mm: float, scale: float, ink: str, paper: str) -> None:
    """Fill the face on a reportlab canvas, its top left corner at (`x_mm`, `top_mm`) from the page's, `scale` times its size."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm

    def at(x: float, y: float) -> tuple[float, float]:
        return (x_mm + x * scale) * mm, (page_height_mm - top_mm - y * scale) * mm

    for part in art.parts:
        path = canvas.beginPath()
        for contour in part.contours:
            path.moveTo(*at(*contour.start))
            for segment in contour.segments:
                if len(segment) == 3:
                    path.lineTo(*at(segment[1], segment[2]))
                else:
                    _, x1, y1, x2, y2, x, y = segment
                    path.curveTo(*at(x1, y1), *at(x2, y2), *at(x, y))
            path.close()
        canvas.setFillColor(HexColor(paper if part.cut else ink))
        canvas.drawPath(path, stroke=0, fill=1, fillMode=_NONZERO)


def qr_modules(content: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """A QR symbol (level M) as its size in modules without margin, and its dark runs `(column, row, length)`.

    Raises:
        ValueError: there is nothing to say, or too much for one symbol.
    """
    import segno

    if not content:
        raise ValueError("an empty QR symbol says nothing")
    symbol = segno.make_qr(content, error="m", boost_error=False)
    rows = [bytes(row) for row in symbol.matrix]
    return len(rows), tuple(_dark_runs(rows))


def _dark_runs(rows: list[bytes]) -> Iterable[tuple[int, int, int]]:
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                yield x, y, length
            x += max(length, 1)
