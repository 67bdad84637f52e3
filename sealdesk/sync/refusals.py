"""Why the platform refused, in sentences that a clerk understands; one for each code of the protocol."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sealdesk.core.i18n import N_, _
from sealdesk.wire import errors as codes

SENTENCES: dict[str, str] = {
    codes.UNAUTHORISED: N_("The platform does not recognise this installation."),
    codes.UNKNOWN_KIND: N_("The platform does not know this kind of message; this program may be newer than the platform."),
    codes.MALFORMED: N_("The platform cannot accept the message: “{field}” is not in order."),
    codes.KEY_REUSED: N_("The platform has already received something else under the number of this message."),
    codes.STALE: N_("The order was changed at the platform in the meantime, and the change could not be fetched."),
    codes.WRONG_STATE: N_("At the platform the order is “{state}”; this step is not possible there."),
    codes.ATTACHMENT_MISSING: N_("The platform lacks a proof document: {kind} {file_name}"),
    codes.SEAL_EXISTS: N_("The platform already has a {kind} of {unit}; it cannot have a second one."),
    codes.BAD_SIGNATURE: N_("The platform does not accept the signature or the certificate ({reason})."),
    codes.BAD_REQUEST: N_("The platform does not accept these facts about the seal ({reason})."),
    codes.CHIP_TAKEN: N_("The platform has this chip ({serial}) under another seal."),
    codes.UNKNOWN_SUBJECT: N_("The platform does not know this order."),
    codes.NOT_YOUR_SHOP: N_("At the platform this order belongs to another shop."),
    codes.ENROLMENT_REFUSED: N_("The platform does not enrol this installation ({reason})."),
    codes.TOO_OLD: N_("This version of the program is too old for the platform."),
    codes.TOO_LARGE: N_("The message is too large for the platform."),
    codes.UPLOAD_OFFSET: N_("A proof document could not be transferred in order."),
    codes.UPLOAD_DIGEST: N_("A proof document arrived changed at the platform."),
    codes.UPLOAD_SIZE: N_("A proof document does not fit what was announced of it."),
}

_STATES = {
    "nothing": N_("Draft"),
    "submitted": N_("Waiting for approval"),
    "returned": N_("Returned"),
    "permitted": N_("Permit received"),
    "countersigned": N_("Permit countersigned"),
    "accepted": N_("In production"),
    "produced": N_("Waiting for hand-over"),
    "delivered": N_("Handed over"),
    "registered": N_("Registered"),
    "approved": N_("Approved"),
    "made": N_("Made"),
    "signed": N_("Signed"),
}
_KINDS = {
    "unit_certificate": N_("Unit certificate"),
    "principal_id": N_("ID of the person in charge"),
    "handler_id": N_("ID of the handler"),
    "power_of_attorney": N_("Power of attorney"),
    "other": N_("Other paper"),
}


def sentence_of(code: str, facts: Mapping[str, str]) -> str:
    """The sentence of a refusal in the person's language; a code from the future is named as it is."""
    sentence = SENTENCES.get(code)
    if sentence is None:
        return _("The platform refused ({code}).").format(code=code[:60])
    words = {name: _word(name, value) for name, value in facts.items()}
    return _(sentence).format_map(defaultdict(lambda: "–", words)).strip()


def _word(name: str, value: str) -> str:
    if name == "state":
        return _(_STATES.get(value, value))
    if name == "kind":
        return _(_KINDS.get(value, value))
    return value
