"""Codes with which the platform refuses; the desk has a sentence for each."""

from __future__ import annotations

from pydantic import Field

from sealdesk.wire.message import Message

UNAUTHORISED = "auth.token"
UNKNOWN_KIND = "command.kind"
MALFORMED = "command.body"
KEY_REUSED = "command.key_reused"
STALE = "command.stale"
WRONG_STATE = "command.state"
ATTACHMENT_MISSING = "registration.attachment_missing"
SEAL_EXISTS = "registration.seal_exists"
BAD_SIGNATURE = "record.signature"
BAD_REQUEST = "certificate.request"
CHIP_TAKEN = "certificate.chip_taken"
UNKNOWN_SUBJECT = "command.subject"
NOT_YOUR_SHOP = "auth.shop"
ENROLMENT_REFUSED = "enrolment.refused"
TOO_OLD = "protocol.version"
TOO_LARGE = "request.size"
UPLOAD_OFFSET = "upload.offset"
UPLOAD_DIGEST = "upload.digest"
UPLOAD_SIZE = "upload.size"

CODES = (
    UNAUTHORISED,
    UNKNOWN_KIND,
    MALFORMED,
    KEY_REUSED,
    STALE,
    WRONG_STATE,
    ATTACHMENT_MISSING,
    SEAL_EXISTS,
    BAD_SIGNATURE,
    BAD_REQUEST,
    CHIP_TAKEN,
    UNKNOWN_SUBJECT,
    NOT_YOUR_SHOP,
    ENROLMENT_REFUSED,
    TOO_OLD,
    TOO_LARGE,
    UPLOAD_OFFSET,
    UPLOAD_DIGEST,
    UPLOAD_SIZE,
)

VERSION_HEADER = "Sealdesk-Protocol"
"""Carries `wire.VERSION` with every request; a version that the platform does not speak is answered with 426 and `TOO_OLD`."""


class Problem(Message):
    """Body of every answer that is neither what was asked for nor an `Answer`."""

    code: str = Field(max_length=60)
    facts: dict[str, str] = Field(default_factory=dict, max_length=20)
