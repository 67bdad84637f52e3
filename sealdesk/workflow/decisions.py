"""What a person decides about messages that the platform refused and changes that could not be applied. Commands like all others.

`EXCHANGE` is handed to the bus beside the stages; it has no tab of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.domain.events import Touched
from sealdesk.domain.orders import ORDER_MACHINE
from sealdesk.models.orders import OrderRow
from sealdesk.models.outbox import OutboxRow
from sealdesk.workflow import outbox
from sealdesk.workflow.commands import Handling, Stage
from sealdesk.workflow.uow import MissingError, UnitOfWork

DECIDE = Permission("exchange.decide", N_("Decide about refused messages"))


@dataclass(frozen=True, slots=True)
class ResendMessage:
    """Send a refused message once more, as it is, under a new key. `subject` is the order's id."""

    seq: int
    subject: str


@dataclass(frozen=True, slots=True)
class DropMessage:
    """Give a refused message up. A refused submission becomes a returned order, which can be edited."""

    seq: int
    subject: str


@dataclass(frozen=True, slots=True)
class DropChange:
    """Leave a change of the platform aside for good."""

    seq: int
    subject: str


def resend_message(command: ResendMessage, uow: UnitOfWork) -> None:
    """Put the message back among those that wait.

    Raises:
        MissingError: it is not parked any more.
    """
    if not outbox.resend(uow.session, command.seq, str(uuid4())):
        raise MissingError(what="message", id=str(command.seq))
    uow.touched |= Touched.OUTBOX


def drop_message(command: DropMessage, uow: UnitOfWork) -> None:
    """Take the message out of the way of its order's later ones.

    Raises:
        MissingError: it is not parked any more.
    """
    row = uow.session.get(OutboxRow, command.seq)
    if row is None or not outbox.drop(uow.session, command.seq, uow.now):
        raise MissingError(what="message", id=str(command.seq))
    order = uow.session.get(OrderRow, row.subject)
    if row.kind == "registration.submit" and order is not None and ORDER_MACHINE.allows("ReturnOrder", order.state):
        uow.move_order(order, "ReturnOrder")
        order.return_reason = row.reason
    uow.touched |= Touched.OUTBOX


def drop_change(command: DropChange, uow: UnitOfWork) -> None:
    """Settle a change without applying it; its revision counts as known.

    Raises:
        MissingError: it is not aside any more.
    """
    change = outbox.change_aside(uow.session, command.seq)
    if change is None:
        raise MissingError(what="change", id=str(command.seq))
    outbox.forget_aside(uow.session, change)
    uow.touched |= Touched.OUTBOX


EXCHANGE = Stage(
    name="exchange",
    title=N_("Exchange with the platform"),
    permissions=(DECIDE,),
    handlings=(
        Handling(ResendMessage, DECIDE.name, resend_message, lambda c: c.subject, N_("{actor} sent a refused message again")),
        Handling(DropMessage, DECIDE.name, drop_message, lambda c: c.subject, N_("{actor} gave up a message that the platform refused")),
        Handling(DropChange, DECIDE.name, drop_change, lambda c: c.subject, N_("{actor} left a change of the platform aside")),
    ),
)
