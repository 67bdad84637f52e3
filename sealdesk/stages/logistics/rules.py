"""Commands, permissions and errors of logistics. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.domain.deliveries import CheckedPapers
from sealdesk.domain.units import Person
from sealdesk.workflow.commands import BULKY

DELIVER = Permission("logistics.deliver", N_("Hand seals over"))

REVEAL = Permission("logistics.reveal", N_("See document numbers whole"))

SIGNED = "signed"
DONE = "done"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SignDelivery:
    """The collector's papers were checked and the delivery record was signed with the maker's key."""

    order_id: str
    delivery_id: str
    number: str
    collector: Person
    papers: CheckedPapers
    record: str = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class RecordDeliveryBurned:
    """The delivery record stands on a seal's chip, read back equal."""

    delivery_id: str
    seal_id: str
    read_back: str = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class WithdrawDelivery:
    """The hand-over did not take place after all; its record is kept as withdrawn."""

    delivery_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeliverOrder:
    """The seals are in the collector's hands. The card PINs are forgotten here."""

    delivery_id: str


@dataclass(frozen=True, slots=True)
class RevealDocument:
    """Somebody looked at the whole number of the collector's document; kept because such looks are accounted for."""

    order_id: str


class NotReadyError(UserError):
    """A seal of the order is not ready for hand-over."""

    code = "logistics.not_ready"
    sentence = N_("“{name}” is not ready for hand-over: {state}.")


class ChipNotBurnedError(UserError):
    """A chip does not carry the delivery record yet."""

    code = "logistics.chip_not_burned"
    sentence = N_("The delivery record is not on the chip of “{name}” yet.")


class DeliveryRecordError(UserError):
    """The record is not about this hand-over or not signed as it should be."""

    code = "logistics.record"
    sentence = N_("The delivery record cannot be used: {reason}")


class OpenDeliveryError(UserError):
    """A hand-over of the order is under way already."""

    code = "logistics.open"
    sentence = N_("A hand-over of this order to {name} has been begun; finish or withdraw it first.")


class WithdrawalReasonError(UserError):
    """A hand-over is withdrawn only with a reason."""

    code = "logistics.withdrawal.reason"
    sentence = N_("Say why the hand-over did not take place.")
