"""Commands, permissions and errors of acceptance. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.workflow.commands import BULKY

COUNTERSIGN = Permission("acceptance.countersign", N_("Countersign permits"))
ACCEPT = Permission("acceptance.accept", N_("Accept orders"))


@dataclass(frozen=True, slots=True)
class ReceivePermit:
    """The platform issued a permit; it is kept as it came and verified each time it is used."""

    order_id: str
    rev: int
    record: str = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class CountersignPermit:
    """签收证明: `record` is the countersignature, already signed with the maker's key."""

    order_id: str
    permit: str
    record: str = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class AcceptOrder:
    """通过承接: take the order on. One that needs a permit is accepted only with a verified, countersigned one."""

    order_id: str


class PermitNotInOrderError(UserError):
    """The permit does not hold; the steps of its verification say why."""

    code = "acceptance.permit"
    sentence = N_("The permit cannot be used: {reason}")
    advice = N_("Do not make this seal. Ask the approving office for a correct permit.")


class PermitMissingError(UserError):
    """A seal that needs a permit has none."""

    code = "acceptance.permit.missing"
    sentence = N_("This order holds a seal that needs a permit, and there is none.")


class PermitNumberTakenError(UserError):
    """The platform issued one number twice."""

    code = "acceptance.permit.number"
    sentence = N_("Another order has a permit with the number {number} already.")
    advice = N_("Ask the approving office which of the two permits is the right one.")


class CountersignatureError(UserError):
    """The countersignature is not over this permit, or not by a maker's key of this shop."""

    code = "acceptance.countersignature"
    sentence = N_("The countersignature does not belong to this permit: {reason}")
