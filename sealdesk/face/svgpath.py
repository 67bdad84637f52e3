"""SVG path data to contours and back into a box: how imported outlines enter a face. It reads the `d` attribute only, not SVG files."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence

from sealdesk.core.i18n import N_
from sealdesk.face.codec import SpokenError
from sealdesk.face.drawing import Contour, Segment, contour_bounds, quadratic, transformed

MAX_SEGMENTS = 20_000
_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)")
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


class PathDataError(SpokenError):
    """The outline is no SVG path data."""

    code = "face.outline"
    sentence = N_("The outline is not usable SVG path data: {reason}.")
    advice = N_("Give the text of one path's “d” attribute.")


def key(path: str) -> str:
    """A short stable name of the path data."""
    return hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()[:16]


def contours(path: str) -> tuple[Contour, ...]:
    """The closed contours of the path data; open ones are closed.

    Raises:
        PathDataError: it is not path data, is empty, has no area, or is too long.
    """
    reader = _Reader()
    for command, numbers in _commands(path):
        reader.step(command, numbers)
    reader.finish()
    if not reader.contours:
        raise PathDataError(reason=N_("it draws nothing"))
    left, top, right, bottom = contour_bounds(reader.contours)
    if not (1e-6 < right - left < 1e7 and 1e-6 < bottom - top < 1e7):
        raise PathDataError(reason=N_("it has no usable size"))
    return tuple(reader.contours)


def fitted(shape: Sequence[Contour], left: float, top: float, width: float, height: float) -> tuple[Contour, ...]:
    """The contours scaled so that their bounds become the box; a negative height turns them upside down."""
    x0, y0, x1, y1 = contour_bounds(shape)
    sx, sy = width / (x1 - x0), height / (y1 - y0)
    return transformed(shape, sx, 0.0, 0.0, sy, left - x0 * sx, top - y0 * sy)


def _commands(path: str) -> list[tuple[str, list[float]]]:
    out: list[tuple[str, list[float]]] = []
    at = 0
    for found in _TOKEN.finditer(path):
        if path[at : found.start()].strip(" \t\r\n,"):
            raise PathDataError(reason=N_("it contains something that is neither a command nor a number"))
        at = found.end()
        if found[1]:
            out.append((found[1], []))
        elif not out:
            raise PathDataError(reason=N_("it does not begin with a command"))
        else:
            out[-1][1].append(_finite(float(found[2])))
    if path[at:].strip(" \t\r\n,"):
        raise PathDataError(reason=N_("it contains something that is neither a command nor a number"))
    if not out or out[0][0] not in "Mm":
        raise PathDataError(reason=N_("it does not begin with M"))
    return out


def _finite(value: float) -> float:
    if not math.isfinite(value) or abs(value) > 1e7:
        raise PathDataError(reason=N_("a number is too large"))
    return value


class _Reader:
    def __init__(self) -> None:
        self.contours: list[Contour] = []
        self._start = (0.0, 0.0)
        self._at = (0.0, 0.0)
        self._control: tuple[str, float, float] = ("", 0.0, 0.0)
        self._segments: list[Segment] = []
        self._total = 0

    def finish(self) -> None:
        if self._segments:
            self.contours.append(Contour(self._start, tuple(self._segments)))
        self._segments = []

    def step(self, command: str, numbers: list[float]) -> None:
        kind = command.upper()
        count = _COUNT[kind]
        if count == 0:
            if numbers:
                raise PathDataError(reason=N_("Z has numbers"))
            self.finish()
            self._at = self._start
            return
        if not numbers or len(numbers) % count:
            raise PathDataError(reason=N_("a command has too few numbers"))
        for i in range(0, len(numbers), count):
            self._total += 1
            if self._total > MAX_SEGMENTS:
                raise PathDataError(reason=N_("it has too many segments"))
            self._one("L" if kind == "M" and i else kind, numbers[i : i + count], relative=command.islower())

    def _one(self, kind: str, v: list[float], *, relative: bool) -> None:
        x0, y0 = self._at
        dx, dy = (x0, y0) if relative else (0.0, 0.0)
        control = self._control
        self._control = ("", 0.0, 0.0)
        if kind == "M":
            self.finish()
            self._at = self._start = (v[0] + dx, v[1] + dy)
        elif kind in "LHV":
            x = v[0] + dx if kind != "V" else x0
            y = v[1] + dy if kind == "L" else v[0] + dy if kind == "V" else y0
            self._add(("L", x, y))
        elif kind == "C":
            self._add(("C", v[0] + dx, v[1] + dy, v[2] + dx, v[3] + dy, v[4] + dx, v[5] + dy))
            self._control = ("C", v[2] + dx, v[3] + dy)
        elif kind == "S":
            x1, y1 = (2 * x0 - control[1], 2 * y0 - control[2]) if control[0] == "C" else (x0, y0)
            self._add(("C", x1, y1, v[0] + dx, v[1] + dy, v[2] + dx, v[3] + dy))
            self._control = ("C", v[0] + dx, v[1] + dy)
        elif kind in "QT":
            if kind == "Q":
                qx, qy, x, y = v[0] + dx, v[1] + dy, v[2] + dx, v[3] + dy
            else:
                qx, qy = (2 * x0 - control[1], 2 * y0 - control[2]) if control[0] == "Q" else (x0, y0)
                x, y = v[0] + dx, v[1] + dy
            self._add(quadratic(x0, y0, qx, qy, x, y))
            self._control = ("Q", qx, qy)
        else:
            for segment in arc(x0, y0, v[0], v[1], v[2], v[3] != 0, v[4] != 0, v[5] + dx, v[6] + dy):
                self._add(segment)

    def _add(self, segment: Segment) -> None:
        self._segments.append(segment)
        self._at = (float(segment[-2]), float(segment[-1]))


def arc(x0: float, y0: float, rx: float, ry: float, turn_deg: float, large: bool, sweep: bool, x: float, y: float) -> list[Segment]:
    """The elliptical arc of SVG 1.1 (appendix F.6) as cubic segments of at most a quarter turn."""
    if (x0, y0) == (x, y):
        return []
    rx, ry = abs(rx), abs(ry)
    if rx < 1e-9 or ry < 1e-9:
        return [("L", x, y)]
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    hx, hy = (x0 - x) / 2, (y0 - y) / 2
    px, py = c * hx + s * hy, -s * hx + c * hy
    grow = (px / rx) ** 2 + (py / ry) ** 2
    if grow > 1:
        rx, ry = rx * math.sqrt(grow), ry * math.sqrt(grow)
    root = max(0.0, (rx * ry) ** 2 / ((rx * py) ** 2 + (ry * px) ** 2) - 1)
    factor = (-1 if large == sweep else 1) * math.sqrt(root)
    ox, oy = factor * rx * py / ry, -factor * ry * px / rx
    cx, cy = c * ox - s * oy + (x0 + x) / 2, s * ox + c * oy + (y0 + y) / 2
    a0 = math.atan2((py - oy) / ry, (px - ox) / rx)
    sweep_angle = math.atan2((-py - oy) / ry, (-px - ox) / rx) - a0
    if sweep and sweep_angle < 0:
        sweep_angle += 2 * math.pi
    elif not sweep and sweep_angle > 0:
        sweep_angle -= 2 * math.pi
    pieces = max(1, math.ceil(abs(sweep_angle) / (math.pi / 2) - 1e-9))
    step = sweep_angle / pieces
    k = 4 / 3 * math.tan(step / 4)

    def at(u: float, v: float) -> tuple[float, float]:
        return c * rx * u - s * ry * v + cx, s * rx * u + c * ry * v + cy

    out: list[Segment] = []
    for i in range(pieces):
        a, b = a0 + i * step, a0 + (i + 1) * step
        x1, y1 = at(math.cos(a) - k * math.sin(a), math.sin(a) + k * math.cos(a))
        x2, y2 = at(math.cos(b) + k * math.sin(b), math.sin(b) - k * math.cos(b))
        x3, y3 = (x, y) if i == pieces - 1 else at(math.cos(b), math.sin(b))
        out.append(("C", x1, y1, x2, y2, x3, y3))
    return out
