"""SM4 against the standard's sample and openssl; the MAC against its definition."""

from __future__ import annotations

import hashlib

import gmalg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.crypto import sm4

# GB/T 32907-2016, annex A.1
SAMPLE = bytes.fromhex("0123456789abcdeffedcba9876543210")
SEALED = bytes.fromhex("681edf34d206965e86b3e94f536e4246")
keys = st.binary(min_size=16, max_size=16)


def test_block_gives_the_standards_sample() -> None:
    assert sm4.encrypt_ecb(SAMPLE, SAMPLE) == SEALED
    assert sm4.decrypt_ecb(SAMPLE, SEALED) == SAMPLE
    assert sm4.encrypt_ecb(SAMPLE, SAMPLE * 2) == SEALED * 2


@given(keys, st.integers(0, 4).flatmap(lambda count: st.binary(min_size=16 * count, max_size=16 * count)))
def test_blocks_come_back_and_equal_gmalgs(key: bytes, blocks: bytes) -> None:
    sealed = sm4.encrypt_ecb(key, blocks)
    assert sm4.decrypt_ecb(key, sealed) == blocks
    other = gmalg.SM4(key)
    assert sealed == b"".join(other.encrypt(blocks[start : start + 16]) for start in range(0, len(blocks), 16))


@given(keys, keys, st.binary(max_size=70))
def test_mac_is_the_last_block_of_the_chain(key: bytes, iv: bytes, data: bytes) -> None:
    block = iv
    text = sm4.padded(data)
    for start in range(0, len(text), 16):
        block = sm4.encrypt_ecb(key, bytes(a ^ b for a, b in zip(block, text[start : start + 16], strict=True)))
    assert sm4.cbc_mac(key, iv, data, 16) == block
    assert sm4.cbc_mac(key, iv, data) == block[:4]


def test_openssl_gives_the_same_mac(openssl, tmp_path) -> None:
    arguments = ("enc", "-sm4-cbc", "-nopad", "-K", SAMPLE.hex(), "-iv", SEALED.hex(), "-in", sm4.padded(b"command"), "-out", "out")
    assert openssl(*arguments).returncode == 0
    assert sm4.cbc_mac(SAMPLE, SEALED, b"command", 16) == (tmp_path / "out").read_bytes()


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 31, 32])
def test_padding_is_80_and_zeros_to_whole_blocks(length: int) -> None:
    text = sm4.padded(b"\xaa" * length)
    assert len(text) % 16 == 0 and len(text) > length
    assert text[length:] == b"\x80" + bytes(len(text) - length - 1)


def test_pin_key_is_the_beginning_of_sha1_over_the_filled_pin() -> None:
    assert sm4.pin_key(b"41") == hashlib.sha1(b"41" + bytes(14)).digest()[:16]
    assert sm4.pin_key(b"") == hashlib.sha1(bytes(16)).digest()[:16]
    assert sm4.pin_key(b"1" * 16) == hashlib.sha1(b"1" * 16).digest()[:16]


def test_wrong_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        sm4.pin_key(b"1" * 17)
    for length in (0, 17, -1):
        with pytest.raises(ValueError, match="MAC"):
            sm4.cbc_mac(SAMPLE, SAMPLE, b"", length)
    for key, blocks in ((SAMPLE, b"x" * 15), (SAMPLE[1:], SAMPLE), (SAMPLE * 2, SAMPLE)):
        with pytest.raises(ValueError):
            sm4.encrypt_ecb(key, blocks)
        with pytest.raises(ValueError):
            sm4.decrypt_ecb(key, blocks)
    with pytest.raises(ValueError):
        sm4.cbc_mac(SAMPLE, b"", b"")
