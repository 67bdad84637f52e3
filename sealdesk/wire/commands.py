"""The envelope of a command, its answer, and the kinds of command there are."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sealdesk.wire.audit import KeepAuditHead
from sealdesk.wire.enrolment import BindKey
from sealdesk.wire.message import Id, Message, Name
from sealdesk.wire.permits import AcceptOrder, CountersignPermit
from sealdesk.wire.production import OrderDelivered, RequestCertificate, SealMade, SealSigned
from sealdesk.wire.registrations import SubmitRegistration

COMMANDS: dict[str, type[Message]] = {
    "registration.submit": SubmitRegistration,
    "permit.countersign": CountersignPermit,
    "order.accept": AcceptOrder,
    "certificate.request": RequestCertificate,
    "seal.made": SealMade,
    "seal.signed": SealSigned,
    "order.delivered": OrderDelivered,
    "key.bind": BindKey,
    "audit.head": KeepAuditHead,
}


class Command(Message):
    """Body of `POST /v1/commands`; the idempotency key travels in the header `Idempotency-Key`.

    `base_rev` is the revision of the subject that the desk knew; a stale one is answered with 412 and the current state.
    """

    kind: Name
    subject: Id
    base_rev: int = Field(ge=0)
    body: dict[str, Any]


class Answer(Message):
    """What became of a command. A refusal names a stable `code` and the facts of its sentence."""

    result: Literal["applied", "refused"]
    subject: Id
    rev: int = Field(ge=0)
    state: str = Field(max_length=60)
    code: str = Field(default="", max_length=60)
    facts: dict[str, str] = Field(default_factory=dict, max_length=20)
