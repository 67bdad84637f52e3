"""A face in any of the file formats by its ending, under a material profile. The formats themselves are in their own modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sealdesk.face.drawing import Drawing
from sealdesk.face.export import bitmap as pictures
from sealdesk.face.export import dxf, pdf, plt, profiles, svg
from sealdesk.face.raster import bitmap

FORMATS: Mapping[str, Callable[[Drawing, float], bytes]] = {
    "svg": lambda drawing, _dpi: svg.svg(drawing),
    "pdf": lambda drawing, _dpi: pdf.pdf(drawing),
    "dxf": lambda drawing, _dpi: dxf.dxf(drawing),
    "plt": lambda drawing, _dpi: plt.plt(drawing),
    "png": lambda drawing, dpi: pictures.png(bitmap(drawing, dpi)),
    "tif": lambda drawing, dpi: pictures.tiff(bitmap(drawing, dpi)),
    "bmp": lambda drawing, dpi: pictures.bmp(bitmap(drawing, dpi)),
}
"""What a face can be written as, by file ending."""


def render(drawing: Drawing, ending: str, dpi: float, material: str = "") -> bytes:
    """The drawing as one file; an empty `material` leaves it as it is on paper.

    Raises:
        KeyError: unknown ending. UnknownProfileError: unknown material.
    """
    if material:
        drawing = profiles.applied(drawing, profiles.profile(material))
    return FORMATS[ending](drawing, dpi)
