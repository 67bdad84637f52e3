"""Letters along the edge of a round face: equal clear gaps, true normals, left and right alike. It places cells; it draws nothing.

The gap between two neighbours is the distance of their cells (upright rectangles on the edge's normals), which is what the eye compares;
equal angles or equal distances of centres look uneven on an ellipse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sealdesk.face.curves import Edge
from sealdesk.face.specification import Fit

_ROUNDS = 8
_EVEN_MM = 0.0005


@dataclass(frozen=True, slots=True)
class Track:
    """Where a text runs: the parallel at `inset` of an edge, over the top or along the bottom.

    A reading position r grows in the direction of reading and is 0 in the text's middle.
    """

    edge: Edge
    inset: float
    below: bool

    def t(self, r: float) -> float:
        """The edge's parameter at reading position r."""
        return math.pi - r if self.below else r

    def frame(self, r: float, height: float) -> tuple[float, float, float, float, float, float]:
        """The matrix from a cell (x from its middle, y down from its top) to the face, for a cell at r."""
        p = self.edge.place(self.t(r))
        if self.below:
            far = self.inset + height
            return (-p.tx, -p.ty, p.nx, p.ny, p.x - far * p.nx, p.y - far * p.ny)
        return (p.tx, p.ty, -p.nx, -p.ny, p.x - self.inset * p.nx, p.y - self.inset * p.ny)

    def inner_length(self, r: float, height: float) -> float:
        """Length from the middle to r along the letters' inner side, where neighbours come closest."""
        if self.below:  # by symmetry the same as over the bottom; measured from there
            return _from_bottom(self.edge, r, self.inset + height)
        return self.edge.length(r, self.inset + height)

    def at_inner_length(self, length: float, height: float, near: float) -> float:
        """The reading position at that length; `near` is a guess."""
        inset = self.inset + height
        if not self.below:
            return self.edge.at_length(length, inset, near)
        return math.pi - self.edge.at_length(self.edge.length(math.pi, inset) - length, inset, math.pi - near)

    def end(self, half_span: float, width: float, height: float, rounds: int = 5) -> float:
        """The reading position of a cell whose outer side, at half its height, is seen under `half_span` from the centre."""
        middle = self.inset + height / 2
        if self.edge.round:
            return half_span - math.atan2(width / 2, self.edge.a - middle)
        if self.below:
            r = math.pi - self.edge.at_angle(math.pi - half_span, middle)
        else:
            r = self.edge.at_angle(half_span, middle)
        speed = self.edge.speed(self.t(r))
        speed -= middle * self.edge.a * self.edge.b / (speed * speed)
        r -= width / 2 / speed
        for _ in range(rounds):
            a, b, c, d, e, f = self.frame(r, height)
            x, y = a * width / 2 + c * height / 2 + e, b * width / 2 + d * height / 2 + f
            seen = math.atan2(x, y if self.below else -y)
            if seen < -0.5 and half_span > math.pi / 2:
                seen += 2 * math.pi
            if abs(half_span - seen) < 1e-6:
                break
            r += (half_span - seen) * math.hypot(x, y) / speed
        return r


def _from_bottom(edge: Edge, r: float, inset: float) -> float:
    return edge.length(math.pi, inset) - edge.length(math.pi - r, inset)


@dataclass(frozen=True, slots=True)
class Placed:
    """The cells of a text: height, full width, reading positions and the clear gap that they share."""

    height: float
    width: float
    positions: tuple[float, ...]
    gap: float
    fits: bool


def clear_gap(track: Track, r0: float, w0: float, r1: float, w1: float, height: float) -> float:
    """The distance of two neighbouring cells, negative when they overlap."""
    a0, b0, c0, d0, e0, f0 = track.frame(r0, height)
    a1, b1, c1, d1, e1, f1 = track.frame(r1, height)
    h0, h1 = w0 / 2, w1 / 2
    # right side of the first cell, left side of the second: top and foot
    ax, ay, bx, by = a0 * h0 + e0, b0 * h0 + f0, a0 * h0 + c0 * height + e0, b0 * h0 + d0 * height + f0
    cx, cy, dx, dy = -a1 * h1 + e1, -b1 * h1 + f1, -a1 * h1 + c1 * height + e1, -b1 * h1 + d1 * height + f1
    ux, uy = a0 + a1, b0 + b1
    across = min((cx - ax) * ux + (cy - ay) * uy, (dx - bx) * ux + (dy - by) * uy)
    if across <= 0:
        return across / math.hypot(ux, uy)
    return min(
        _distance(cx, cy, ax, ay, bx, by),
        _distance(dx, dy, ax, ay, bx, by),
        _distance(ax, ay, cx, cy, dx, dy),
        _distance(bx, by, cx, cy, dx, dy),
    )


def _distance(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    vx, vy = bx - ax, by - ay
    t = ((px - ax) * vx + (py - ay) * vy) / (vx * vx + vy * vy)
    t = 0.0 if t < 0 else 1.0 if t > 1 else t
    return math.hypot(px - ax - t * vx, py - ay - t * vy)


def spread(track: Track, shares: Sequence[float], width: float, height: float, span: float) -> tuple[list[float], float]:
    """Reading positions with equal clear gaps whose ends lie at ±span/2, and the gap.

    Args:
        track: where the text runs.
        shares: each cell's part of the full width.
        width: the full width in mm.
        height: the cells' height in mm.
        span: in radians, at the face's centre.
    """
    n = len(shares)
    widths = [s * width for s in shares]
    if n == 1:
        return [0.0], math.inf
    first, last = -track.end(span / 2, widths[0], height), track.end(span / 2, widths[-1], height)
    lengths = [track.inner_length(first, height)]
    total = track.inner_length(last, height) - lengths[0]
    mean = (total - sum((widths[i] + widths[i + 1]) / 2 for i in range(n - 1))) / (n - 1)
    steps = [(widths[i] + widths[i + 1]) / 2 + mean for i in range(n - 1)]
    gaps: list[float] = []
    positions = [first + (last - first) * i / (n - 1) for i in range(n)]
    for _ in range(_ROUNDS):
        at = lengths[0]
        for i, step in enumerate(steps[:-1], 1):
            at += step
            positions[i] = track.at_inner_length(at, height, positions[i])
        gaps = [clear_gap(track, positions[i], widths[i], positions[i + 1], widths[i + 1], height) for i in range(n - 1)]
        mean = sum(gaps) / (n - 1)
        if max(gaps) - min(gaps) < _EVEN_MM:
            break
        steps = [s + mean - g for s, g in zip(steps, gaps, strict=True)]
    if list(shares) == list(reversed(shares)):  # take away the last rounding: mirror images to the last bit
        positions = [(positions[i] - positions[n - 1 - i]) / 2 for i in range(n)]
    return positions, min(gaps)


@lru_cache(maxsize=512)
def fit(track: Track, shares: tuple[float, ...], height: float, width: float, span: float, rule: Fit, least: float = 0.0) -> Placed:
    """The cells of a text by the fit rule: the largest height ≤ `height` with width/height ≥ min_ratio and the clearance kept.

    Results are kept, for a face changes one text at a time.

    Args:
        track: where the text runs.
        shares: each cell's part of the full width.
        height: the template's own height in mm.
        width: the largest full width in mm; 0 means height × max_ratio.
        span: the largest span in radians.
        rule: the bounds.
        least: the smallest span in radians, however short the text is.
    """
    if len(shares) == 1:
        return Placed(height, width or height * rule.max_ratio, (0.0,), math.inf, fits=True)
    for _ in range(6):
        chosen = _height(track, shares, height, span, rule)
        widest = width or chosen * rule.max_ratio
        full = _width(track, shares, chosen, widest, span, rule)
        used = span
        if full == widest and _mean_gap(track, shares, chosen, full, span) > rule.max_gap_mm:
            used = max(_span(track, shares, chosen, full, span, rule.max_gap_mm), min(least, span))
        positions, gap = spread(track, shares, full, chosen, used)
        # The estimate follows the inner curve; the cells' straight feet may take a little more. Then less height is left.
        if gap >= rule.clear_mm - 1e-6 or chosen <= rule.min_height_mm:
            return Placed(chosen, full, tuple(positions), gap, gap >= rule.clear_mm - 1e-6)
        height = max(chosen * 0.985, rule.min_height_mm)
    return Placed(chosen, full, tuple(positions), gap, fits=False)


def _mean_gap(track: Track, shares: Sequence[float], height: float, width: float, span: float) -> float:
    first = last = track.end(span / 2, shares[0] * width, height, 1)
    if shares[-1] != shares[0]:
        last = track.end(span / 2, shares[-1] * width, height, 1)
    total = track.inner_length(last, height) + track.inner_length(first, height)
    return (total - (sum(shares) - (shares[0] + shares[-1]) / 2) * width) / (len(shares) - 1)


def _height(track: Track, shares: Sequence[float], height: float, span: float, rule: Fit) -> float:
    deepest = track.edge.smallest_radius() * 0.92 - track.inset  # beyond it the parallel has corners
    high = max(min(height, deepest), rule.min_height_mm)
    if _mean_gap(track, shares, high, high * rule.min_ratio, span) >= rule.clear_mm:
        return high
    low = rule.min_height_mm
    for _ in range(14):
        middle = (low + high) / 2
        if _mean_gap(track, shares, middle, middle * rule.min_ratio, span) >= rule.clear_mm:
            low = middle
        else:
            high = middle
    return low


def _width(track: Track, shares: Sequence[float], height: float, widest: float, span: float, rule: Fit) -> float:
    def roomy(width: float) -> bool:
        return _mean_gap(track, shares, height, width, span) >= max(rule.clear_mm, rule.gap_ratio * width)

    low = min(height * rule.min_ratio, widest)
    if roomy(widest):
        return widest
    if not roomy(low):
        return low
    high = widest
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if roomy(middle) else (low, middle)
    return low


def _span(track: Track, shares: Sequence[float], height: float, width: float, span: float, gap: float) -> float:
    low, high = 0.0, span
    for _ in range(18):
        middle = (low + high) / 2
        if _mean_gap(track, shares, height, width, middle) > gap:
            high = middle
        else:
            low = middle
    return high
