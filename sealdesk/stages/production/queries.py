"""What production shows: the queue, one seal's work sheet, and where each burning stands."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sealdesk.crypto.certificates import Certificate
from sealdesk.domain.chips import SPOILED
from sealdesk.domain.seals import ACCEPTED, BURNING, MADE, SIGNED
from sealdesk.models import card_pins
from sealdesk.models.burns import BurnRow
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.outbox import PARKED, WAITING
from sealdesk.models.permits import PermitRow
from sealdesk.stages.production.rules import step_facts
from sealdesk.workflow import facts, outbox
from sealdesk.workflow.facts import Trust

QUEUE_STATES = (ACCEPTED, BURNING)
MADE_STATES = (MADE, SIGNED)
MOST_MADE = 500
"""Made seals that a list shows."""
CERTIFICATE_REQUEST = "certificate.request"
"""The kind of message that asks for a chip's certificate."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A seal in the production queue. `due_on` is a day as `YYYY-MM-DD`, or empty."""

    seal_id: str
    order_id: str
    order_number: str
    unit_name: str
    seal_name: str
    seal_type: str
    carrier: str
    product: str
    material: str
    seal_code: str
    state: str
    exported_at: datetime | None
    updated_at: datetime
    due_on: str
    spec: Any


@dataclass(frozen=True, slots=True)
class Burn:
    """A burning as it stands. `steps` maps a step's name to its facts ("intent", "done" and what was read)."""

    id: str
    seal_id: str
    chip_serial: str
    state: str
    steps: Mapping[str, Mapping[str, str]]
    public_point: str
    certificates: tuple[str, ...]
    card_pin_chosen: bool
    spoiled_reason: str
    started_at: datetime


class Asking(StrEnum):
    """How the request for a chip's certificate stands."""

    NOT_YET = "not yet"
    WAITING = "waiting"
    """It goes out by itself."""
    HELD = "held"
    """It waits behind an earlier message of the order, which the platform refused."""
    REFUSED = "refused"
    DROPPED = "dropped"
    """A person gave it up after it was refused."""
    ANSWERED = "answered"
    """The platform took it; the certificate comes as a change of its own."""


@dataclass(frozen=True, slots=True)
class CertificateRequested:
    """The latest request for a chip's certificate. `reason` is the sentence of a refusal, its own or the earlier message's."""

    asking: Asking
    reason: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BurnPlan:
    """Everything that goes onto a chip, and whom the certificate must chain to."""

    order_file: bytes
    permit_file: bytes
    spec: Any
    seal_name: str
    seal_code: str
    unit_name: str
    unit_code: str
    trust: Trust


def queue(session: Session, states: tuple[str, ...] = QUEUE_STATES) -> tuple[Ticket, ...]:
    """Seals in these states: those with a due day first, the earliest of them first, then the oldest order."""
    statement = (
        select(SealRow)
        .join(OrderRow, SealRow.order_id == OrderRow.id)
        .where(SealRow.state.in_(states))
        .order_by(OrderRow.due_on == "", OrderRow.due_on, OrderRow.updated_at, SealRow.position)
    )
    return tuple(_ticket(row) for row in session.execute(statement).scalars())


def made(session: Session, limit: int = MOST_MADE) -> tuple[Ticket, ...]:
    """Seals that were made and not handed over, the newest first; older ones are found by the search."""
    statement = select(SealRow).where(SealRow.state.in_(MADE_STATES)).order_by(SealRow.made_at.desc(), SealRow.id).limit(limit)
    return tuple(_ticket(row) for row in session.execute(statement).scalars())


def queue_count(session: Session) -> int:
    """How many seals wait for production."""
    return session.execute(select(func.count()).select_from(SealRow).where(SealRow.state.in_(QUEUE_STATES))).scalar_one()


def ticket(session: Session, seal_id: str) -> Ticket | None:
    """One seal's work sheet, or None."""
    row = session.get(SealRow, seal_id)
    return None if row is None else _ticket(row)


def live_burn(session: Session, seal_id: str) -> Burn | None:
    """The burning of a seal that was not given up, or None."""
    statement = select(BurnRow).where(BurnRow.seal_id == seal_id, BurnRow.state != SPOILED)
    row = session.execute(statement).scalar_one_or_none()
    return None if row is None else _burn(row)


def certificate_requested(session: Session, burn_id: str) -> CertificateRequested:
    """How the request for the certificate of a burning's chip stands."""
    burn = session.get(BurnRow, burn_id)
    seal = None if burn is None else session.get(SealRow, burn.seal_id)
    row = None
    if burn is not None and seal is not None and burn.public_point:
        row = outbox.latest(session, CERTIFICATE_REQUEST, seal.order_id, {"seal": burn.seal_id, "chip_serial": burn.chip_serial})
    if row is None:
        return CertificateRequested(Asking.NOT_YET)
    if row.state == PARKED:
        return CertificateRequested(Asking.REFUSED, row.reason, row.answered_at)
    if row.state == WAITING:
        reason = outbox.held_back_by(session, row.subject, row.seq)
        return CertificateRequested(Asking.WAITING) if reason is None else CertificateRequested(Asking.HELD, reason)
    return CertificateRequested(Asking.DROPPED if row.reason else Asking.ANSWERED, row.reason, row.answered_at)


def point_in(certificates: Sequence[str]) -> str:
    """The public key of the first of these certificates (DER in base64), in hexadecimal."""
    return Certificate.from_der(base64.b64decode(certificates[0])).public_key.point.hex()


def burn_of_chip(session: Session, chip_serial: str) -> Burn | None:
    """The latest burning on a chip, or None for a chip that was never begun here."""
    statement = select(BurnRow).where(BurnRow.chip_serial == chip_serial).order_by(BurnRow.started_at.desc())
    row = session.execute(statement).scalars().first()
    return None if row is None else _burn(row)


def spoiled_chips(session: Session, limit: int = 200) -> tuple[Burn, ...]:
    """Chips that were given up, with their reasons, the newest first."""
    statement = select(BurnRow).where(BurnRow.state == SPOILED).order_by(BurnRow.started_at.desc()).limit(limit)
    return tuple(_burn(row) for row in session.execute(statement).scalars())


def card_pin(session: Session, seal_id: str) -> str:
    """The card's PIN of a seal that was not handed over yet; empty when there is none. For the burning and the PIN mailer alone."""
    row = session.execute(select(BurnRow).where(BurnRow.seal_id == seal_id, BurnRow.state != SPOILED)).scalar_one_or_none()
    return "" if row is None else card_pins.card_pin(session, row)


def burn_plan(session: Session, seal_id: str) -> BurnPlan | None:
    """What has to stand on the chip of this seal, or None when the seal is not there."""
    seal = session.get(SealRow, seal_id)
    if seal is None:
        return None
    order = seal.order
    permit = session.execute(select(PermitRow).where(PermitRow.order_id == order.id)).scalar_one_or_none()
    about = {"order": order.id, "number": order.number, "seal": seal.id, "seal_code": seal.seal_code, "name": seal.name}
    return BurnPlan(
        order_file=rfc8785.dumps(about),
        permit_file=b"" if permit is None else permit.record.encode(),
        spec=seal.face_spec,
        seal_name=seal.name,
        seal_code=seal.seal_code,
        unit_name=order.unit_name,
        unit_code="" if order.unit is None else order.unit.code,
        trust=facts.trust(session),
    )


def seal_named_in(order_file: bytes) -> str:
    """The id of the seal that a chip's ORDER file names; empty when it cannot be read."""
    try:
        value = json.loads(order_file)
    except ValueError:
        return ""
    return str(value.get("seal", "")) if isinstance(value, dict) else ""


def _ticket(row: SealRow) -> Ticket:
    return Ticket(
        seal_id=row.id,
        order_id=row.order_id,
        order_number=row.order.number,
        unit_name=row.order.unit_name,
        seal_name=row.name,
        seal_type=row.seal_type,
        carrier=row.carrier,
        product=row.product_id,
        material=row.material,
        seal_code=row.seal_code,
        state=row.state,
        exported_at=row.exported_at,
        updated_at=row.order.updated_at,
        due_on=row.order.due_on,
        spec=row.face_spec,
    )


def _burn(row: BurnRow) -> Burn:
    return Burn(
        id=row.id,
        seal_id=row.seal_id,
        chip_serial=row.chip_serial,
        state=row.state,
        steps=step_facts(row.steps),
        public_point=row.public_point,
        certificates=tuple(row.certificates or ()),
        card_pin_chosen=bool(row.sealed_pin),
        spoiled_reason=row.spoiled_reason,
        started_at=row.started_at,
    )
