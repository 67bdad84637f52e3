"""Papers as they come in: read from files or the clipboard, recognised by their content, with a small picture and a warning when unclear.

Everything here runs on a lane; nothing here is stored.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _
from sealdesk.stages.registration.rules import LARGEST_PAPER_BYTES, PaperKindError, PaperSizeError
from sealdesk.ui.theme import Size

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
_SIGNATURES = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"II*\x00", TIFF), (b"MM\x00*", TIFF))
_SUFFIXES = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif"}
LEAST_SIDE_PX = 400
"""The short side of a page below which small print is lost (an ID card, 54 mm high, at about 190 dpi)."""
LEAST_CONTRAST = 12.0
"""Variance of the Laplacian (8-bit, long side 1000 px) below which a page with text is blurred.

Measured on the sample papers: 450 to 920 as they are, 13 to 70 blurred by 2 pixels of 1300 to 1800, below 9 by 4 pixels.
"""
_MEASURED_SIDE_PX = 1000
_THUMBNAIL_PX = 2 * Size.ROW_TALL
_LAPLACIAN = (0, 1, 0, 1, -4, 1, 0, 1, 0)


class UnreadablePaperError(UserError):
    """The file cannot be read from the disk. Fact: file_name."""

    code = "registration.proof.unreadable"
    sentence = N_("“{file_name}” cannot be read.")
    advice = N_("Check that the file still exists and may be opened.")


@dataclass(frozen=True, slots=True)
class IncomingPaper:
    """A paper that came in. `thumbnail` is a PNG or empty; `warning` is empty when it is clear."""

    file_name: str
    media_type: str
    content: bytes
    thumbnail: bytes
    warning: str


def from_file(path: Path) -> IncomingPaper:
    """Read a file.

    Raises:
        UnreadablePaperError, PaperKindError, PaperSizeError
    """
    try:
        if path.stat().st_size > LARGEST_PAPER_BYTES:
            raise PaperSizeError(file_name=path.name)
        content = path.read_bytes()
    except OSError as error:
        raise UnreadablePaperError(file_name=path.name) from error
    if not content:
        raise PaperSizeError(file_name=path.name)
    media_type = media_type_of(content)
    if media_type is None:
        picture = QImage.fromData(content)  # BMP, WebP, whatever this system can open, is kept as PNG
        if picture.isNull():
            raise PaperKindError(file_name=path.name)
        return _made(f"{path.stem}.png", PNG, encoded(picture))
    return _made(path.name, media_type, content)


def from_picture(picture: QImage) -> IncomingPaper:
    """Take a picture from the clipboard."""
    return _made(_("Pasted picture") + _SUFFIXES[PNG], PNG, encoded(picture))


def media_type_of(content: bytes) -> str | None:
    """The kind of a file by its first bytes; None when it is none that the platform takes."""
    return next((kind for start, kind in _SIGNATURES if content.startswith(start)), None)


def encoded(picture: QImage) -> bytes:
    """The picture as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload] # the stub asks for bytes, which PySide refuses
    return bytes(buffer.data().data())


def thumbnail_of(content: bytes) -> bytes:
    """A small PNG of a picture; empty for a PDF."""
    picture = QImage.fromData(content)
    if picture.isNull():
        return b""
    side = Qt.AspectRatioMode.KeepAspectRatio
    return encoded(picture.scaled(_THUMBNAIL_PX, _THUMBNAIL_PX, side, Qt.TransformationMode.SmoothTransformation))


def warning_for(content: bytes) -> str:
    """What may make a picture unreadable at the platform, in words; empty when nothing does."""
    from PIL import Image, ImageFilter, ImageStat  # late: pictures come rarely, the window opens often

    try:
        with Image.open(io.BytesIO(content)) as picture:
            if min(picture.size) < LEAST_SIDE_PX:
                return _("The picture is small ({width} × {height}); print may be illegible.").format(
                    width=picture.size[0], height=picture.size[1]
                )
            grey = picture.convert("L")
    except (OSError, ValueError, Image.DecompressionBombError):
        return ""
    grey.thumbnail((_MEASURED_SIDE_PX, _MEASURED_SIDE_PX))
    edges = grey.filter(ImageFilter.Kernel((3, 3), _LAPLACIAN, scale=1, offset=128))
    edges = edges.crop((1, 1, edges.width - 1, edges.height - 1))  # the filter leaves the outermost pixels as they were
    return _("The picture may be blurred.") if ImageStat.Stat(edges).var[0] < LEAST_CONTRAST else ""


def _made(file_name: str, media_type: str, content: bytes) -> IncomingPaper:
    if media_type == PDF:
        return IncomingPaper(file_name, media_type, content, b"", "")
    return IncomingPaper(file_name, media_type, content, thumbnail_of(content), warning_for(content))
