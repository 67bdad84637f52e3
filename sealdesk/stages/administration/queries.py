"""What administration shows: people with their keys, the audit trail, and what signing in needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import _
from sealdesk.crypto.certificates import Certificate, CertificateError
from sealdesk.models.outbox import WAITING, OutboxRow
from sealdesk.models.users import UserKeyRow, UserRow
from sealdesk.workflow import audit, facts, outbox
from sealdesk.workflow.history import tell
from sealdesk.workflow.outbox import Aside, Parked


@dataclass(frozen=True, slots=True)
class BoundKey:
    """A USB key of an operator. `certificate` is DER in hexadecimal."""

    fingerprint: str
    serial: str
    certificate: str
    bound_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """An operator as the list shows him."""

    id: str
    name: str
    display_name: str
    shop_name: str
    role: str
    permissions: tuple[str, ...]
    active: bool
    keys: tuple[BoundKey, ...]
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares with; stays inside the sign-in procedure."""

    user: User
    password_hash: str


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A bound key as a person reads it; `valid_until` is None when its certificate cannot be read."""

    fingerprint: str
    serial: str
    holder: str
    valid_until: datetime | None
    bound_at: datetime


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One record of the audit trail as a sentence."""

    seq: int
    at: datetime
    actor: str
    sentence: str
    refused: bool
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits to be sent; `about` is the order's number or a person's name, or empty."""

    seq: int
    kind: str
    about: str
    created_at: datetime
    attempts: int
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """What stands between this workplace and the platform."""

    address: str
    waiting: tuple[Waiting, ...]
    parked: tuple[Parked, ...]
    aside: tuple[Aside, ...]


def users(session: Session) -> tuple[User, ...]:
    """All operators by name."""
    return tuple(_user(row) for row in session.execute(select(UserRow).order_by(UserRow.name)).scalars())


def has_users(session: Session) -> bool:
    """Whether the installation was founded."""
    return bool(session.execute(select(func.count()).select_from(UserRow)).scalar_one())


def credentials(session: Session, name: str) -> Credentials | None:
    """What is compared when somebody signs in under this name; None for an unknown one."""
    row = session.execute(select(UserRow).where(UserRow.name == name)).scalar_one_or_none()
    return None if row is None else Credentials(_user(row), row.password_hash)


def owner_of_key(session: Session, fingerprint: str) -> User | None:
    """The operator a key is bound to, or None."""
    key = session.get(UserKeyRow, fingerprint)
    return None if key is None else _user(key.user)


def key_lines(session: Session, user_id: str) -> tuple[KeyLine, ...]:
    """The keys of an operator, the newest first."""
    rows = session.execute(select(UserKeyRow).where(UserKeyRow.user_id == user_id).order_by(UserKeyRow.bound_at.desc())).scalars()
    return tuple(_key_line(row) for row in rows)


def trail(session: Session, sentence_of: Callable[[str], str], limit: int) -> tuple[TrailLine, ...]:
    """The newest records of the audit trail in sentences, newest first; `sentence_of` is `Bus.sentence`."""
    return tuple(
        TrailLine(
            seq=entry.seq,
            at=entry.at,
            actor=_(entry.actor),
            sentence=tell(entry.command, sentence_of(entry.command), entry.actor, entry.arguments),
            refused=entry.result == "refused",
            code=entry.code,
            reason=_reason(entry.code),
        )
        for entry in audit.latest_entries(session, limit)
    )


def _reason(code: str) -> str:
    """Why something was refused, in words: the sentence of that code's error, with dots for the facts, which the trail does not keep."""
    if not code:
        return ""
    sentence = _sentences().get(code)
    return code if sentence is None else re.sub(r"\{[^}]*\}", "…", _(sentence))


def _sentences() -> dict[str, str]:
    """The sentence of every error that is known now, by its code."""
    found: dict[str, str] = {}
    kinds: list[type[SealdeskError]] = [SealdeskError]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found.setdefault(kind.code, kind.sentence)
    return found


def exchange(session: Session) -> Exchange:
    """What waits, what the platform refused, and what of it could not be applied here; the oldest first."""
    rows = session.execute(select(OutboxRow).where(OutboxRow.state == WAITING).order_by(OutboxRow.seq)).scalars()
    return Exchange(
        address=str(facts.read(session, facts.PLATFORM_ADDRESS) or ""),
        waiting=tuple(
            Waiting(row.seq, row.kind, _about(session, row.subject), row.created_at, row.attempts, row.not_before) for row in rows
        ),
        parked=tuple(replace(one, about=one.about or _about(session, one.subject)) for one in outbox.parked_messages(session)),
        aside=outbox.changes_aside(session),
    )


def _about(session: Session, subject: str) -> str:
    number = outbox.number_of(session, subject)
    if number:
        return number
    user = session.get(UserRow, subject)
    return "" if user is None else user.display_name


def _key_line(row: UserKeyRow) -> KeyLine:
    try:
        certificate = Certificate.from_der(bytes.fromhex(row.certificate))
    except CertificateError:
        return KeyLine(row.fingerprint, row.serial, "", None, row.bound_at)
    return KeyLine(row.fingerprint, row.serial, certificate.common_name, certificate.not_after, row.bound_at)


def _user(row: UserRow) -> User:
    return User(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        shop_name=row.shop_name,
        role=row.role,
        permissions=tuple(row.permissions),
        active=row.active,
        keys=tuple(BoundKey(key.fingerprint, key.serial, key.certificate, key.bound_at) for key in row.keys),
        last_seen_at=row.last_seen_at,
    )
