"""Anti-forgery cuts of a new permit: chosen once by chance, kept as numbers, the same for everybody afterwards."""

from __future__ import annotations

import math
import secrets

from sealdesk.wire.permits import CutBody

WIDTH_MM = 0.15
LENGTH_MM = 3.0
"""As seen in working systems of the trade (design, domain 1.8)."""

_LEAST, _MOST = 5, 6
_LEAN_DEG = 50.0
_MARGIN_MM = 0.05
_TRIES = 200
_chance = secrets.SystemRandom()


def choose_cuts(width_mm: float, height_mm: float, *, round_face: bool) -> list[CutBody]:
    """Five or six short straight cuts through the outer ring and the characters behind it, each in a sector of its own.

    Args:
        width_mm: of the face.
        height_mm: of the face.
        round_face: whether the face's edge is a circle or an ellipse, otherwise a rectangle.
    """
    count = _chance.randint(_LEAST, _MOST)
    length = min(LENGTH_MM, 0.2 * min(width_mm, height_mm))
    return [_cut(width_mm, height_mm, index, count, length, round_face=round_face) for index in range(count)]


def _cut(width: float, height: float, index: int, count: int, length: float, *, round_face: bool) -> CutBody:
    """One cut within the `index`-th sector; its outer end lies on the ring, its inner end among the characters."""
    for attempt in range(_TRIES):
        turn = (index + _chance.uniform(0.15, 0.85)) / count * 2 * math.pi
        lean = 0.0 if attempt == _TRIES - 1 else math.radians(_chance.uniform(-_LEAN_DEG, _LEAN_DEG))
        edge_x, edge_y = _edge(width, height, turn, round_face=round_face)
        away = math.hypot(edge_x, edge_y)
        start = (away - _chance.uniform(0.1, 0.4)) / away
        x1, y1 = edge_x * start, edge_y * start
        inward = math.atan2(-edge_y, -edge_x) + lean
        x2, y2 = x1 + length * math.cos(inward), y1 + length * math.sin(inward)
        if _inside(x1, y1, width, height, round_face=round_face) and _inside(x2, y2, width, height, round_face=round_face):
            break
    return CutBody(
        x1_mm=round(x1 + width / 2, 3),
        y1_mm=round(y1 + height / 2, 3),
        x2_mm=round(x2 + width / 2, 3),
        y2_mm=round(y2 + height / 2, 3),
        width_mm=WIDTH_MM,
    )


def _edge(width: float, height: float, turn: float, *, round_face: bool) -> tuple[float, float]:
    """Where the edge is in direction `turn` (clockwise from the top), from the middle."""
    dx, dy = math.sin(turn), -math.cos(turn)
    if round_face:
        reach = 1 / math.hypot(dx / (width / 2), dy / (height / 2))
    else:
        reach = min(part for part in (width / 2 / abs(dx) if dx else math.inf, height / 2 / abs(dy) if dy else math.inf))
    return dx * reach, dy * reach


def _inside(x: float, y: float, width: float, height: float, *, round_face: bool) -> bool:
    a, b = width / 2 - _MARGIN_MM, height / 2 - _MARGIN_MM
    return (x / a) ** 2 + (y / b) ** 2 <= 1 if round_face else abs(x) <= a and abs(y) <= b
