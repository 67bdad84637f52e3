"""SVG files of a drawing program to one line of path data: how an official emblem or a rare letter enters a face. It fills, it strokes not.

Read are `path`, `polygon`, `rect`, `circle` and `ellipse` with the `transform` of themselves and of the groups around them. What a face
cannot take over faithfully is refused: pictures, text, references and the even-odd rule.
"""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

from sealdesk.core.i18n import N_
from sealdesk.face import svgpath
from sealdesk.face.codec import SpokenError
from sealdesk.face.drawing import Contour, contour_bounds, transformed

MAX_BYTES = 2_000_000
_SIDE = 1000.0  # units of the longer side of what comes out
Matrix = tuple[float, float, float, float, float, float]
_STEP = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_SILENT = {"defs", "title", "desc", "metadata", "style", "namedview", "clipPath", "mask", "linearGradient", "radialGradient", "symbol"}
_GROUPS = {"svg", "g", "a", "switch"}


class SvgFileError(SpokenError):
    """The file holds no outline that a face could take over."""

    code = "face.svg"
    sentence = N_("This SVG file cannot be used as an outline: {reason}.")
    advice = N_("Turn everything into filled paths in a drawing program, and export it again.")


def path_data(data: bytes) -> str:
    """The filled outlines of an SVG file as path data, scaled to a longer side of 1000.

    Raises:
        SvgFileError, PathDataError: with the reason.
    """
    if len(data) > MAX_BYTES:
        raise SvgFileError(reason=N_("it is too large"))
    if b"<!ENTITY" in data or b"\x00" in data:  # no drawing program needs entities; attackers do
        raise SvgFileError(reason=N_("it is not plain SVG"))
    try:
        root = ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError, RecursionError):
        raise SvgFileError(reason=N_("it is not plain SVG")) from None
    if _name(root) != "svg":
        raise SvgFileError(reason=N_("it is not plain SVG"))
    found: list[Contour] = []
    waiting: list[tuple[ET.Element, Matrix]] = [(root, (1, 0, 0, 1, 0, 0))]
    while waiting:
        element, matrix = waiting.pop()
        name = _name(element)
        if name in _SILENT or _style(element, "display") == "none":
            continue
        if _style(element, "fill-rule") == "evenodd":
            raise SvgFileError(reason=N_("it is filled by the even-odd rule"))
        matrix = _after(matrix, element.get("transform", ""))
        if name in _GROUPS:
            waiting += [(child, matrix) for child in reversed(element)]
        elif _style(element, "fill") != "none":
            found += transformed(_outline(element, name), *matrix)
    if not found:
        raise SvgFileError(reason=N_("it draws nothing"))
    left, top, right, bottom = contour_bounds(found)
    if not (1e-6 < right - left < 1e7 and 1e-6 < bottom - top < 1e7):
        raise SvgFileError(reason=N_("it has no usable size"))
    k = _SIDE / max(right - left, bottom - top)
    return _written(transformed(found, k, 0, 0, k, -left * k, -top * k))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "title"  # comments are silent


def _style(element: ET.Element, wanted: str) -> str:
    for entry in element.get("style", "").split(";"):
        name, _colon, value = entry.partition(":")
        if name.strip() == wanted:
            return value.strip()
    return element.get(wanted, "").strip()


def _outline(element: ET.Element, name: str) -> tuple[Contour, ...]:
    if name == "path":
        return svgpath.contours(element.get("d", ""))
    if name == "polygon":
        return svgpath.contours("M" + element.get("points", "") + "Z")
    if name == "rect":
        x, y, w, h = (_length(element, side) for side in ("x", "y", "width", "height"))
        if element.get("rx") or element.get("ry"):
            raise SvgFileError(reason=N_("it holds something that is no filled path"))
        return svgpath.contours(f"M{x} {y}h{w}v{h}h{-w}Z")
    if name in ("circle", "ellipse"):
        cx, cy = _length(element, "cx"), _length(element, "cy")
        rx, ry = (_length(element, side) for side in (("r", "r") if name == "circle" else ("rx", "ry")))
        return svgpath.contours(f"M{cx - rx} {cy}A{rx} {ry} 0 1 1 {cx + rx} {cy}A{rx} {ry} 0 1 1 {cx - rx} {cy}Z")
    raise SvgFileError(reason=N_("it holds something that is no filled path"))


def _length(element: ET.Element, name: str) -> float:
    numbers = _numbers(element.get(name, "0"))
    if len(numbers) != 1:
        raise SvgFileError(reason=N_("it holds something that is no filled path"))
    return numbers[0]


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(word) for word in re.split(r"[\s,]+", text.strip()) if word]
    except ValueError:
        numbers = []
    return numbers if all(math.isfinite(n) and abs(n) < 1e7 for n in numbers) else []


def _after(outer: Matrix, text: str) -> Matrix:
    """The matrix of a `transform` within an outer one."""
    if _STEP.sub("", text).replace(",", "").strip():
        raise SvgFileError(reason=N_("it is not plain SVG"))
    for kind, arguments in _STEP.findall(text):
        v = _numbers(arguments)
        try:
            a, b, c, d, e, f = _matrix(kind, v)
        except (IndexError, ValueError):
            raise SvgFileError(reason=N_("it is not plain SVG")) from None
        p, q, r, s, t, u = outer
        outer = (p * a + r * b, q * a + s * b, p * c + r * d, q * c + s * d, p * e + r * f + t, q * e + s * f + u)
    return outer


def _matrix(kind: str, v: list[float]) -> Matrix:
    if kind == "matrix":
        a, b, c, d, e, f = v
        return a, b, c, d, e, f
    if kind == "translate":
        return 1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0
    if kind == "scale":
        return v[0], 0, 0, v[1] if len(v) > 1 else v[0], 0, 0
    angle = math.radians(v[0])
    if kind == "rotate":
        c, s = math.cos(angle), math.sin(angle)
        x, y = (v[1], v[2]) if len(v) > 1 else (0.0, 0.0)
        return c, s, -s, c, x - c * x + s * y, y - s * x - c * y
    return (1, 0, math.tan(angle), 1, 0, 0) if kind == "skewX" else (1, math.tan(angle), 0, 1, 0, 0)


def _written(contours: tuple[Contour, ...]) -> str:
    words: list[str] = []
    for contour in contours:
        words.append("M" + " ".join(f"{v:.6g}" for v in contour.start))
        words += [s[0] + " ".join(f"{v:.6g}" for v in s[1:]) for s in contour.segments]
        words.append("Z")
    return "".join(words)
