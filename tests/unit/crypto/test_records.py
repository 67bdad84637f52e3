"""Signed records: what goes in comes out verified, openssl agrees, and everything else is refused with its own error."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from sealdesk.core.clock import stamp
from sealdesk.crypto import certificates, records, sm2
from sealdesk.crypto.records import RecordFormatError, RecordSignatureError, SignedRecord, open_record, prepare_record, sign_record

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def content(authority) -> dict[str, object]:
    return {"kind": "permit", "unit": "某某有限公司", "codes": ["1234567890123"], "signed_at": stamp(authority.now)}


@pytest.fixture(scope="module")
def record(authority, content) -> SignedRecord:
    return sign_record(content, authority.leaf_key, [authority.leaf, authority.middle])


def opened(authority, record, **changes):
    return open_record(record, changes.get("roots", [authority.root]), changes.get("at", authority.now), **changes.get("more", {}))


def test_record_comes_out_as_it_went_in(authority, content, record) -> None:
    verified = opened(authority, SignedRecord.from_json(record.to_json()))
    assert verified.values == content and verified.signed_at == authority.now
    assert verified.signer == authority.leaf and verified.chain == (authority.leaf, authority.middle, authority.root)
    assert SignedRecord.from_json(record.to_json()) == record == SignedRecord.from_json(record.to_json().encode())


def test_openssl_verifies_the_content_as_it_stands(authority, record, openssl) -> None:
    key = authority.leaf.public_key.pem().encode()
    ident = ("-sigopt", "distid:1234567812345678")
    assert openssl("dgst", "-sm3", "-verify", key, *ident, "-signature", record.signature, record.content).returncode == 0


def test_a_card_signs_the_prepared_digest(authority, content) -> None:
    prepared = prepare_record(content, authority.leaf.public_key)
    raw = authority.leaf_key.sign_digest(prepared.digest)
    assert opened(authority, SignedRecord.from_raw(prepared.content, raw, [authority.leaf, authority.middle])).values == content


def test_a_card_with_another_key_is_noticed_at_once(authority, content) -> None:
    prepared = prepare_record(content, authority.leaf.public_key)
    raw = authority.middle_key.sign_digest(prepared.digest)
    with pytest.raises(RecordSignatureError) as caught:
        SignedRecord.from_raw(prepared.content, raw, [authority.leaf])
    assert "张三" in str(caught.value)
    with pytest.raises(RecordSignatureError):
        SignedRecord.from_raw(prepared.content, raw, [])
    with pytest.raises(sm2.SignatureFormatError):
        SignedRecord.from_raw(prepared.content, raw[1:], [authority.leaf])


def test_signing_needs_the_certificate_of_the_key(authority, content) -> None:
    for chain in ([], [authority.middle]):
        with pytest.raises(ValueError, match="first certificate"):
            sign_record(content, authority.leaf_key, chain)


@pytest.mark.parametrize(
    "content",
    [
        {}, {"signed_at": 5}, {"signed_at": "2026-05-01"}, {"signed_at": "2026-05-01T12:00:00"}, {"signed_at": None},
        {"signed_at": "2026-05-01T12:00:00Z", "x": 2**53}, {"signed_at": "2026-05-01T12:00:00Z", "x": float("nan")},
        {"signed_at": "2026-05-01T12:00:00Z", "x": b"bytes"}, {"signed_at": "2026-05-01T12:00:00Z", 5: 6},
        {"signed_at": "2026-05-01T12:00:00Z", "x": "y" * records.MAX_CONTENT_LENGTH},
    ],
    ids=lambda content: str(content)[:60],
)  # fmt: skip
def test_a_content_that_no_record_can_hold_is_not_signed(authority, content) -> None:
    with pytest.raises(ValueError):
        sign_record(content, authority.leaf_key, [authority.leaf])


@settings(max_examples=60)
@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), values, max_size=6))
def test_every_json_value_passes(authority, content) -> None:
    content = {**content, "signed_at": stamp(authority.now)}
    record = sign_record(content, authority.leaf_key, [authority.leaf, authority.middle])
    assert opened(authority, SignedRecord.from_json(record.to_json())).values == content


@settings(max_examples=60)
@given(place=st.integers(0, 100_000), flip=st.integers(1, 255))
def test_a_changed_record_is_refused(authority, record, place, flip) -> None:
    for part in ("content", "signature"):
        data = bytearray(getattr(record, part))
        data[place % len(data)] ^= flip
        with pytest.raises(RecordSignatureError):
            opened(authority, replace(record, **{part: bytes(data)}))


def test_changed_values_are_refused(authority, record) -> None:
    changed = replace(record, content=record.content.replace("某某".encode(), "别的".encode()))
    with pytest.raises(RecordSignatureError) as caught:
        opened(authority, SignedRecord.from_json(changed.to_json()))
    assert caught.value.code == "record.signature"


def test_signed_but_not_canonical_content_is_refused(authority, record) -> None:
    now = stamp(authority.now)
    for text in (
        f'{{"signed_at": "{now}"}}',
        f'{{"signed_at":"{now}","signed_at":"{now}"}}',
        f'{{"signed_at":"{now}","a":1}}',
        "[]",
        "{}",
        "x",
    ):
        data = text.encode()
        bad = replace(record, content=data, signature=authority.leaf_key.sign(data))
        with pytest.raises(RecordFormatError):
            opened(authority, bad)
        with pytest.raises(RecordFormatError):
            SignedRecord.from_json(bad.to_json())


def test_causes_of_the_certificates_come_through(authority, record) -> None:
    with pytest.raises(certificates.UntrustedChainError):
        opened(authority, record, roots=[])
    with pytest.raises(certificates.ExpiredCertificateError):
        opened(authority, record, at=authority.now + timedelta(days=400))
    with pytest.raises(certificates.WrongKeyUsageError):
        opened(authority, record, more={"needs": frozenset({"crl_sign"})})
    with pytest.raises(certificates.DamagedCertificateError):
        opened(authority, replace(record, chain=(b"\x30\x00",)))
    listed = certificates.RevocationList.issue(
        authority.middle,
        authority.middle_key,
        [certificates.Revoked(authority.leaf.serial, authority.now)],
        1,
        authority.now,
        authority.now + timedelta(days=1),
    )
    with pytest.raises(certificates.RevokedCertificateError):
        opened(authority, record, more={"revoked": [listed]})
    for chain in ((), record.chain * 5):
        with pytest.raises(RecordFormatError):
            opened(authority, replace(record, chain=chain))


def test_foreign_json_is_refused(record) -> None:
    good = json.loads(record.to_json())
    bad: list[object] = [
        {**good, "more": 1}, {key: good[key] for key in ("content", "chain")}, {**good, "chain": []}, {**good, "chain": good["chain"] * 5},
        {**good, "chain": "x"}, {**good, "chain": [5]}, {**good, "content": 5}, {**good, "content": None}, {**good, "content": "*"},
        {**good, "content": good["content"] + "\n"}, {**good, "signature": good["signature"] + "===="}, [], 5, None, "text",
        {**good, "signature": base64.b64encode(bytes(80)).decode()}, {**good, "chain": [base64.b64encode(bytes(33_000)).decode()]},
        {**good, "content": base64.b64encode(b"{}").decode()},
    ]  # fmt: skip
    texts = [rfc8785.dumps(value) for value in bad]
    line = record.to_json()
    texts += [b"", b"\xff", b"{", b"NaN", b"[" * 100_000, line[:-1].encode(), (line + line).encode()]
    texts.append((line[:-1] + ',"signature":"' + good["signature"] + '"}').encode())
    texts.append(b" " * (records.MAX_JSON_LENGTH + 1))
    for text in texts:
        with pytest.raises(RecordFormatError):
            SignedRecord.from_json(text)


def test_base64_has_one_spelling(record) -> None:
    good = json.loads(record.to_json())
    content = b'{"signed_at":"2026-05-01T12:00:00Z"}  '  # 38 bytes: two bits of the last digit are spare
    text = base64.b64encode(content).decode()
    assert text.endswith("=")
    other = text[:-2] + chr(ord(text[-2]) + 1) + "="
    assert base64.b64decode(other) == content
    with pytest.raises(RecordFormatError):
        records._decoded(other, 100)
    assert records._decoded(text, 100) == content
    assert good["content"] == base64.b64encode(record.content).decode()


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_garbage_is_refused_with_the_records_own_error(data) -> None:
    with pytest.raises(RecordFormatError):
        SignedRecord.from_json(data)
