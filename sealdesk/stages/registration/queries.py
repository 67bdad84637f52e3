"""What registration shows: drafts, returned and waiting orders, one order whole, and units found by name. Returns frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from sealdesk.domain.identifiers.normal_form import compact
from sealdesk.domain.seals import CANCELLED, ONE_PER_UNIT
from sealdesk.domain.units import Unit
from sealdesk.models import search
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.units import UnitRow
from sealdesk.stages.registration.checks import ExistingSeal, in_one_line
from sealdesk.stages.registration.rules import Draft, decode_draft


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as a list shows it."""

    id: str
    number: str
    unit_name: str
    handler_name: str
    seals: int
    state: str
    return_reason: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """A paper in its slot."""

    id: str
    kind: str
    attachment_id: str
    file_name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order with everything a clerk edits."""

    id: str
    number: str
    state: str
    return_reason: str
    draft: Draft
    proofs: tuple[Proof, ...]


def order_lines(session: Session, states: tuple[str, ...], limit: int = 500) -> tuple[OrderLine, ...]:
    """Orders in any of these states, the newest first."""
    rows = session.execute(select(OrderRow).where(OrderRow.state.in_(states)).order_by(OrderRow.updated_at.desc()).limit(limit)).scalars()
    return tuple(_line(row) for row in rows)


def open_order(session: Session, order_id: str) -> OpenOrder | None:
    """One order whole, or None when it is not there."""
    row = session.get(OrderRow, order_id)
    if row is None or row.draft is None:
        return None
    return OpenOrder(
        id=row.id,
        number=row.number,
        state=row.state,
        return_reason=row.return_reason,
        draft=decode_draft(row.draft),
        proofs=tuple(Proof(p.id, p.kind, p.attachment_id, p.file_name, p.media_type, p.size) for p in row.proofs),
    )


def unit_by_name(session: Session, name: str) -> Unit | None:
    """The unit of exactly that full name (manual, 单位信息登记: found again by its full name, which fills the form)."""
    row = session.execute(select(UnitRow).where(UnitRow.name == name.strip())).scalar_one_or_none()
    return None if row is None else row.value()


def units_like(session: Session, text: str, limit: int = 20) -> tuple[Unit, ...]:
    """Units whose name, pinyin initials or code begin to match what was typed."""
    ids = [found for _kind, found in search.find(session, text, limit, kinds=("unit",))]
    rows = {row.id: row for row in session.execute(select(UnitRow).where(UnitRow.id.in_(ids))).scalars()}
    return tuple(rows[found].value() for found in ids if found in rows)


def existing_seals(session: Session, unit: Unit, besides_order: str) -> tuple[ExistingSeal, ...]:
    """The unit's seals of a kind of which it may have one, in other orders that were not cancelled.

    The unit is known by its name or by its code: under a changed name it is still the same.
    """
    statement = (
        select(SealRow.seal_type, SealRow.seal_code, OrderRow.number)
        .join(OrderRow, SealRow.order_id == OrderRow.id)
        .join(UnitRow, OrderRow.unit_id == UnitRow.id)
        .where(
            or_(UnitRow.name == in_one_line(unit.name), and_(UnitRow.uscc != "", UnitRow.uscc == compact(unit.uscc))),
            OrderRow.id != besides_order,
            SealRow.seal_type.in_([str(kind) for kind in ONE_PER_UNIT]),
            SealRow.state != CANCELLED,
        )
    )
    return tuple(ExistingSeal(kind, code or number) for kind, code, number in session.execute(statement))


def _line(row: OrderRow) -> OrderLine:
    seals = len(row.draft["seals"]) if row.draft else len(row.seals)
    return OrderLine(row.id, row.number, row.unit_name, row.handler.name, seals, row.state, row.return_reason, row.updated_at)
