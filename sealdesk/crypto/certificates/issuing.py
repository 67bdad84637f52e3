"""Issuing certificates: the small authority's side (root, police units, makers, chips); who may have one is decided elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import core, x509

from sealdesk.crypto.certificates.certificate import Certificate
from sealdesk.crypto.certificates.names import Subject
from sealdesk.crypto.certificates.parsing import sm2_signature_algorithm, time
from sealdesk.crypto.certificates.signer import Signer
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.sm2 import PublicKey


def new_serial() -> int:
    """A random positive certificate number of at most 16 bytes."""
    return secrets.randbits(126) | 1 << 126


def key_identifier(key: PublicKey) -> bytes:
    """The 20-byte identifier of a key: the beginning of SM3 over its point (RFC 7093, method 1, with SM3)."""
    return sm3(key.point)[:20]


def issue(
    issuer: Certificate | None,
    signer: Signer,
    public_key: PublicKey,
    subject: Subject,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    ca: bool,
    path_length: int | None = None,
    key_usage: Iterable[str] = ("digital_signature",),
    extended_usage: Iterable[str] = (),
    crl_url: str = "",
) -> Certificate:
    """Issue a certificate.

    Args:
        issuer: the authority's certificate, or None for a self-signed root.
        signer: the authority's key.
        public_key: the key to certify.
        subject: whose key it is.
        serial: the authority's own number, positive, at most 20 bytes; see `new_serial`.
        not_before: first moment of validity.
        not_after: last moment of validity.
        ca: whether the certified key may issue certificates; needs "key_cert_sign" in `key_usage`.
        path_length: how many authorities may follow below this one; None for any number.
        key_usage: snake_case names of RFC 5280, 4.2.1.3.
        extended_usage: snake_case names or dotted numbers.
        crl_url: where the issuer's revocation list lies; empty to leave it out.

    Raises:
        ValueError: the arguments contradict each other.
    """
    usages = frozenset(key_usage)
    _check(issuer, signer, public_key, serial, ca, path_length, usages)
    if not not_before < not_after:
        raise ValueError("a certificate ends after it begins")
    issuer_identifier = issuer.subject_key_identifier if issuer else key_identifier(public_key)
    extensions: list[tuple[str, bool, core.Asn1Value]] = [
        ("basic_constraints", True, x509.BasicConstraints({"ca": ca, "path_len_constraint": path_length} if ca else {"ca": False})),
        ("key_usage", True, x509.KeyUsage(set(usages))),
        ("key_identifier", False, core.OctetString(key_identifier(public_key))),
    ]
    if issuer_identifier:
        extensions.append(("authority_key_identifier", False, x509.AuthorityKeyIdentifier({"key_identifier": issuer_identifier})))
    if extended_usage:
        extensions.append(("extended_key_usage", False, x509.ExtKeyUsageSyntax(list(extended_usage))))
    if crl_url:
        names = x509.GeneralNames([x509.GeneralName(name="uniform_resource_identifier", value=crl_url)])
        point = x509.DistributionPoint({"distribution_point": x509.DistributionPointName(name="full_name", value=names)})
        extensions.append(("crl_distribution_points", False, x509.CRLDistributionPoints([point])))
    name = subject.to_name()
    tbs = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": sm2_signature_algorithm(),
            "issuer": x509.Name.load(issuer.subject_der) if issuer else name,
            "validity": x509.Validity({"not_before": time(not_before), "not_after": time(not_after)}),
            "subject": name,
            "subject_public_key_info": public_key.spki(),
            "extensions": [{"extn_id": kind, "critical": critical, "extn_value": value} for kind, critical, value in extensions],
        }
    )
    signature = signer.sign(tbs.dump())
    structure = x509.Certificate(
        {"tbs_certificate": tbs, "signature_algorithm": sm2_signature_algorithm(), "signature_value": core.OctetBitString(signature)}
    )
    return Certificate.from_der(structure.dump())


def _check(
    issuer: Certificate | None,
    signer: Signer,
    public_key: PublicKey,
    serial: int,
    ca: bool,
    path_length: int | None,
    usages: frozenset[str],
) -> None:
    """Refuse what would make a certificate that nobody could verify."""
    expected = issuer.public_key if issuer else public_key
    if signer.public != expected:
        raise ValueError("the signer does not hold the issuer's key")
    if issuer is not None and not issuer.is_ca:
        raise ValueError("the issuer is not an authority")
    if not 0 < serial < 1 << 159:
        raise ValueError("a serial is positive and at most 20 bytes long")
    if not usages:
        raise ValueError("a certificate names the use of its key")
    if ca != ("key_cert_sign" in usages):
        raise ValueError("an authority, and only an authority, signs certificates")
    if path_length is not None and (not ca or path_length < 0):
        raise ValueError("only an authority has a path length, and it is not negative")
