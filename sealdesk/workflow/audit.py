"""The audit trail: written by the bus alone, chained by SM3, verified from the first row to the last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from sealdesk.core.clock import stamp
from sealdesk.crypto.hashchain import link
from sealdesk.domain.access import Actor
from sealdesk.models.audit import AuditRow

_COLUMNS = tuple(AuditRow.__table__.columns)

GENESIS = "0" * 64
"""What the first record names as the hash of the record before."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A record of the trail, as a value."""

    seq: int
    at: datetime
    actor: str
    command: str
    arguments: dict[str, Any]
    subject: str
    before: str
    after: str
    result: str
    code: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. `broken_at` is the number of the first record that does not fit, or None."""

    count: int
    head: str
    broken_at: int | None


def append(
    session: Session,
    *,
    at: datetime,
    actor: Actor,
    command: str,
    arguments: dict[str, Any],
    subject: str,
    before: str = "",
    after: str = "",
    result: str = "done",
    code: str = "",
) -> None:
    """Add one record to the trail, inside the caller's transaction."""
    last = session.execute(select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)).first()
    row = AuditRow(
        seq=1 if last is None else last.seq + 1,
        at=at,
        actor_id=actor.id,
        actor_name=actor.name,
        command=command,
        arguments=arguments,
        subject=subject,
        before=before,
        after=after,
        result=result,
        code=code,
        previous=GENESIS if last is None else last.hash,
    )
    row.hash = _hash(row)
    session.add(row)


def verify(session: Session) -> Verdict:
    """Walk the whole trail, as it stands in the file, and check that numbers and hashes follow on each other."""
    previous, count = GENESIS, 0
    for row in session.execute(_AS_STORED.order_by(AuditRow.seq).execution_options(yield_per=500)):
        count += 1
        if row.seq != count or row.previous != previous or row.hash != _hash_as_stored(row._asdict()):
            return Verdict(count=count, head=previous, broken_at=count)
        previous = row.hash
    return Verdict(count=count, head=previous, broken_at=None)


def entries_about(session: Session, subject: str) -> Iterator[AuditEntry]:
    """The records about one subject, oldest first."""
    for row in session.execute(select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.seq)).scalars():
        yield _entry(row)


def latest_entries(session: Session, limit: int) -> list[AuditEntry]:
    """The newest records, newest first."""
    rows = session.execute(select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)).scalars()
    return [_entry(row) for row in rows]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        actor=row.actor_name,
        command=row.command,
        arguments=row.arguments,
        subject=row.subject,
        before=row.before,
        after=row.after,
        result=row.result,
        code=row.code,
    )


def _hash(row: AuditRow) -> str:
    record = {
        "seq": row.seq,
        "at": stamp(row.at),
        "actor_id": row.actor_id,
        "actor_name": row.actor_name,
        "command": row.command,
        "arguments": row.arguments,
        "subject": row.subject,
        "before": row.before or "",
        "after": row.after or "",
        "result": row.result,
        "code": row.code or "",
    }
    return link(bytes.fromhex(row.previous), rfc8785.dumps(record)).hex()


_AS_STORED = select(*(type_coerce(column, Text).label(column.key) if column.key in ("at", "arguments") else column for column in _COLUMNS))
"""The columns without any reading of them: what was tampered with may be no time and no JSON any more."""


def _hash_as_stored(row: Mapping[str, Any]) -> str:
    """The hash that the stored values should have; empty for values that the bus would never have stored."""
    record = {name: value for name, value in row.items() if name not in ("previous", "hash")}
    try:
        record["arguments"] = json.loads(row["arguments"])
        if json.dumps(record["arguments"], ensure_ascii=False, separators=(",", ":")) != row["arguments"]:
            return ""
        return link(bytes.fromhex(row["previous"]), rfc8785.dumps(record)).hex()
    except (ValueError, TypeError, RecursionError):
        return ""
