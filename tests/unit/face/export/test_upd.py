"""The production package: what is in it, that it is the same every time, and that a hostile one is refused with a sentence."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import warnings
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core import i18n
from sealdesk.core.errors import UserError
from sealdesk.face import production
from sealdesk.face.drawing import Drawing
from sealdesk.face.export import upd
from sealdesk.face.export.profiles import profile
from sealdesk.face.export.upd import PackageContentsError, PackageError, pack, unpack

FILES = {name: name.encode() * 20 for name in upd.REQUIRED}
FACTS = {"order": {"number": "2026-000123"}, "seal": {"code": "1101080000001", "name": "样章"}}


def archive(members: list[tuple[str, bytes]], **kind: Any) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", **kind) as made:
        warnings.simplefilter("ignore")  # doubled names are what some of these are about
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = kind.get("compression", zipfile.ZIP_STORED)
            made.writestr(info, data)
    return out.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_package_holds_all_formats_the_manifest_and_the_signature(face: Drawing) -> None:
    signed: list[bytes] = []

    def sign(manifest: bytes) -> bytes:
        signed.append(manifest)
        return b"signature"

    data = production.package(face, FACTS, profile("laser_rubber"), dpi=600, sign=sign)
    members = members_of(data)
    assert list(members) == ["manifest.json", "manifest.p7s", "face.dxf", "face.pdf", "face.plt", "face.svg", "face.tif"]
    assert signed == [members["manifest.json"]]
    manifest = json.loads(members["manifest.json"])
    assert (manifest["format"], manifest["version"]) == ("sealdesk-upd", 1)
    assert manifest["order"] == FACTS["order"]
    assert manifest["size"] == {"width_mm": 38.1, "height_mm": 38.1}
    assert manifest["artwork"]["mirror"] is True
    assert manifest["artwork"]["negative"] is True
    assert manifest["artwork"]["dpi"] == 600
    for entry in manifest["files"]:
        content = members[entry["name"]]
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_package_reads_back_what_was_packed() -> None:
    package = unpack(pack(FACTS, FILES, lambda manifest: b"s" + hashlib.sha256(manifest).digest()))
    assert package.files == FILES
    assert package.manifest["seal"] == FACTS["seal"]
    assert package.signature == b"s" + hashlib.sha256(package.manifest_bytes).digest()


def test_unsigned_package_has_no_signature() -> None:
    assert unpack(pack({}, FILES)).signature is None


def test_same_contents_give_the_same_bytes_in_any_order() -> None:
    assert pack(FACTS, FILES) == pack(dict(reversed(FACTS.items())), dict(reversed(FILES.items())))


@pytest.mark.parametrize(
    "files",
    [
        {name: data for name, data in FILES.items() if name != "face.plt"},
        FILES | {"../evil.svg": b""},
        FILES | {"manifest.json": b"{}"},
        FILES | {f"more-{i}.png": b"" for i in range(40)},
    ],
)
def test_files_that_do_not_belong_into_a_package_are_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(PackageContentsError):
        pack({}, files)


@pytest.mark.parametrize("facts", [{"format": "other"}, {"files": []}, {"order": object()}, {"order": float("nan")}])
def test_facts_that_json_or_the_package_cannot_hold_are_a_mistake(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="facts"):
        pack(facts, FILES)


def rebuilt(change: dict[str, bytes | None] | None = None, **manifest: Any) -> bytes:
    members: dict[str, bytes | None] = dict(members_of(pack(FACTS, FILES)))
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"] or b"") | manifest).encode()
    members |= change or {}
    return archive([(name, data) for name, data in members.items() if data is not None])


ENTRY = {"name": "face.svg", "media_type": "image/svg+xml", "bytes": 1, "sha256": ""}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no ZIP"),
        (b"PK\5\6", "no ZIP"),
        (b"ISO-10303-21;" * 10, "no ZIP"),
        (pack(FACTS, FILES)[:-1], "no ZIP"),
        (pack(FACTS, FILES)[:-30], "no ZIP"),
        (archive([(f"f{i}.svg", b"") for i in range(33)]), "more than 32"),
        (archive([("../../etc.svg", b"")]), "may not be in it"),
        (archive([("C:\\face.svg", b"")]), "may not be in it"),
        (archive([("face.svg", b""), ("face.svg", b"")]), "may not be in it"),
        (archive([("face.svg", b"")]), "no manifest"),
        (rebuilt({"manifest.json": b"\xff"}), "manifest is broken"),
        (rebuilt({"manifest.json": b"[" * 100_000}), "manifest is broken"),
        (rebuilt({"manifest.json": b"9" * 5000}), "manifest is broken"),
        (rebuilt({"manifest.json": b"[]"}), "manifest is broken"),
        (rebuilt(format="other"), "manifest is broken"),
        (rebuilt(version=True), "manifest is broken"),
        (rebuilt(version=float("nan")), "manifest is broken"),
        (rebuilt(version=2), "version 2"),
        (rebuilt(files={}), "manifest is broken"),
        (rebuilt(files=["face.svg"]), "manifest is broken"),
        (rebuilt(files=[]), "face.svg is missing"),
        (rebuilt(files=[ENTRY]), "face.svg was changed"),
        (rebuilt({"face.pdf": b"other"}), "face.pdf was changed"),
        (rebuilt({"face.pdf": None}), "face.pdf is missing"),
        (rebuilt({"extra.pdf": b""}), "may not be in it"),
        (rebuilt({"manifest.json": b" " * 1_000_001}), "larger than 1000000"),
        (rebuilt({"manifest.p7s": bytes(100_001)}), "larger than 100000"),
        (bytes(64_000_001), "larger than 64000000"),
    ],
)  # fmt: skip
def test_package_that_breaks_a_rule_is_refused_with_its_reason(data: bytes, says: str) -> None:
    with pytest.raises(PackageError, match=says):
        unpack(data)


def test_bomb_is_refused_without_unpacking_it() -> None:
    with pytest.raises(PackageError, match="larger than 64000000"):
        unpack(archive([("face.svg", bytes(64_000_001))], compression=zipfile.ZIP_DEFLATED))


def test_entry_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(archive([("face.svg", bytes(5_000_000))], compression=zipfile.ZIP_DEFLATED))
    at = data.index(b"PK\1\2")
    struct.pack_into("<I", data, at + 24, 10)
    with pytest.raises(PackageError, match="damaged"):
        unpack(bytes(data))


def test_encrypted_or_oddly_compressed_entries_are_refused() -> None:
    data = bytearray(archive([("face.svg", b"x")]))
    data[data.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(PackageError, match="damaged"):
        unpack(bytes(data))
    with pytest.raises(PackageError, match="damaged"):
        unpack(archive([("face.svg", b"x")], compression=zipfile.ZIP_BZIP2))


def test_refusal_reads_well_in_chinese() -> None:
    i18n.use_language("zh_CN")
    with pytest.raises(PackageError) as refusal:
        unpack(rebuilt(version=7))
    assert str(refusal.value) == "无法读取该生产文件包（UPD）：版本为 7，本程序无法识别。"


GOOD = pack(FACTS, FILES, lambda manifest: b"signature")


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, 40))
def test_any_damage_gives_the_package_or_a_sentence(at: int, value: int, cut: int) -> None:
    damaged = bytearray(GOOD)
    damaged[at] = value
    files, said = FILES, "read"
    try:
        files = dict(unpack(bytes(damaged[: len(damaged) - (cut if cut > 20 else 0)])).files)
    except UserError as refusal:
        said = str(refusal)
    assert said
    assert files == FILES


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(data), 0, 0)
    for hostile in (data, data + end):
        with pytest.raises(UserError):
            unpack(hostile)
