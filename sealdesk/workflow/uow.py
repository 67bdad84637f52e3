"""The unit of work: one transaction of the local store, with what a handler may do inside it.

A handler changes rows, moves states through the machines, and leaves messages for the platform; it never commits, never writes audit
records, and never talks to a device or the network.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Actor
from sealdesk.domain.events import Touched
from sealdesk.domain.orders import ORDER_MACHINE
from sealdesk.domain.seals import SEAL_MACHINE
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.outbox import WAITING, OutboxRow
from sealdesk.wire.message import Message


class MissingError(UserError):
    """The subject of a command is not in the store."""

    code = "user.missing"
    sentence = N_("This entry is no longer there.")


class UnitOfWork:
    """One transaction on behalf of one actor."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.touched = Touched.NOTHING
        self.before = ""
        self.after = ""

    def order(self, order_id: str) -> OrderRow:
        """The order of that id.

        Raises:
            MissingError: there is none.
        """
        row = self.session.get(OrderRow, order_id)
        if row is None:
            raise MissingError(what="order", id=order_id)
        return row

    def seal(self, seal_id: str) -> SealRow:
        """The seal of that id.

        Raises:
            MissingError: there is none.
        """
        row = self.session.get(SealRow, seal_id)
        if row is None:
            raise MissingError(what="seal", id=seal_id)
        return row

    def move_order(self, order: OrderRow, command: str) -> None:
        """Take the order to the state that the table gives for `command`.

        Raises:
            WrongStateError: the table has no such transition.
        """
        self.before = self.before or order.state
        order.state = self.after = ORDER_MACHINE.after(command, order.state)
        order.updated_at = self.now
        self.touched |= Touched.ORDERS

    def move_seal(self, seal: SealRow, command: str) -> None:
        """Take the seal to the state that the table gives for `command`.

        Raises:
            WrongStateError: the table has no such transition.
        """
        before = seal.state
        seal.state = SEAL_MACHINE.after(command, seal.state)
        if not self.before:
            self.before, self.after = before, seal.state
        self.touched |= Touched.SEALS

    def send(self, kind: str, subject: str, body: Message, attachments: tuple[str, ...] = ()) -> None:
        """Leave a message for the platform; it goes out after the commit, once, whatever happens in between."""
        self.session.add(
            OutboxRow(
                key=str(uuid4()),
                kind=kind,
                subject=subject,
                body=body.model_dump(mode="json"),
                attachments=list(attachments),
                state=WAITING,
                created_at=self.now,
            )
        )
        self.touched |= Touched.OUTBOX
