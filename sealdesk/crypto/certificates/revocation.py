"""Revocation lists (X.509 CRL version 2) signed with SM2: issued by the authority, read and verified by everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import core, crl, x509

from sealdesk.core.i18n import N_
from sealdesk.crypto.certificates.certificate import Certificate
from sealdesk.crypto.certificates.errors import DamagedRevocationListError, RevocationListSignatureError
from sealdesk.crypto.certificates.parsing import (
    PARSE_ERRORS,
    is_sm2_signature,
    loaded,
    moment_of,
    require_one_encoding,
    sm2_signature_algorithm,
    time,
)
from sealdesk.crypto.certificates.signer import Signer
from sealdesk.crypto.sm2 import pem_block, verify

MAX_LENGTH = 16 * 1024 * 1024
"""Bytes; a revoked certificate takes about 40."""

REASONS = {
    "unspecified": N_("no reason given"),
    "key_compromise": N_("the key may be known to somebody else"),
    "ca_compromise": N_("the authority's key may be known to somebody else"),
    "affiliation_changed": N_("the holder's data have changed"),
    "superseded": N_("replaced by a new certificate"),
    "cessation_of_operation": N_("no longer in use"),
    "certificate_hold": N_("suspended"),
    "remove_from_crl": N_("suspension lifted"),
    "privilege_withdrawn": N_("the permission was withdrawn"),
    "aa_compromise": N_("the attribute authority's key may be known to somebody else"),
}
"""Reasons of RFC 5280, 5.3.1, in words."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """One revoked certificate: its serial, since when, and why (a key of `REASONS`)."""

    serial: int
    revoked_at: datetime
    reason: str = "unspecified"


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A revocation list. Reading it verifies nothing: call `verify`, or hand it to `verify_chain`.

    Attributes:
        der: the whole list.
        issuer_der: the issuer's name as encoded.
        number: counts upwards with each list; 0 when absent.
        this_update, next_update: when it was made, when the next one comes at the latest (or None).
        entries: the revoked certificates by serial.
        tbs: the signed part, DER. signature: DER SEQUENCE{r, s}.
    """

    der: bytes = field(repr=False)
    issuer_der: bytes = field(compare=False, repr=False)
    number: int = field(compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime | None = field(compare=False)
    entries: dict[int, Revoked] = field(compare=False, repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)

    @classmethod
    def issue(
        cls, issuer: Certificate, signer: Signer, revoked: Iterable[Revoked], number: int, this_update: datetime, next_update: datetime
    ) -> RevocationList:
        """Make and sign a list.

        Raises:
            ValueError: the signer does not hold the issuer's key, the issuer may not sign lists, or a reason is unknown.
        """
        if signer.public != issuer.public_key or "crl_sign" not in issuer.key_usage:
            raise ValueError("the signer does not hold the issuer's key, or it may not sign lists")
        entries = [_entry(item) for item in sorted(revoked, key=lambda item: item.serial)]
        extensions: list[dict[str, object]] = [{"extn_id": "crl_number", "critical": False, "extn_value": core.Integer(number)}]
        if issuer.subject_key_identifier:
            identifier = x509.AuthorityKeyIdentifier({"key_identifier": issuer.subject_key_identifier})
            extensions.insert(0, {"extn_id": "authority_key_identifier", "critical": False, "extn_value": identifier})
        fields: dict[str, object] = {
            "version": "v2",
            "signature": sm2_signature_algorithm(),
            "issuer": x509.Name.load(issuer.subject_der),
            "this_update": time(this_update),
            "next_update": time(next_update),
            "crl_extensions": extensions,
        }
        if entries:  # an empty list is left out (RFC 5280, 5.1.2.6)
            fields["revoked_certificates"] = entries
        tbs = crl.TbsCertList(fields)
        signature = core.OctetBitString(signer.sign(tbs.dump()))
        structure = crl.CertificateList({"tbs_cert_list": tbs, "signature_algorithm": sm2_signature_algorithm(), "signature": signature})
        return cls.from_der(structure.dump())

    @classmethod
    def from_der(cls, der: bytes) -> RevocationList:
        """Read a list.

        Raises:
            DamagedRevocationListError: not a list signed with SM2, or with a critical extension that is not known.
        """
        try:
            structure = loaded(crl.CertificateList, bytes(der), MAX_LENGTH)
            tbs = structure["tbs_cert_list"]
            if not is_sm2_signature(structure["signature_algorithm"]) or not is_sm2_signature(tbs["signature"]):
                raise DamagedRevocationListError
            require_one_encoding(bytes(der), tbs, structure["signature_algorithm"], structure["signature"])
            extensions = _extensions(tbs["crl_extensions"])
            number = extensions.get("crl_number")
            revoked = tbs["revoked_certificates"]
            items = [_read(item) for item in revoked] if revoked.native is not None else []
            return cls(
                der=bytes(der),
                issuer_der=tbs["issuer"].dump(),
                number=number.native if number else 0,
                this_update=moment_of(tbs["this_update"]),
                next_update=moment_of(tbs["next_update"]) if tbs["next_update"].native is not None else None,
                entries={item.serial: item for item in items},
                tbs=tbs.dump(),
                signature=structure["signature"].native,
            )
        except PARSE_ERRORS as error:
            raise DamagedRevocationListError from error

    def verify(self, issuer: Certificate) -> RevocationList:
        """Make sure that `issuer` made this list; returns the list itself.

        Raises:
            RevocationListSignatureError: another name, a wrong signature, or a key that may not sign lists.
        """
        named = self.issuer_der == issuer.subject_der and "crl_sign" in issuer.key_usage
        if not named or not verify(issuer.public_key, self.tbs, self.signature):
            raise RevocationListSignatureError(issuer=issuer.common_name)
        return self

    def find(self, certificate: Certificate, at: datetime) -> Revoked | None:
        """The entry by which `certificate`, issued by this list's issuer, was revoked at `at`; None when it was not."""
        if certificate.issuer_der != self.issuer_der:
            return None
        entry = self.entries.get(certificate.serial)
        return entry if entry is not None and entry.revoked_at <= at and entry.reason != "remove_from_crl" else None

    def is_stale(self, at: datetime) -> bool:
        """Whether a newer list should have come by `at`."""
        return self.next_update is not None and self.next_update < at

    def pem(self) -> str:
        """The list as PEM."""
        return pem_block("X509 CRL", self.der)


def _entry(item: Revoked) -> dict[str, object]:
    if item.reason not in REASONS:
        raise ValueError(f"unknown reason {item.reason!r}")
    entry: dict[str, object] = {"user_certificate": item.serial, "revocation_date": time(item.revoked_at)}
    if item.reason != "unspecified":  # absent means unspecified (RFC 5280, 5.3.1)
        reason = {"extn_id": "crl_reason", "critical": False, "extn_value": crl.CRLReason(item.reason)}
        entry["crl_entry_extensions"] = [reason]
    return entry


def _read(item: Any) -> Revoked:
    reason = _extensions(item["crl_entry_extensions"]).get("crl_reason")
    text = reason.native if reason else "unspecified"
    return Revoked(item["user_certificate"].native, moment_of(item["revocation_date"]), text if text in REASONS else "unspecified")


def _extensions(extensions: Any) -> dict[str, Any]:
    """The parsed extensions by name; a list with a critical one (a partial or indirect list) must not be used as a whole one."""
    found: dict[str, Any] = {}
    for extension in extensions if extensions.native is not None else ():
        name = extension["extn_id"].native
        if extension["critical"].native or name in found:
            raise DamagedRevocationListError
        found[name] = extension["extn_value"].parsed
    return found
