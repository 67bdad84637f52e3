"""The face as an SVG drawing of true paths in millimetres; no pictures, no fonts, no styles."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from sealdesk.face.drawing import Contour, Drawing
from sealdesk.face.export.geometry import inked
from sealdesk.face.export.numbers import written

MEDIA_TYPE = "image/svg+xml"


def svg(drawing: Drawing, colour: str = "#000000") -> bytes:
    """The SVG file: one `path` a part, named by the part, one user unit a millimetre.

    Args:
        drawing: what to write; its cuts are taken out.
        colour: the fill, `#rrggbb`.

    Raises:
        OutlineError: a cut could not be taken out of a part.
    """
    width, height = written(drawing.width_mm), written(drawing.height_mm)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">',
        f'<g fill={quoteattr(colour)} fill-rule="nonzero" stroke="none">',
    ]
    for part in inked(drawing):
        lines.append(f"<path id={quoteattr(part.name)} class={quoteattr(part.ink.value)} d={quoteattr(path_data(part.contours))}/>")
    lines.append("</g>\n</svg>\n")
    return "\n".join(lines).encode("utf-8")


def path_data(contours: tuple[Contour, ...]) -> str:
    """The contours in the language of SVG's `d` attribute, absolute coordinates in millimetres."""
    words: list[str] = []
    for contour in contours:
        words.append(f"M{written(contour.start[0])} {written(contour.start[1])}")
        for segment in contour.segments:
            words.append(segment[0] + " ".join(written(value) for value in segment[1:]))
        words.append("Z")
    return "".join(words)
