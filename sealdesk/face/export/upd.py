"""The production package (UPD): one ZIP with the artwork in every format, what it is in `manifest.json`, and the maker's signature.

An open format of this product; it is not the format of any other program that uses the same ending. In the archive:

    manifest.json   canonical JSON (RFC 8785): format, version, order, seal, face, artwork, files (name, media_type, bytes, sha256)
    manifest.p7s    detached signature over the bytes of manifest.json; absent when nobody signed
    face.svg, face.dxf, face.plt, face.pdf, face.tif   the artwork, already mirrored, inverted and scaled as `artwork` says

The same contents give the same bytes: fixed order, times and attributes. The reader trusts nothing that it has not measured.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _

FORMAT = "sealdesk-upd"
VERSION = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.p7s"
REQUIRED = ("face.svg", "face.dxf", "face.plt", "face.pdf", "face.tif")
MEDIA_TYPES = {
    "svg": "image/svg+xml", "dxf": "image/vnd.dxf", "plt": "application/vnd.hp-hpgl", "pdf": "application/pdf", "tif": "image/tiff",
    "png": "image/png", "bmp": "image/bmp", "ga241": "application/octet-stream",
}  # fmt: skip

MAX_PACKAGE_BYTES = 64_000_000
MAX_FILE_BYTES = 64_000_000
MAX_TOTAL_BYTES = 128_000_000
MAX_MANIFEST_BYTES = 1_000_000
MAX_SIGNATURE_BYTES = 100_000
MAX_FILES = 32

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.[a-z0-9]{1,8}")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16
_END = struct.Struct("<4s4H2LH")
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, RuntimeError, NotImplementedError, OverflowError, OSError)


class PackageError(UserError):
    """The bytes are not a production package."""

    code = "face.upd.broken"
    sentence = N_("This is not a readable production package (UPD): {reason}.")
    advice = N_("Ask for the package again; packages of other programs under the same ending cannot be read.")

    def __str__(self) -> str:
        reason = self.facts["reason"]
        return _(self.sentence).format(reason=_(reason).format(**self.facts))


class PackageContentsError(UserError):
    """A package cannot be made from these files."""

    code = "face.upd.contents"
    sentence = N_("The production package (UPD) cannot be made: the file {name} is missing, has no allowed name or is too large.")


@dataclass(frozen=True, slots=True)
class Package:
    """What a production package holds.

    Attributes:
        manifest: the parsed manifest.
        files: contents by name, each as long and with the SHA-256 that the manifest says.
        manifest_bytes: what the signature covers.
        signature: the detached signature, not verified here; None when nobody signed.
    """

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]
    manifest_bytes: bytes = field(repr=False)
    signature: bytes | None = field(default=None, repr=False)


_TOO_LARGE = N_("it is larger than {limit} bytes")
_NO_ARCHIVE = N_("it is no ZIP archive, or its end is missing")
_TOO_MANY = N_("it holds more than {limit} files")
_BAD_NAME = N_("it holds a file that may not be in it ({name})")
_DAMAGED = N_("the file {name} is damaged")
_NO_MANIFEST = N_("it has no manifest")
_BAD_MANIFEST = N_("its manifest is broken")
_NEWER = N_("it is of version {version}, which this program does not know")
_MISSING = N_("the file {name} is missing")
_CHANGED = N_("the file {name} was changed after packing")


def pack(facts: Mapping[str, Any], files: Mapping[str, bytes], sign: Callable[[bytes], bytes] | None = None) -> bytes:
    """The package as bytes.

    Args:
        facts: the manifest's `order`, `seal`, `face` and `artwork`: JSON values only.
        files: contents by name, `REQUIRED` and any more.
        sign: makes the detached signature over the manifest's bytes; None leaves it out.

    Raises:
        PackageContentsError: a file is missing, too large or badly named.
        ValueError: `facts` uses a key of the package itself or a value that JSON has not.
    """
    for name in REQUIRED:
        if name not in files:
            raise PackageContentsError(name=name)
    for name, data in files.items():
        if not _NAME.fullmatch(name) or name in (MANIFEST, SIGNATURE) or len(data) > MAX_FILE_BYTES or len(files) > MAX_FILES - 2:
            raise PackageContentsError(name=name)
    own: dict[str, Any] = {"format": FORMAT, "version": VERSION, "files": [_entry(name, files[name]) for name in sorted(files)]}
    if own.keys() & facts.keys():
        raise ValueError("facts may not replace the package's own keys")
    try:
        manifest = rfc8785.dumps(dict(facts) | own)
    except rfc8785.CanonicalizationError as problem:
        raise ValueError("facts hold JSON values only") from problem
    members = [(MANIFEST, manifest)]
    if sign is not None:
        members.append((SIGNATURE, sign(manifest)))
    members += [(name, files[name]) for name in sorted(files)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=False, compresslevel=6) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system, info.external_attr, info.compress_type = _UNIX, _MODE, zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def unpack(data: bytes) -> Package:
    """The package in `data`, every file measured and compared with the manifest; the signature is handed on, not judged.

    Raises:
        PackageError: the bytes are not a package, break a bound, or a file differs from what the manifest says.
    """
    _check_frame(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE:
        raise PackageError(reason=_NO_ARCHIVE) from None
    with archive:
        members = _members(archive)
    manifest_bytes = members.pop(MANIFEST, None)
    if manifest_bytes is None:
        raise PackageError(reason=_NO_MANIFEST)
    signature = members.pop(SIGNATURE, None)
    manifest = _manifest(manifest_bytes)
    _compare(manifest["files"], members)
    return Package(manifest, members, manifest_bytes, signature)


def _entry(name: str, data: bytes) -> dict[str, Any]:
    media_type = MEDIA_TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    return {"name": name, "media_type": media_type, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _check_frame(data: bytes) -> None:
    """Refuse by the archive's last record what could cost memory before any entry is looked at (own packages have no comment, no ZIP64)."""
    if len(data) > MAX_PACKAGE_BYTES:
        raise PackageError(reason=_TOO_LARGE, limit=MAX_PACKAGE_BYTES)
    if len(data) < _END.size:
        raise PackageError(reason=_NO_ARCHIVE)
    magic, disk, first_disk, here, total, directory_bytes, _start, comment = _END.unpack(data[-_END.size :])
    if magic != b"PK\5\6" or disk or first_disk or here != total or comment or data[-_END.size - 20 :][:4] == b"PK\6\7":
        raise PackageError(reason=_NO_ARCHIVE)
    if total > MAX_FILES or directory_bytes > MAX_FILES * 256:
        raise PackageError(reason=_TOO_MANY, limit=MAX_FILES)


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    left = MAX_TOTAL_BYTES
    for info in archive.infolist():
        name = info.filename
        if not _NAME.fullmatch(name) or name in members:
            raise PackageError(reason=_BAD_NAME, name=ascii(name[:80]))
        limit = {MANIFEST: MAX_MANIFEST_BYTES, SIGNATURE: MAX_SIGNATURE_BYTES}.get(name, MAX_FILE_BYTES)
        limit = min(limit, left)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
            raise PackageError(reason=_DAMAGED, name=name)
        if info.file_size > limit:
            raise PackageError(reason=_TOO_LARGE, limit=limit)
        try:
            with archive.open(info) as member:
                data = member.read(limit + 1)
        except _DAMAGE:
            raise PackageError(reason=_DAMAGED, name=name) from None
        if len(data) != info.file_size:
            raise PackageError(reason=_DAMAGED, name=name)
        left -= len(data)
        members[name] = data
    return members


def _refuse_constant(text: str) -> float:
    raise ValueError(text)


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise PackageError(reason=_BAD_MANIFEST) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not isinstance(manifest.get("files"), list):
        raise PackageError(reason=_BAD_MANIFEST)
    version = manifest.get("version")
    if type(version) is not int:
        raise PackageError(reason=_BAD_MANIFEST)
    if version != VERSION:
        raise PackageError(reason=_NEWER, version=version)
    return manifest


def _compare(entries: list[Any], members: Mapping[str, bytes]) -> None:
    listed: set[str] = set()
    for entry in entries:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or name in listed or not _NAME.fullmatch(name):
            raise PackageError(reason=_BAD_MANIFEST)
        listed.add(name)
        if name not in members:
            raise PackageError(reason=_MISSING, name=name)
        if entry != _entry(name, members[name]):
            raise PackageError(reason=_CHANGED, name=name)
    for name in REQUIRED:
        if name not in listed:
            raise PackageError(reason=_MISSING, name=name)
    for name in members.keys() - listed:
        raise PackageError(reason=_BAD_NAME, name=name)
