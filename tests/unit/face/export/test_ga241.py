"""The GA 241 picture: bytes by hand, the round trip, the known encoder bug, and every bad byte refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core.errors import UserError
from sealdesk.face import raster
from sealdesk.face.drawing import Drawing
from sealdesk.face.export.bitmap import Layers
from sealdesk.face.export.ga241 import (
    CHIP_LIMIT,
    HEADER_LENGTH,
    SealCodeTooLongError,
    SealPictureError,
    SealPictureSizeError,
    decode,
    encode,
)

CODE = "1101080000001"


def header(width: int, height: int, kind: bytes = b"3", code: bytes = CODE.encode()) -> bytes:
    return code.ljust(13, b"\0") + str(width).encode().ljust(4, b"\0") + str(height).encode().ljust(4, b"\0") + kind


def picture(width: int, *rows: bytes) -> Layers:
    return Layers(width, len(rows), 400.0, b"".join(row.ljust(width, b"\1") for row in rows))


def test_header_is_22_bytes_as_the_format_has_it() -> None:
    data = encode(picture(3, b"\0\0\0"), CODE, compressed=False)
    assert data == b"1101080000001" + b"3\0\0\0" + b"1\0\0\0" + b"2" + b"\0\0\0"
    assert encode(picture(3, b"\0\0\0"))[:13] == bytes(13)


@pytest.mark.parametrize(
    ("row", "coded"),
    [
        (b"", b"\x00"),  # background to the end is nothing but the end
        (b"\0" * 31, b"\x1f\x00"),
        (b"\0" * 32, b"\xc0\x20\x00"),  # 32 and more take the long form
        (b"\0" * 300 + b"\1" * 2 + b"\0", b"\xc1\x2c\x22\x01\x00"),
        (b"\1" * 31 + b"\0", b"\x3f\x01\x00"),
        (b"\1" * 299 + b"\0", b"\xa1\x2b\x01\x00"),
        (b"\2" * 33, b"\x5f\x42\x00"),  # other layers are split at 31
        (b"\3" * 2 + b"\4" * 3, b"\x62\x83\x00"),
        (b"\0" + b"\1" * 8998 + b"\0", None),  # longer than one long run holds
    ],
)
def test_row_is_coded_as_the_rules_say(row: bytes, coded: bytes | None) -> None:
    if coded is None:
        with pytest.raises(SealPictureSizeError):
            encode(picture(9000, row))
        return
    assert encode(picture(400, row))[HEADER_LENGTH:] == coded


def test_background_that_ends_one_pixel_early_is_not_the_end_of_the_row() -> None:
    assert encode(picture(40, b"\0" + b"\1" * 38 + b"\0"))[HEADER_LENGTH:] == b"\x01\xa0\x26\x01\x00"


def buggy(layers: Layers) -> bytes:
    """What the public encoders write: the last pixel after background becomes a stray row."""
    out = bytearray(header(layers.width_px, layers.height_px))
    for y in range(layers.height_px):
        row = layers.values[y * layers.width_px : (y + 1) * layers.width_px]
        at = 0
        while at < len(row):
            end = at
            while end < len(row) and row[end] == row[at]:
                end += 1
            if row[at] == 1 and end >= len(row) - 1:
                out.append(0)
                at = end
                if at < len(row):
                    out += bytes([row[at] << 5 | 1, 0])
                    break
                continue
            length = end - at
            while length:
                piece = min(length, 31)
                out.append(row[at] << 5 | piece)
                length -= piece
            at = end
            if at == len(row):
                out.append(0)
    return bytes(out)


def test_decoder_puts_stray_rows_of_the_known_bug_back() -> None:
    ring = picture(8, b"\1\1\0\0\0\0\1\1", b"\0\1\1\1\1\1\1\0", b"\0\1\1\1\1\1\1\0", b"\1\1\0\0\0\0\1\1", b"\1\1\1\1\1\1\1\2")
    assert buggy(ring) != encode(ring, CODE)
    assert decode(buggy(ring)) == (CODE, ring)


def test_decoder_reads_a_real_face_of_a_buggy_encoder(face: Drawing) -> None:
    layers = raster.layers(face, 400)
    assert decode(buggy(layers)) == (CODE, layers)


def test_single_pixel_rows_at_the_left_edge_are_rows() -> None:
    dot = picture(8, b"\1", b"\0", b"\0", b"\1")
    assert decode(encode(dot, CODE)) == (CODE, dot)


def test_face_survives_the_round_trip_and_fits_a_chip(face: Drawing) -> None:
    layers = raster.layers(face, 400)
    data = encode(layers, CODE)
    assert len(data) < CHIP_LIMIT
    assert decode(data) == (CODE, layers)
    assert decode(encode(layers, CODE, compressed=False)) == (CODE, layers)


@st.composite
def pictures(draw: st.DrawFn) -> Layers:
    width, height = draw(st.integers(1, 90)), draw(st.integers(1, 12))
    values = bytearray()
    while len(values) < width * height:
        values += bytes([draw(st.sampled_from([0, 0, 1, 1, 2, 3, 4]))]) * draw(st.integers(1, 70))
    return Layers(width, height, 400.0, bytes(values[: width * height]))


@given(pictures(), st.from_regex(r"[0-9]{0,13}", fullmatch=True), st.booleans())
def test_any_picture_survives_the_round_trip(layers: Layers, code: str, compressed: bool) -> None:
    assert decode(encode(layers, code, compressed)) == (code, layers)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_picture_or_a_sentence(body: bytes) -> None:
    for data in (body, header(17, 5) + body, header(17, 5, b"2") + body):
        layers, said = picture(1, b""), "read"
        try:
            _code, layers = decode(data)
        except UserError as refusal:
            said = str(refusal)
        assert said
        assert len(layers.values) == layers.width_px * layers.height_px
        assert set(layers.values) <= {0, 1, 2, 3, 4}


@given(pictures(), st.data())
def test_any_damage_gives_a_picture_or_a_sentence(layers: Layers, data: st.DataObject) -> None:
    coded = bytearray(encode(layers, CODE))
    coded[data.draw(st.integers(0, len(coded) - 1))] = data.draw(st.integers(0, 255))
    said = "read"
    try:
        decode(bytes(coded[: data.draw(st.integers(0, len(coded)))]))
    except UserError as refusal:
        said = str(refusal)
    assert said


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "header is not complete"),
        (header(8, 1)[:-1], "header is not complete"),
        (header(8, 1).replace(b"8", b"x"), "not a number"),
        (header(8, 1, b"7"), "raw or compressed"),
        (header(8, 1, code=b"\xff\xfe") + b"\0", "no meaning"),
        (header(8, 2, b"2") + b"\0" * 15, "too early"),
        (header(8, 2, b"2") + b"\0" * 17, "room"),
        (header(8, 1, b"2") + b"\0" * 7 + b"\5", "byte 29"),
        (header(8, 1) + b"\x20\0", "no meaning"),  # a run of nothing
        (header(8, 1) + b"\xc0\x00\0", "no meaning"),
        (header(8, 1) + b"\xe1\x01\0", "no meaning"),
        (header(8, 1) + b"\xc0", "too early"),
        (header(8, 1) + b"\x09\0", "longer than"),
        (header(8, 1) + b"\xe0\x08\0", "longer than"),
        (header(8, 2) + b"\x08\0", "too early"),
        (header(8, 2) + b"\x08\0" * 3, "room"),
        (header(8, 2) + b"\0" * 9, "room"),
    ],
)
def test_broken_file_is_refused_with_its_reason(data: bytes, says: str) -> None:
    with pytest.raises(SealPictureError, match=says):
        decode(data)


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (4097, 1), (9999, 9999)])
def test_picture_of_impossible_size_is_refused_before_it_is_read(width: int, height: int) -> None:
    with pytest.raises(SealPictureSizeError):
        decode(header(width, height, b"3") + bytes(height))


def test_file_larger_than_any_seal_is_refused() -> None:
    with pytest.raises(SealPictureError, match="room"):
        decode(header(4096, 4096) + bytes(8_000_000))


@pytest.mark.parametrize("code", ["11010800000012", "1101 080", "编码", "1101080-00001"])
def test_code_that_the_header_cannot_hold_is_refused(code: str) -> None:
    with pytest.raises(SealCodeTooLongError) as refusal:
        encode(picture(3, b"\0"), code)
    assert refusal.value.field == "code"
