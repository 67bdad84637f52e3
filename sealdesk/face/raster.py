"""Pictures of a face: one rasteriser for preview, chip picture and print. It fills outlines; it writes no files.

The only module of the package that may use Qt (QtGui alone). Fills follow its rule: a pixel is inked when its centre lies inside. Each part
is a path of its own, because one path for the whole face is about ten times slower. No QGuiApplication is needed for that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.face.drawing import Contour, Drawing, Ink, Origin, Part
from sealdesk.face.export.bitmap import Bitmap, Greys, Layers, png_tinted, png_two_inks
from sealdesk.face.export.geometry import inked
from sealdesk.face.polygons import parallelogram

MAX_SIDE_PX = 20000
"""A 100 mm face at 4800 dpi; larger asks are mistakes, and would take the machine's memory."""

_MM_PER_INCH = 25.4
_FINER = 32.0
_TO_FINER, _FROM_FINER = QTransform.fromScale(_FINER, _FINER), QTransform.fromScale(1 / _FINER, 1 / _FINER)
_MOST_GLYPHS = 2000
_MOST_GROUNDS = 4
_LARGEST_GROUND_BYTES = 8_000_000
_EXPANDED = tuple(bytes(byte >> (7 - bit) & 1 for bit in range(8)) for byte in range(256))

_Empty = tuple[QImage.Format, int]
"""A kind of picture and the value of its empty pixels."""


class PictureTooLargeError(UserError):
    """A picture of this size and resolution would not fit."""

    code = "face.picture.size"
    sentence = N_("A picture of {width_px} × {height_px} pixels cannot be made; each side may have 1 to {limit_px}.")
    advice = N_("Choose a lower resolution.")


def bitmap(drawing: Drawing, dpi: float, margin_mm: float = 0.0, antialias: bool = False) -> Bitmap:
    """The face in one bit a pixel.

    Args:
        drawing: what to fill; its cuts are taken out.
        dpi: pixels an inch, kept in the answer.
        margin_mm: empty border on every side.
        antialias: decide each pixel by half coverage instead of by its centre (slower, kinder to hairlines at low resolutions).

    Raises:
        PictureTooLargeError: a side would have no pixel or more than `MAX_SIDE_PX`.
        OutlineError: a cut could not be taken out of a part.
    """
    canvas = _Canvas.of(drawing, dpi, margin_mm)
    parts = inked(drawing)
    rows = canvas.half_covered(parts) if antialias else canvas.filled(parts)
    return Bitmap(canvas.width_px, canvas.height_px, dpi, rows)


def layers(drawing: Drawing, dpi: float = 400.0, margin_mm: float = 0.0) -> Layers:
    """The face with GA 241's values, one byte a pixel: 0 ink, 1 background, 2 seal code, 3 cut in ink, 4 cut in background.

    The pixels of 0 and 2 together are exactly those of `bitmap`.

    Raises:
        PictureTooLargeError: a side would have no pixel or more than `MAX_SIDE_PX`.
        OutlineError: a cut could not be taken out of a part.
    """
    canvas = _Canvas.of(drawing, dpi, margin_mm)
    final_parts = inked(drawing)
    final = canvas.mask(final_parts)
    code = canvas.mask(part for part in final_parts if part.ink is Ink.CODE) & final
    cut = canvas.mask(part for part in drawing.parts if part.ink is Ink.CUT) & ~final
    whole = canvas.mask(part for part in drawing.parts if part.ink is not Ink.CUT) if cut else final
    in_ink, in_background = cut & whole, cut & ~whole
    # the masks do not overlap, so the sums below never carry from one byte into the next
    everything = canvas.all_pixels()
    total = canvas.expanded(everything & ~final & ~in_ink & ~in_background)
    for mask, value in ((code, 2), (in_ink, 3), (in_background, 4)):
        if mask:
            total += canvas.expanded(mask) * value
    return Layers(canvas.width_px, canvas.height_px, dpi, canvas.trimmed(total))


def relief(drawing: Drawing, dpi: float, shoulder_mm: float, negative: bool = True, margin_mm: float = 0.0) -> Greys:
    """The face in 256 greys with sloping flanks: the grey runs from ink to background over `shoulder_mm` around every edge.

    With `negative` the letters are white (nothing burnt away) and the ground is black (burnt to full depth); otherwise the reverse.

    Raises:
        PictureTooLargeError: a side would have no pixel or more than `MAX_SIDE_PX`.
        OutlineError: a cut could not be taken out of a part.
    """
    canvas = _Canvas.of(drawing, dpi, margin_mm)
    high, low = (255, 0) if negative else (0, 255)
    paths = [canvas.outline(part) for part in inked(drawing)]
    steps = max(1, min(64, round(shoulder_mm * canvas.scale)))
    image = QImage(canvas.width_px, canvas.height_px, QImage.Format.Format_Grayscale8)
    image.fill(QColor(low, low, low))
    painter = canvas.painter(image, False)
    for step in range(steps):  # widest and lowest first
        share = (step + 0.5) / steps
        level = round(low + (high - low) * share)
        pen = QPen(QColor(level, level, level))
        pen.setWidthF(2 * shoulder_mm * canvas.scale * (1 - step / steps))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in paths:
            painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(high, high, high))
    for path in paths:
        painter.drawPath(path)
    painter.end()
    return Greys(canvas.width_px, canvas.height_px, dpi, _rows(image, canvas.width_px))


def picture(drawing: Drawing, scale: float, colour: str = "#c8102e", margin_mm: float = 0.0) -> QImage:
    """The face for the screen: smooth, in `colour` on transparent ground, `scale` pixels a millimetre.

    Raises:
        PictureTooLargeError: a side would have no pixel or more than `MAX_SIDE_PX`.
        OutlineError: a cut could not be taken out of a part.
    """
    canvas = _Canvas.of(drawing, scale * _MM_PER_INCH, margin_mm)
    return canvas.painted(inked(drawing), (QImage.Format.Format_ARGB32_Premultiplied, 0), QColor(colour), True)


def view(drawing: Drawing, scale: float, corner_px: tuple[float, float], size_px: tuple[int, int], colour: str = "#c8102e") -> QImage:
    """A window on the face for an editor: smooth, in `colour` on transparent ground, cuts rubbed out.

    Args:
        drawing: what to show.
        scale: pixels a millimetre.
        corner_px: where the face's top-left corner lies in the window; the face may reach out of it.
        size_px: the window's width and height.
        colour: the fill, `#rrggbb`.

    Raises:
        PictureTooLargeError: a side has no pixel or more than `MAX_SIDE_PX`.
    """
    canvas = _Canvas(*size_px, scale * _MM_PER_INCH, *corner_px)
    parts = [part for part in drawing.parts if not part.blank and canvas.reached_by(part)]
    return canvas.painted(parts, (QImage.Format.Format_ARGB32_Premultiplied, 0), QColor(colour), True, cutting=True)


def thumbnail(drawing: Drawing, side_px: int = 160, colour: str = "#c8102e") -> bytes:
    """A small PNG of the face, its longer side `side_px` pixels, in tints of `colour` on white; the same bytes in every run.

    Raises:
        PictureTooLargeError: the side has no pixel or more than `MAX_SIDE_PX`.
        OutlineError: a cut could not be taken out of a part.
    """
    canvas = _Canvas.of(drawing, side_px / max(drawing.width_mm, drawing.height_mm) * _MM_PER_INCH, 0.0)
    rgb = QColor(colour)
    return png_tinted(
        Greys(canvas.width_px, canvas.height_px, canvas.dpi, canvas.coverage(inked(drawing))), (rgb.red(), rgb.green(), rgb.blue())
    )


def two_inks(drawing: Drawing, dpi: float, colour: str = "#c8102e", code_colour: str = "#404040") -> bytes:
    """A smooth PNG of a drawing on white, what is `Ink.CODE` in a colour of its own; the same bytes in every run.

    Raises:
        PictureTooLargeError: a side would have no pixel or more than `MAX_SIDE_PX`.
        OutlineError: a cut could not be taken out of a part.
    """
    canvas = _Canvas.of(drawing, dpi, 0.0)
    parts = inked(drawing)
    pictures = [
        Greys(canvas.width_px, canvas.height_px, dpi, canvas.coverage(part for part in parts if (part.ink is Ink.CODE) is code))
        for code in (False, True)
    ]
    first, second = QColor(colour), QColor(code_colour)
    rgb = [(c.red(), c.green(), c.blue()) for c in (first, second)]
    return png_two_inks(pictures[0], pictures[1], rgb[0], rgb[1])


def outline_path(contours: Iterable[Contour]) -> QPainterPath:
    """The contours as one path in their own units, filled with the nonzero rule."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for contour in contours:
        path.moveTo(*contour.start)
        for segment in contour.segments:
            if len(segment) == 3:
                path.lineTo(segment[1], segment[2])
            else:
                path.cubicTo(*segment[1:])
        path.closeSubpath()
    return path


class _Canvas:
    """The pixels of one picture: how many, and where the face lies on them."""

    def __init__(self, width_px: int, height_px: int, dpi: float, left_px: float, top_px: float) -> None:
        if not (1 <= width_px <= MAX_SIDE_PX and 1 <= height_px <= MAX_SIDE_PX):
            raise PictureTooLargeError(width_px=width_px, height_px=height_px, limit_px=MAX_SIDE_PX, field="dpi")
        self.width_px, self.height_px, self.dpi = width_px, height_px, dpi
        self.scale = dpi / _MM_PER_INCH
        self._place = QTransform(self.scale, 0, 0, self.scale, left_px, top_px)
        self._frame = (width_px, height_px, self.scale, left_px, top_px)

    @classmethod
    def of(cls, drawing: Drawing, dpi: float, margin_mm: float) -> _Canvas:
        """The whole face with a border, in the middle of its pixels, so that symmetry survives rounding."""
        scale = dpi / _MM_PER_INCH
        sides = []
        for length in (drawing.width_mm, drawing.height_mm):
            side = (length + 2 * margin_mm) * scale
            sides.append(math.floor(side + 0.5) if math.isfinite(side) else MAX_SIDE_PX + 1)
        left, top = ((side - length * scale) / 2 for side, length in zip(sides, (drawing.width_mm, drawing.height_mm), strict=True))
        return cls(sides[0], sides[1], dpi, left, top)

    def reached_by(self, part: Part) -> bool:
        """Whether the part may lie in the window; what is no letter counts as everywhere, for there is little of it."""
        if part.origin is None:
            return True
        corners, (width, height, scale, left, top) = parallelogram(part.origin), self._frame
        xs, ys = [x * scale + left for x, _y in corners], [y * scale + top for _x, y in corners]
        return max(xs) > -1 and min(xs) < width + 1 and max(ys) > -1 and min(ys) < height + 1

    def outline(self, part: Part) -> QPainterPath:
        """The part in pixels, as polygons; a glyph's polygons are kept in its own units, which is several times quicker.

        Qt flattens curves to a quarter of a unit, so they are flattened at least 32 times larger; and it fills a path under a scaled
        painter four times slower than one that is already in pixels.
        """
        if part.origin is not None:
            return (QTransform(*part.origin.matrix) * self._place).map(_glyphs.path(part.origin, self.scale))
        return _FROM_FINER.map(_polygons(part.outline, self._place * _TO_FINER))

    def painter(self, image: QImage, antialias: bool) -> QPainter:
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, antialias)
        painter.setPen(Qt.PenStyle.NoPen)
        return painter

    def painted(self, parts: Iterable[Part], empty: _Empty, colour: QColor, antialias: bool, cutting: bool = False) -> QImage:
        """The parts in one colour on an empty picture; when `cutting`, cuts take away instead of being filled.

        What comes before the first letter (rings, star, emblem) is the same from one name to the next, and is painted once.
        """
        rest = list(parts)
        letters = next((i for i, part in enumerate(rest) if part.origin is not None or part.ink is Ink.CUT), len(rest))
        if not letters:
            return self._filled(self._empty(*empty), rest, colour, antialias, cutting)
        first, rest = rest[:letters], rest[letters:]
        key = (self._frame, empty, colour.rgba(), antialias, tuple([part.outline for part in first]))
        ground = _grounds.get(key, lambda: self._filled(self._empty(*empty), first, colour, antialias))
        return self._filled(QImage(ground), rest, colour, antialias, cutting)

    def _filled(self, image: QImage, parts: Iterable[Part], colour: QColor, antialias: bool, cutting: bool = False) -> QImage:
        painter = self.painter(image, antialias)
        painter.setBrush(QBrush(colour))
        for part in parts:
            if cutting:
                mode = QPainter.CompositionMode
                painter.setCompositionMode(mode.CompositionMode_DestinationOut if part.ink is Ink.CUT else mode.CompositionMode_SourceOver)
            painter.drawPath(self.outline(part))
        painter.end()
        return image

    def _empty(self, kind: QImage.Format, value: int) -> QImage:
        image = QImage(self.width_px, self.height_px, kind)
        if kind is QImage.Format.Format_Mono:
            image.setColorTable([0xFFFFFFFF, 0xFF000000])
        image.fill(value)
        return image

    def filled(self, parts: Iterable[Part]) -> bytes:
        """Rows of one bit a pixel, most significant bit first, each row filled up with zeros to a whole byte."""
        image = self.painted(parts, (QImage.Format.Format_Mono, 0), QColor(0, 0, 0), False)
        return _rows(image, (self.width_px + 7) // 8)

    def coverage(self, parts: Iterable[Part]) -> bytes:
        """One byte a pixel: 255 nothing, 0 all of the pixel inked."""
        image = self.painted(parts, (QImage.Format.Format_Grayscale8, 255), QColor(0, 0, 0), True)
        return _rows(image, self.width_px)

    def half_covered(self, parts: Iterable[Part]) -> bytes:
        grey = self.coverage(parts)
        ink = grey.translate(bytes([1] * 128 + [0] * 128))
        pad = bytes(-self.width_px % 8)
        rows = []
        for y in range(self.height_px):
            row = ink[y * self.width_px : (y + 1) * self.width_px] + pad
            rows.append(int(row.translate(_AS_DIGITS), 2).to_bytes(len(row) // 8, "big"))
        return b"".join(rows)

    def mask(self, parts: Iterable[Part]) -> int:
        """The filled pixels of `parts` as one large number, for arithmetic on whole pictures."""
        return int.from_bytes(self.filled(parts), "big")

    def all_pixels(self) -> int:
        row = (1 << self.width_px) - 1 << (-self.width_px % 8)
        return int.from_bytes(row.to_bytes((self.width_px + 7) // 8, "big") * self.height_px, "big")

    def expanded(self, mask: int) -> int:
        """The mask with one byte a pixel instead of one bit (rows still filled up)."""
        packed = mask.to_bytes((self.width_px + 7) // 8 * self.height_px, "big")
        return int.from_bytes(b"".join(map(_EXPANDED.__getitem__, packed)), "big")

    def trimmed(self, total: int) -> bytes:
        stride = (self.width_px + 7) // 8 * 8
        values = total.to_bytes(stride * self.height_px, "big")
        return b"".join(values[y * stride : y * stride + self.width_px] for y in range(self.height_px))


_AS_DIGITS = bytes([48, 49]) + bytes(254)


class _Glyphs:
    """Glyphs as polygons in their own units, by their key and how fine they are."""

    def __init__(self) -> None:
        self._paths: dict[tuple[str, int], QPainterPath] = {}

    def path(self, origin: Origin, scale: float) -> QPainterPath:
        """The glyph of `origin`, fine enough for `scale` pixels a millimetre.

        How fine is a power of two that follows from the size alone, so that no pixel depends on what was drawn before.
        """
        a, b, c, d, _e, _f = origin.matrix
        finer = math.frexp(scale * math.sqrt(max(a * a + b * b, c * c + d * d)))[1]
        found = self._paths.get((origin.key, finer))
        if found is None:
            if len(self._paths) > _MOST_GLYPHS:
                self._paths.clear()
            size = math.ldexp(_FINER, finer)
            path = _polygons(origin.outline, QTransform.fromScale(size, size))
            found = self._paths[origin.key, finer] = QTransform.fromScale(1 / size, 1 / size).map(path)
        return found


class _Grounds:
    """The last few pictures of what does not change from one name to the next; they are copied, never painted on."""

    def __init__(self) -> None:
        self._images: dict[Hashable, QImage] = {}

    def get(self, key: Hashable, paint: Callable[[], QImage]) -> QImage:
        found = self._images.get(key)
        if found is None:
            found = paint()
            if found.sizeInBytes() <= _LARGEST_GROUND_BYTES:
                if len(self._images) >= _MOST_GROUNDS:
                    self._images.clear()
                self._images[key] = found
        return found


_glyphs, _grounds = _Glyphs(), _Grounds()


def _polygons(contours: Iterable[Contour], transform: QTransform) -> QPainterPath:
    """The transformed contours as one path of straight lines."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for polygon in outline_path(contours).toSubpathPolygons(transform):
        path.addPolygon(polygon)
        path.closeSubpath()
    return path


def _rows(image: QImage, row_bytes: int) -> bytes:
    """The picture's bytes without the padding that Qt adds to each row."""
    bits = bytes(image.constBits())
    stride = image.bytesPerLine()
    if stride == row_bytes:
        return bits
    return b"".join([bits[start : start + row_bytes] for start in range(0, stride * image.height(), stride)])
