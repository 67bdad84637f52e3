"""Facts of this installation that are neither orders nor settings: who the shop is, whom it trusts, where it stands in the feed."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sealdesk.core.errors import StorageError
from sealdesk.core.i18n import N_
from sealdesk.crypto.certificates import Certificate, RevocationList
from sealdesk.models.outbox import FactRow
from sealdesk.wire.enrolment import Authority, Shop

INSTALLATION = "installation"
PLATFORM_ADDRESS = "platform.address"
AUTHORITY = "platform.authority"
SHOP = "shop"
EPOCH = "sync.epoch"
CURSOR = "sync.cursor"


class NotEnrolledError(StorageError):
    """The installation has not been enrolled yet."""

    code = "storage.not_enrolled"
    sentence = N_("This installation has not been set up yet.")
    advice = N_("Start sealdesk and follow the first-run page.")
    retry = False


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the shop trusts: the platform's root, the certificates below it, and what was revoked."""

    root: Certificate
    intermediates: tuple[Certificate, ...]
    revocations: tuple[RevocationList, ...]


def read(session: Session, name: str) -> object | None:
    """The fact of that name, or None."""
    row = session.get(FactRow, name)
    return None if row is None else row.value


def write(session: Session, name: str, value: object) -> None:
    """Set the fact of that name."""
    row = session.get(FactRow, name)
    if row is None:
        session.add(FactRow(name=name, value=value))
    else:
        row.value = value


def shop(session: Session) -> Shop:
    """The shop as the platform knows it.

    Raises:
        NotEnrolledError: nobody enrolled this installation yet.
    """
    value = read(session, SHOP)
    if value is None:
        raise NotEnrolledError
    return Shop.model_validate(value)


def trust(session: Session) -> Trust:
    """Whom the shop trusts.

    Raises:
        NotEnrolledError: nobody enrolled this installation yet.
    """
    value = read(session, AUTHORITY)
    if value is None:
        raise NotEnrolledError
    return trust_of(Authority.model_validate(value))


def trust_of(authority: Authority) -> Trust:
    """The parsed certificates of an authority's message."""
    return Trust(
        root=Certificate.from_der(base64.b64decode(authority.root)),
        intermediates=tuple(Certificate.from_der(base64.b64decode(der)) for der in authority.intermediates),
        revocations=tuple(RevocationList.from_der(base64.b64decode(der)) for der in authority.revocations),
    )
