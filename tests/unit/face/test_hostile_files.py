"""Real files of every readable format, mutated in many places: a face, a package or a sentence comes out, never a crash, and soon."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealdesk.core.errors import UserError
from sealdesk.face import codec, production, raster, specification, stp
from sealdesk.face.export import ga241, upd
from sealdesk.face.fonts import system_fonts
from sealdesk.face.layout import layout
from sealdesk.face.specification import SeededCuts
from sealdesk.face.template import with_platform_data
from sealdesk.face.templates import template

_SOON_S = 20.0  # a hang, not a slow machine
_MUTATION = st.tuples(st.sampled_from(["flip", "put", "drop", "copy", "fill"]), st.floats(0, 1), st.integers(0, 255), st.integers(1, 64))
_FUZZ = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


@functools.cache
def _real(kind: str) -> bytes:
    of = template("unit.enterprise.40")
    spec = with_platform_data(of.build(of.examples()), "1101080012345", SeededCuts("hostile"))
    if kind == "stp":
        return stp.write(stp.from_template(template("bilingual.contract.38"), "copy", "副本"))
    if kind == "face":
        return specification.to_json(spec)
    drawing = layout(spec, system_fonts())
    if kind == "upd":
        return production.package(drawing, {"face": codec.plain(spec)}, dpi=100, sign=lambda manifest: b"signature")
    return ga241.encode(raster.layers(drawing, 200), "1101080012345", compressed=kind == "packed")


def _mutated(data: bytes, steps: list[tuple[str, float, int, int]]) -> bytes:
    out = bytearray(data)
    for kind, place, value, length in steps:
        at = int(place * max(len(out) - 1, 0))
        if kind == "flip" and out:
            out[at] ^= value or 1
        elif kind == "put":
            out[at:at] = bytes([value]) * length
        elif kind == "drop":
            del out[at : at + length]
        elif kind == "copy":
            out[at:at] = out[at // 2 : at // 2 + length]
        elif kind == "fill":
            out[at : at + length] = bytes([value]) * len(out[at : at + length])
    return bytes(out)


READERS: dict[str, Callable[[bytes], Any]] = {
    "stp": lambda data: stp.template(stp.read(data)),
    "face": specification.from_json,
    "upd": upd.unpack,
    "packed": ga241.decode,
    "raw": ga241.decode,
}


def _answer(kind: str, data: bytes) -> Any:
    """What the reader gives, or its refusal; anything but a refusal in words is a failure, and so is a long time."""
    start = time.monotonic()
    found = _attempt(lambda: READERS[kind](data))
    assert time.monotonic() - start < _SOON_S
    return found


def _attempt(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except UserError as error:
        refusal = error
    assert str(refusal)
    return refusal


@pytest.mark.parametrize("kind", READERS)
@_FUZZ
@given(steps=st.lists(_MUTATION, min_size=1, max_size=8))
def test_mutated_file_is_read_or_refused(kind: str, steps: list[tuple[str, float, int, int]]) -> None:
    real = _real(kind)
    data = _mutated(real, steps)
    found = _answer(kind, data)
    if isinstance(found, upd.Package):  # whatever was changed, it was nothing that counts
        assert found.manifest_bytes == upd.unpack(real).manifest_bytes
        assert found.files == upd.unpack(real).files
    elif kind in ("packed", "raw") and not isinstance(found, UserError):
        _code, layers = found
        assert len(layers.values) == layers.width_px * layers.height_px


@pytest.mark.parametrize("kind", READERS)
@_FUZZ
@given(cut=st.floats(0, 0.999))
def test_file_cut_off_anywhere_is_refused(kind: str, cut: float) -> None:
    data = _real(kind)
    short = data[: int(len(data) * cut)]
    found = _answer(kind, short)
    # only the open end of the last rows of a compressed picture may be missing
    assert isinstance(found, UserError) or kind == "packed"


_VALUES = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats() | st.text(max_size=12) | st.just([]) | st.just({})


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in inner for place in _places(entry, (*path, key)))]


@pytest.mark.parametrize("kind", ["stp", "face"])
@_FUZZ
@given(data=st.data())
def test_description_with_any_value_anywhere_is_laid_out_or_refused(kind: str, data: st.DataObject) -> None:
    value = json.loads(_real(kind))
    for _change in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(_places(value)[1:]))
        holder = functools.reduce(lambda at, key: at[key], place[:-1], value)
        if data.draw(st.booleans()):
            holder[place[-1]] = data.draw(_VALUES)
        elif isinstance(holder, dict):
            holder[data.draw(st.text(max_size=8))] = holder.pop(place[-1])
        else:
            holder.extend(holder[:3])
    found = _answer(kind, json.dumps(value).encode())
    if isinstance(found, UserError):
        return
    # a description that is accepted is drawn or refused, too
    spec = found if kind == "face" else _attempt(lambda: found.build(found.examples()))
    if not isinstance(spec, UserError):
        _attempt(lambda: layout(spec, system_fonts()))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("stp", b"[" * 1_000_000),
        ("stp", b'{"figures":' + b"9" * 3_000_000 + b"}"),
        ("stp", b" " * (codec.MAX_BYTES + 1)),
        ("face", b'{"shape":{"kind":"free","outline":"' + b"M0 0L1 1" * 400_000 + b'"}}'),
        ("face", b'{"arcs":[' + b'{"text":"a"},' * 200_000 + b'{"text":"a"}],"shape":{}}'),
        ("face", b"{" + b"".join(b'"%d":0,' % n for n in range(300_000)) + b'"299999":0}'),
        ("upd", b"PK\3\4" * 1_000_000),
        ("packed", b"1101080012345" + b"4096" + b"4096" + b"3" + b"\x01" * 1_000_000),
        ("packed", b"1101080012345" + b"4096" + b"4096" + b"3" + b"\0" * 1_000_000),
        ("raw", b"1101080012345" + b"4096" + b"4096" + b"2" + b"\0" * 1_000_000),
    ],
    ids=[
        "deep",
        "long number",
        "large",
        "long outline",
        "many arcs",
        "many fields, one doubled",
        "no archive",
        "long row",
        "many rows",
        "short raw",
    ],
)
def test_file_that_would_cost_time_or_memory_is_refused(kind: str, data: bytes) -> None:
    assert isinstance(_answer(kind, data), UserError)


def test_compressed_picture_beyond_its_bound_is_refused_where_the_bound_is() -> None:
    head = b"1101080012345" + b"4096" + b"4096" + b"3"
    with pytest.raises(ga241.SealPictureError) as caught:
        ga241.decode(head + b"\0" * (ga241.MAX_COMPRESSED_BYTES + 1 - len(head)))
    assert caught.value.facts["offset"] == ga241.MAX_COMPRESSED_BYTES
