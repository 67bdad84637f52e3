"""One transaction of the platform: the questions that the rules ask, locks, numbers, and lines of the feed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from sealdesk.central.store.tables import (
    AuditHeadRow,
    Base,
    CertificateRow,
    ChallengeRow,
    ChangeRow,
    CommandRow,
    InstallationRow,
    KeyRow,
    MetaRow,
    OrderRow,
    ReviewRow,
    SealRow,
    ShopRow,
    UploadRow,
)

_FEED_LOCK = 7_305_002


class Work:
    """One transaction. Rows belong to it and must not leave it."""

    def __init__(self, session: Session, *, sqlite: bool) -> None:
        self._session = session
        self._sqlite = sqlite
        self.subjects = Subjects(session)
        self.files = Files(session)
        self.trails = Trails(session)

    def lock(self, name: str) -> None:
        """Let nobody else past this name until the commit. On SQLite a writer is alone anyway."""
        if not self._sqlite:
            number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": number})

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the transaction that is undone alone when it raises."""
        with self._session.begin_nested():
            yield

    def add(self, row: Base) -> None:
        """Add a row."""
        self._session.add(row)

    def flush(self) -> None:
        """Send what was changed so far to the database."""
        self._session.flush()

    def remove(self, row: Base) -> None:
        """Delete a row."""
        self._session.delete(row)

    def meta(self, name: str) -> str:
        """A fact of the platform; empty when there is none."""
        row = self._session.get(MetaRow, name)
        return "" if row is None else row.value

    def set_meta(self, name: str, value: str) -> None:
        """Set a fact of the platform."""
        row = self._session.get(MetaRow, name)
        if row is None:
            self._session.add(MetaRow(name=name, value=value))
        else:
            row.value = value
        self._session.flush()

    def next_number(self, name: str) -> int:
        """The next number of a series, from 1 on, without gaps and never twice."""
        self.lock(f"number:{name}")
        value = int(self.meta(f"number:{name}") or "0") + 1
        self.set_meta(f"number:{name}", str(value))
        return value

    def append_change(self, *, shop_code: str, kind: str, subject: str, rev: int, body: dict[str, Any], at: str) -> int:
        """Add a line to the feed of a shop and return its number. Do this last in a transaction: it makes other writers wait."""
        self._session.flush()
        if not self._sqlite:
            # A sequence gives its numbers before the commit; a reader would step over a line that is committed later.
            self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _FEED_LOCK})
        seq = (self._session.execute(select(func.max(ChangeRow.seq))).scalar() or 0) + 1
        self._session.add(ChangeRow(seq=seq, shop_code=shop_code, kind=kind, subject=subject, rev=rev, body=body, made_at=at))
        self._session.flush()
        return seq

    def changes(self, shop_code: str, since: int, limit: int) -> Sequence[ChangeRow]:
        """Lines of a shop's feed after `since`, oldest first."""
        statement = select(ChangeRow).where(ChangeRow.shop_code == shop_code, ChangeRow.seq > since).order_by(ChangeRow.seq).limit(limit)
        return self._session.execute(statement).scalars().all()

    def command(self, shop_code: str, key: str) -> CommandRow | None:
        """The command that this shop sent under this key."""
        return self._session.get(CommandRow, (shop_code, key))

    def commands_about(self, subject: str) -> Sequence[CommandRow]:
        """All commands about a subject that were answered, oldest first."""
        statement = select(CommandRow).where(CommandRow.subject == subject).order_by(CommandRow.answered_at)
        return self._session.execute(statement).scalars().all()


class Subjects:
    """Questions about shops, installations, orders, seals and certificates."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def shop(self, code: str) -> ShopRow | None:
        """A shop by its code."""
        return self._session.get(ShopRow, code)

    def shops(self) -> Sequence[ShopRow]:
        """All shops by code."""
        return self._session.execute(select(ShopRow).order_by(ShopRow.code)).scalars().all()

    def installation(self, installation_id: str) -> InstallationRow | None:
        """An installation by its id."""
        return self._session.get(InstallationRow, installation_id)

    def installation_of_token(self, digest: str) -> InstallationRow | None:
        """The installation whose token has this SHA-256."""
        statement = select(InstallationRow).where(InstallationRow.token_digest == digest, InstallationRow.closed_at == "")
        return self._session.execute(statement).scalar_one_or_none()

    def challenge(self, challenge: str) -> ChallengeRow | None:
        """A challenge that was not used yet."""
        return self._session.get(ChallengeRow, challenge)

    def challenges_before(self, moment: str) -> Sequence[ChallengeRow]:
        """Challenges made before `moment`."""
        return self._session.execute(select(ChallengeRow).where(ChallengeRow.made_at < moment)).scalars().all()

    def count_challenges(self) -> int:
        """How many challenges are open."""
        return self._session.execute(select(func.count()).select_from(ChallengeRow)).scalar_one()

    def bound_key(self, fingerprint: str) -> KeyRow | None:
        """The binding of a maker's certificate."""
        return self._session.get(KeyRow, fingerprint)

    def order(self, order_id: str) -> OrderRow | None:
        """An order by its id."""
        return self._session.get(OrderRow, order_id, populate_existing=True)

    def orders(self, state: str = "") -> Sequence[OrderRow]:
        """Orders, the oldest submission first; in that state, or all."""
        statement = select(OrderRow).order_by(OrderRow.submitted_at, OrderRow.id)
        if state:
            statement = statement.where(OrderRow.state == state)
        return self._session.execute(statement).scalars().all()

    def orders_named(self, wanted: str) -> Sequence[OrderRow]:
        """Orders whose id, number or permit number is `wanted`."""
        statement = select(OrderRow).where((OrderRow.id == wanted) | (OrderRow.number == wanted) | (OrderRow.permit_number == wanted))
        return self._session.execute(statement).scalars().all()

    def reviews(self, order_id: str) -> Sequence[ReviewRow]:
        """Decisions on an order, oldest first."""
        statement = select(ReviewRow).where(ReviewRow.order_id == order_id).order_by(ReviewRow.rev)
        return self._session.execute(statement).scalars().all()

    def seal(self, seal_id: str) -> SealRow | None:
        """A seal by its id."""
        return self._session.get(SealRow, seal_id)

    def seals_of_unit(self, unit_key: str, seal_type: str, besides_order: str, besides_state: str) -> Sequence[SealRow]:
        """Seals of a type that a unit has or has applied for, in other orders of any shop; orders in state `besides_state` do not count."""
        statement = (
            select(SealRow)
            .join(OrderRow, SealRow.order_id == OrderRow.id)
            .where(
                SealRow.unit_key == unit_key,
                SealRow.seal_type == seal_type,
                SealRow.order_id != besides_order,
                OrderRow.state != besides_state,
            )
        )
        return self._session.execute(statement).scalars().all()

    def live_certificates(self, seal_id: str) -> Sequence[CertificateRow]:
        """Certificates of a seal's chip that were not revoked."""
        statement = select(CertificateRow).where(CertificateRow.seal_id == seal_id, CertificateRow.closed_at == "")
        return self._session.execute(statement).scalars().all()

    def certificates_of_chip(self, chip_serial: str) -> Sequence[CertificateRow]:
        """All certificates that a chip ever had."""
        return self._session.execute(select(CertificateRow).where(CertificateRow.chip_serial == chip_serial)).scalars().all()

    def certificates_of_point(self, point: str) -> Sequence[CertificateRow]:
        """All certificates of a key."""
        return self._session.execute(select(CertificateRow).where(CertificateRow.point == point)).scalars().all()

    def certificate(self, fingerprint: str) -> CertificateRow | None:
        """A certificate by its SM3."""
        return self._session.get(CertificateRow, fingerprint)

    def revoked_certificates(self) -> Sequence[CertificateRow]:
        """All certificates that were revoked."""
        statement = select(CertificateRow).where(CertificateRow.closed_at != "").order_by(CertificateRow.closed_at)
        return self._session.execute(statement).scalars().all()


class Files:
    """Questions about uploads."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def upload(self, shop_code: str, sha256: str) -> UploadRow | None:
        """An announced file of a shop."""
        return self._session.get(UploadRow, (shop_code, sha256), populate_existing=True)

    def count_open(self, shop_code: str) -> int:
        """How many files of a shop are announced and not complete."""
        statement = select(func.count()).select_from(UploadRow).where(UploadRow.shop_code == shop_code, UploadRow.complete == 0)
        return self._session.execute(statement).scalar_one()


class Trails:
    """Questions about the audit trails of installations."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def head(self, installation: str, count: int, head: str) -> AuditHeadRow | None:
        """A head of an installation's audit trail."""
        return self._session.get(AuditHeadRow, (installation, count, head))

    def heads(self, installation: str, limit: int) -> Sequence[AuditHeadRow]:
        """Heads of an installation's audit trail, the newest first."""
        statement = select(AuditHeadRow).where(AuditHeadRow.installation == installation).order_by(AuditHeadRow.signed_at.desc())
        return self._session.execute(statement.limit(limit)).scalars().all()
