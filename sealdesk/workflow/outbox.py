"""The outbox and the place in the platform's feed: what waits, what was refused, what could not be applied. No network here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from sealdesk.models.orders import OrderRow
from sealdesk.models.outbox import DONE, PARKED, WAITING, OutboxRow
from sealdesk.wire.changes import Change
from sealdesk.workflow import facts

SEEN = "sync.seen"
"""The number of the last change that was dealt with; the cursor stands at a page, this within it."""
ASIDE = "sync.aside"
"""Changes that could not be applied, with their reasons."""
MOST_ASIDE = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A message that waits, as a value. `base_rev` is the revision of its subject that is known now."""

    seq: int
    key: str
    kind: str
    subject: str
    body: Any
    attachments: tuple[str, ...]
    attempts: int
    base_rev: int


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that the platform refused; a person decides. `reason` is the sentence, `about` the order's number or empty."""

    seq: int
    kind: str
    subject: str
    about: str
    reason: str
    created_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Aside:
    """A change that could not be applied here. `reason` is the sentence, `about` the order's number or empty."""

    seq: int
    kind: str
    subject: str
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where we stand in the feed."""

    epoch: str
    cursor: str
    seen: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages wait, and how many things need a decision."""

    waiting: int
    decisions: int


# ---- messages


def next_message(session: Session, now: datetime, passed: Iterable[int] = (), *, impatient: bool = False) -> Message | None:
    """The oldest message that may go now, or None.

    Only the oldest open message of a subject may go, so a parked one holds back its own subject and no other. `passed` are subjects'
    messages that were tried in this exchange already; `impatient` ignores how long a message wanted to wait.
    """
    heads = select(func.min(OutboxRow.seq)).where(OutboxRow.state != DONE).group_by(OutboxRow.subject)
    statement = select(OutboxRow).where(OutboxRow.seq.in_(heads), OutboxRow.state == WAITING).order_by(OutboxRow.seq)
    skipped = frozenset(passed)
    for row in session.execute(statement).scalars():
        ready = impatient or row.not_before is None or row.not_before <= now
        if row.seq not in skipped and ready:
            return _message(session, row)
    return None


def answered(session: Session, seq: int, subject: str, rev: int, now: datetime) -> None:
    """The platform applied a message: it is done, and the subject's revision moves on with it."""
    row = _row(session, seq)
    row.state, row.answered_at, row.reason, row.not_before = DONE, now, "", None
    raise_revision(session, subject, rev)


def postpone(session: Session, seq: int, until: datetime | None) -> None:
    """A message could not be answered now; it goes again with the same key, not before `until`."""
    row = _row(session, seq)
    row.attempts += 1
    row.not_before = until


def park(session: Session, seq: int, reason: str, now: datetime) -> None:
    """A message was refused: it waits for a person."""
    row = _row(session, seq)
    row.state, row.reason, row.answered_at = PARKED, reason, now


def resend(session: Session, seq: int, key: str) -> bool:
    """Send a parked message again, under a new key, because the old one is answered for ever; False when it is not parked."""
    row = session.get(OutboxRow, seq)
    if row is None or row.state != PARKED:
        return False
    row.state, row.key, row.reason, row.attempts, row.not_before, row.answered_at = WAITING, key, "", 0, None, None
    return True


def drop(session: Session, seq: int, now: datetime) -> bool:
    """Give a parked message up, so that its subject goes on; False when it is not parked. Its reason stays and tells it from sent ones."""
    row = session.get(OutboxRow, seq)
    if row is None or row.state != PARKED:
        return False
    row.state, row.answered_at = DONE, now
    return True


def latest(session: Session, kind: str, subject: str, about: Mapping[str, str]) -> OutboxRow | None:
    """The latest message of a kind about a subject whose body has these values, or None. The row belongs to the session."""
    statement = select(OutboxRow).where(OutboxRow.subject == subject, OutboxRow.kind == kind).order_by(OutboxRow.seq.desc())
    rows = session.execute(statement).scalars()
    return next((row for row in rows if all(row.body.get(name) == value for name, value in about.items())), None)


def held_back_by(session: Session, subject: str, seq: int) -> str | None:
    """Why the platform refused an earlier message of the subject, behind which this one waits; None when it may go."""
    ahead = select(OutboxRow.reason).where(OutboxRow.subject == subject, OutboxRow.seq < seq, OutboxRow.state == PARKED)
    return session.execute(ahead.order_by(OutboxRow.seq).limit(1)).scalar()


def parked_messages(session: Session) -> tuple[Parked, ...]:
    """All parked messages, the oldest first."""
    rows = session.execute(select(OutboxRow).where(OutboxRow.state == PARKED).order_by(OutboxRow.seq)).scalars()
    return tuple(
        Parked(row.seq, row.kind, row.subject, number_of(session, row.subject), row.reason, row.created_at, row.answered_at) for row in rows
    )


def counts(session: Session) -> Counts:
    """What waits and what needs a decision."""
    counted = session.execute(select(OutboxRow.state, func.count()).where(OutboxRow.state != DONE).group_by(OutboxRow.state))
    found = {row[0]: row[1] for row in counted}
    return Counts(waiting=found.get(WAITING, 0), decisions=found.get(PARKED, 0) + len(_aside(session)))


def earliest(session: Session) -> datetime | None:
    """When the first message that had to wait may go again, or None."""
    statement = select(func.min(OutboxRow.not_before)).where(OutboxRow.state == WAITING)
    return session.execute(statement).scalar()


# ---- revisions


def revision(session: Session, subject: str) -> int:
    """The revision of a subject as it is known here; 0 for what is not an order."""
    return session.execute(select(OrderRow.rev).where(OrderRow.id == subject)).scalar_one_or_none() or 0


def raise_revision(session: Session, subject: str, rev: int) -> None:
    """Note a newer revision; a late answer never takes an order back."""
    session.execute(update(OrderRow).where(OrderRow.id == subject, OrderRow.rev < rev).values(rev=rev))


def set_revision(session: Session, subject: str, rev: int) -> None:
    """Note a revision although it may be older: the platform was put back to an earlier state, and what it says counts."""
    session.execute(update(OrderRow).where(OrderRow.id == subject).values(rev=rev))


def is_known(session: Session, subject: str) -> bool:
    """Whether the order is one of ours; a shop's other workplaces have theirs."""
    return session.get(OrderRow, subject) is not None


def number_of(session: Session, subject: str) -> str:
    """The number of an order, or empty."""
    return session.execute(select(OrderRow.number).where(OrderRow.id == subject)).scalar_one_or_none() or ""


# ---- the feed


def place(session: Session) -> Place:
    """Where we stand in the feed."""
    seen = facts.read(session, SEEN)
    return Place(
        epoch=str(facts.read(session, facts.EPOCH) or ""),
        cursor=str(facts.read(session, facts.CURSOR) or ""),
        seen=seen if isinstance(seen, int) else 0,
    )


def saw(session: Session, seq: int) -> None:
    """A change was dealt with; in the same transaction as what it led to."""
    facts.write(session, SEEN, seq)


def turn_page(session: Session, cursor: str) -> None:
    """A whole page was dealt with."""
    facts.write(session, facts.CURSOR, cursor)


def begin_anew(session: Session, epoch: str) -> None:
    """The platform was restored: read everything again, and send again what it may have lost, under the same keys.

    What it still knows it answers as it did before; what it lost it applies.
    """
    facts.write(session, facts.EPOCH, epoch)
    facts.write(session, facts.CURSOR, "")
    facts.write(session, SEEN, 0)
    facts.write(session, ASIDE, [])
    again = update(OutboxRow).where(OutboxRow.state == DONE, OutboxRow.reason == "")
    session.execute(again.values(state=WAITING, attempts=0, not_before=None))


def set_aside(session: Session, change: Change, reason: str) -> None:
    """Keep a change that could not be applied, with the sentence that says why."""
    kept = [item for item in _aside(session) if item["seq"] != change.seq]
    kept.append({**change.model_dump(mode="json"), "reason": reason})
    facts.write(session, ASIDE, kept[-MOST_ASIDE:])


def changes_aside(session: Session) -> tuple[Aside, ...]:
    """Changes that could not be applied, the oldest first."""
    return tuple(
        Aside(item["seq"], item["kind"], item["subject"], number_of(session, item["subject"]), item["reason"]) for item in _aside(session)
    )


def change_aside(session: Session, seq: int) -> Change | None:
    """One of them whole, or None."""
    for item in _aside(session):
        if item["seq"] == seq:
            return Change.model_validate({name: value for name, value in item.items() if name != "reason"})
    return None


def forget_aside(session: Session, change: Change) -> None:
    """A change set aside is settled: its revision counts as known."""
    facts.write(session, ASIDE, [item for item in _aside(session) if item["seq"] != change.seq])
    raise_revision(session, change.subject, change.rev)


def _aside(session: Session) -> list[dict[str, Any]]:
    value = facts.read(session, ASIDE)
    return list(value) if isinstance(value, list) else []


def _row(session: Session, seq: int) -> OutboxRow:
    row = session.get(OutboxRow, seq)
    if row is None:
        raise LookupError(f"no outbox message {seq}")
    return row


def _message(session: Session, row: OutboxRow) -> Message:
    return Message(
        seq=row.seq,
        key=row.key,
        kind=row.kind,
        subject=row.subject,
        body=row.body,
        attachments=tuple(row.attachments),
        attempts=row.attempts,
        base_rev=revision(session, row.subject),
    )
