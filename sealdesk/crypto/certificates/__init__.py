"""X.509 certificates, requests and revocation lists with SM2 keys: read, issue, verify; no other algorithm, no fetching.

Signature algorithm is SM2 with SM3 (1.2.156.10197.1.501) with the default identifier throughout, as `openssl verify
-vfyopt distid:1234567812345678` expects it.
"""

from sealdesk.crypto.certificates.certificate import Certificate
from sealdesk.crypto.certificates.chains import verify_chain
from sealdesk.crypto.certificates.errors import (
    BadCertificateSignatureError,
    CertificateError,
    CriticalExtensionError,
    DamagedCertificateError,
    DamagedRequestError,
    DamagedRevocationListError,
    ExpiredCertificateError,
    NotAnAuthorityError,
    NotSm2CertificateError,
    NotYetValidCertificateError,
    PathLengthError,
    RequestSignatureError,
    RevocationListSignatureError,
    RevokedCertificateError,
    UntrustedChainError,
    WrongKeyUsageError,
)
from sealdesk.crypto.certificates.issuing import issue, new_serial
from sealdesk.crypto.certificates.names import Subject
from sealdesk.crypto.certificates.requests import CertificateRequest
from sealdesk.crypto.certificates.revocation import RevocationList, Revoked
from sealdesk.crypto.certificates.signer import Signer

__all__ = [
    "BadCertificateSignatureError",
    "Certificate",
    "CertificateError",
    "CertificateRequest",
    "CriticalExtensionError",
    "DamagedCertificateError",
    "DamagedRequestError",
    "DamagedRevocationListError",
    "ExpiredCertificateError",
    "NotAnAuthorityError",
    "NotSm2CertificateError",
    "NotYetValidCertificateError",
    "PathLengthError",
    "RequestSignatureError",
    "RevocationList",
    "RevocationListSignatureError",
    "Revoked",
    "RevokedCertificateError",
    "Signer",
    "Subject",
    "UntrustedChainError",
    "WrongKeyUsageError",
    "issue",
    "new_serial",
    "verify_chain",
]
