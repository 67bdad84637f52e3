"""What is wrong with a face, with the figure and the place: overlaps, thin strokes, narrow gaps, squeezed letters, illegal sizes.

Overlaps are exact (boolean operations on the outlines); cheap certain tests come first, so that a check costs a few milliseconds.
It never changes the face.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from sealdesk.core.i18n import N_, _
from sealdesk.face import marks, shapes
from sealdesk.face.curves import edge
from sealdesk.face.drawing import Bounds, Contour, Drawing, Ink, Part, reach, transformed
from sealdesk.face.layout import spacing
from sealdesk.face.polygons import Polygon, apart, distance, hull, parallelogram
from sealdesk.face.specification import FaceSpec
from sealdesk.face.strokes import thinnest

ERROR, WARNING = "error", "warning"
LOST_MM = 0.10
"""Strokes and gaps below this are lost on rubber."""
MOST_PAIRS = 100
"""Pairs of parts too close to each other that are named. Beyond that a face is wrong throughout, and naming each would take minutes."""
_TOUCH_MM2 = 1e-4


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
    found = [*_size(spec), *_emblems(spec), *_Overlaps(drawing, spec).findings(), *_outside(drawing, spec)]
    found += [*_beyond_band(drawing, spec), *_squeezed(drawing, spec), *_thin(drawing), *_rings(spec)]
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


class _Overlaps:
    """All pairs of inked parts: certain rejections first, boolean operations for the rest."""

    def __init__(self, drawing: Drawing, spec: FaceSpec) -> None:
        self.parts = [p for p in drawing.parts if p.ink is not Ink.CUT and p.contours]
        self.spec = spec
        self.hulls: list[Polygon] = [_hull(p) for p in self.parts]
        self.boxes: list[Bounds] = [_box(h) for h in self.hulls]
        self.runs = [_run(p) for p in self.parts]
        self.joined = {f"arc.{i}" for i, arc in enumerate(spec.arcs) if spacing(arc) != "cells"}
        self.joined |= {f"row.{i}" for i, row in enumerate(spec.rows) if _joins(row.text)}
        self.joined |= {f"column.{i}" for i, column in enumerate(spec.columns) if _joins(column.text)}

    def findings(self) -> Iterator[Finding]:
        return itertools.islice(self._all(), MOST_PAIRS)

    def _all(self) -> Iterator[Finding]:
        order = sorted(range(len(self.parts)), key=lambda i: self.boxes[i][0])
        for at, i in enumerate(order):
            right = self.boxes[i][2] + LOST_MM
            for j in order[at + 1 :]:
                if self.boxes[j][0] > right:
                    break
                if (found := self._pair(min(i, j), max(i, j))) is not None:
                    yield found

    def _pair(self, i: int, j: int) -> Finding | None:
        a, b = self.boxes[i], self.boxes[j]
        if a[1] > b[3] + LOST_MM or b[1] > a[3] + LOST_MM:
            return None
        if self.runs[i] == self.runs[j] and self.runs[i] in self.joined:
            return None
        first, second = self.parts[i], self.parts[j]
        if first.kind == "ring":
            if second.kind == "ring" or self._clear_of_ring(first, j):
                return None
        elif apart(self.hulls[i], self.hulls[j], LOST_MM):
            return None
        from sealdesk.face import booleans

        x, y = _between(a, b)
        names = (("first", _called(first)), ("second", _called(second)))
        try:
            area = booleans.overlap_mm2(first.contours, second.contours)
        except booleans.OutlineError:
            return _tangled((first, second), names, x, y)
        if area > _TOUCH_MM2:
            sentence = N_("{first} and {second} overlap.")
            return Finding("face.overlap", ERROR, sentence, names, (first.name, second.name), x, y)
        gap = distance(first.contours, second.contours, LOST_MM)
        if gap < LOST_MM - 1e-6:
            sentence = N_("{first} and {second} are {value} mm apart; below {bound} mm the gap closes on rubber.")
            facts = (*names, ("value", f"{gap:.2f}"), ("bound", f"{LOST_MM:.2f}"))
            return Finding("face.gap", WARNING, sentence, facts, (first.name, second.name), x, y)
        return None

    def _clear_of_ring(self, ring: Part, j: int) -> bool:
        """Certainly within the ring's inner edge, by the part's hull; False only means that it has to be looked at."""
        of = self.spec.rings[int(ring.name.split(".")[1])]
        shape = self.spec.shape
        inset = of.inset_mm + of.width_mm + LOST_MM
        cx, cy = shape.width_mm / 2, shape.height_mm / 2
        if shape.kind in ("circle", "ellipse"):
            # The parallel of an ellipse lies within the ellipse of the shorter axes, by less than 0.06 mm for real faces.
            inset += 0.0 if shape.kind == "circle" else 0.06
            a, b = cx - inset, cy - inset
            if a > 0 and b > 0 and all(((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 <= 1 for x, y in self.hulls[j]):
                return True
            a, b = cx - of.inset_mm + LOST_MM, cy - of.inset_mm + LOST_MM
            # Outside an inner ring: the hull's sides may dip below their ends by their length squared over eight radii.
            dip = max((_side(self.hulls[j]) ** 2) / (8 * min(a, b)), 0.0)
            a, b = a + dip, b + dip
            return all(((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 >= 1 for x, y in self.hulls[j])
        if shape.kind in ("square", "rectangle"):
            a, b = cx - inset - shape.corner_mm * 0.3, cy - inset - shape.corner_mm * 0.3
            return all(abs(x - cx) <= a and abs(y - cy) <= b for x, y in self.hulls[j])
        return False


def _side(polygon: Polygon) -> float:
    return max(math.hypot(polygon[k][0] - polygon[k - 1][0], polygon[k][1] - polygon[k - 1][1]) for k in range(len(polygon)))


def _outside(drawing: Drawing, spec: FaceSpec) -> Iterator[Finding]:
    w, h = spec.shape.width_mm, spec.shape.height_mm
    rim: tuple[Contour, ...] | None = None
    for part in drawing.parts:
        if part.kind in ("ring", "cut") or not part.contours:
            continue
        corners = _hull(part)
        if spec.shape.kind in ("circle", "ellipse"):
            inside = all((2 * x / w - 1) ** 2 + (2 * y / h - 1) ** 2 <= 1 for x, y in corners)
        else:
            inside = all(0 <= x <= w and 0 <= y <= h for x, y in corners) and spec.shape.kind in ("square", "rectangle")
        if inside:
            continue
        from sealdesk.face import booleans

        middle = _middle(_box(corners))
        if rim is None:
            rim = transformed(shapes.outline(spec.shape), 1, 0, 0, 1, w / 2, h / 2)
        try:
            area = abs(booleans.signed_area(booleans.simple(part.contours))) - booleans.overlap_mm2(part.contours, rim)
        except booleans.OutlineError:
            yield _tangled((part,), (("first", _called(part)), ("second", _called(part))), *middle)
            continue
        if area > 10 * _TOUCH_MM2:
            sentence = N_("{first} reaches beyond the edge of the face.")
            yield Finding("face.outside", ERROR, sentence, (("first", _called(part)),), (part.name,), *middle)


def _tangled(parts: tuple[Part, ...], names: tuple[tuple[str, str], ...], x: float, y: float) -> Finding:
    sentence = N_("The outlines of {first} and {second} are too tangled to be compared; simplify the imported outline.")
    return Finding("face.outline", ERROR, sentence, names, tuple(part.name for part in parts), x, y)


def _beyond_band(drawing: Drawing, spec: FaceSpec) -> Iterator[Finding]:
    """Letters along the edge that reach out of the band that their height gives them, by more than a tenth of it."""
    if spec.shape.kind not in ("circle", "ellipse"):
        return
    w, h = spec.shape.width_mm, spec.shape.height_mm
    line = edge(w, h)
    for i, arc in enumerate(spec.arcs):
        if spacing(arc) != "cells":
            continue
        near, far = arc.inset_mm - arc.height_mm * 0.1, arc.inset_mm + arc.height_mm * 1.1
        for part in drawing.parts:
            if part.origin is None or _run(part) != f"arc.{i}":
                continue
            corners = [(x - w / 2, y - h / 2) for x, y in _hull(part)]
            cx, cy = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
            p = line.place(line.foot(cx, cy))
            depths = [(p.x - x) * p.nx + (p.y - y) * p.ny for x, y in corners]
            beyond = max(near - min(depths), max(depths) - far)
            if beyond > 0.01:
                x, y = round(cx + w / 2, 2), round(cy + h / 2, 2)
                sentence = N_("{first} reaches {value} mm out of the band of its text.")
                facts = (("first", _called(part)), ("value", f"{beyond + arc.height_mm * 0.1:.2f}"))
                yield Finding("face.band", WARNING, sentence, facts, (part.name,), x, y)


def _squeezed(drawing: Drawing, spec: FaceSpec) -> Iterator[Finding]:
    seen: set[str] = set()
    for part in drawing.parts:
        run = _run(part)
        if part.origin is None or part.kind != "text" or run in seen or part.origin.ratio >= 0.5 * 0.999:
            continue
        seen.add(run)
        x, y = _middle(_box(_hull(part)))
        sentence = N_("The letters are squeezed to {value} of their height; below 0.5 they are hard to read.")
        yield Finding("face.squeezed", WARNING, sentence, (("value", f"{part.origin.ratio:.2f}"),), (part.name,), x, y)


def _thin(drawing: Drawing) -> Iterator[Finding]:
    least: dict[str, tuple[float, Part]] = {}
    for part in drawing.parts:
        if part.origin is None or part.ink is Ink.CUT:
            continue
        for kind, value in zip(("stroke", "white"), thinnest(part.origin), strict=True):
            if value < LOST_MM and (kind not in least or value < least[kind][0]):
                least[kind] = (value, part)
    sentences = {
        "stroke": N_("The thinnest stroke of {first} is {value} mm; below {bound} mm it is lost on rubber."),
        "white": N_("The narrowest gap within {first} is {value} mm; below {bound} mm it closes on rubber."),
    }
    for kind, (value, part) in least.items():
        x, y = _middle(_box(_hull(part)))
        facts = (("first", _called(part)), ("value", f"{value:.3f}"), ("bound", f"{LOST_MM:.2f}"))
        yield Finding("face.stroke" if kind == "stroke" else "face.gap", WARNING, sentences[kind], facts, (part.name,), x, y)


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


def _run(part: Part) -> str:
    return ".".join(part.name.split(".")[:2])


def _hull(part: Part) -> Polygon:
    if part.origin is not None:
        return parallelogram(part.origin)
    if part.kind == "ring":  # only its box is asked for
        left, top, right, bottom = reach(part.contours)
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    return hull([p for c in part.contours for p in c.points()])


def _box(points: Polygon) -> Bounds:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _middle(box: Bounds) -> tuple[float, float]:
    return round((box[0] + box[2]) / 2, 2), round((box[1] + box[3]) / 2, 2)


def _between(a: Bounds, b: Bounds) -> tuple[float, float]:
    """The middle of what two boxes share: where to look."""
    return _middle((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
