"""Straight lines of letters: rows, columns and the grids of name seals. It places cells around the face's centre; it draws nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sealdesk.face.cells import Letter, Matrix
from sealdesk.face.fonts import Shaped
from sealdesk.face.specification import Column, Fit, Grid, Row


@dataclass(frozen=True, slots=True)
class Cell:
    """One letter's cell: its index in the text, its size and the matrix from the cell to the face."""

    index: int
    width: float
    height: float
    frame: Matrix


@dataclass(frozen=True, slots=True)
class Run:
    """A placed row: the cells, the size that was used, and whether the fit rule was kept."""

    cells: tuple[Cell, ...]
    height: float
    width: float
    fits: bool


def row(of: Row, letters: tuple[Letter, ...]) -> Run:
    """The cells of a horizontal row with equal clear gaps."""
    shares = [letter.share for letter in letters]
    count = len(shares)
    gaps = max(count - 1, 1)
    height = of.height_mm
    full = of.width_mm or height * of.fit.max_ratio
    fits = True
    if of.total_mm and count > 1:
        full = min(full, (of.total_mm - gaps * of.fit.clear_mm) / sum(shares))
        fits = full >= of.fit.min_ratio * height * 0.999 or of.kind != "text"
        gap = (of.total_mm - sum(shares) * full) / gaps
    else:
        gap = min(of.fit.gap_ratio * full, of.fit.max_gap_mm)
        if of.limit_mm and sum(shares) * full + gaps * gap > of.limit_mm and count:
            height, full, gap, fits = _limited(of.limit_mm, sum(shares), gaps if count > 1 else 0, height, full, of.fit)
    total = sum(shares) * full + gaps * gap * (count > 1)
    top = of.top_mm + (of.height_mm - height) / 2
    turn = turned(of.turn_deg, of.x_mm, top + height / 2)
    x = of.x_mm - total / 2
    cells = []
    for i, share in enumerate(shares):
        width = share * full
        cells.append(Cell(i, width, height, multiply(turn, (1, 0, 0, 1, x + width / 2, top))))
        x += width + gap
    return Run(tuple(cells), height, full, fits)


def _limited(limit: float, shares: float, gaps: int, height: float, width: float, fit: Fit) -> tuple[float, float, float, bool]:
    """Squeeze first the gaps and widths together, then the widths down to the ratio, then the height."""
    full = limit / (shares + gaps * fit.gap_ratio)
    if full >= fit.min_ratio * height:
        return height, full, full * fit.gap_ratio, True
    full = (limit - gaps * fit.clear_mm) / shares
    if full >= fit.min_ratio * height:
        return height, fit.min_ratio * height, (limit - shares * fit.min_ratio * height) / max(gaps, 1), True
    lower = max(full / fit.min_ratio, fit.min_height_mm)
    full = min(full, lower * fit.min_ratio)
    return lower, max(full, 0.05), fit.clear_mm, full >= fit.min_ratio * lower * 0.999


def column(of: Column, letters: tuple[Letter, ...]) -> Run:
    """The cells of a vertical column that fills `length_mm`; letters are never taller than 1/min_ratio of their width."""
    count = len(letters)
    if not count:
        return Run((), 0.0, of.width_mm, fits=True)
    gap = of.fit.clear_mm if count > 1 else 0.0
    height = min((of.length_mm - gap * (count - 1)) / count, of.width_mm / of.fit.min_ratio)
    fits = height >= of.fit.min_height_mm
    height = max(height, of.fit.min_height_mm)
    gap = (of.length_mm - height * count) / max(count - 1, 1)
    top = of.top_mm if count > 1 else of.top_mm + (of.length_mm - height) / 2
    cells = tuple(Cell(i, of.width_mm, height, (1, 0, 0, 1, of.x_mm, top + i * (height + gap))) for i in range(count))
    return Run(cells, height, of.width_mm, fits and gap >= 0)


def grid(of: Grid, shares: tuple[tuple[float, ...], ...]) -> tuple[tuple[int, int, Cell], ...]:
    """(column, place in it, cell) of a name seal, right column first; `shares` are what the letters take of a cell's height."""
    width = (of.width_mm - of.gap_mm * (len(shares) - 1)) / max(len(shares), 1)
    out = []
    for i, column_shares in enumerate(shares):
        x = of.x_mm + of.width_mm / 2 - width / 2 - i * (width + of.gap_mm)
        y = of.y_mm - of.height_mm / 2
        full = (of.height_mm - of.gap_mm * (len(column_shares) - 1)) / (sum(column_shares) or 1.0)
        for k, share in enumerate(column_shares):
            out.append((i, k, Cell(k, width, full * share, (1, 0, 0, 1, x, y))))
            y += full * share + of.gap_mm
    return tuple(out)


def line_scale(shaped: list[Shaped], height: float, capital: float, limit: float) -> tuple[float, float, float]:
    """(x scale, y scale, width in mm) of a shaped line whose capitals are `height` tall and that is at most `limit` wide."""
    advance = sum(g.advance for g in shaped)
    sy = height / capital
    sx = sy
    if limit and advance * sx > limit:
        sx = limit / advance
        if sx < 0.6 * sy:  # letters narrower than that are hard to read: rather a smaller line
            sy = sx / 0.6
    return sx, sy, advance * sx


def multiply(m: Matrix, k: Matrix) -> Matrix:
    """The matrix that does `k` first, then `m`."""
    a, b, c, d, e, f = m
    p, q, r, s, t, u = k
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def turned(angle_deg: float, x: float, y: float) -> Matrix:
    """The matrix that turns clockwise around (x, y)."""
    if not angle_deg:
        return (1, 0, 0, 1, 0, 0)
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return (c, s, -s, c, x - c * x + s * y, y - s * x - c * y)
