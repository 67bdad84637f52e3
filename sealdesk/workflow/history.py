"""The history of an order in sentences, told from the audit trail: what happened to it, its seals, its chips and its hand-over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.core.i18n import _
from sealdesk.domain.chips import BURN_STEP_TITLES, BurnStep
from sealdesk.models.audit import AuditRow
from sealdesk.models.burns import BurnRow
from sealdesk.models.deliveries import DeliveryRow
from sealdesk.models.orders import SealRow


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the history. `about` is the name of the seal it concerns, or empty."""

    at: datetime
    actor: str
    sentence: str
    about: str
    refused: bool


def history_of_order(session: Session, order_id: str, sentence_of: Callable[[str], str]) -> tuple[Line, ...]:
    """All that was recorded about an order, oldest first; `sentence_of` is `Bus.sentence`."""
    about = {order_id: ""}
    seals = session.execute(select(SealRow.id, SealRow.name).where(SealRow.order_id == order_id)).all()
    about.update({row.id: row.name for row in seals})
    names = {row.id: row.name for row in seals}
    burns = session.execute(select(BurnRow.id, BurnRow.seal_id).where(BurnRow.seal_id.in_(list(names)))).all()
    about.update({row.id: names[row.seal_id] for row in burns})
    deliveries = session.execute(select(DeliveryRow.id).where(DeliveryRow.order_id == order_id)).scalars()
    about.update(dict.fromkeys(deliveries, ""))
    rows = session.execute(select(AuditRow).where(AuditRow.subject.in_(list(about))).order_by(AuditRow.seq)).scalars()
    return tuple(_line(row, sentence_of(row.command), about[row.subject]) for row in _worth_telling(rows))


def tell(command: str, sentence: str, actor: str, arguments: dict[str, Any]) -> str:
    """One record of the trail as a sentence in the person's language."""
    facts = {name: str(value) for name, value in arguments.items() if not isinstance(value, (dict, list))}
    if "step" in facts and facts["step"] in set(BurnStep):
        facts["step"] = _(BURN_STEP_TITLES[BurnStep(facts["step"])])
        facts["phase"] = _("done") if facts.get("phase") == "done" else _("begun")
    try:
        return _(sentence).format(actor=_(actor), **facts) if sentence else command
    except (KeyError, IndexError):
        return _(sentence)


def _worth_telling(rows: Iterable[AuditRow]) -> Iterator[AuditRow]:
    """Intents of burning steps, and all but the last of several saves in a row, are in the trail but say nothing to a reader."""
    saved: AuditRow | None = None
    for row in rows:
        if row.command == "RecordBurnStep" and row.arguments.get("phase") == "intent":
            continue
        if saved is not None and (row.command, row.result, row.actor_id) != (saved.command, saved.result, saved.actor_id):
            yield saved
            saved = None
        if row.command == "SaveDraft" and row.result == "done":
            saved = row
            continue
        yield row
    if saved is not None:
        yield saved


def _line(row: AuditRow, sentence: str, about: str) -> Line:
    told = tell(row.command, sentence, row.actor_name, row.arguments)
    refused = row.result == "refused"
    if refused:
        told = _("Refused: {sentence}").format(sentence=told)
    return Line(row.at, _(row.actor_name), told, about, refused)
