"""The intake of commands: each key is answered once and for ever the same, each command is applied wholly or refused wholly."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rfc8785
from pydantic import ValidationError

from sealdesk.central.audit import keep_audit_head
from sealdesk.central.case import Case, Identity
from sealdesk.central.enrolment import bind_key
from sealdesk.central.errors import Refused, RequestFailed
from sealdesk.central.permits import accept_order, countersign_permit
from sealdesk.central.platform import Platform
from sealdesk.central.production import order_delivered, request_certificate, seal_made, seal_signed
from sealdesk.central.registrations import submit_registration
from sealdesk.central.route import NOTHING
from sealdesk.central.store import CommandRow, Work
from sealdesk.wire import errors as codes
from sealdesk.wire.commands import COMMANDS, Answer, Command
from sealdesk.wire.message import Message

HANDLERS: dict[str, Callable[[Case, Any], None]] = {
    "registration.submit": submit_registration,
    "permit.countersign": countersign_permit,
    "order.accept": accept_order,
    "certificate.request": request_certificate,
    "seal.made": seal_made,
    "seal.signed": seal_signed,
    "order.delivered": order_delivered,
    "key.bind": bind_key,
    "audit.head": keep_audit_head,
}

WITHOUT_REVISION = frozenset({"key.bind", "audit.head"})
"""Kinds whose subject is not an order and has no revision; their `base_rev` is not looked at."""

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to a command with its HTTP status: 200, or 412 for a stale one."""

    status: int
    answer: Answer


def take(platform: Platform, who: Identity, key: str, command: Command) -> Taken:
    """Answer one command, in one transaction.

    Raises:
        RequestFailed: the key or the command is malformed (422), or the key stood for another command (422).
    """
    if _KEY.fullmatch(key) is None:
        raise RequestFailed(422, codes.MALFORMED, field="Idempotency-Key")
    digest = _digest(command)
    with platform.store.write() as work:
        work.lock(f"subject:{command.subject}")
        known = work.command(who.shop_code, key)
        if known is not None:
            if known.digest != digest:
                raise RequestFailed(422, codes.KEY_REUSED)
            return Taken(200, Answer.model_validate(known.answer))
        body = _body(command)
        case = _case(platform, work, who, command)
        if command.kind not in WITHOUT_REVISION and command.base_rev != _rev(case):
            return Taken(412, Answer(result="refused", subject=command.subject, rev=_rev(case), state=_state(case), code=codes.STALE))
        answer = _answer(case, command, body)
        work.add(
            CommandRow(
                shop_code=who.shop_code,
                key=key,
                installation=who.installation,
                kind=command.kind,
                subject=command.subject,
                digest=digest,
                answer=answer.model_dump(mode="json"),
                answered_at=case.at,
            )
        )
        work.flush()
        _publish(case)
    return Taken(200, answer)


def _answer(case: Case, command: Command, body: Message) -> Answer:
    """Apply the command, or undo what it began and refuse."""
    rev, state = _rev(case), _state(case)
    try:
        with case.work.attempt():
            _own(case)
            HANDLERS[command.kind](case, body)
            if case.order is not None and command.kind not in WITHOUT_REVISION:
                case.order.rev += 1
            case.work.flush()
    except Refused as refusal:
        case.published.clear()
        case.order = None
        return Answer(result="refused", subject=command.subject, rev=rev, state=state, code=refusal.code, facts=refusal.facts)
    return Answer(result="applied", subject=command.subject, rev=_rev(case), state=_state(case))


def _publish(case: Case) -> None:
    """Put into the feed what the command led to; last, because the feed's lock makes other writers wait."""
    for kind, body in case.published:
        order = case.known_order()
        order.rev += 1
        case.work.append_change(
            shop_code=order.shop_code, kind=kind, subject=order.id, rev=order.rev, body=body.model_dump(mode="json"), at=case.at
        )


def _case(platform: Platform, work: Work, who: Identity, command: Command) -> Case:
    shop = work.subjects.shop(who.shop_code)
    if shop is None:
        raise RequestFailed(401, codes.UNAUTHORISED)
    order = None if command.kind in WITHOUT_REVISION else work.subjects.order(command.subject)
    return Case(platform, work, who, shop, command.subject, order, platform.clock.now())


def _own(case: Case) -> None:
    if case.order is not None and case.order.shop_code != case.who.shop_code:
        raise Refused(codes.UNKNOWN_SUBJECT)


def _rev(case: Case) -> int:
    """The revision that this shop may know; of another shop's order it learns nothing."""
    return case.order.rev if case.order is not None and case.order.shop_code == case.who.shop_code else 0


def _state(case: Case) -> str:
    return case.order.state if case.order is not None and case.order.shop_code == case.who.shop_code else NOTHING


def _digest(command: Command) -> str:
    """SHA-256 over what is asked for; `base_rev` is left out, because a repeated command may know more than the first one did."""
    try:
        content = rfc8785.dumps({"kind": command.kind, "subject": command.subject, "body": command.body})
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise RequestFailed(422, codes.MALFORMED) from error
    if b"\\u0000" in content:  # PostgreSQL keeps no such character
        raise RequestFailed(422, codes.MALFORMED)
    return hashlib.sha256(content).hexdigest()


def _body(command: Command) -> Message:
    kind = COMMANDS.get(command.kind)
    if kind is None:
        raise RequestFailed(422, codes.UNKNOWN_KIND)
    try:
        return kind.model_validate(command.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise RequestFailed(422, codes.MALFORMED, field=".".join(str(part) for part in first["loc"])[:200]) from error
