"""Verifying that a certificate leads to a trusted root, was valid at a moment, allows a use and was not revoked; offline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sealdesk.core.i18n import _
from sealdesk.crypto.certificates.certificate import Certificate
from sealdesk.crypto.certificates.errors import (
    BadCertificateSignatureError,
    ExpiredCertificateError,
    NotAnAuthorityError,
    NotYetValidCertificateError,
    PathLengthError,
    RevokedCertificateError,
    UntrustedChainError,
    WrongKeyUsageError,
    china_date,
)
from sealdesk.crypto.certificates.revocation import REASONS, RevocationList

MAX_DEPTH = 8
"""Certificates in a chain, root included."""


def verify_chain(
    leaf: Certificate,
    intermediates: Sequence[Certificate],
    roots: Sequence[Certificate],
    at: datetime,
    needs: frozenset[str] = frozenset({"digital_signature"}),
    revoked: Sequence[RevocationList] = (),
) -> tuple[Certificate, ...]:
    """Verify `leaf` and return its chain, leaf first, root last.

    A certificate counts as revoked from the date in the list on, so what was signed before stays good; who distrusts the claimed
    time passes the present as `at`. A missing or overdue list is not an error here (`RevocationList.is_stale`).

    Args:
        leaf: the certificate in question.
        intermediates: authorities that may lie between; untrusted, in any order, others among them do no harm.
        roots: what is trusted.
        at: the moment in question, aware.
        needs: key usages that the leaf must have; a leaf without the extension has none.
        revoked: lists of any of the authorities involved.

    Raises:
        CertificateError: one subclass per cause. The chain is looked for first, then each certificate is checked from the root down.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of verification has a zone")
    chain = _chain_of(leaf, intermediates, roots, at)
    for place in range(len(chain) - 1, -1, -1):
        certificate = chain[place]
        _check_time(certificate, at)
        if place > 0:
            _check_authority(certificate)
        if place < len(chain) - 1:
            _check_revocation(certificate, chain[place + 1], at, revoked)
    for place, certificate in enumerate(chain):
        if certificate.path_length is not None and place - 1 > certificate.path_length:
            raise PathLengthError(subject=certificate.common_name)
    missing = needs - leaf.key_usage
    if missing:
        raise WrongKeyUsageError(subject=leaf.common_name, missing=", ".join(sorted(missing)))
    return chain


def _chain_of(
    leaf: Certificate, intermediates: Sequence[Certificate], roots: Sequence[Certificate], at: datetime
) -> tuple[Certificate, ...]:
    chain = [leaf]
    while chain[-1] not in roots:
        chain.append(_issuer_of(chain, intermediates, roots, at))
    return tuple(chain)


def _issuer_of(chain: list[Certificate], intermediates: Sequence[Certificate], roots: Sequence[Certificate], at: datetime) -> Certificate:
    """The certificate that signed the last one of `chain`; roots before intermediates, valid ones before others."""
    last = chain[-1]
    named = [
        candidate
        for candidate in (*roots, *intermediates)
        if candidate.subject_der == last.issuer_der
        and candidate not in chain
        and (not last.authority_key_identifier or candidate.subject_key_identifier in (b"", last.authority_key_identifier))
    ]
    if not named or len(chain) >= MAX_DEPTH:
        raise UntrustedChainError(subject=last.common_name, issuer=last.issuer_common_name)
    for candidate in sorted(named, key=lambda certificate: not certificate.is_valid_at(at)):
        if last.is_signed_by(candidate.public_key):
            return candidate
    raise BadCertificateSignatureError(subject=last.common_name, issuer=last.issuer_common_name)


def _check_time(certificate: Certificate, at: datetime) -> None:
    if at < certificate.not_before:
        raise NotYetValidCertificateError(
            subject=certificate.common_name, date=china_date(certificate.not_before), not_before=certificate.not_before
        )
    if at > certificate.not_after:
        raise ExpiredCertificateError(
            subject=certificate.common_name, date=china_date(certificate.not_after), not_after=certificate.not_after
        )


def _check_authority(certificate: Certificate) -> None:
    if not certificate.is_ca or "key_cert_sign" not in certificate.key_usage:
        raise NotAnAuthorityError(subject=certificate.common_name)


def _check_revocation(certificate: Certificate, issuer: Certificate, at: datetime, lists: Sequence[RevocationList]) -> None:
    for candidate in lists:
        if candidate.issuer_der != issuer.subject_der:
            continue
        entry = candidate.verify(issuer).find(certificate, at)
        if entry is not None:
            raise RevokedCertificateError(
                subject=certificate.common_name,
                date=china_date(entry.revoked_at),
                revoked_at=entry.revoked_at,
                reason=_(REASONS[entry.reason]),
                reason_code=entry.reason,
            )
