"""The face as a one-page PDF of filled vector paths at its true size; no fonts, no pictures, no dates.

Written by hand because a document library stamps times and random identifiers. PDF 1.4 (ISO 32000-1): user space is 1/72 inch, y up;
the page's own matrix turns it into millimetres, y down.
"""

from __future__ import annotations

import hashlib
import zlib

from sealdesk.face.drawing import Drawing
from sealdesk.face.export.geometry import inked
from sealdesk.face.export.numbers import written

MEDIA_TYPE = "application/pdf"

_POINTS_PER_MM = 72 / 25.4
Colour = tuple[float, float, float]


def pdf(drawing: Drawing, page_mm: tuple[float, float] | None = None, colour: Colour = (0.0, 0.0, 0.0)) -> bytes:
    """The PDF file.

    Args:
        drawing: what to write; its cuts are taken out.
        page_mm: width and height of the page, the drawing in its middle; the page is as large as the drawing when None.
        colour: red, green, blue, each 0 to 1.

    Raises:
        OutlineError: a cut could not be taken out of a part.
    """
    width_mm, height_mm = page_mm or (drawing.width_mm, drawing.height_mm)
    content = _content(drawing, width_mm, height_mm, colour)
    packed = zlib.compress(content, 6)
    box = f"[0 0 {written(width_mm * _POINTS_PER_MM, 6)} {written(height_mm * _POINTS_PER_MM, 6)}]"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources << >> /Contents 4 0 R >>".encode("ascii"),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream",
    )
    return _file(objects, hashlib.sha256(content + box.encode("ascii")).hexdigest()[:32])


def _content(drawing: Drawing, width_mm: float, height_mm: float, colour: Colour) -> bytes:
    k = _POINTS_PER_MM
    left, top = (width_mm - drawing.width_mm) / 2, (height_mm - drawing.height_mm) / 2
    lines = [
        " ".join(written(value, 4) for value in colour) + " rg",
        " ".join(written(value, 8) for value in (k, 0, 0, -k, left * k, (height_mm - top) * k)) + " cm",
    ]
    for part in inked(drawing):
        for contour in part.contours:
            lines.append(f"{written(contour.start[0])} {written(contour.start[1])} m")
            for segment in contour.segments:
                lines.append(" ".join(written(value) for value in segment[1:]) + (" l" if segment[0] == "L" else " c"))
            lines.append("h")
        lines.append("f")
    return ("\n".join(lines) + "\n").encode("ascii")


def _file(objects: tuple[bytes, ...], identifier: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /ID [<{identifier}> <{identifier}>] >>\n".encode("ascii")
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
