"""A chain of hashes that shows where a sequence of records was changed; storing the records is the audit's business.

Cutting records off the end leaves a sound, shorter chain: who wants to see that too compares the head with one that was signed.
"""

from __future__ import annotations

from collections.abc import Iterable

from sealdesk.core.errors import StorageError
from sealdesk.core.i18n import N_
from sealdesk.crypto.digests import SM3_LENGTH, sm3

GENESIS = bytes(SM3_LENGTH)
"""The hash before the first record."""


class BrokenChainError(StorageError):
    """A stored hash does not follow from its record and the hash before. Facts: index (from 0), number (from 1)."""

    code = "storage.chain.broken"
    sentence = N_("The log was changed: record {number} does not match the ones before it.")
    advice = N_("Do not go on working with this file; keep it and call an administrator.")
    retry = False


def link(previous_hash: bytes, record: bytes) -> bytes:
    """The 32-byte hash of `record` in its place: SM3 over the hash before and the record.

    Raises:
        ValueError: the hash before is not 32 bytes long.
    """
    if len(previous_hash) != SM3_LENGTH:  # otherwise the border between the two could move
        raise ValueError("a hash of the chain is 32 bytes long")
    return sm3(previous_hash + record)


def verify_chain_of(records: Iterable[tuple[bytes, bytes]], start: bytes = GENESIS) -> bytes:
    """Verify pairs of record and stored hash, in order, and return the last hash (`start` for none).

    Raises:
        BrokenChainError: names the first index that does not fit.
    """
    head = start
    for index, (record, stored) in enumerate(records):
        head = link(head, record)
        if head != stored:
            raise BrokenChainError(index=index, number=index + 1)
    return head
