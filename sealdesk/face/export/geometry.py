"""What is finally inked: cuts taken out, strokes grown, polarity turned. It does not lay out or write files, and leaves Skia to `booleans`.

`inked` is the one place where cuts become geometry; every export and every raster starts from its answer, so all of them agree.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from sealdesk.face import booleans
from sealdesk.face.drawing import Bounds, Contour, Drawing, Ink, Part, reach, transformed


def inked(drawing: Drawing) -> tuple[Part, ...]:
    """The parts that give ink, in painting order, with every later cut taken out of them; no part is `Ink.CUT`.

    A part that no cut touches is returned as it is. A part that is cut away completely is left out.

    Raises:
        OutlineError: a cut could not be taken out of a part.
    """
    if all(part.ink is not Ink.CUT for part in drawing.parts):  # most pictures on the screen; not worth a hash of the whole drawing
        return tuple(part for part in drawing.parts if not part.blank)
    return cut_out(drawing)


@functools.lru_cache(maxsize=32)
def cut_out(drawing: Drawing) -> tuple[Part, ...]:
    """As `inked`; kept, because every export of a face asks again."""
    final: list[Part] = []
    cuts: list[tuple[Bounds, Part]] = []
    for part in reversed(drawing.parts):
        if part.blank:
            continue
        if part.ink is Ink.CUT:
            cuts.append((reach(part.contours), part))
            continue
        box = reach(part.contours) if cuts else None
        touching = [cut for cut_box, cut in cuts if box and _meet(box, cut_box)]
        if touching:
            contours = booleans.minus(part.contours, [cut.contours for cut in touching], part.name)
            if not contours:
                continue
            part = part.reshaped(contours)
        final.append(part)
    return tuple(reversed(final))


def separated(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with contours that do not cross each other within a part, for formats that carry lines instead of fills.

    Machines fill nested outlines by the even-odd rule, so overlapping contours would turn into holes. Parts whose contours do not overlap
    are returned unchanged.

    Raises:
        OutlineError: a part is too tangled.
    """
    final = []
    for part in parts:
        simple = booleans.simple(part.contours, part.name)
        change = abs(abs(booleans.signed_area(simple)) - abs(booleans.signed_area(part.contours)))
        same = len(simple) == len(part.contours) and change < booleans.AREA_TOLERANCE_MM2
        final.append(part if same else part.reshaped(simple))
    return tuple(final)


def united(parts: Sequence[Part]) -> tuple[Contour, ...]:
    """The contours of all ink together, overlaps merged.

    Raises:
        OutlineError: the outlines could not be merged.
    """
    return booleans.simple([contour for part in parts for contour in booleans.simple(part.contours, part.name)], "face")


def grown(part: Part, by_mm: float) -> Part | None:
    """The part with every edge moved outwards by `by_mm` (inwards when negative), corners kept; None when nothing is left of it.

    Raises:
        OutlineError: the outline could not be offset.
    """
    if by_mm == 0:
        return part
    contours = booleans.grown(part.contours, by_mm, part.name)
    return part.reshaped(contours) if contours else None


def inverted(drawing: Drawing, margin_mm: float) -> Drawing:
    """The negative: a rectangle `margin_mm` larger on every side with the ink as holes, as one part named `negative`.

    Raises:
        OutlineError: the outlines could not be merged.
    """
    width, height = drawing.width_mm + 2 * margin_mm, drawing.height_mm + 2 * margin_mm
    frame = rectangle(-margin_mm, -margin_mm, width, height)
    left = booleans.minus((frame,), [united(inked(drawing))], "negative")
    contours = transformed(left, 1, 0, 0, 1, margin_mm, margin_mm)
    parts = (Part("negative", "negative", Ink.INK, contours),) if contours else ()
    return Drawing(width, height, parts)


def rectangle(x: float, y: float, width: float, height: float) -> Contour:
    """A rectangle in millimetres, clockwise as it is seen."""
    return Contour((x, y), (("L", x + width, y), ("L", x + width, y + height), ("L", x, y + height)))


def _meet(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
