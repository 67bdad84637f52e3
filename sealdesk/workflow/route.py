"""The places where an order moves because its seals did; shared by the stages that move seals."""

from __future__ import annotations

from sealdesk.domain import orders, seals
from sealdesk.domain.seals import Carrier
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.workflow.uow import UnitOfWork


def ready_for_hand_over(seal: SealRow) -> bool:
    """Whether nothing is left to do before the seal is handed over: made, and with a chip also signed."""
    if Carrier(seal.carrier).has_chip:
        return seal.state in (seals.SIGNED, seals.DELIVERED)
    return seal.state in (seals.MADE, seals.DELIVERED)


def complete_production(uow: UnitOfWork, order: OrderRow) -> None:
    """Move the order on once all its seals are ready for hand-over."""
    if order.state == orders.ACCEPTED and all(ready_for_hand_over(seal) for seal in order.seals):
        uow.move_order(order, "CompleteProduction")
