"""What can be wrong with a certificate, each with its own code and sentence; `subject` is the common name, dates are China's."""

from __future__ import annotations

from datetime import datetime

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import Fault
from sealdesk.core.i18n import N_


class CertificateError(Fault):
    """Base of every refusal of a certificate; trying again does not help."""

    code = "certificate"
    sentence = N_("The certificate cannot be accepted.")
    retry = False


class DamagedCertificateError(CertificateError):
    """Not a certificate, or cut short, or contradicting itself."""

    code = "certificate.damaged"
    sentence = N_("The certificate is damaged and cannot be read.")


class NotSm2CertificateError(CertificateError):
    """A certificate with another kind of key or signature."""

    code = "certificate.algorithm"
    sentence = N_("The certificate does not use the SM2 algorithm.")


class CriticalExtensionError(CertificateError):
    """A critical extension that this program does not know; it must not be ignored (RFC 5280, 4.2)."""

    code = "certificate.extension"
    sentence = N_("The certificate carries a requirement that this program does not know ({oid}).")


class UntrustedChainError(CertificateError):
    """No path leads to a trusted root."""

    code = "certificate.untrusted"
    sentence = N_("The certificate of “{subject}” was issued by “{issuer}”, which is not trusted here.")
    advice = N_("Only certificates of the platform's authority are accepted. Ask the platform if this should be one of them.")


class BadCertificateSignatureError(CertificateError):
    """The issuer is known, but did not sign this."""

    code = "certificate.signature"
    sentence = N_("The certificate of “{subject}” was not signed by “{issuer}”: it is forged or was altered.")


class NotYetValidCertificateError(CertificateError):
    """Valid only later. Facts: subject, date, not_before."""

    code = "certificate.early"
    sentence = N_("The certificate of “{subject}” is valid only from {date} on.")
    advice = N_("Check the date of this computer.")


class ExpiredCertificateError(CertificateError):
    """No longer valid. Facts: subject, date, not_after."""

    code = "certificate.expired"
    sentence = N_("The certificate of “{subject}” expired on {date}.")
    advice = N_("Apply for a new certificate.")


class NotAnAuthorityError(CertificateError):
    """Issued something without being an authority."""

    code = "certificate.authority"
    sentence = N_("“{subject}” may not issue certificates.")


class PathLengthError(CertificateError):
    """More authorities below one than it allows."""

    code = "certificate.path"
    sentence = N_("“{subject}” does not allow so many authorities below it.")


class WrongKeyUsageError(CertificateError):
    """The key may not be used for this. Facts: subject, missing (names of key usages, comma separated)."""

    code = "certificate.usage"
    sentence = N_("The key of “{subject}” may not be used for this ({missing}).")


class RevokedCertificateError(CertificateError):
    """Revoked. Facts: subject, date, revoked_at, reason (in the person's language), reason_code."""

    code = "certificate.revoked"
    sentence = N_("The certificate of “{subject}” was revoked on {date}: {reason}.")


class DamagedRequestError(CertificateError):
    """Not a certificate request with an SM2 key."""

    code = "certificate.request.damaged"
    sentence = N_("The certificate request is damaged and cannot be read.")


class RequestSignatureError(CertificateError):
    """The applicant does not hold the private key."""

    code = "certificate.request.signature"
    sentence = N_("The certificate request was not signed with the key that it names.")


class DamagedRevocationListError(CertificateError):
    """Not a revocation list."""

    code = "certificate.revocations.damaged"
    sentence = N_("The revocation list is damaged and cannot be read.")


class RevocationListSignatureError(CertificateError):
    """The revocation list was not signed by the authority that it names, or that one may not sign lists."""

    code = "certificate.revocations.signature"
    sentence = N_("The revocation list was not signed by “{issuer}”.")


def china_date(moment: datetime) -> str:
    """The day in China as people read it in the sentences."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d")
