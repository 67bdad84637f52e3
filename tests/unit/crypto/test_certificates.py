"""Certificates, requests, lists and chains: openssl judges what is issued, and each refusal has its own error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core, x509
from hypothesis import given, settings
from hypothesis import strategies as st

from sealdesk.crypto import certificates as c
from sealdesk.crypto.sm2 import PrivateKey, der_from_raw, digest_for

IDENT = ("-vfyopt", "distid:1234567812345678")
SIGNS = ("key_cert_sign", "crl_sign")
DAY = timedelta(days=1)


def made(authority, issuer=None, signer=None, **changes):
    """A certificate below `authority.middle` (or `issuer`), with its key."""
    key = changes.pop("key", None) or PrivateKey.generate()
    values = {
        "subject": c.Subject("李四"),
        "serial": c.new_serial(),
        "not_before": authority.now - DAY,
        "not_after": authority.now + DAY,
        "ca": False,
        **changes,
    }
    return key, c.issue(issuer or authority.middle, signer or authority.middle_key, key.public, **values)


def chain_of(authority, leaf, **changes):
    values = {"intermediates": [authority.middle], "roots": [authority.root], "at": authority.now, **changes}
    return c.verify_chain(leaf, values.pop("intermediates"), values.pop("roots"), values.pop("at"), **values)


@pytest.fixture(scope="module")
def request_der(authority) -> bytes:
    return c.CertificateRequest.build(c.Subject("张三"), authority.leaf_key).der


@pytest.fixture(scope="module")
def list_der(authority) -> bytes:
    return revocations(authority, c.Revoked(5, authority.now, "superseded")).der


def resigned(certificate, key, edit) -> bytes:
    """The DER of `certificate` after `edit` of its ASN.1, signed anew: what a careless or hostile authority could make."""
    structure = x509.Certificate.load(certificate.der)
    edit(structure["tbs_certificate"])
    structure["signature_value"] = core.OctetBitString(key.sign(structure["tbs_certificate"].dump(force=True)))
    return structure.dump(force=True)


# what is issued


def test_issued_certificate_says_what_was_asked(authority) -> None:
    leaf = authority.leaf
    assert (leaf.common_name, leaf.organization, leaf.organizational_unit) == ("张三", "某某刻章有限公司", "生产部")
    assert (leaf.serial_number, leaf.issuer_common_name) == ("OP-0001", "某市公安局")
    assert leaf.public_key == authority.leaf_key.public
    assert not leaf.is_ca and leaf.key_usage == {"digital_signature"}
    assert authority.root.is_ca and authority.root.path_length == 1 and authority.root.key_usage == set(SIGNS)
    assert leaf.authority_key_identifier == authority.middle.subject_key_identifier != b""
    assert leaf.not_before == authority.now - 100 * DAY and leaf.not_after == authority.now + 265 * DAY
    assert len(leaf.fingerprint) == 64 and leaf.fingerprint != authority.middle.fingerprint


def test_certificate_passes_through_der_and_pem(authority) -> None:
    again = c.Certificate.from_der(authority.leaf.der)
    assert again == authority.leaf and hash(again) == hash(authority.leaf)
    assert c.Certificate.from_pem(again.pem()) == c.Certificate.from_pem(again.pem().encode()) == again


def test_openssl_verifies_the_chain(authority, openssl) -> None:
    # OpenSSL 3.0 applies -vfyopt to the certificate in question only, not to those between: so step by step
    root, middle, leaf = (item.pem().encode() for item in (authority.root, authority.middle, authority.leaf))
    common = ("verify", "-x509_strict", "-attime", str(int(authority.now.timestamp())), *IDENT)
    for trusted, item in ((root, middle), (middle, leaf)):
        good = openssl(*common, "-partial_chain", "-CAfile", trusted, item)
        assert good.returncode == 0, good.stderr
    assert authority.root.is_signed_by(authority.root.public_key) and openssl(*common, "-CAfile", root, root).returncode == 0
    assert openssl(*common, "-partial_chain", "-CAfile", root, leaf).returncode != 0


def test_openssl_reads_extended_usage_list_url_and_long_validity(authority, openssl) -> None:
    _key, item = made(
        authority, extended_usage=("client_auth",), crl_url="http://platform.test/middle.crl", not_after=datetime(2055, 1, 1, tzinfo=UTC)
    )
    text = openssl("x509", "-noout", "-text", "-in", item.pem().encode()).stdout.decode()
    assert "TLS Web Client Authentication" in text and "http://platform.test/middle.crl" in text and "2055" in text
    assert "CA:FALSE" in text and "X509v3 Basic Constraints: critical" in text and "X509v3 Key Usage: critical" in text
    assert item.extended_key_usage == {"client_auth"} and item.not_after == datetime(2055, 1, 1, tzinfo=UTC)


def test_we_verify_what_openssl_issued(openssl, tmp_path) -> None:
    assert openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key").returncode == 0
    made_by_openssl = openssl(
        "req", "-x509", "-new", "-key", "key", "-sm3", "-sigopt", "distid:1234567812345678", "-days", "10",
        "-subj", "/C=CN/O=unit/OU=first/OU=second/CN=root", "-out", "root.pem",
    )  # fmt: skip
    assert made_by_openssl.returncode == 0, made_by_openssl.stderr
    root = c.Certificate.from_pem((tmp_path / "root.pem").read_bytes())
    assert root.is_signed_by(root.public_key) and root.is_ca and root.common_name == "root" and root.organizational_unit == "second"
    wanted = openssl("req", "-new", "-key", "key", "-sm3", "-sigopt", "distid:1234567812345678", "-subj", "/CN=x", "-outform", "DER")
    request = c.CertificateRequest.from_der(wanted.stdout)
    assert request.verify() is request and request.public_key == root.public_key and request.subject.common_name == "x"


@pytest.mark.parametrize(
    "changes",
    [
        {"serial": 0}, {"serial": -1}, {"serial": 1 << 160}, {"ca": True}, {"key_usage": SIGNS}, {"key_usage": ()}, {"path_length": 1},
        {"ca": True, "key_usage": SIGNS, "path_length": -1}, {"not_after": datetime(2020, 1, 1, tzinfo=UTC)},
        {"not_before": datetime(2026, 4, 1)}, {"subject": c.Subject("")}, {"subject": c.Subject("x", country="China")},  # noqa: DTZ001
    ],
)  # fmt: skip
def test_contradictory_certificates_are_not_issued(authority, changes) -> None:
    with pytest.raises((ValueError, TypeError)):
        made(authority, **changes)


def test_a_certificate_needs_its_issuers_key_and_an_authority(authority) -> None:
    with pytest.raises(ValueError, match="hold the issuer's key"):
        made(authority, signer=authority.root_key)
    with pytest.raises(ValueError, match="not an authority"):
        made(authority, issuer=authority.leaf, signer=authority.leaf_key)


def test_serials_are_positive_and_do_not_repeat() -> None:
    serials = {c.new_serial() for _ in range(100)}
    assert len(serials) == 100 and all(0 < serial < 1 << 127 for serial in serials)


# what is refused when reading


def test_damaged_certificates_are_refused(authority) -> None:
    der = authority.leaf.der
    for damaged in (b"", b"\x30\x00", der[:-1], der + b"\0", der[:100], b"\0" * 40_000):
        with pytest.raises(c.DamagedCertificateError):
            c.Certificate.from_der(damaged)
    for text in ("", "nothing", authority.leaf.pem().replace("CERTIFICATE", "PUBLIC KEY"), authority.leaf.pem()[:200]):
        with pytest.raises(c.DamagedCertificateError):
            c.Certificate.from_pem(text)


@settings(max_examples=300)
@given(data=st.data())
def test_a_changed_certificate_is_refused_or_unlike_and_unverified(authority, data) -> None:
    der = bytearray(authority.leaf.der)
    der[data.draw(st.integers(0, 9999)) % len(der)] ^= data.draw(st.integers(1, 255))
    with pytest.raises(c.CertificateError):
        chain_of(authority, c.Certificate.from_der(bytes(der)))


def test_repeated_extensions_and_two_algorithms_are_damage(authority) -> None:
    def repeat(tbs) -> None:
        tbs["extensions"].append(tbs["extensions"][1].copy())

    def rename(tbs) -> None:
        tbs["signature"]["algorithm"] = "sha256_ecdsa"

    for edit in (repeat, rename):
        with pytest.raises(c.DamagedCertificateError):
            c.Certificate.from_der(resigned(authority.leaf, authority.middle_key, edit))
    assert c.Certificate.from_der(resigned(authority.leaf, authority.middle_key, lambda tbs: None)).is_signed_by(
        authority.middle.public_key
    )


def test_another_encoding_of_the_same_signature_is_refused(authority, request_der, list_der) -> None:
    readers = ((c.Certificate, authority.leaf.der), (c.RevocationList, list_der), (c.CertificateRequest, request_der))
    for reader, der in readers:
        signature = reader.from_der(der).signature
        bits = bytes((3, len(signature) + 1, 0))
        place = der.rindex(bits + signature)
        unused = der[: place + 2] + b"\x01" + der[place + 3 :]
        length = 4 + len(der[4:]) + 1 if der[1] == 0x82 else 3 + len(der[3:]) + 1
        head = der[:2] + (length - 4).to_bytes(2, "big") if der[1] == 0x82 else der[:2] + bytes((length - 3,))
        longer = head + der[len(head) : place] + bytes((3, 0x81, len(signature) + 1, 0)) + signature
        for other in (unused, longer):
            with pytest.raises(c.CertificateError):
                reader.from_der(other)


@pytest.mark.parametrize("time", [b"20550101000000", b"00000101000000Z", b"2055010100000Z"])
def test_times_without_zone_or_outside_the_calendar_are_damage(authority, time) -> None:
    _key, item = made(authority, not_after=datetime(2055, 1, 1, tzinfo=UTC))
    der = item.der.replace(b"20550101000000Z", time.ljust(15, b"0"))
    assert der != item.der
    with pytest.raises(c.DamagedCertificateError):
        c.Certificate.from_der(der)


def test_a_key_off_the_curve_is_damage(authority) -> None:
    der = bytearray(authority.leaf.der)
    der[der.index(authority.leaf.public_key.x)] ^= 1
    with pytest.raises(c.DamagedCertificateError):
        c.Certificate.from_der(bytes(der))


def test_other_algorithms_are_refused_by_name(openssl, tmp_path) -> None:
    for number, options in enumerate((("rsa:2048",), ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))):
        arguments = ("req", "-x509", "-newkey", *options, "-nodes", "-keyout", "k", "-subj", "/CN=x", "-out", f"c{number}")
        assert openssl(*arguments).returncode == 0
        with pytest.raises(c.NotSm2CertificateError):
            c.Certificate.from_pem((tmp_path / f"c{number}").read_bytes())


def test_an_unknown_critical_extension_is_refused(openssl, tmp_path) -> None:
    assert openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key").returncode == 0
    for extension, refused in (("1.2.3.4=critical,DER:0500", True), ("1.2.3.4=DER:0500", False)):
        arguments = ("req", "-x509", "-new", "-key", "key", "-sm3", "-subj", "/CN=x", "-addext", extension, "-out", "c")
        assert openssl(*arguments).returncode == 0
        if refused:
            with pytest.raises(c.CriticalExtensionError) as caught:
                c.Certificate.from_pem((tmp_path / "c").read_bytes())
            assert caught.value.oid == "1.2.3.4"
        else:
            assert c.Certificate.from_pem((tmp_path / "c").read_bytes()).common_name == "x"


# chains


def test_chain_leads_from_leaf_to_root_whatever_lies_beside(authority) -> None:
    _key, stranger = made(authority)
    good = (authority.leaf, authority.middle, authority.root)
    assert chain_of(authority, authority.leaf) == good
    assert chain_of(authority, authority.leaf, intermediates=[stranger, authority.root, authority.leaf, authority.middle]) == good
    assert chain_of(authority, authority.leaf, intermediates=[], roots=[authority.middle]) == good[:2]
    assert chain_of(authority, authority.leaf, intermediates=[], roots=[authority.leaf]) == good[:1]


def test_a_renewed_authority_is_preferred_over_its_expired_certificate(authority) -> None:
    fields = {"key": authority.middle_key, "subject": authority.middle.subject, "ca": True, "path_length": 0, "key_usage": SIGNS}
    root = {"issuer": authority.root, "signer": authority.root_key}
    _key, old = made(authority, **root, **fields, not_before=authority.now - 9 * DAY, not_after=authority.now - DAY)
    assert chain_of(authority, authority.leaf, intermediates=[old, authority.middle])[1] == authority.middle


def test_chain_without_trusted_root_is_refused(authority) -> None:
    key = PrivateKey.generate()
    fields = (c.new_serial(), authority.now - DAY, authority.now + DAY, True, None, SIGNS)
    stranger = c.issue(None, key, key.public, c.Subject("别的根"), *fields)
    for changes in ({"roots": []}, {"roots": [stranger]}, {"intermediates": []}, {"intermediates": [authority.middle, stranger]}):
        values = {"roots": [stranger], **changes}
        with pytest.raises(c.UntrustedChainError) as caught:
            chain_of(authority, authority.leaf, **values)
        assert caught.value.code == "certificate.untrusted"
    with pytest.raises(c.UntrustedChainError):
        chain_of(authority, stranger, intermediates=[stranger])


def test_a_namesake_of_the_root_is_a_bad_signature(authority) -> None:
    key = PrivateKey.generate()
    fields = (c.new_serial(), authority.now - DAY, authority.now + DAY, True, None, SIGNS)
    false_root = c.issue(None, key, key.public, authority.root.subject, *fields)
    _key, forged = made(authority, issuer=false_root, signer=key)
    # without the key identifier, only the signature tells
    bare = c.Certificate.from_der(forged.der.replace(forged.authority_key_identifier, authority.root.subject_key_identifier))
    with pytest.raises(c.BadCertificateSignatureError):
        chain_of(authority, bare)
    with pytest.raises(c.UntrustedChainError):
        chain_of(authority, forged)


def test_an_altered_certificate_is_a_bad_signature(authority) -> None:
    altered = c.Certificate.from_der(authority.leaf.der.replace("张三".encode(), "张五".encode()))
    with pytest.raises(c.BadCertificateSignatureError) as caught:
        chain_of(authority, altered)
    assert "张五" in str(caught.value) and "某市公安局" in str(caught.value)


def test_time_of_each_certificate_counts_to_the_second(authority) -> None:
    second = timedelta(seconds=1)
    _key, leaf = made(authority)
    assert chain_of(authority, leaf, at=leaf.not_before) and chain_of(authority, leaf, at=leaf.not_after)
    with pytest.raises(c.NotYetValidCertificateError) as early:
        chain_of(authority, leaf, at=leaf.not_before - second)
    assert early.value.date == "2026-04-30" and "李四" in str(early.value)
    with pytest.raises(c.ExpiredCertificateError) as late:
        chain_of(authority, leaf, at=leaf.not_after + second)
    assert late.value.date == "2026-05-02" and late.value.not_after == leaf.not_after
    with pytest.raises(c.ExpiredCertificateError) as root_late:
        chain_of(authority, authority.leaf, at=authority.root.not_after + DAY)
    assert root_late.value.subject == "测试根"
    with pytest.raises(ValueError, match="zone"):
        chain_of(authority, leaf, at=datetime(2026, 5, 1))  # noqa: DTZ001


def test_dates_in_sentences_are_chinas(authority) -> None:
    _key, leaf = made(authority, not_after=datetime(2026, 5, 1, 20, tzinfo=UTC))
    with pytest.raises(c.ExpiredCertificateError) as caught:
        chain_of(authority, leaf, at=authority.now + DAY)
    assert caught.value.date == "2026-05-02"


def test_only_authorities_issue(authority) -> None:
    # a leaf that signs for others: made by hand, as `issue` refuses
    key = PrivateKey.generate()
    fields = (c.new_serial(), authority.now - DAY, authority.now + DAY)
    twin = c.issue(None, authority.leaf_key, authority.leaf_key.public, authority.leaf.subject, *fields, True, None, SIGNS)
    forged = c.issue(twin, authority.leaf_key, key.public, c.Subject("冒名"), *fields, False)
    with pytest.raises(c.NotAnAuthorityError) as caught:
        chain_of(authority, forged, intermediates=[authority.leaf, authority.middle])
    assert caught.value.subject == "张三"


def test_a_key_that_may_sign_certificates_needs_an_authority_around_it(authority) -> None:
    def demote(tbs) -> None:
        tbs["extensions"][0]["extn_value"] = x509.BasicConstraints({"ca": False})

    demoted = c.Certificate.from_der(resigned(authority.middle, authority.root_key, demote))
    assert not demoted.is_ca and "key_cert_sign" in demoted.key_usage
    with pytest.raises(c.NotAnAuthorityError):
        chain_of(authority, authority.leaf, intermediates=[demoted])


def test_path_length_is_kept(authority) -> None:
    below_key, below = made(authority, subject=c.Subject("派出所"), ca=True, key_usage=SIGNS)
    _key, leaf = made(authority, issuer=below, signer=below_key)
    with pytest.raises(c.PathLengthError) as caught:
        chain_of(authority, leaf, intermediates=[below, authority.middle])
    assert caught.value.subject in ("某市公安局", "测试根")


def test_needed_key_usages_must_be_there(authority) -> None:
    with pytest.raises(c.WrongKeyUsageError) as caught:
        chain_of(authority, authority.leaf, needs=frozenset({"digital_signature", "crl_sign", "key_agreement"}))
    assert caught.value.missing == "crl_sign, key_agreement"
    assert chain_of(authority, authority.leaf, needs=frozenset())


# revocation


def revocations(authority, *entries, number=1):
    now = authority.now
    return c.RevocationList.issue(authority.middle, authority.middle_key, entries, number, now - DAY, now + 30 * DAY)


def test_revoked_certificate_is_refused_from_its_day_on(authority) -> None:
    _key, other = made(authority)
    listed = revocations(authority, c.Revoked(authority.leaf.serial, authority.now - 2 * DAY, "key_compromise"))
    with pytest.raises(c.RevokedCertificateError) as caught:
        chain_of(authority, authority.leaf, revoked=[listed])
    assert caught.value.date == "2026-04-29" and caught.value.reason_code == "key_compromise"
    assert "the key may be known to somebody else" in str(caught.value)
    assert chain_of(authority, authority.leaf, at=authority.now - 3 * DAY, revoked=[listed])
    assert chain_of(authority, other, revoked=[listed])


def test_revoked_authority_takes_its_leaves_along(authority) -> None:
    entry = c.Revoked(authority.middle.serial, authority.now - DAY, "ca_compromise")
    listed = c.RevocationList.issue(authority.root, authority.root_key, [entry], 1, authority.now, authority.now + DAY)
    with pytest.raises(c.RevokedCertificateError) as caught:
        chain_of(authority, authority.leaf, revoked=[revocations(authority), listed])
    assert caught.value.subject == "某市公安局"


def test_list_passes_through_der_with_every_reason(authority) -> None:
    reasons = [reason for reason in c.revocation.REASONS if reason != "remove_from_crl"]
    entries = [c.Revoked(number + 1, authority.now, reason) for number, reason in enumerate(reasons)]
    listed = c.RevocationList.from_der(revocations(authority, *entries, number=7).der)
    assert listed.number == 7 and list(listed.entries.values()) == entries
    assert listed.verify(authority.middle) is listed
    assert not listed.is_stale(authority.now) and listed.is_stale(authority.now + 31 * DAY)
    assert revocations(authority).entries == {}


class WithoutIdentifier:
    """Signs with an empty identifier, the only one that OpenSSL 3.0 can verify a list with."""

    def __init__(self, key: PrivateKey) -> None:
        self.public = key.public
        self._key = key

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, b"")


def test_openssl_reads_the_list_and_verifies_its_signature(authority, openssl) -> None:
    listed = revocations(authority, c.Revoked(authority.leaf.serial, authority.now - 2 * DAY, "superseded"), number=3)
    parsed = openssl("crl", "-noout", "-text", "-in", listed.pem().encode())
    assert parsed.returncode == 0 and b"Superseded" in parsed.stdout
    key = authority.middle.public_key.pem().encode()
    ident = ("-sigopt", "distid:1234567812345678")
    assert openssl("dgst", "-sm3", "-verify", key, *ident, "-signature", listed.signature, listed.tbs).returncode == 0


def test_openssl_finds_the_revoked_certificate_in_the_list(authority, openssl) -> None:
    middle, leaf = (item.pem().encode() for item in (authority.middle, authority.leaf))
    signer = WithoutIdentifier(authority.middle_key)
    common = ("verify", "-crl_check", "-partial_chain", "-attime", str(int(authority.now.timestamp())), "-CAfile", middle, *IDENT)
    for entries in ((), (c.Revoked(authority.leaf.serial, authority.now - 2 * DAY, "superseded"),)):
        listed = c.RevocationList.issue(authority.middle, signer, entries, 1, authority.now - DAY, authority.now + DAY)
        pem = listed.pem().encode()
        checked = openssl("crl", "-noout", "-CAfile", middle, "-in", pem)
        assert b"verify OK" in checked.stderr, checked.stderr
        verdict = openssl(*common, "-CRLfile", pem, leaf)
        assert (b"certificate revoked" in verdict.stderr) == bool(entries)
        assert (verdict.returncode == 0) == (not entries), verdict.stderr


def test_a_list_needs_an_issuer_that_may_sign_lists(authority) -> None:
    fields = {"key": authority.middle_key, "subject": authority.middle.subject, "ca": True, "key_usage": ("key_cert_sign",)}
    _key, twin = made(authority, issuer=authority.root, signer=authority.root_key, **fields)
    with pytest.raises(c.RevocationListSignatureError):
        revocations(authority).verify(twin)


def test_a_list_under_another_name_is_refused(authority) -> None:
    fields = {"key": authority.middle_key, "subject": c.Subject("别名"), "ca": True, "key_usage": SIGNS}
    _key, twin = made(authority, issuer=authority.root, signer=authority.root_key, **fields)
    with pytest.raises(c.RevocationListSignatureError):
        revocations(authority).verify(twin)


def test_a_list_of_somebody_else_is_refused(authority) -> None:
    listed = revocations(authority)
    with pytest.raises(c.RevocationListSignatureError):
        listed.verify(authority.root)
    with pytest.raises(ValueError, match="may not sign lists"):
        c.RevocationList.issue(authority.leaf, authority.leaf_key, [], 1, authority.now, authority.now + DAY)
    with pytest.raises(ValueError, match="unknown reason"):
        revocations(authority, c.Revoked(1, authority.now, "mood"))
    altered = bytearray(listed.der)
    altered[altered.index(b"260430")] = ord("1")
    with pytest.raises((c.RevocationListSignatureError, c.DamagedRevocationListError)):
        chain_of(authority, authority.leaf, revoked=[c.RevocationList.from_der(bytes(altered))])
    for damaged in (b"", listed.der[:-1], listed.der + b"\0", authority.leaf.der):
        with pytest.raises(c.DamagedRevocationListError):
            c.RevocationList.from_der(damaged)


@settings(max_examples=200)
@given(data=st.data())
def test_a_changed_list_never_passes(authority, list_der, data) -> None:
    der = bytearray(list_der)
    der[data.draw(st.integers(0, 9999)) % len(der)] ^= data.draw(st.integers(1, 255))
    with pytest.raises(c.CertificateError):
        c.RevocationList.from_der(bytes(der)).verify(authority.middle)


# requests


def test_request_is_verified_by_us_and_openssl(authority, openssl) -> None:
    request = c.CertificateRequest.build(authority.leaf.subject, authority.leaf_key)
    assert c.CertificateRequest.from_der(request.der).verify().subject == authority.leaf.subject
    checked = openssl("req", "-verify", "-noout", "-in", request.pem().encode(), *IDENT)
    assert checked.returncode == 0 and b"OK" in checked.stdout + checked.stderr


def test_request_can_be_signed_by_a_card_in_between(authority) -> None:
    key = PrivateKey.generate()
    tbs = c.CertificateRequest.to_be_signed(c.Subject("芯片"), key.public)
    raw = key.sign_digest(digest_for(key.public, tbs))
    request = c.CertificateRequest.assemble(tbs, der_from_raw(raw))
    assert request.public_key == key.public and request.tbs == tbs
    with pytest.raises(c.RequestSignatureError):
        c.CertificateRequest.assemble(tbs, authority.leaf_key.sign(tbs))
    with pytest.raises(c.DamagedRequestError):
        c.CertificateRequest.assemble(tbs[:-1], der_from_raw(raw))


@settings(max_examples=200)
@given(data=st.data())
def test_a_changed_request_never_passes(request_der, data) -> None:
    der = bytearray(request_der)
    der[data.draw(st.integers(0, 9999)) % len(der)] ^= data.draw(st.integers(1, 255))
    with pytest.raises(c.CertificateError):
        c.CertificateRequest.from_der(bytes(der)).verify()


def test_a_software_key_is_a_signer() -> None:
    signer: c.Signer = PrivateKey.generate()
    assert len(signer.public.point) == 65
