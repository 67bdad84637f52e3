"""Scans of old imprints: a picture file from outside becomes one plane of ink, and the outer edge of the imprint is measured on it.

It trusts nothing in the file, keeps nothing, and draws nothing.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_

if TYPE_CHECKING:
    from PIL import Image

LARGEST_BYTES = 60 * 1024 * 1024
MOST_PIXELS = 80_000_000
"""An A4 page at 600 dpi, which shows 0.04 mm, has 35 million."""
LONGEST_SIDE_PX = 2400
FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
DPI_LOW, DPI_HIGH = 100.0, 4800.0
"""What a scanner writes; 72 and 96 are what programs write that do not know."""
_MEASURED_PX = 900
_RAYS = 360
_LEAST_INK = 0.0005
_RED = 50
"""How much redder than green the ink of an imprint is at least; the black text around it is not."""


class ScanFileError(UserError):
    """The file is no picture that we read."""

    code = "templates.scan.file"
    sentence = N_("“{name}” is not a usable picture.")
    advice = N_("Choose a PNG, JPEG, TIFF or BMP file.")


class ScanSizeError(UserError):
    """The file or the picture in it is too large."""

    code = "templates.scan.size"
    sentence = N_("“{name}” is too large: at most 60 MB and 80 million pixels are possible.")
    advice = N_("Scan only the imprint, at 600 dpi.")


class BlankScanError(UserError):
    """There is no ink."""

    code = "templates.scan.blank"
    sentence = N_("There is no imprint to be seen on “{name}”.")
    advice = N_("Scan the imprint again, in colour.")


class NoRingError(UserError):
    """The outer edge of the imprint was not found."""

    code = "templates.scan.ring"
    sentence = N_("The outer edge of the imprint was not found.")
    advice = N_("Cut the picture down to the imprint, or set its size by hand.")


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan: `ink` is one byte a pixel, row by row, 0 paper to 255 ink; `dpi` is 0 when the file does not say."""

    name: str
    width_px: int
    height_px: int
    dpi: float
    ink: bytes


@dataclass(frozen=True, slots=True)
class Edge:
    """The outer edge of the imprint in pixels of the scan: its middle and its extents."""

    x_px: float
    y_px: float
    width_px: float
    height_px: float


def read_scan(name: str, content: bytes) -> Scan:
    """The ink of a picture file.

    Raises:
        ScanFileError, ScanSizeError, BlankScanError: with what to do.
    """
    from PIL import Image, ImageOps

    if len(content) > LARGEST_BYTES:
        raise ScanSizeError(name=name)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ScanSizeError(name=name)
            dpi = _dpi(opened.info.get("dpi"))
            if opened.format == "JPEG":
                opened.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            before = opened.width
            picture = ImageOps.exif_transpose(_in_colour(opened))
            reduced = before / max(opened.width, 1)
    except (ScanSizeError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ScanSizeError(name=name) from None
    except Exception:  # noqa: BLE001 - whatever a damaged file makes the reader stumble over
        raise ScanFileError(name=name) from None
    side = max(picture.size)
    if side > LONGEST_SIDE_PX:
        size = (max(round(picture.width * LONGEST_SIDE_PX / side), 1), max(round(picture.height * LONGEST_SIDE_PX / side), 1))
        reduced *= picture.width / size[0]
        picture = picture.resize(size, Image.Resampling.BOX)
    plane = _ink(picture)
    if sum(plane.histogram()[128:]) < _LEAST_INK * picture.width * picture.height:
        raise BlankScanError(name=name)
    return Scan(name, picture.width, picture.height, dpi / reduced, plane.tobytes())


def edge_of(scan: Scan, kind: str, turn_deg: float = 0.0) -> Edge:
    """The outer edge of the imprint when the scan is turned by `turn_deg` clockwise around its middle.

    Args:
        scan: the scan.
        kind: the shape of the face, as its specification names it; round ones are fitted, others measured side by side.
        turn_deg: how the scan is turned.

    Raises:
        NoRingError: there is none, or it is not of that shape.
    """
    from PIL import Image

    plane = Image.frombytes("L", (scan.width_px, scan.height_px), scan.ink)
    share = min(_MEASURED_PX / max(plane.size), 1.0)
    small = plane.resize((max(round(plane.width * share), 1), max(round(plane.height * share), 1)), Image.Resampling.BOX)
    if turn_deg:
        small = small.rotate(-turn_deg, Image.Resampling.BILINEAR, expand=False)
    pixels, (width, height) = small.tobytes(), small.size
    found = _round_edge(pixels, width, height, circle=kind == "circle") if kind in ("circle", "ellipse") else _sides(pixels, width, height)
    if found is None or not (0.1 * width < found.width_px < 1.2 * width and 0.1 * height < found.height_px < 1.2 * height):
        raise NoRingError()
    return Edge(found.x_px / share, found.y_px / share, found.width_px / share, found.height_px / share)


def _dpi(said: Any) -> float:
    try:
        dpi = float(said[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return 0.0
    return dpi if DPI_LOW <= dpi <= DPI_HIGH else 0.0


def _in_colour(opened: Image.Image) -> Image.Image:
    """The picture as RGB on white paper, its 16-bit greys too."""
    from PIL import Image

    if opened.mode.startswith("I") or opened.mode == "F":
        return opened.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if "A" in opened.mode or "transparency" in opened.info:
        layered = opened.convert("RGBA")
        paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, layered).convert("RGB")
    return opened.convert("RGB")


def _ink(picture: Image.Image) -> Image.Image:
    """How much ink is where: redness where there is a red imprint, so that the text around it disappears, otherwise darkness."""
    from PIL import ImageChops

    red, green, blue = picture.split()
    redness = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    is_red = sum(redness.histogram()[_RED:]) > 2 * _LEAST_INK * picture.width * picture.height
    plane = redness if is_red else ImageChops.invert(green)
    counts = plane.histogram()
    paper, dark = _level(counts, 0.5), _level(counts, 1 - _LEAST_INK)
    if dark - paper < 24:
        return plane.point(lambda _value: 0)
    low, high = paper + (dark - paper) * 0.15, paper + (dark - paper) * 0.75
    return plane.point([round(min(max((value - low) / (high - low), 0.0), 1.0) * 255) for value in range(256)])


def _level(counts: Sequence[int], share: float) -> int:
    """The place up to which this share of the counts lies."""
    wanted, seen = share * sum(counts), 0
    for level, count in enumerate(counts):
        seen += count
        if seen >= wanted:
            return level
    return len(counts) - 1


def _round_edge(pixels: bytes, width: int, height: int, *, circle: bool) -> Edge | None:
    """The ellipse (or circle) through the outermost ink, seen from its middle; what lies off it is left out, and it is fitted again."""
    middle = _middle(pixels, width, height)
    if middle is None:
        return None
    points = list(_outermost(pixels, width, height, *middle))
    for _round in range(4):
        fitted = _ellipse(points, circle=circle) if len(points) >= _RAYS // 4 else None
        if fitted is None:
            return None
        off = [abs(math.hypot((x - fitted.x_px) / fitted.width_px, (y - fitted.y_px) / fitted.height_px) - 0.5) for x, y in points]
        bound = max(3 * sorted(off)[len(off) // 2], 0.002)
        kept = [point for point, distance in zip(points, off, strict=True) if distance <= bound]
        if len(kept) == len(points):
            break
        points = kept
    return fitted if len(points) >= _RAYS // 4 else None


def _middle(pixels: bytes, width: int, height: int) -> tuple[float, float] | None:
    """The middle of the ink: half of it lies left and right, half above and below."""
    rows = [sum(value > 127 for value in pixels[y * width : (y + 1) * width]) for y in range(height)]
    columns = [sum(value > 127 for value in pixels[x::width]) for x in range(width)]
    total = sum(rows)
    if not total:
        return None
    return float(_level(columns, 0.5)), float(_level(rows, 0.5))


def _outermost(pixels: bytes, width: int, height: int, x: float, y: float) -> Iterator[tuple[float, float]]:
    """The first ink on each ray from outside to a point."""
    reach = math.hypot(width, height)
    for step in range(_RAYS):
        angle = 2 * math.pi * step / _RAYS
        dx, dy = math.cos(angle), math.sin(angle)
        distance = reach
        while distance > 2:
            px, py = int(x + dx * distance), int(y + dy * distance)
            if 0 <= px < width and 0 <= py < height and pixels[py * width + px] > 127:
                yield x + dx * distance + 0.5, y + dy * distance + 0.5
                break
            distance -= 0.5


def _ellipse(points: list[tuple[float, float]], *, circle: bool) -> Edge | None:
    """The upright ellipse (or circle) nearest to the points: a x² + b y² + c x + d y = 1 by least squares."""
    mean_x, mean_y = sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points)
    size = max(max(abs(x - mean_x), abs(y - mean_y)) for x, y in points) or 1.0
    near = [((x - mean_x) / size, (y - mean_y) / size) for x, y in points]
    rows = [(u * u + v * v, u, v) if circle else (u * u, v * v, u, v) for u, v in near]
    solved = _solved(rows)
    if solved is None:
        return None
    a, b, c, d = (solved[0], *solved) if circle else solved
    if a <= 0 or b <= 0:
        return None
    u, v = -c / (2 * a), -d / (2 * b)
    k = 1 + a * u * u + b * v * v
    return Edge(mean_x + u * size, mean_y + v * size, 2 * math.sqrt(k / a) * size, 2 * math.sqrt(k / b) * size)


def _solved(rows: Sequence[Sequence[float]]) -> list[float] | None:
    """The least squares of rows · solution = 1, by elimination."""
    n = len(rows[0])
    matrix = [[sum(row[i] * row[j] for row in rows) for j in range(n)] + [sum(row[i] for row in rows)] for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(matrix[r][i]))
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        if abs(matrix[i][i]) < 1e-12:
            return None
        for r in range(n):
            if r != i:
                factor = matrix[r][i] / matrix[i][i]
                matrix[r] = [value - factor * own for value, own in zip(matrix[r], matrix[i], strict=True)]
    return [matrix[i][n] / matrix[i][i] for i in range(n)]


def _sides(pixels: bytes, width: int, height: int) -> Edge | None:
    """The box of a face with straight sides: where the lines across its middle meet the first ink, the middle one of many."""
    rows = [[value > 127 for value in pixels[y * width : (y + 1) * width]] for y in range(height)]
    inked = [y for y, row in enumerate(rows) if any(row)]
    if len(inked) < 8:
        return None
    top, bottom = inked[0], inked[-1]
    across = rows[top + (bottom - top) // 4 : bottom - (bottom - top) // 4 + 1]
    lefts = sorted(row.index(True) for row in across if any(row))
    rights = sorted(width - row[::-1].index(True) for row in across if any(row))
    if not lefts:
        return None
    left, right = lefts[len(lefts) // 2], rights[len(rights) // 2]
    columns = [[row[x] for row in rows] for x in range(left + (right - left) // 4, right - (right - left) // 4)]
    tops = sorted(column.index(True) for column in columns if any(column))
    bottoms = sorted(height - column[::-1].index(True) for column in columns if any(column))
    if not tops:
        return None
    top, bottom = tops[len(tops) // 2], bottoms[len(bottoms) // 2]
    return Edge((left + right) / 2, (top + bottom) / 2, float(right - left), float(bottom - top))
