"""Emblems from SVG files: the paths of a file as the one path data that a face takes. It draws nothing and follows no reference.

Only what means the same everywhere is taken: paths and polygons without transformation. Everything else is refused with what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.face import svgpath

LARGEST_BYTES = 1_000_000
MOST_CHARACTERS = 400_000
"""What a face keeps of a mark's outline (`face.specification.Mark`)."""
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_DRAWN = {"rect", "circle", "ellipse", "line", "polyline", "text", "image", "use"}


class EmblemFileError(UserError):
    """The file is no SVG file that we can use."""

    code = "templates.emblem.file"
    sentence = N_("“{name}” is not a usable SVG file.")
    advice = N_("Export the emblem from a drawing program as plain SVG, at most 1 MB.")


class EmblemShapeError(UserError):
    """The file holds something beside paths and polygons."""

    code = "templates.emblem.shape"
    sentence = N_("“{name}” holds “{element}”, which is neither a path nor a polygon.")
    advice = N_("Convert all objects to paths in the drawing program, unite them, and export again.")


class EmblemTransformError(UserError):
    """An object is moved, scaled or turned by an attribute."""

    code = "templates.emblem.transform"
    sentence = N_("“{name}” moves or scales its objects by “transform”.")
    advice = N_("Apply the transformations in the drawing program (flatten), and export again.")


def path_data(name: str, content: bytes) -> str:
    """The path data of all paths and polygons in an SVG file; `name` is for the sentences.

    Raises:
        EmblemFileError: not SVG, too large, with entities, or it draws nothing.
        EmblemShapeError, EmblemTransformError: it holds what we do not take.
        PathDataError: a path is not usable.
    """
    if len(content) > LARGEST_BYTES or b"<!ENTITY" in content or (b"<!DOCTYPE" in content and b"[" in content):
        raise EmblemFileError(name=name)
    try:
        root = ET.fromstring(content)
    except (ET.ParseError, ValueError, LookupError):
        raise EmblemFileError(name=name) from None
    if root.tag.removeprefix(_NAMESPACE) != "svg":
        raise EmblemFileError(name=name)
    data = " ".join(_paths(name, root))
    if not data or len(data) > MOST_CHARACTERS:
        raise EmblemFileError(name=name)
    svgpath.contours(data)
    return data


def _paths(name: str, root: ET.Element) -> Iterator[str]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        tag = str(element.tag).removeprefix(_NAMESPACE)
        if tag in ("defs", "metadata", "title", "desc", "style"):
            continue
        if element.get("transform"):
            raise EmblemTransformError(name=name)
        if tag in _DRAWN:
            raise EmblemShapeError(name=name, element=tag)
        if tag == "path" and (data := element.get("d", "").strip()):
            # A path that begins with a relative move would begin where the one before it ended.
            yield f"M0 0 {data}" if data[0] == "m" else data
        if tag == "polygon" and (points := element.get("points", "").strip()):
            yield f"M{points}Z"
        waiting.extend(reversed(element))
