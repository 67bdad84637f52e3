"""Orders: the route from a draft to the hand-over, and what must be true before anything is sent.

An order holds one unit, its handler, one or more seals and goods, and the proof documents. It is called a registration until it is
accepted.
"""

from __future__ import annotations

from enum import StrEnum

from sealdesk.core.i18n import N_
from sealdesk.domain.machine import Machine, State, Transition

DRAFT = "order.draft"
SUBMITTED = "order.submitted"
RETURNED = "order.returned"
PERMITTED = "order.permitted"
COUNTERSIGNED = "order.countersigned"
READY = "order.ready"
ACCEPTED = "order.accepted"
PRODUCED = "order.produced"
DELIVERED = "order.delivered"
CANCELLED = "order.cancelled"

ORDER_MACHINE = Machine(
    "order",
    initial=DRAFT,
    states=(
        State(DRAFT, N_("Draft")),
        State(SUBMITTED, N_("Waiting for approval")),
        State(RETURNED, N_("Returned")),
        State(PERMITTED, N_("Permit received")),
        State(COUNTERSIGNED, N_("Permit countersigned")),
        State(READY, N_("Ready for acceptance")),
        State(ACCEPTED, N_("In production")),
        State(PRODUCED, N_("Waiting for hand-over")),
        State(DELIVERED, N_("Handed over"), final=True),
        State(CANCELLED, N_("Cancelled"), final=True),
    ),
    transitions=(
        Transition("SaveDraft", DRAFT, DRAFT),
        Transition("SaveDraft", RETURNED, RETURNED),
        Transition("SubmitOrder", DRAFT, SUBMITTED),
        Transition("SubmitOrder", RETURNED, SUBMITTED),
        Transition("PlaceOrder", DRAFT, READY),
        Transition("PlaceOrder", RETURNED, READY),
        Transition("ReturnOrder", SUBMITTED, RETURNED),
        Transition("ReceivePermit", SUBMITTED, PERMITTED),
        Transition("ReceivePermit", PERMITTED, PERMITTED),
        Transition("CountersignPermit", PERMITTED, COUNTERSIGNED),
        Transition("AcceptOrder", COUNTERSIGNED, ACCEPTED),
        Transition("AcceptOrderWithoutPermit", READY, ACCEPTED),
        Transition("CompleteProduction", ACCEPTED, PRODUCED),
        Transition("DeliverOrder", PRODUCED, DELIVERED),
        Transition("CancelOrder", DRAFT, CANCELLED),
        Transition("CancelOrder", RETURNED, CANCELLED),
        Transition("CancelOrder", READY, CANCELLED),
    ),
)


class ProofKind(StrEnum):
    """证明文件: the papers of an order, one slot each (manual, 证明文件; design, domain 10)."""

    UNIT_CERTIFICATE = "unit_certificate"
    PRINCIPAL_ID = "principal_id"
    HANDLER_ID = "handler_id"
    POWER_OF_ATTORNEY = "power_of_attorney"
    OTHER = "other"


PROOF_TITLES: dict[ProofKind, str] = {
    ProofKind.UNIT_CERTIFICATE: N_("Unit certificate"),
    ProofKind.PRINCIPAL_ID: N_("ID of the person in charge"),
    ProofKind.HANDLER_ID: N_("ID of the handler"),
    ProofKind.POWER_OF_ATTORNEY: N_("Power of attorney"),
    ProofKind.OTHER: N_("Other paper"),
}


def required_proofs(*, handler_is_principal: bool) -> tuple[ProofKind, ...]:
    """The proof documents without which an order that needs a permit is not sent."""
    always = (ProofKind.UNIT_CERTIFICATE, ProofKind.PRINCIPAL_ID, ProofKind.HANDLER_ID)
    return always if handler_is_principal else (*always, ProofKind.POWER_OF_ATTORNEY)


class Reason(StrEnum):
    """刻制类型: why a seal is made."""

    NEW = "new"
    REPLACEMENT = "replacement"
    LOST = "lost"
    REMADE = "remade"


REASON_TITLES: dict[Reason, str] = {
    Reason.NEW: N_("New"),
    Reason.REPLACEMENT: N_("Replacement"),
    Reason.LOST: N_("Made again after loss"),
    Reason.REMADE: N_("Made again"),
}
