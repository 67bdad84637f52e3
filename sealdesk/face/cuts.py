"""Anti-forgery cuts: from a list, or from a seed by a rule of our own that every system follows alike. They are never re-rolled.

The rule: the k-th number of a seed is the first 8 bytes (big-endian) of SHA-256(seed in UTF-8, a zero byte, k as 4 bytes big-endian),
divided by 2⁶⁴. Cut i of n takes numbers 4i … 4i+3: the first places it within its own n-th of the full turn (from the top, clockwise),
the second within the band along the edge, the third turns it by up to 60° against the edge's normal, the fourth draws its length
between 70 % and 100 % of the given one.
"""

from __future__ import annotations

import hashlib
import math

from sealdesk.face.curves import edge
from sealdesk.face.drawing import Contour
from sealdesk.face.shapes import bar
from sealdesk.face.specification import Cut, FaceSpec, SeededCuts, Shape


def number(seed: str, k: int) -> float:
    """The k-th number of a seed, in [0, 1)."""
    digest = hashlib.sha256(seed.encode("utf-8") + b"\0" + k.to_bytes(4, "big")).digest()
    return int.from_bytes(digest[:8], "big") / 2.0**64


def from_seed(rule: SeededCuts, shape: Shape) -> tuple[Cut, ...]:
    """The cuts of a seed on a shape; coordinates are rounded to a micrometre, so that every system stores the same list."""
    line = edge(shape.width_mm, shape.height_mm)
    out = []
    for i in range(rule.count):
        turn = (i + 0.1 + 0.8 * number(rule.seed, 4 * i)) / rule.count * 2 * math.pi
        depth = number(rule.seed, 4 * i + 1) * rule.depth_mm
        lean = (number(rule.seed, 4 * i + 2) - 0.5) * 2 * 60
        length = rule.length_mm * (0.7 + 0.3 * number(rule.seed, 4 * i + 3))
        p = line.place(turn)
        angle = math.degrees(math.atan2(p.ny, p.nx)) + lean
        out.append(Cut(round(p.x - depth * p.nx, 3), round(p.y - depth * p.ny, 3), round(length, 3), rule.width_mm, round(angle % 360, 2)))
    return tuple(out)


def of(spec: FaceSpec) -> tuple[Cut, ...]:
    """All cuts of a face: its list, then those of its seed."""
    return spec.cuts + (from_seed(spec.seeded_cuts, spec.shape) if spec.seeded_cuts else ())


def contour(cut: Cut) -> Contour:
    """The cut as a thin rectangle around the face's centre (0, 0)."""
    a = math.radians(cut.angle_deg)
    dx, dy = math.cos(a) * cut.length_mm / 2, math.sin(a) * cut.length_mm / 2
    return bar(cut.x_mm - dx, cut.y_mm - dy, cut.x_mm + dx, cut.y_mm + dy, cut.width_mm)
