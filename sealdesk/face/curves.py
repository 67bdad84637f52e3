"""The edge of round faces as a curve: points, normals and lengths along it and along its parallels. It knows no letters.

The centre is (0, 0), y points downwards. The parameter t is 0 at the top and grows clockwise; a parallel is named by its inset from
the edge in millimetres. All parallels share their normals, so a place on the curve is one t, whatever the inset.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from sealdesk.face.drawing import Contour, Segment

_STEPS = 512  # table steps over half the edge; lengths are then good to 1e-7 mm


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the edge with its unit vectors: `t` along the edge (clockwise), `n` outwards."""

    x: float
    y: float
    tx: float
    ty: float
    nx: float
    ny: float


class Edge:
    """An ellipse (or circle) with half axes `a` and `b` in millimetres."""

    def __init__(self, a: float, b: float) -> None:
        """Build the table of lengths."""
        self.a = a
        self.b = b
        self.round = a == b
        lengths = [0.0]
        step = math.pi / _STEPS
        for i in range(_STEPS):
            t = i * step
            # Simpson over one step
            lengths.append(lengths[-1] + step / 6 * (self.speed(t) + 4 * self.speed(t + step / 2) + self.speed(t + step)))
        self._lengths = lengths
        self._step = step
        self._speeds = [self.speed(i * step) for i in range(_STEPS + 1)]
        self._angles: dict[tuple[float, float], float] = {}

    def speed(self, t: float) -> float:
        """Millimetres of edge per unit of t."""
        return math.hypot(self.a * math.cos(t), self.b * math.sin(t))

    def place(self, t: float) -> Place:
        """The point of the edge at t, with its tangent and outward normal."""
        s, c = math.sin(t), math.cos(t)
        ux, uy = self.a * c, self.b * s
        v = math.hypot(ux, uy)
        ux, uy = ux / v, uy / v
        return Place(self.a * s, -self.b * c, ux, uy, uy, -ux)

    def turn(self, t: float) -> float:
        """The angle of the normal at t, from upwards, clockwise, continuous in t."""
        whole = round(t / (2 * math.pi))
        rest = t - whole * 2 * math.pi
        return math.atan2(self.b * math.sin(rest), self.a * math.cos(rest)) + whole * 2 * math.pi

    def length(self, t: float, inset: float = 0.0) -> float:
        """Signed length from the top to t along the parallel at `inset`."""
        if self.round:
            return (self.a - inset) * t
        sign = -1.0 if t < 0 else 1.0
        u = abs(t)
        halves = math.floor(u / math.pi)
        u -= halves * math.pi
        k = min(int(u / self._step), _STEPS - 1)
        # Hermite between the table's points: lengths and speeds are known there; good to 1e-9 mm
        p = u / self._step - k
        q = 1 - p
        low, high = self._lengths[k], self._lengths[k + 1]
        base = q * q * (1 + 2 * p) * low + p * p * (3 - 2 * p) * high
        base += p * q * self._step * (q * self._speeds[k] - p * self._speeds[k + 1])
        return sign * (base + halves * self._lengths[-1]) - inset * self.turn(t)

    def at_length(self, length: float, inset: float = 0.0, near: float | None = None) -> float:
        """The t whose signed length along the parallel is `length`; `near` is a guess that saves time."""
        if self.round:
            return length / (self.a - inset)
        t = near
        if t is None:
            t = length / (self._lengths[-1] - inset * math.pi) * math.pi
        for _ in range(12):
            error = self.length(t, inset) - length
            if abs(error) < 1e-7:
                break
            v = self.speed(t)
            t -= error / max(v - inset * self.a * self.b / (v * v), 0.2 * v)
        return t

    def smallest_radius(self) -> float:
        """The smallest radius of curvature: a parallel further in has corners."""
        return min(self.b * self.b / self.a, self.a * self.a / self.b)

    def at_angle(self, angle: float, inset: float) -> float:
        """The t whose point on the parallel at `inset` is seen from the centre under `angle` (from upwards, clockwise)."""
        if self.round:
            return angle
        found = self._angles.get((angle, inset))
        if found is None:
            if len(self._angles) > 5000:
                self._angles.clear()
            found = self._angles[angle, inset] = self._seen(angle, inset)
        return found

    def _seen(self, angle: float, inset: float) -> float:
        whole = round(angle / (2 * math.pi))
        rest = angle - whole * 2 * math.pi
        t = math.atan2(math.sin(rest) * (self.b - inset), math.cos(rest) * (self.a - inset))
        for _ in range(20):
            p = self.place(t)
            x, y = p.x - inset * p.nx, p.y - inset * p.ny
            error = math.atan2(x, -y) - rest
            error -= round(error / (2 * math.pi)) * 2 * math.pi
            if abs(error) < 1e-10:
                break
            v = self.speed(t)
            speed = v - inset * self.a * self.b / (v * v)
            # d(angle)/dt = (x·y' − y·x') / r², with the point moving along the tangent
            t -= error * (x * x + y * y) / max((x * p.ty - y * p.tx) * speed, 1e-6)
        return t + whole * 2 * math.pi

    def foot(self, x: float, y: float) -> float:
        """The t of the edge's point nearest to (x, y), which is not far from the edge."""
        t = math.atan2(x * self.b, -y * self.a)
        for _ in range(12):
            p = self.place(t)
            v = self.speed(t)
            off = (x - p.x) * p.tx + (y - p.y) * p.ty
            if abs(off) < 1e-9:
                break
            depth = (p.x - x) * p.nx + (p.y - y) * p.ny
            t += off / max(v - depth * self.a * self.b / (v * v), 0.2 * v)
        return t

    def contour(self, inset: float, pieces: int = 0) -> Contour:
        """The closed parallel at `inset` as cubic curves, within 1e-4 mm."""
        n = pieces or (16 if self.round else 48)
        step = 2 * math.pi / n
        points: list[tuple[float, float, float, float]] = []
        for i in range(n):
            p = self.place(i * step)
            v = self.speed(i * step)
            speed = v - inset * self.a * self.b / (v * v)
            points.append((p.x - inset * p.nx, p.y - inset * p.ny, p.tx * speed, p.ty * speed))
        # For a circle the handle of an exact-looking arc is 4/3·tan(step/4); for the rest it is the Hermite third.
        handle = 4 / 3 * math.tan(step / 4) if self.round else step / 3
        segments: list[Segment] = []
        for i in range(n):
            x0, y0, dx0, dy0 = points[i]
            x1, y1, dx1, dy1 = points[(i + 1) % n]
            segments.append(("C", x0 + dx0 * handle, y0 + dy0 * handle, x1 - dx1 * handle, y1 - dy1 * handle, x1, y1))
        return Contour(points[0][:2], tuple(segments))


@lru_cache(maxsize=64)
def edge(width_mm: float, height_mm: float) -> Edge:
    """The edge of a face of this size; kept, because its table costs a millisecond."""
    return Edge(width_mm / 2, height_mm / 2)
