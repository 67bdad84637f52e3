"""The feed of changes: what the platform tells a shop."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sealdesk.wire.message import Id, Message, Name
from sealdesk.wire.permits import PermitIssued
from sealdesk.wire.production import CertificateIssued
from sealdesk.wire.registrations import RegistrationReturned

CHANGES: dict[str, type[Message]] = {
    "registration.returned": RegistrationReturned,
    "permit.issued": PermitIssued,
    "certificate.issued": CertificateIssued,
}


class Change(Message):
    """One change of one subject; `rev` is the subject's revision after it."""

    seq: int = Field(ge=1)
    kind: Name
    subject: Id
    rev: int = Field(ge=0)
    body: dict[str, Any]


class Changes(Message):
    """Answer of `GET /v1/changes?since=<cursor>`. A changed `epoch` means that the server was restored: read everything again."""

    epoch: Id
    cursor: str = Field(max_length=200)
    items: list[Change] = Field(max_length=500)
    more: bool
