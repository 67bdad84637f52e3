"""Seals: types, carriers, products, and the states of one seal from registration to the customer's hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sealdesk.core.i18n import N_
from sealdesk.domain.machine import Machine, State, Transition


class SealType(StrEnum):
    """印章类型, GA 241.2; 01 to 05 are the five types that need approval (manual, 印章信息登记)."""

    UNIT = "01"
    FINANCE = "02"
    INVOICE = "03"
    CONTRACT = "04"
    LEGAL_REPRESENTATIVE = "05"
    OTHER = "99"

    @property
    def needs_permit(self) -> bool:
        """Whether a seal of this type may be accepted only under a permit (印铸刻字准许证)."""
        return self is not SealType.OTHER


SEAL_TYPE_TITLES: dict[SealType, str] = {
    SealType.UNIT: N_("Unit seal"),
    SealType.FINANCE: N_("Finance seal"),
    SealType.INVOICE: N_("Invoice seal"),
    SealType.CONTRACT: N_("Contract seal"),
    SealType.LEGAL_REPRESENTATIVE: N_("Legal representative's seal"),
    SealType.OTHER: N_("Other seal"),
}

REGISTER_NAMES: dict[SealType, str] = {
    SealType.UNIT: "单位专用章",
    SealType.FINANCE: "财务专用章",
    SealType.INVOICE: "发票专用章",
    SealType.CONTRACT: "合同专用章",
    SealType.LEGAL_REPRESENTATIVE: "法定代表人名章",
    SealType.OTHER: "印章",
}
"""What a type is called in registers, permits and chips (GA 241.2): data, so always Chinese, whatever the language of the screen."""

ONE_PER_UNIT = frozenset({SealType.UNIT, SealType.LEGAL_REPRESENTATIVE})
"""Types of which a unit may have one valid seal only (design, domain 10)."""


class Carrier(StrEnum):
    """What a seal is made as: 物理印章, 芯片印章 or 物电印章."""

    PHYSICAL = "physical"
    CHIP = "chip"
    HYBRID = "hybrid"

    @property
    def has_chip(self) -> bool:
        """Whether a chip has to be burned and signed."""
        return self is not Carrier.PHYSICAL

    @property
    def has_face(self) -> bool:
        """Whether a face has to be engraved. A chip seal of the trade is a physical shell with a chip (manual, 芯片印章)."""
        return True


CARRIER_TITLES: dict[Carrier, str] = {
    Carrier.PHYSICAL: N_("Physical seal"),
    Carrier.CHIP: N_("Chip seal"),
    Carrier.HYBRID: N_("Hybrid seal"),
}


class SealStatus(StrEnum):
    """印章状态, GA: what the register and the chip say of a seal."""

    APPROVED = "1"
    ACCEPTED = "2"
    MADE = "3"
    DELIVERED = "4"
    SCRAPPED = "5"
    SURRENDERED = "6"
    REPORTED_LOST = "7"


REGISTERED = "seal.registered"
APPROVED = "seal.approved"
ACCEPTED = "seal.accepted"
BURNING = "seal.burning"
MADE = "seal.made"
SIGNED = "seal.signed"
DELIVERED = "seal.delivered"
CANCELLED = "seal.cancelled"

SEAL_MACHINE = Machine(
    "seal",
    initial=REGISTERED,
    states=(
        State(REGISTERED, N_("Registered")),
        State(APPROVED, N_("Approved")),
        State(ACCEPTED, N_("Waiting for production")),
        State(BURNING, N_("Chip being burned")),
        State(MADE, N_("Made")),
        State(SIGNED, N_("Signed")),
        State(DELIVERED, N_("Delivered"), final=True),
        State(CANCELLED, N_("Cancelled"), final=True),
    ),
    transitions=(
        Transition("ReceivePermit", REGISTERED, APPROVED),
        Transition("AcceptOrder", APPROVED, ACCEPTED),
        Transition("AcceptOrderWithoutPermit", REGISTERED, ACCEPTED),
        Transition("CancelOrder", REGISTERED, CANCELLED),
        Transition("MarkSealMade", ACCEPTED, MADE),
        Transition("BeginBurning", ACCEPTED, BURNING),
        Transition("SpoilChip", BURNING, ACCEPTED),
        Transition("FinishBurning", BURNING, MADE),
        Transition("FinishSignature", MADE, SIGNED),
        Transition("DeliverSeal", MADE, DELIVERED),
        Transition("DeliverSignedSeal", SIGNED, DELIVERED),
    ),
)


@dataclass(frozen=True, slots=True)
class Product:
    """A 品种: what a seal is made as and from, or goods such as ink. Prices are whole fen."""

    id: str
    title: str
    is_seal: bool
    carrier: Carrier
    material: str
    price_fen: int


PRODUCTS = (
    Product("seal.photosensitive", N_("Photosensitive seal"), True, Carrier.PHYSICAL, "photosensitive", 12000),
    Product("seal.self_inking", N_("Self-inking seal"), True, Carrier.PHYSICAL, "laser_rubber", 15000),
    Product("seal.copper", N_("Copper seal"), True, Carrier.PHYSICAL, "copper", 38000),
    Product("seal.horn", N_("Horn seal"), True, Carrier.PHYSICAL, "horn", 26000),
    Product("seal.chip", N_("Chip seal"), True, Carrier.CHIP, "copper", 98000),
    Product("goods.ink_red", N_("Red ink, 10 ml"), False, Carrier.PHYSICAL, "", 1500),
    Product("goods.ink_pad", N_("Ink pad"), False, Carrier.PHYSICAL, "", 2500),
)
"""The products of a new installation; a shop's own come with the products stage.

Prices are examples of trade practice (design, domain 8.1).
"""


def product(product_id: str) -> Product:
    """The product of that id.

    Raises:
        KeyError: there is none.
    """
    for candidate in PRODUCTS:
        if candidate.id == product_id:
            return candidate
    raise KeyError(product_id)
