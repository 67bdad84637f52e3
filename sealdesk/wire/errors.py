"""Codes with which the platform refuses; the desk has a sentence for each."""

from __future__ import annotations

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
)
