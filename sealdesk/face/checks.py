"""What is wrong with a face, with the figure and the place: overlaps, thin strokes, narrow gaps, squeezed letters, illegal sizes.

Overlaps are exact (boolean operations on the outlines); cheap certain tests come first, so that a check costs a few milliseconds.
It never changes the face.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sealdesk.core.i18n import N_, _
from sealdesk.face import marks, shapes
from sealdesk.face.curves import edge
from sealdesk.face.drawing import Bounds, Contour, Drawing, Ink, Part, reach, transformed
from sealdesk.face.layout import spacing
from sealdesk.face.polygons import (
    Polygon,
    apart,
    convex,
    distance,
    hull,
    inside,
    outside_circle,
    parallelogram,
    place_of_gap,
    place_of_overlap,
)
from sealdesk.face.specification import FaceSpec, Shape
from sealdesk.face.strokes import thinnest

ERROR, WARNING = "error", "warning"
LOST_MM = 0.10
"""Strokes and gaps below this are lost on rubber."""
MOST_PAIRS = 100
"""Pairs of parts too close to each other that are named. Beyond that a face is wrong throughout, and naming each would take minutes."""
_TOUCH_MM2 = 1e-4
_STRAIGHT = ("rhombus", "triangle", "free")
"""Shapes whose edge may be a convex polygon."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `sentence` is shown through `text`; `parts` and the point say where.

    Attributes:
        code: stable dotted name, such as `face.overlap`.
        severity: `error` (the face cannot be submitted) or `warning`.
        sentence: the English message with places for `facts`.
        facts: name and value pairs of the sentence.
        parts: names of the drawing's parts that it is about.
        x_mm: place on the face, from its top-left corner.
        y_mm: the same, downwards.
    """

    code: str
    severity: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    x_mm: float = 0.0
    y_mm: float = 0.0

    @property
    def text(self) -> str:
        """The message in the person's language."""
        return _(self.sentence).format(**{name: _(value) for name, value in self.facts})


def check(drawing: Drawing, spec: FaceSpec) -> tuple[Finding, ...]:
    """Everything that is wrong with a drawing that was laid out from `spec`, errors first."""
    inked = [_placed(part) for part in drawing.parts if part.ink is not Ink.CUT and not part.blank]
    found = [*_size(spec), *_emblems(spec), *_Overlaps(inked, spec).findings(), *_outside(inked, spec)]
    found += [*_beyond_band(inked, spec), *_squeezed(inked), *_thin(inked), *_rings(spec)]
    return tuple(sorted(found, key=lambda f: f.severity != ERROR))


def passes(findings: tuple[Finding, ...]) -> bool:
    """Whether a face with these findings may be submitted."""
    return all(f.severity != ERROR for f in findings)


def _size(spec: FaceSpec) -> Iterator[Finding]:
    for legal, value, name in (
        (spec.legal_width, spec.shape.width_mm, N_("width")),
        (spec.legal_height, spec.shape.height_mm, N_("height")),
    ):
        if legal is None or legal.low_mm - 1e-6 <= value <= legal.high_mm + 1e-6:
            continue
        if name == "height" and legal == spec.legal_width and spec.shape.width_mm == spec.shape.height_mm:
            continue  # a circle has one size, one finding is enough
        facts = (
            ("side", name),
            ("value", f"{value:g}"),
            ("low", f"{legal.low_mm:g}"),
            ("high", f"{legal.high_mm:g}"),
            ("source", legal.source),
        )
        sentence = N_("The {side} is {value} mm; it must lie between {low} and {high} mm ({source}).")
        yield Finding("face.size", ERROR, sentence, facts, (), spec.shape.width_mm / 2, spec.shape.height_mm / 2)


def _emblems(spec: FaceSpec) -> Iterator[Finding]:
    for i, mark in enumerate(spec.marks):
        if mark.kind in marks.STAND_INS and not mark.outline:
            sentence = N_("The emblem in the middle is only indicated. Import its official outline (SVG).")
            x, y = spec.shape.width_mm / 2 + mark.x_mm, spec.shape.height_mm / 2 + mark.y_mm
            yield Finding("face.emblem", ERROR, sentence, (), (f"mark.{i}",), x, y)


def _rings(spec: FaceSpec) -> Iterator[Finding]:
    for i, ring in enumerate(spec.rings):
        if ring.width_mm < LOST_MM:
            sentence = N_("The ring is {value} mm wide; below {bound} mm it is lost on rubber.")
            facts = (("value", f"{ring.width_mm:.2f}"), ("bound", f"{LOST_MM:.2f}"))
            yield Finding("face.stroke", WARNING, sentence, facts, (f"ring.{i}",), spec.shape.width_mm / 2, ring.inset_mm)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part with the convex polygon and the box around it, and the name of the text that it belongs to."""

    part: Part
    hull: Polygon
    box: Bounds
    run: str

    @property
    def middle(self) -> tuple[float, float]:
        return _middle(self.box)


def _placed(part: Part) -> _Placed:
    hull = _outline_hull(part) if part.origin is None else parallelogram(part.origin)
    xs, ys = [p[0] for p in hull], [p[1] for p in hull]
    first, second, *_rest = part.name.split(".")
    return _Placed(part, hull, (min(xs), min(ys), max(xs), max(ys)), f"{first}.{second}")


@lru_cache(maxsize=64)
def _outline_hull(part: Part) -> Polygon:
    """Of rings, stars and emblems; kept, because they stay as they are while a name is typed."""
    if part.kind == "ring":  # only its box is asked for
        left, top, right, bottom = reach(part.contours)
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    return hull([p for c in part.contours for p in c.points()])


class _Overlaps:
    """All pairs of inked parts: certain rejections first, boolean operations for the rest."""

    def __init__(self, inked: list[_Placed], spec: FaceSpec) -> None:
        self.inked = inked
        self.bands = {f"ring.{i}": _Band(spec, i) for i in range(len(spec.rings))}
        self.joined = {f"arc.{i}" for i, arc in enumerate(spec.arcs) if spacing(arc) != "cells"}
        self.joined |= {f"row.{i}" for i, row in enumerate(spec.rows) if _joins(row.text)}
        self.joined |= {f"column.{i}" for i, column in enumerate(spec.columns) if _joins(column.text)}

    def findings(self) -> Iterator[Finding]:
        return itertools.islice(self._all(), MOST_PAIRS)

    def _all(self) -> Iterator[Finding]:
        order = sorted(enumerate(self.inked), key=lambda numbered: numbered[1].box[0])
        for at, (i, one) in enumerate(order):
            _left, top, right, bottom = one.box
            right, top, bottom = right + LOST_MM, top - LOST_MM, bottom + LOST_MM
            for j, other in order[at + 1 :]:
                box = other.box
                if box[0] > right:
                    break
                if box[1] > bottom or box[3] < top:
                    continue
                if (found := self._pair(*((one, other) if i < j else (other, one)))) is not None:
                    yield found

    def _pair(self, first: _Placed, second: _Placed) -> Finding | None:
        if first.run == second.run and first.run in self.joined:
            return None
        if first.part.kind == "ring":
            if second.part.kind == "ring" or self.bands[first.run].clear(second.hull):
                return None
        elif apart(first.hull, second.hull, LOST_MM):
            return None
        parts = (first.part, second.part)
        names = (("first", _called(first.part)), ("second", _called(second.part)))
        measured = _measured(*parts)
        if measured is None:
            return _tangled(parts, names, *_between(first.box, second.box))
        area, gap, place = measured
        x, y = place or _between(first.box, second.box)
        if area > _TOUCH_MM2:
            sentence = N_("{first} and {second} overlap.")
            return Finding("face.overlap", ERROR, sentence, names, (parts[0].name, parts[1].name), x, y)
        if gap < LOST_MM - 1e-6:
            sentence = N_("{first} and {second} are {value} mm apart; below {bound} mm the gap closes on rubber.")
            facts = (*names, ("value", f"{gap:.2f}"), ("bound", f"{LOST_MM:.2f}"))
            return Finding("face.gap", WARNING, sentence, facts, (parts[0].name, parts[1].name), x, y)
        return None


@lru_cache(maxsize=1024)
def _measured(first: Part, second: Part) -> tuple[float, float, tuple[float, float] | None] | None:
    """The area in mm² that two parts share, how far they are apart in mm when they share none, and where to look; None when too tangled.

    Kept, because most pairs are the same after a keystroke as before it.
    """
    from sealdesk.face import booleans

    try:
        area = booleans.overlap_mm2(first.contours, second.contours)
    except booleans.OutlineError:
        return None
    if area > _TOUCH_MM2:
        place = place_of_overlap(first.contours, second.contours)
        return area, 0.0, None if place is None else (round(place[0], 2), round(place[1], 2))
    gap = distance(first.contours, second.contours, LOST_MM)
    place = place_of_gap(first.contours, second.contours, gap) if gap < LOST_MM else None
    return area, gap, None if place is None else (round(place[0], 2), round(place[1], 2))


def _straight(shape: Shape, inset_mm: float) -> Polygon:
    """The corners of the parallel of an edge of straight sides, from the face's top-left corner; none where it bends or turns inwards."""
    if shape.kind not in _STRAIGHT:
        return []
    from sealdesk.face import booleans

    try:
        contours = shapes.outline(shape, inset_mm)
    except booleans.OutlineError:
        return []
    if len(contours) != 1 or any(len(segment) != 3 for segment in contours[0].segments):
        return []
    w, h = shape.width_mm / 2, shape.height_mm / 2
    corners = [(x + w, y + h) for x, y in contours[0].points()]
    return corners if convex(corners) else []


class _Band:
    """A ring, for the certain answer that a part lies clear of it."""

    def __init__(self, spec: FaceSpec, number: int) -> None:
        ring, self.shape = spec.rings[number], spec.shape
        self.cx, self.cy = self.shape.width_mm / 2, self.shape.height_mm / 2
        # The parallel of an ellipse lies within the ellipse of the shorter axes, by less than 0.06 mm for real faces.
        inset = ring.inset_mm + ring.width_mm + LOST_MM + {"ellipse": 0.06, "circle": 0.0}.get(self.shape.kind, self.shape.corner_mm * 0.3)
        self.inner = (self.cx - inset, self.cy - inset)
        self.outer = (self.cx - ring.inset_mm + LOST_MM, self.cy - ring.inset_mm + LOST_MM)
        self.within = _straight(self.shape, ring.inset_mm + ring.width_mm + LOST_MM)
        self.around = _straight(self.shape, ring.inset_mm)

    def clear(self, of: Polygon) -> bool:
        """Whether the convex polygon certainly keeps its distance; False only means that it has to be looked at."""
        a, b = self.inner
        cx, cy = self.cx, self.cy
        if self.shape.kind in ("square", "rectangle"):
            return all(abs(x - cx) <= a and abs(y - cy) <= b for x, y in of)
        if self.shape.kind in _STRAIGHT:
            return inside(of, self.within) or (bool(self.around) and apart(of, self.around, LOST_MM))
        if self.shape.kind not in ("circle", "ellipse"):
            return False
        if a > 0 and b > 0:
            for x, y in of:
                u, v = (x - cx) / a, (y - cy) / b
                if u * u + v * v > 1:
                    break
            else:
                return True
        # Beyond the ring's outer edge: on a page that is stretched until that edge is a unit circle, sides stay straight.
        a, b = self.outer
        return outside_circle([((x - cx) / a, (y - cy) / b) for x, y in of])


def _outside(inked: list[_Placed], spec: FaceSpec) -> Iterator[Finding]:
    w, h = spec.shape.width_mm, spec.shape.height_mm
    rim: tuple[Contour, ...] | None = None
    corners = _straight(spec.shape, 0.0)
    for one in inked:
        part = one.part
        if part.kind == "ring":
            continue
        left, top, right, bottom = one.box
        if spec.shape.kind in ("circle", "ellipse"):
            within = all((2 * x / w - 1) ** 2 + (2 * y / h - 1) ** 2 <= 1 for x, y in one.hull)
        elif spec.shape.kind in _STRAIGHT:
            within = inside(one.hull, corners)
        else:
            within = left >= 0 and top >= 0 and right <= w and bottom <= h and spec.shape.kind in ("square", "rectangle")
        if within:
            continue
        from sealdesk.face import booleans

        if rim is None:
            rim = transformed(shapes.outline(spec.shape), 1, 0, 0, 1, w / 2, h / 2)
        try:
            area = abs(booleans.signed_area(booleans.simple(part.contours))) - booleans.overlap_mm2(part.contours, rim)
        except booleans.OutlineError:
            yield _tangled((part,), (("first", _called(part)), ("second", _called(part))), *one.middle)
            continue
        if area > 10 * _TOUCH_MM2:
            sentence = N_("{first} reaches beyond the edge of the face.")
            yield Finding("face.outside", ERROR, sentence, (("first", _called(part)),), (part.name,), *one.middle)


def _tangled(parts: tuple[Part, ...], names: tuple[tuple[str, str], ...], x: float, y: float) -> Finding:
    sentence = N_("The outlines of {first} and {second} are too tangled to be compared; simplify the imported outline.")
    return Finding("face.outline", ERROR, sentence, names, tuple(part.name for part in parts), x, y)


def _beyond_band(inked: list[_Placed], spec: FaceSpec) -> Iterator[Finding]:
    """Letters along the edge that reach out of the band that their height gives them, by more than a tenth of it."""
    if spec.shape.kind not in ("circle", "ellipse"):
        return
    w, h = spec.shape.width_mm, spec.shape.height_mm
    line = edge(w, h)
    arcs = {f"arc.{i}": arc for i, arc in enumerate(spec.arcs) if spacing(arc) == "cells"}
    for one in inked:
        arc = arcs.get(one.run)
        if arc is None:
            continue
        corners = [(x - w / 2, y - h / 2) for x, y in one.hull]
        near, far = arc.inset_mm - arc.height_mm * 0.1, arc.inset_mm + arc.height_mm * 1.1
        cx, cy = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
        p = line.place(line.foot(cx, cy))
        depths = [(p.x - x) * p.nx + (p.y - y) * p.ny for x, y in corners]
        beyond = max(near - min(depths), max(depths) - far)
        if beyond > 0.01:
            x, y = round(cx + w / 2, 2), round(cy + h / 2, 2)
            sentence = N_("{first} reaches {value} mm out of the band of its text.")
            facts = (("first", _called(one.part)), ("value", f"{beyond + arc.height_mm * 0.1:.2f}"))
            yield Finding("face.band", WARNING, sentence, facts, (one.part.name,), x, y)


def _squeezed(inked: list[_Placed]) -> Iterator[Finding]:
    seen: set[str] = set()
    for one in inked:
        part = one.part
        if part.origin is None or part.kind != "text" or one.run in seen or part.origin.ratio >= 0.5 * 0.999:
            continue
        seen.add(one.run)
        sentence = N_("The letters are squeezed to {value} of their height; below 0.5 they are hard to read.")
        yield Finding("face.squeezed", WARNING, sentence, (("value", f"{part.origin.ratio:.2f}"),), (part.name,), *one.middle)


def _thin(inked: list[_Placed]) -> Iterator[Finding]:
    least: dict[str, tuple[float, _Placed]] = {}
    for one in inked:
        if one.part.origin is None:
            continue
        for kind, value in zip(("stroke", "white"), thinnest(one.part.origin, LOST_MM), strict=True):
            if value < LOST_MM and (kind not in least or value < least[kind][0]):
                least[kind] = (value, one)
    sentences = {
        "stroke": N_("The thinnest stroke of {first} is {value} mm; below {bound} mm it is lost on rubber."),
        "white": N_("The narrowest gap within {first} is {value} mm; below {bound} mm it closes on rubber."),
    }
    for kind, (value, one) in least.items():
        facts = (("first", _called(one.part)), ("value", f"{value:.3f}"), ("bound", f"{LOST_MM:.2f}"))
        code = "face.stroke" if kind == "stroke" else "face.gap"
        yield Finding(code, WARNING, sentences[kind], facts, (one.part.name,), *one.middle)


_CALLED = {
    "ring": N_("the ring"),
    "star": N_("the star"),
    "emblem": N_("the emblem"),
    "line": N_("the line"),
    "microtext": N_("the microtext"),
}


def _called(part: Part) -> str:
    return f"“{part.text}”" if part.text else _CALLED.get(part.kind, part.kind)


def _joins(text: str) -> bool:
    return any(ord(c) >= 0x0590 and (ord(c) < 0x1100 or 0x1780 <= ord(c) < 0x18B0) for c in text)


def _middle(box: Bounds) -> tuple[float, float]:
    return round((box[0] + box[2]) / 2, 2), round((box[1] + box[3]) / 2, 2)


def _between(a: Bounds, b: Bounds) -> tuple[float, float]:
    """The middle of what two boxes share: where to look."""
    return _middle((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
