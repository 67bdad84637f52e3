"""Signed heads of the audit trail: what is to be signed, once a day, and whether the trail still holds what was signed.

The chain alone cannot show that its end was cut off. A head that a maker's key signed and the platform keeps can. Nothing is signed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.core.clock import CHINA, parse_stamp, stamp
from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_, _
from sealdesk.crypto.records import SignedRecord, open_record
from sealdesk.domain.access import Actor
from sealdesk.models.audit import AuditRow
from sealdesk.models.outbox import OutboxRow
from sealdesk.wire.audit import AuditHeadContent
from sealdesk.wire.roles import MAKER
from sealdesk.workflow import facts
from sealdesk.workflow.facts import Trust

KIND = "audit.head"
"""The kind of message that carries a head; the messages that were sent are the desk's own copies."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head whose signature holds: the trail had `count` records, the last of them with hash `head`."""

    count: int
    head: str
    operator: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class HeadsVerdict:
    """What a comparison found: how many heads there are, the newest, the first that the trail does not show, and how many are forged.

    `missing` means that records were taken off the trail's end or put in other places after that head was signed.
    """

    count: int
    newest: SignedHead | None
    missing: SignedHead | None
    forged: int

    @property
    def holds(self) -> bool:
        """Whether the trail shows everything that was signed."""
        return self.missing is None and not self.forged

    def sentence(self) -> str:
        """What was found, for people."""
        if self.missing is not None:
            found = N_(
                "Records are missing: on {day} {operator} signed a trail of {count} records, and record {count} is not here any more."
            )
            head = self.missing
            return _(found).format(day=_day(head.signed_at), count=head.count, operator=head.operator)
        if self.forged:
            return _("{count} signed heads are not in order: their signature does not hold.").format(count=self.forged)
        if self.newest is None:
            return _("No head was signed yet.")
        return _("{count} signed heads hold, the newest of {day}.").format(count=self.count, day=_day(self.newest.signed_at))


def due(session: Session, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The content to be signed for today, or None when it was signed today, nobody enrolled yet, or there is nothing to sign."""
    latest = session.execute(select(OutboxRow.created_at).where(OutboxRow.kind == KIND).order_by(OutboxRow.seq.desc()).limit(1)).scalar()
    last = session.execute(select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)).first()
    installation = facts.read(session, facts.INSTALLATION)
    if last is None or not isinstance(installation, str) or (latest is not None and _day(latest) == _day(now)):
        return None
    content = AuditHeadContent(installation=installation, count=last.seq, head=last.hash, operator=actor.name, signed_at=stamp(now))
    return content.model_dump(mode="json")


def own_records(session: Session) -> tuple[str, ...]:
    """The records that this desk signed, the oldest first."""
    bodies = session.execute(select(OutboxRow.body).where(OutboxRow.kind == KIND).order_by(OutboxRow.seq)).scalars()
    return tuple(str(body["record"]) for body in bodies)


def opened(record: str, trust: Trust) -> AuditHeadContent:
    """What a record says that a maker's key signed when the certificate was in order.

    Raises:
        SealdeskError, ValueError: it is forged, not a maker's, or cannot be read.
    """
    signed = SignedRecord.from_json(record)
    content = AuditHeadContent.model_validate_json(signed.content)
    verified = open_record(signed, (trust.root,), parse_stamp(content.signed_at))
    if MAKER not in verified.signer.extended_key_usage:
        raise ValueError("not a maker's key")
    return content


def check(session: Session, records: Iterable[str] = ()) -> HeadsVerdict:
    """Compare the trail with the desk's own signed heads and with `records`, which the platform kept."""
    own = own_records(session)
    heads: dict[tuple[int, str], SignedHead] = {}
    forged = 0
    installation = facts.read(session, facts.INSTALLATION)
    trust = facts.trust(session) if (known := (*own, *records)) else None
    for record in known:
        assert trust is not None
        try:
            content = opened(record, trust)
        except (SealdeskError, ValidationError, ValueError):
            forged += 1
            continue
        if content.installation == installation:
            heads[content.count, content.head] = SignedHead(content.count, content.head, content.operator, parse_stamp(content.signed_at))
    in_order = [heads[key] for key in sorted(heads)]
    missing = next((head for head in in_order if not _stands(session, head)), None)
    return HeadsVerdict(len(in_order), in_order[-1] if in_order else None, missing, forged)


def _stands(session: Session, head: SignedHead) -> bool:
    return session.execute(select(AuditRow.hash).where(AuditRow.seq == head.count)).scalar() == head.head


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
