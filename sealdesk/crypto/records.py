"""Signed records: canonical JSON, an SM2 signature over exactly those bytes, and the signer's certificates; not CMS.

The content is RFC 8785 JSON, so a record has one form, and anyone can check it with `openssl dgst -sm3 -verify` on the content's file.
The time of signing is part of the content, under `signed_at`. What a record means (its kind, whom it concerns) is its reader's business.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import rfc8785

from sealdesk.core.clock import parse_stamp
from sealdesk.core.errors import Fault
from sealdesk.core.i18n import N_
from sealdesk.crypto import sm2
from sealdesk.crypto.certificates import Certificate, RevocationList, Signer, verify_chain

MAX_CONTENT_LENGTH = 4 * 1024 * 1024
MAX_SIGNATURE_LENGTH = 72
MAX_CHAIN_LENGTH = 8
MAX_CERTIFICATE_LENGTH = 32 * 1024
MAX_JSON_LENGTH = (MAX_CONTENT_LENGTH + MAX_CHAIN_LENGTH * MAX_CERTIFICATE_LENGTH) * 4 // 3 + 1024
"""All in bytes, the chain's in certificates."""

TIME_KEY = "signed_at"


class RecordFormatError(Fault):
    """Not a signed record: not the expected JSON, too large, not canonical, no time of signing."""

    code = "record.format"
    sentence = N_("The signed record is damaged and cannot be read.")
    retry = False


class RecordSignatureError(Fault):
    """The content was not signed by the key of the record's certificate. Fact: signer."""

    code = "record.signature"
    sentence = N_("The signature of “{signer}” does not match the record: it is forged or was altered.")
    retry = False


class PreparedRecord(NamedTuple):
    """What a card signs: the exact content and its digest e (32 bytes)."""

    content: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A signed record as it is stored and sent; nothing in it is verified until `open_record`.

    Attributes:
        content: canonical JSON of an object.
        signature: DER SEQUENCE{r, s} over `content`, default identifier.
        chain: certificates as DER, the signer's first.
    """

    content: bytes
    signature: bytes
    chain: tuple[bytes, ...]

    @classmethod
    def from_raw(cls, content: bytes, raw: bytes, chain: Sequence[Certificate]) -> SignedRecord:
        """The record of a prepared content and a card's answer r‖s (64 bytes).

        Raises:
            SignatureFormatError: `raw` is not a signature at all.
            RecordSignatureError: the card holds another key than the chain's first certificate names, or answered wrongly.
        """
        record = cls(content, sm2.der_from_raw(raw), tuple(certificate.der for certificate in chain))
        if not chain or not sm2.verify(chain[0].public_key, content, record.signature):
            raise RecordSignatureError(signer=chain[0].common_name if chain else "")
        return record

    def to_json(self) -> str:
        """The record as one line of JSON with base64 inside."""
        parts = {
            "content": _encoded(self.content),
            "signature": _encoded(self.signature),
            "chain": [_encoded(der) for der in self.chain],
        }
        return rfc8785.dumps(parts).decode("ascii")

    @classmethod
    def from_json(cls, text: str | bytes) -> SignedRecord:
        """Read what `to_json` wrote, from anybody.

        Raises:
            RecordFormatError: anything else.
        """
        if len(text) > MAX_JSON_LENGTH:
            raise RecordFormatError
        parts = _object(text)
        if set(parts) != {"content", "signature", "chain"} or not isinstance(parts["chain"], list):
            raise RecordFormatError
        if not 1 <= len(parts["chain"]) <= MAX_CHAIN_LENGTH:
            raise RecordFormatError
        record = cls(
            _decoded(parts["content"], MAX_CONTENT_LENGTH),
            _decoded(parts["signature"], MAX_SIGNATURE_LENGTH),
            tuple(_decoded(item, MAX_CERTIFICATE_LENGTH) for item in parts["chain"]),
        )
        _values(record.content)
        return record


@dataclass(frozen=True, slots=True)
class VerifiedRecord:
    """A record whose signature and certificates were verified.

    Attributes:
        values: the content.
        signer: the certificate of the key that signed.
        chain: from the signer to the trusted root.
        signed_at: the time that the signer claims, UTC.
    """

    values: dict[str, Any]
    signer: Certificate
    chain: tuple[Certificate, ...]
    signed_at: datetime


def prepare_record(content: Mapping[str, Any], public: sm2.PublicKey) -> PreparedRecord:
    """The canonical content and the digest that a card signs with the secret of `public`; see `SignedRecord.from_raw`.

    Raises:
        ValueError: no `signed_at`, too large, or a value that canonical JSON cannot hold (integers beyond 2**53 - 1, NaN, objects).
    """
    try:
        data = rfc8785.dumps(dict(content))
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise ValueError(f"not a content for a record: {error}") from error
    try:
        _values(data)
    except RecordFormatError as error:
        raise ValueError(f"a record has a stored time under {TIME_KEY!r} and at most {MAX_CONTENT_LENGTH} bytes") from error
    return PreparedRecord(data, sm2.digest_for(public, data))


def sign_record(content: Mapping[str, Any], signer: Signer, chain: Sequence[Certificate]) -> SignedRecord:
    """Sign `content`, which holds its time under `signed_at` (`core.clock.stamp`).

    Args:
        content: what is said; JSON values only.
        signer: the key.
        chain: the signer's certificate first, then its authorities; the root may be left out.

    Raises:
        ValueError: see `prepare_record`; or the first certificate is not of this key.
    """
    if not chain or chain[0].public_key != signer.public:
        raise ValueError("the first certificate is not of the signing key")
    prepared = prepare_record(content, signer.public)
    return SignedRecord(prepared.content, signer.sign(prepared.content), tuple(certificate.der for certificate in chain))


def open_record(
    record: SignedRecord,
    roots: Sequence[Certificate],
    at: datetime,
    needs: frozenset[str] = frozenset({"digital_signature"}),
    revoked: Sequence[RevocationList] = (),
) -> VerifiedRecord:
    """Verify `record` and return what it says. Whether this signer may say it is the caller's question.

    Args:
        record: from anybody.
        roots: what is trusted.
        at: the moment at which the certificates have to be good: now for something just received, or the time at which it was received.
        needs: key usages that the signer's certificate must have.
        revoked: lists of any of the authorities involved.

    Raises:
        CertificateError: a certificate is damaged or not to be accepted; one subclass per cause.
        RecordSignatureError: the content is not what was signed.
        RecordFormatError: the content is not canonical, too large, or has no time of signing.
    """
    if not 1 <= len(record.chain) <= MAX_CHAIN_LENGTH:
        raise RecordFormatError
    certificates = [Certificate.from_der(der) for der in record.chain]
    signer = certificates[0]
    chain = verify_chain(signer, certificates[1:], roots, at, needs, revoked)
    if not sm2.verify(signer.public_key, record.content, record.signature):
        raise RecordSignatureError(signer=signer.common_name)
    values = _values(record.content)
    return VerifiedRecord(values, signer, chain, parse_stamp(values[TIME_KEY]))


def _values(content: bytes) -> dict[str, Any]:
    """The object in `content`, which must be canonical and hold a time of signing."""
    if len(content) > MAX_CONTENT_LENGTH:
        raise RecordFormatError
    values = _object(content)
    try:
        canonical = rfc8785.dumps(values)
        parse_stamp(values[TIME_KEY])
    except (rfc8785.CanonicalizationError, KeyError, ValueError, TypeError, RecursionError) as error:
        raise RecordFormatError from error
    if canonical != content:
        raise RecordFormatError
    return values


def _object(text: str | bytes) -> dict[str, Any]:
    """The JSON object in `text`; repeated keys, NaN and other values are refused."""
    try:
        data = text.decode("utf-8") if isinstance(text, bytes) else text
        values = json.loads(data, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RecordFormatError from error
    if not isinstance(values, dict):
        raise RecordFormatError
    return values


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is repeated")
    return values


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(text: object, limit: int) -> bytes:
    """The bytes of a base64 text with one spelling only."""
    if not isinstance(text, str) or len(text) > (limit + 2) // 3 * 4:
        raise RecordFormatError
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise RecordFormatError from error
    if len(data) > limit or _encoded(data) != text:
        raise RecordFormatError
    return data
