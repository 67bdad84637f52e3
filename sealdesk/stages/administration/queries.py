"""What administration shows: people with their keys, the audit trail, and what signing in needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sealdesk.models.users import UserKeyRow, UserRow


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
