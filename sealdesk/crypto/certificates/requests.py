"""Certificate requests (PKCS#10) with SM2 keys; the split into two halves lets a card sign in between."""

from __future__ import annotations

from dataclasses import dataclass, field

from asn1crypto import core, csr

from sealdesk.crypto.certificates.errors import DamagedRequestError, RequestSignatureError
from sealdesk.crypto.certificates.names import Subject
from sealdesk.crypto.certificates.parsing import PARSE_ERRORS, is_sm2_signature, loaded, require_one_encoding, sm2_signature_algorithm
from sealdesk.crypto.certificates.signer import Signer
from sealdesk.crypto.sm2 import KeyFormatError, PublicKey, pem_block, verify

MAX_LENGTH = 16 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A key with a name that wants a certificate, signed with that key. Reading it verifies nothing: call `verify`.

    Attributes:
        der: the whole request.
        subject: the name asked for.
        public_key: the key to certify.
        tbs: the signed part, DER. signature: DER SEQUENCE{r, s}.
    """

    der: bytes = field(repr=False)
    subject: Subject = field(compare=False)
    public_key: PublicKey = field(compare=False, repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)

    @staticmethod
    def to_be_signed(subject: Subject, public: PublicKey) -> bytes:
        """The bytes whose digest (`sm2.digest_for(public, …)`) a card signs; see `assemble`."""
        info = csr.CertificationRequestInfo(
            {"version": "v1", "subject": subject.to_name(), "subject_pk_info": public.spki(), "attributes": csr.CRIAttributes([])}
        )
        return bytes(info.dump())

    @classmethod
    def assemble(cls, tbs: bytes, signature_der: bytes) -> CertificateRequest:
        """The request made of `to_be_signed` and its DER signature.

        Raises:
            DamagedRequestError: the parts are not what they should be.
            RequestSignatureError: the signature is not of this key.
        """
        try:
            structure = csr.CertificationRequest(
                {
                    "certification_request_info": csr.CertificationRequestInfo.load(tbs, strict=True),
                    "signature_algorithm": sm2_signature_algorithm(),
                    "signature": core.OctetBitString(signature_der),
                }
            )
            der = structure.dump()
        except PARSE_ERRORS as error:
            raise DamagedRequestError from error
        return cls.from_der(der).verify()

    @classmethod
    def build(cls, subject: Subject, signer: Signer) -> CertificateRequest:
        """The request for a key that signs at once."""
        tbs = cls.to_be_signed(subject, signer.public)
        return cls.assemble(tbs, signer.sign(tbs))

    @classmethod
    def from_der(cls, der: bytes) -> CertificateRequest:
        """Read a request.

        Raises:
            DamagedRequestError: not a request with an SM2 key.
        """
        try:
            structure = loaded(csr.CertificationRequest, bytes(der), MAX_LENGTH)
            info = structure["certification_request_info"]
            if not is_sm2_signature(structure["signature_algorithm"]):
                raise DamagedRequestError
            require_one_encoding(bytes(der), info, structure["signature_algorithm"], structure["signature"])
            return cls(
                der=bytes(der),
                subject=Subject.from_name(info["subject"]),
                public_key=PublicKey.from_spki(info["subject_pk_info"].dump()),
                tbs=info.dump(),
                signature=structure["signature"].native,
            )
        except (KeyFormatError, *PARSE_ERRORS) as error:
            raise DamagedRequestError from error

    def verify(self) -> CertificateRequest:
        """Make sure that the applicant holds the private key; returns the request itself.

        Raises:
            RequestSignatureError: it is not signed with its own key.
        """
        if not verify(self.public_key, self.tbs, self.signature):
            raise RequestSignatureError
        return self

    def pem(self) -> str:
        """The request as PEM."""
        return pem_block("CERTIFICATE REQUEST", self.der)
