"""The head of an installation's audit trail, signed by its maker once a day and kept by the platform as a witness."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sealdesk.wire.message import Digest, Id, Message, Moment, Name, Record

AUDIT_HEAD_TYPE: Literal["sealdesk.audit-head.1"] = "sealdesk.audit-head.1"
MOST_HEADS = 100
"""So many of the newest heads the platform tells."""


class AuditHeadContent(Message):
    """What the maker signs: how many records the trail had, and the hash of the last of them (SM3, hexadecimal)."""

    type: Literal["sealdesk.audit-head.1"] = AUDIT_HEAD_TYPE
    installation: Id
    count: int = Field(ge=1)
    head: Digest
    operator: Name
    signed_at: Moment


class KeepAuditHead(Message):
    """Command `audit.head`; subject is the installation. `record` is a signed record of `AuditHeadContent`."""

    record: Record


class AuditHeads(Message):
    """Answer of `GET /v1/audit/heads`: the records of this installation, the newest first."""

    records: list[Record] = Field(max_length=MOST_HEADS)
