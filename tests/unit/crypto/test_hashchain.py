"""The hash chain finds the first record that was changed, put in, taken out or moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.crypto.digests import sm3
from sealdesk.crypto.hashchain import GENESIS, BrokenChainError, link, verify_chain_of


def chained(records: list[bytes]) -> list[tuple[bytes, bytes]]:
    pairs, head = [], GENESIS
    for record in records:
        head = link(head, record)
        pairs.append((record, head))
    return pairs


def test_link_is_sm3_over_the_hash_before_and_the_record() -> None:
    assert link(GENESIS, b"first") == sm3(bytes(32) + b"first")


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_sound_chain_gives_its_head(records: list[bytes]) -> None:
    pairs = chained(records)
    assert verify_chain_of(pairs) == (pairs[-1][1] if pairs else GENESIS)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=8), st.data())
def test_changed_record_is_named(records: list[bytes], data: st.DataObject) -> None:
    pairs = chained(records)
    place = data.draw(st.integers(0, len(pairs) - 1))
    pairs[place] = (pairs[place][0] + b"!", pairs[place][1])
    with pytest.raises(BrokenChainError) as caught:
        verify_chain_of(iter(pairs))
    assert caught.value.index == place and caught.value.number == place + 1


def test_changed_hash_missing_extra_and_moved_records_are_named() -> None:
    pairs = chained([b"a", b"b", b"c", b"d"])
    broken = {
        1: [pairs[0], (pairs[1][0], bytes(32)), *pairs[2:]],
        2: [*pairs[:2], pairs[3]],
        3: [*pairs[:3], pairs[2], pairs[3]],
        0: [pairs[1], pairs[0], *pairs[2:]],
    }
    for index, chain in broken.items():
        with pytest.raises(BrokenChainError) as caught:
            verify_chain_of(chain)
        assert caught.value.index == index
        assert f"record {index + 1} " in str(caught.value)


def test_verification_can_go_on_from_a_known_head() -> None:
    pairs = chained([b"a", b"b", b"c"])
    assert verify_chain_of(pairs[1:], start=pairs[0][1]) == pairs[2][1]
    with pytest.raises(BrokenChainError):
        verify_chain_of(pairs[1:])


def test_a_cut_off_end_shows_in_the_head_only() -> None:
    pairs = chained([b"a", b"b", b"c"])
    assert verify_chain_of(pairs[:2]) != verify_chain_of(pairs)


def test_a_hash_of_another_length_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        link(b"\0" * 31, b"\0first")
