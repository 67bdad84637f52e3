"""The route of an order and of a seal as the platform sees it: a table, not the desk's."""

from __future__ import annotations

from sealdesk.core.i18n import N_
from sealdesk.domain.machine import Machine, State, Transition

NOTHING = "nothing"
SUBMITTED = "submitted"
RETURNED = "returned"
PERMITTED = "permitted"
COUNTERSIGNED = "countersigned"
ACCEPTED = "accepted"
PRODUCED = "produced"
DELIVERED = "delivered"

ROUTE = Machine(
    "central order",
    initial=NOTHING,
    states=(
        State(NOTHING, N_("Draft")),
        State(SUBMITTED, N_("Waiting for approval")),
        State(RETURNED, N_("Returned")),
        State(PERMITTED, N_("Permit received")),
        State(COUNTERSIGNED, N_("Permit countersigned")),
        State(ACCEPTED, N_("In production")),
        State(PRODUCED, N_("Waiting for hand-over")),
        State(DELIVERED, N_("Handed over"), final=True),
    ),
    transitions=(
        Transition("registration.submit", NOTHING, SUBMITTED),
        Transition("registration.submit", RETURNED, SUBMITTED),
        Transition("return", SUBMITTED, RETURNED),
        Transition("approve", SUBMITTED, PERMITTED),
        Transition("permit.countersign", PERMITTED, COUNTERSIGNED),
        Transition("order.accept", COUNTERSIGNED, ACCEPTED),
        Transition("certificate.request", ACCEPTED, ACCEPTED),
        Transition("seal.made", ACCEPTED, ACCEPTED),
        Transition("seal.signed", ACCEPTED, ACCEPTED),
        Transition("complete", ACCEPTED, PRODUCED),
        Transition("order.delivered", PRODUCED, DELIVERED),
    ),
)

SEAL_REGISTERED = "registered"
SEAL_APPROVED = "approved"
SEAL_ACCEPTED = "accepted"
SEAL_MADE = "made"
SEAL_SIGNED = "signed"
SEAL_DELIVERED = "delivered"
