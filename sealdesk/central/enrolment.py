"""Enrolment of installations: a fresh challenge, signed with a maker's key whose certificate names the shop; and keys bound later."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta

from sealdesk.central.case import Case, Identity, decoded
from sealdesk.central.errors import Refused, RequestFailed
from sealdesk.central.platform import Platform, epoch_of
from sealdesk.central.store import ChallengeRow, InstallationRow, KeyRow, ShopRow, Work
from sealdesk.core.clock import stamp
from sealdesk.core.errors import SealdeskError
from sealdesk.crypto.certificates import Certificate
from sealdesk.crypto.sm2 import verify
from sealdesk.wire import enrolment as wire
from sealdesk.wire import errors as codes

CHALLENGE_LASTS = timedelta(minutes=2)
MOST_CHALLENGES = 10_000
"""Open at one time; asking for one costs nothing, so somebody will."""

_log = logging.getLogger(__name__)


def new_challenge(platform: Platform) -> wire.Challenge:
    """A fresh challenge, good once and for two minutes.

    Raises:
        RequestFailed: too many are open (429).
    """
    now = platform.clock.now()
    with platform.store.write() as work:
        for old in work.subjects.challenges_before(stamp(now - CHALLENGE_LASTS)):
            work.remove(old)
        work.flush()
        if work.subjects.count_challenges() >= MOST_CHALLENGES:
            raise RequestFailed(429, codes.ENROLMENT_REFUSED, reason="busy")
        challenge = secrets.token_hex(32)
        work.add(ChallengeRow(challenge=challenge, made_at=stamp(now)))
    return wire.Challenge(challenge=challenge)


def enrol(platform: Platform, request: wire.Enrol) -> wire.Enrolled:
    """Enrol an installation, or give it a new token when the same shop enrols it again; the challenge is used up in any case.

    Raises:
        RequestFailed: it is refused (403); the reason says which check failed.
    """
    _use_challenge(platform, request.challenge)
    token = secrets.token_urlsafe(32)
    try:
        with platform.store.write() as work:
            shop = _proven(platform, work, request)
            fingerprint = Certificate.from_der(decoded(request.certificate)).fingerprint
            _enter(platform, work, request, shop, fingerprint, token)
            epoch = epoch_of(work)
            known = wire.Shop(code=shop.code, name=shop.name, area_code=shop.area_code, address=shop.address, licence=shop.licence)
    except Refused as refusal:
        _log.info("enrolment of %s refused: %s", request.installation, refusal.facts)
        raise RequestFailed(403, codes.ENROLMENT_REFUSED, **refusal.facts) from refusal
    return wire.Enrolled(token=token, shop=known, epoch=epoch)


def identify(platform: Platform, token: str) -> Identity:
    """Who speaks with this token.

    Raises:
        RequestFailed: nobody does (401).
    """
    if not 32 <= len(token) <= 200:
        raise RequestFailed(401, codes.UNAUTHORISED)
    with platform.store.read() as work:
        row = work.subjects.installation_of_token(_token_digest(token))
        if row is None:
            raise RequestFailed(401, codes.UNAUTHORISED)
        return Identity(row.id, row.shop_code)


def bind_key(case: Case, body: wire.BindKey) -> None:
    """Note that a maker's key of this shop speaks for a person.

    Raises:
        Refused: the certificate is not a maker's of this shop, or speaks for somebody else already.
    """
    certificate = _certificate(body.certificate)
    case.chain(certificate)
    case.maker(certificate)
    known = case.work.subjects.bound_key(certificate.fingerprint)
    if known is None:
        known = KeyRow(fingerprint=certificate.fingerprint, shop_code=case.shop.code)
        case.work.add(known)
    known.subject, known.user_name, known.display_name, known.bound_at = case.subject, body.user, body.display_name, case.at


def _use_challenge(platform: Platform, challenge: str) -> None:
    """Take the challenge away, in a transaction of its own so that a failed proof uses it up too."""
    with platform.store.write() as work:
        work.lock(f"challenge:{challenge}")
        row = work.subjects.challenge(challenge)
        fresh = row is not None and row.made_at >= stamp(platform.clock.now() - CHALLENGE_LASTS)
        if row is not None:
            work.remove(row)
    if not fresh:
        raise RequestFailed(403, codes.ENROLMENT_REFUSED, reason="challenge")


def _proven(platform: Platform, work: Work, request: wire.Enrol) -> ShopRow:
    """The shop whose maker's key signed the challenge."""
    certificate = _certificate(request.certificate)
    shop = work.subjects.shop(certificate.serial_number)
    if shop is None:
        raise Refused(codes.ENROLMENT_REFUSED, reason="shop")
    case = Case(platform, work, Identity(request.installation, shop.code), shop, request.installation, None, platform.clock.now())
    case.chain(certificate)
    case.maker(certificate)
    message = wire.enrolment_message(request.installation, request.challenge, request.user)
    try:
        signature = decoded(request.signature)
    except ValueError as error:
        raise Refused(codes.ENROLMENT_REFUSED, reason="signature") from error
    if not verify(certificate.public_key, message, signature):
        raise Refused(codes.ENROLMENT_REFUSED, reason="signature")
    return shop


def _enter(platform: Platform, work: Work, request: wire.Enrol, shop: ShopRow, fingerprint: str, token: str) -> None:
    row = work.subjects.installation(request.installation)
    if row is None:
        row = InstallationRow(id=request.installation, shop_code=shop.code)
        work.add(row)
    elif row.shop_code != shop.code or row.closed_at:
        raise Refused(codes.ENROLMENT_REFUSED, reason="installation")
    row.token_digest = _token_digest(token)
    row.user_name = request.user
    row.fingerprint = fingerprint
    row.enrolled_at = stamp(platform.clock.now())


def _certificate(text: str) -> Certificate:
    try:
        return Certificate.from_der(decoded(text))
    except (SealdeskError, ValueError) as error:
        raise Refused(codes.BAD_SIGNATURE, reason="certificate") from error


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
