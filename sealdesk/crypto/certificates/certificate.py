"""A certificate as a value: everything read once from its DER, which stays the truth. Nothing is verified here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import pem as armour
from asn1crypto import x509

from sealdesk.crypto.certificates.errors import CriticalExtensionError, DamagedCertificateError, NotSm2CertificateError
from sealdesk.crypto.certificates.names import Subject
from sealdesk.crypto.certificates.parsing import PARSE_ERRORS, is_sm2_signature, loaded, moment_of, require_one_encoding
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.sm2 import KeyFormatError, PublicKey, pem_block, verify

MAX_LENGTH = 32 * 1024
"""Bytes; real certificates have one or two thousand."""

_KNOWN_CRITICAL = frozenset({"basic_constraints", "key_usage", "extended_key_usage", "key_identifier", "authority_key_identifier"})


@dataclass(frozen=True, slots=True)
class Certificate:
    """An SM2 certificate. Two are equal when their DER is.

    Attributes:
        der: the whole certificate.
        subject, issuer: who it is about, who issued it.
        subject_der, issuer_der: the same names, exactly as encoded; chains compare these.
        serial: the issuer's number for it.
        not_before, not_after: first and last moment of validity, UTC.
        public_key: the certified key.
        is_ca: whether it may issue certificates; `path_length` authorities may follow below it (None: any number).
        key_usage, extended_key_usage: snake_case names ("digital_signature", "key_cert_sign", "crl_sign"; "client_auth").
        subject_key_identifier, authority_key_identifier: empty when absent.
        tbs: the signed part, DER. signature: DER SEQUENCE{r, s}.
    """

    der: bytes = field(repr=False)
    subject: Subject = field(compare=False)
    issuer: Subject = field(compare=False)
    subject_der: bytes = field(compare=False, repr=False)
    issuer_der: bytes = field(compare=False, repr=False)
    serial: int = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    public_key: PublicKey = field(compare=False, repr=False)
    is_ca: bool = field(compare=False)
    path_length: int | None = field(compare=False)
    key_usage: frozenset[str] = field(compare=False)
    extended_key_usage: frozenset[str] = field(compare=False)
    subject_key_identifier: bytes = field(compare=False, repr=False)
    authority_key_identifier: bytes = field(compare=False, repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)

    @classmethod
    def from_der(cls, der: bytes) -> Certificate:
        """Read a certificate.

        Raises:
            DamagedCertificateError: not a certificate, or contradicting itself.
            NotSm2CertificateError: another algorithm.
            CriticalExtensionError: a critical extension that is not known here.
        """
        try:
            return _read(cls, bytes(der), loaded(x509.Certificate, bytes(der), MAX_LENGTH))
        except PARSE_ERRORS as error:
            raise DamagedCertificateError from error

    @classmethod
    def from_pem(cls, text: str | bytes) -> Certificate:
        """Read the first certificate of a PEM text; raises like `from_der`."""
        data = text.encode("utf-8") if isinstance(text, str) else text
        try:
            label, _headers, der = armour.unarmor(data)
        except PARSE_ERRORS as error:
            raise DamagedCertificateError from error
        if label != "CERTIFICATE":
            raise DamagedCertificateError
        return cls.from_der(der)

    def pem(self) -> str:
        """The certificate as PEM."""
        return pem_block("CERTIFICATE", self.der)

    @property
    def common_name(self) -> str:
        """The subject's common name; empty when absent, like the next three."""
        return self.subject.common_name

    @property
    def organization(self) -> str:
        """The subject's organization."""
        return self.subject.organization

    @property
    def organizational_unit(self) -> str:
        """The subject's organizational unit."""
        return self.subject.organizational_unit

    @property
    def serial_number(self) -> str:
        """The subject's serialNumber attribute (not the certificate's `serial`)."""
        return self.subject.serial_number

    @property
    def issuer_common_name(self) -> str:
        """The issuer's common name."""
        return self.issuer.common_name

    @property
    def fingerprint(self) -> str:
        """SM3 of the DER, 64 lower-case hexadecimal digits."""
        return sm3(self.der).hex()

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether `moment` lies within the validity, both ends included."""
        return self.not_before <= moment <= self.not_after

    def is_signed_by(self, key: PublicKey) -> bool:
        """Whether `key` signed this certificate."""
        return verify(key, self.tbs, self.signature)


def _read(cls: type[Certificate], der: bytes, structure: Any) -> Certificate:
    tbs = structure["tbs_certificate"]
    algorithm = structure["signature_algorithm"]
    if algorithm.dump() != tbs["signature"].dump():
        raise DamagedCertificateError
    try:
        public_key = PublicKey.from_spki(tbs["subject_public_key_info"].dump())
    except KeyFormatError as error:
        # a point off the curve is damage, another algorithm is honest
        parameters = tbs["subject_public_key_info"]["algorithm"]
        if is_sm2_signature(algorithm) and parameters["algorithm"].native == "ec":
            raise DamagedCertificateError from error
        raise NotSm2CertificateError from error
    if not is_sm2_signature(algorithm):
        raise NotSm2CertificateError
    require_one_encoding(der, tbs, algorithm, structure["signature_value"])
    extensions = _extensions(tbs["extensions"])
    constraints = extensions.get("basic_constraints")
    identifier = extensions.get("authority_key_identifier")
    subject_identifier = extensions.get("key_identifier")
    return cls(
        der=der,
        subject=Subject.from_name(tbs["subject"]),
        issuer=Subject.from_name(tbs["issuer"]),
        subject_der=tbs["subject"].dump(),
        issuer_der=tbs["issuer"].dump(),
        serial=tbs["serial_number"].native,
        not_before=moment_of(tbs["validity"]["not_before"]),
        not_after=moment_of(tbs["validity"]["not_after"]),
        public_key=public_key,
        is_ca=bool(constraints and constraints["ca"].native),
        path_length=constraints["path_len_constraint"].native if constraints else None,
        key_usage=frozenset(extensions["key_usage"].native) if "key_usage" in extensions else frozenset(),
        extended_key_usage=frozenset(extensions["extended_key_usage"].native) if "extended_key_usage" in extensions else frozenset(),
        subject_key_identifier=subject_identifier.native if subject_identifier else b"",
        authority_key_identifier=(identifier["key_identifier"].native or b"") if identifier else b"",
        tbs=tbs.dump(),
        signature=structure["signature_value"].native,
    )


def _extensions(extensions: Any) -> dict[str, Any]:
    """The parsed extensions by name; repeated ones and unknown critical ones are refused."""
    found: dict[str, Any] = {}
    for extension in extensions if extensions.native is not None else ():
        name = extension["extn_id"].native
        if name in found:
            raise DamagedCertificateError
        if extension["critical"].native and name not in _KNOWN_CRITICAL:
            raise CriticalExtensionError(oid=extension["extn_id"].dotted)
        found[name] = extension["extn_value"].parsed
    return found
