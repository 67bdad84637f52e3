"""Faces as the business uses them: from a template and its texts to a checked drawing, and back from stored JSON. One engine, one lock.

Fonts are opened once for the whole program; laying out is serialised, because a font's caches are not made for several threads.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import rfc8785

from sealdesk.domain.permits import Cut as PermitCut
from sealdesk.face import checks, codec, layout, letters
from sealdesk.face.checks import Finding
from sealdesk.face.drawing import Drawing
from sealdesk.face.fonts import FontSet, system_fonts
from sealdesk.face.specification import Cut, FaceSpec
from sealdesk.face.template import Options, Template, with_platform_data

CHIP_DPI = 400.0
"""Resolution of the picture in a chip (GA 241 systems; design, domain 2.5)."""

_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class Face:
    """A face with its specification, its drawing and what the checks found."""

    spec: FaceSpec
    drawing: Drawing
    findings: tuple[Finding, ...]


def face_of(template: Template, values: Mapping[str, str], options: Options | None = None) -> Face:
    """Lay out a template with its texts.

    The shop's own letters are used where no font has a character; the face says which, and is the same without the shop's list.

    Raises:
        ProblemsError: a text is not usable. MissingGlyphError: no font has a character.
    """
    return _laid_out(letters.completed(template.build(values, options), _fonts()))


def face_from(stored: Any) -> Face:
    """The face of a stored JSON description; cached, because lists and previews ask again and again.

    Raises:
        UserError: it is not a face.
    """
    return _cached(rfc8785.dumps(stored))


def with_permit(stored: Any, seal_code: str, cuts: Sequence[PermitCut]) -> Any:
    """The stored description with the approved code and the anti-forgery cuts as its own data."""
    spec = codec.read(FaceSpec, stored)
    return codec.plain(with_platform_data(spec, seal_code, tuple(_cut(cut, spec) for cut in cuts)))


def chip_picture(stored: Any, seal_code: str) -> bytes:
    """The compressed GA 241 picture of a face for its chip."""
    from sealdesk.face.export import ga241
    from sealdesk.face.raster import layers

    return ga241.encode(layers(face_from(stored).drawing, CHIP_DPI), seal_code[: ga241.CODE_LENGTH])


def _cut(cut: PermitCut, spec: FaceSpec) -> Cut:
    """A permit's cut, given by its ends from the face's top left, as the face has it: by its middle from the centre."""
    dx, dy = cut.x2_mm - cut.x1_mm, cut.y2_mm - cut.y1_mm
    return Cut(
        x_mm=round((cut.x1_mm + cut.x2_mm - spec.shape.width_mm) / 2, 6),
        y_mm=round((cut.y1_mm + cut.y2_mm - spec.shape.height_mm) / 2, 6),
        length_mm=round(math.hypot(dx, dy), 6),
        width_mm=cut.width_mm,
        angle_deg=round(math.degrees(math.atan2(dy, dx)), 6),
    )


@lru_cache(maxsize=256)
def _cached(encoded: bytes) -> Face:
    return _laid_out(codec.read(FaceSpec, codec.parse(encoded)))


def _laid_out(spec: FaceSpec) -> Face:
    with _lock:
        drawing = layout.layout(spec, _fonts())
        return Face(spec, drawing, checks.check(drawing, spec))


@lru_cache(maxsize=1)
def _fonts() -> FontSet:
    return system_fonts()
