"""SM3 against the standard's samples and against OpenSSL's implementation in hashlib."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from sealdesk.crypto.digests import Sm3, sha256_hex, sm3


def test_sm3_gives_the_samples_of_the_standard() -> None:
    # GB/T 32905-2016, annex A
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_sm3_in_pieces_equals_sm3_at_once(pieces: list[bytes]) -> None:
    hasher = Sm3()
    for piece in pieces:
        hasher.update(piece)
        hasher.digest()
    whole = b"".join(pieces)
    assert hasher.digest() == sm3(whole) == hashlib.new("sm3", whole).digest()
    assert hasher.hexdigest() == sm3(whole).hex()


def test_sha256_hex_is_lower_case_hexadecimal() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
