"""From a face to its files: one door to all exports, with the material's profile applied. It decides nothing about who may have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.face import raster
from sealdesk.face.drawing import Drawing
from sealdesk.face.export import bitmap, ga241, upd
from sealdesk.face.export.dxf import Curves, dxf
from sealdesk.face.export.pdf import pdf
from sealdesk.face.export.plt import plt
from sealdesk.face.export.profiles import PAPER, Profile, UnknownProfileError, applied, checked, profile
from sealdesk.face.export.svg import svg
from sealdesk.face.specification import Output

FORMATS = ("svg", "pdf", "dxf", "plt", "png", "tif", "bmp", "ga241", "upd")
"""The endings that `produce` knows."""

_OWN = ("dpi", "mirror", "negative", "margin_mm", "shoulder_mm", "growth_mm", "x_scale", "y_scale")
_RASTERS = {"png": bitmap.png, "tif": bitmap.tiff, "bmp": bitmap.bmp}


class UnknownFormatError(UserError):
    """No export has this ending."""

    code = "face.format.unknown"
    sentence = N_("Faces cannot be written as “{ending}”; possible are {formats}.")


def produce(
    drawing: Drawing, ending: str, profile: Profile = PAPER, dpi: float | None = None, seal_code: str = "", *, plain: bool = False
) -> bytes:
    """The face as a file of the kind `ending` (with or without its dot).

    Args:
        drawing: the face as it shall look on paper.
        ending: one of `FORMATS`.
        profile: how the material is worked; the GA 241 picture is always true to the imprint and takes none.
        dpi: resolution of pictures instead of the profile's (400 for the GA 241 picture).
        seal_code: for the header of the GA 241 picture.
        plain: the other form of two formats: a GA 241 picture of raw bytes instead of runs, a DXF of splines instead of polylines.

    Raises:
        UnknownFormatError: no export has this ending.
        UserError: the profile, the size or the outlines cannot be worked.
    """
    kind = ending.lower().lstrip(".")
    kind = {"tiff": "tif", "hpgl": "plt"}.get(kind, kind)
    if kind == "ga241":
        return ga241.encode(raster.layers(drawing, dpi or 400.0), seal_code, compressed=not plain)
    if kind == "upd":
        return package(drawing, {}, profile, dpi)
    if kind not in FORMATS:
        raise UnknownFormatError(ending=ending, formats=", ".join(FORMATS), field="out")
    if kind in _RASTERS:
        return _RASTERS[kind](_picture(drawing, profile, dpi or profile.dpi))
    artwork = applied(drawing, profile)
    if kind == "svg":
        return svg(artwork)
    if kind == "pdf":
        return pdf(artwork)
    return dxf(artwork, Curves.SPLINES if plain else Curves.POLYLINES) if kind == "dxf" else plt(artwork)


def package(
    drawing: Drawing,
    facts: Mapping[str, Any],
    profile: Profile = PAPER,
    dpi: float | None = None,
    sign: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The production package of the face.

    Args:
        drawing: the face as it shall look on paper.
        facts: `order`, `seal` and `face` (its parameters) for the manifest: JSON values.
        profile: how the material is worked.
        dpi: resolution of the TIFF instead of the profile's.
        sign: makes the maker's detached signature over the manifest.

    Raises:
        UserError: the profile, the size or the outlines cannot be worked.
        ValueError: `facts` holds something that JSON has not, or a key of the package itself.
    """
    artwork = applied(drawing, profile)
    resolution = dpi or profile.dpi
    files = {
        "face.svg": svg(artwork),
        "face.dxf": dxf(artwork),
        "face.plt": plt(artwork),
        "face.pdf": pdf(artwork),
        "face.tif": bitmap.tiff(raster.bitmap(artwork, resolution)),
    }
    described = {
        "profile": profile.key, "mirror": profile.mirror, "negative": profile.negative, "margin_mm": profile.margin_mm,
        "growth_mm": profile.growth_mm, "shoulder_mm": profile.shoulder_mm, "x_scale": profile.x_scale, "y_scale": profile.y_scale,
        "dpi": resolution, "width_mm": round(artwork.width_mm, 6), "height_mm": round(artwork.height_mm, 6),
    }  # fmt: skip
    size = {"width_mm": round(drawing.width_mm, 6), "height_mm": round(drawing.height_mm, 6)}
    return upd.pack({**facts, "size": size, "artwork": described}, files, sign)


def profile_of(output: Output | None) -> Profile:
    """The profile that a face's description asks for.

    Raises:
        UnknownProfileError, ProfileBoundsError: it asks for something impossible; `field` is its place in the description.
    """
    if output is None:
        return PAPER
    own = {name: value for name in _OWN if (value := getattr(output, name)) is not None}
    try:
        return checked(replace(profile(output.material), **own))
    except UnknownProfileError as error:
        raise UnknownProfileError(key=output.material, field="output.material") from error


def _picture(drawing: Drawing, profile: Profile, dpi: float) -> bitmap.Bitmap | bitmap.Greys:
    """One bit a pixel, or 256 greys where the material wants a shoulder."""
    if not profile.shoulder_mm:
        return raster.bitmap(applied(drawing, profile), dpi)
    standing = applied(drawing, replace(profile, negative=False))
    return raster.relief(standing, dpi, profile.shoulder_mm, profile.negative, profile.margin_mm if profile.negative else 0.0)
