"""Review of registrations by the approving unit: list, look, approve with a permit, or return with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sealdesk.central.cuts import choose_cuts
from sealdesk.central.errors import NotReviewableError, ReasonNeededError, ReviewerNeededError, UnknownOrderError
from sealdesk.central.platform import Platform
from sealdesk.central.route import RETURNED, ROUTE, SEAL_APPROVED, SUBMITTED
from sealdesk.central.store import OrderRow, ReviewRow, SealRow, ShopRow, Work
from sealdesk.core.clock import CHINA, stamp
from sealdesk.crypto.records import sign_record
from sealdesk.domain.identifiers.seal_codes import compose_seal_code
from sealdesk.wire.message import Message
from sealdesk.wire.orders import OrderFacts, SealFacts
from sealdesk.wire.permits import PartyBody, PermitContent, PermitIssued, PermittedSealBody
from sealdesk.wire.registrations import RegistrationReturned, SealBody, SubmitRegistration

VALID_FOR = timedelta(days=90)
"""No public text says how long a permit holds (design, domain 11)."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """An order in the list of a reviewer."""

    id: str
    number: str
    state: str
    shop: str
    unit: str
    seals: tuple[str, ...]
    submitted_at: str
    permit: str


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """An order as a reviewer sees it: the line, the whole registration, and what was decided before."""

    line: ReviewLine
    registration: SubmitRegistration
    decisions: tuple[str, ...]


def list_orders(platform: Platform, state: str = SUBMITTED) -> tuple[ReviewLine, ...]:
    """Orders in a state, the oldest first; an empty state lists all."""
    with platform.store.read() as work:
        return tuple(_line(row) for row in work.subjects.orders(state))


def show_order(platform: Platform, wanted: str) -> ReviewSheet:
    """An order by its id, number or permit number.

    Raises:
        UnknownOrderError: there is none, or several.
    """
    with platform.store.read() as work:
        row = _find(work, wanted)
        decisions = tuple(
            f"{seen.decided_at} {seen.decision} {seen.reviewer} {seen.reason}".strip() for seen in work.subjects.reviews(row.id)
        )
        return ReviewSheet(_line(row), SubmitRegistration.model_validate(row.registration), decisions)


def approve(platform: Platform, wanted: str, reviewer: str) -> str:
    """Approve an order: numbers, codes and cuts are given out, the permit is signed and put into the feed. Returns its number.

    Raises:
        UnknownOrderError, NotReviewableError, ReviewerNeededError
    """
    _check_reviewer(reviewer)
    now = platform.clock.now()
    with platform.store.write() as work:
        order = _reviewable(work, wanted, "approve")
        shop = work.subjects.shop(order.shop_code)
        assert shop is not None  # a foreign key holds it
        registration = SubmitRegistration.model_validate(order.registration)
        order.unit_code = _unit_code(work, order, registration.unit.area_code)
        order.permit_number = f"{now.astimezone(CHINA).year}{work.next_number(f'permit:{now.astimezone(CHINA).year}'):06d}"
        content = _content(platform, work, order, shop, registration)
        authority = platform.authority
        record = sign_record(content.model_dump(mode="json"), authority.police_key, (authority.police, authority.intermediate))
        order.permit = record.to_json()
        _decide(work, order, "approve", "approved", reviewer, "", stamp(now), "permit.issued", PermitIssued(record=order.permit))
        return order.permit_number


def return_(platform: Platform, wanted: str, reason: str, reviewer: str) -> None:
    """Send an order back (打回) with a reason.

    Raises:
        ReasonNeededError, UnknownOrderError, NotReviewableError, ReviewerNeededError
    """
    _check_reviewer(reviewer)
    if not 1 <= len(reason.strip()) <= 2000:
        raise ReasonNeededError(field="reason")
    told = RegistrationReturned(reason=reason.strip(), reviewer=reviewer)
    with platform.store.write() as work:
        order = _reviewable(work, wanted, "return")
        _decide(work, order, "return", RETURNED, reviewer, told.reason, stamp(platform.clock.now()), "registration.returned", told)


def order_facts(order: OrderRow) -> OrderFacts:
    """What the platform knows of an order, as a message."""
    return OrderFacts(
        id=order.id,
        number=order.number,
        unit=order.unit_name,
        state=order.state,
        permit=order.permit_number,
        rev=order.rev,
        seals=[
            SealFacts(id=seal.id, name=seal.name, state=seal.state, seal_code=seal.seal_code or "", chip_serial=seal.chip_serial)
            for seal in order.seals
        ],
    )


def _check_reviewer(reviewer: str) -> None:
    if not 1 <= len(reviewer.strip()) <= 160:
        raise ReviewerNeededError(field="reviewer")


def _find(work: Work, wanted: str) -> OrderRow:
    found = work.subjects.orders_named(wanted)
    if len(found) != 1:
        raise UnknownOrderError(wanted=wanted[:80])
    return found[0]


def _reviewable(work: Work, wanted: str, decision: str) -> OrderRow:
    found = _find(work, wanted)
    work.lock(f"subject:{found.id}")
    order = work.subjects.order(found.id)
    if order is None or not ROUTE.allows(decision, order.state):
        raise NotReviewableError(number=found.number, state=ROUTE.title(found.state))
    return order


def _decide(
    work: Work, order: OrderRow, command: str, decision: str, reviewer: str, reason: str, at: str, kind: str, body: Message
) -> None:
    """Move the order, note the decision and tell the shop."""
    order.state = ROUTE.after(command, order.state)
    order.rev += 1
    order.updated_at = at
    work.add(
        ReviewRow(id=str(uuid4()), order_id=order.id, rev=order.rev, decision=decision, reviewer=reviewer, reason=reason, decided_at=at)
    )
    work.append_change(shop_code=order.shop_code, kind=kind, subject=order.id, rev=order.rev, body=body.model_dump(mode="json"), at=at)


def _content(platform: Platform, work: Work, order: OrderRow, shop: ShopRow, registration: SubmitRegistration) -> PermitContent:
    now = platform.clock.now()
    today = now.astimezone(CHINA).date()
    rows = {row.id: row for row in order.seals}
    office = platform.authority.office
    return PermitContent(
        number=order.permit_number,
        order=order.id,
        issuer=PartyBody(code=office.code, name=office.name),
        shop=PartyBody(code=shop.code, name=shop.name),
        unit=PartyBody(code=order.unit_code, name=order.unit_name),
        uscc=registration.unit.uscc,
        handler=registration.handler.name,
        handler_document=registration.handler.document_number,
        issued_on=today.isoformat(),
        valid_until=(today + VALID_FOR).isoformat(),
        signed_at=stamp(now),
        seals=[_permitted(work, rows[seal.id], seal, registration.unit.area_code) for seal in registration.seals],
    )


def _permitted(work: Work, row: SealRow, seal: SealBody, area_code: str) -> PermittedSealBody:
    row.seal_code = compose_seal_code(area_code, work.next_number(f"seal:{area_code}"))
    row.state = SEAL_APPROVED
    shape: Any = seal.face_spec.get("shape")
    kind = shape.get("kind", "circle") if isinstance(shape, dict) else "circle"
    return PermittedSealBody(
        id=seal.id,
        seal_type=seal.seal_type,
        name=seal.name,
        template=seal.template,
        face_fields=seal.face_fields,
        width_mm=seal.width_mm,
        height_mm=seal.height_mm,
        seal_code=row.seal_code,
        cuts=choose_cuts(seal.width_mm, seal.height_mm, round_face=kind not in ("square", "rectangle")),
    )


def _unit_code(work: Work, order: OrderRow, area_code: str) -> str:
    """The 12-digit code of the using unit: 6 area, 6 sequence (design, domain 2.1); given once for each unit."""
    name = f"unit:{order.seals[0].unit_key}"
    work.lock(name)
    known = work.meta(name)
    if not known:
        known = f"{area_code}{work.next_number(f'unit:{area_code}'):06d}"
        work.set_meta(name, known)
    return known


def _line(row: OrderRow) -> ReviewLine:
    return ReviewLine(
        id=row.id,
        number=row.number,
        state=row.state,
        shop=row.shop_code,
        unit=row.unit_name,
        seals=tuple(f"{seal.name} {seal.seal_code or ''}".strip() for seal in row.seals),
        submitted_at=row.submitted_at,
        permit=row.permit_number,
    )
