"""A command on its way through the platform: who sent it, what it is about, and what its handler may use."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from sealdesk.central.errors import Refused
from sealdesk.central.platform import Platform, revoked_entries
from sealdesk.central.route import NOTHING, ROUTE
from sealdesk.central.store import OrderRow, SealRow, ShopRow, Work
from sealdesk.core.clock import stamp
from sealdesk.core.errors import SealdeskError
from sealdesk.crypto.certificates import Certificate, verify_chain
from sealdesk.crypto.records import SignedRecord, open_record
from sealdesk.wire import errors as codes
from sealdesk.wire.message import Message
from sealdesk.wire.roles import MAKER

SIGNING = frozenset({"digital_signature"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who speaks: an enrolled installation of a shop."""

    installation: str
    shop_code: str


@dataclass(slots=True)
class Case:
    """One command inside its transaction. `order` is None while nothing of that id was registered."""

    platform: Platform
    work: Work
    who: Identity
    shop: ShopRow
    subject: str
    order: OrderRow | None
    now: datetime
    published: list[tuple[str, Message]] = field(default_factory=list)

    @property
    def at(self) -> str:
        """Now, as it is stored."""
        return stamp(self.now)

    def publish(self, kind: str, body: Message) -> None:
        """Tell the shop something about this order once the command is applied; it is a fact of its own with a revision of its own."""
        self.published.append((kind, body))

    def known_order(self) -> OrderRow:
        """The order.

        Raises:
            Refused: this shop registered no such order.
        """
        if self.order is None:
            raise Refused(codes.UNKNOWN_SUBJECT)
        return self.order

    def move(self, command: str) -> None:
        """Take the order along the table.

        Raises:
            Refused: the table has no such step from here.
        """
        order = self.known_order()
        self.require(command)
        order.state = ROUTE.after(command, order.state)
        order.updated_at = self.at

    def require(self, command: str) -> None:
        """Refuse unless the table allows `command` now.

        Raises:
            Refused: it does not.
        """
        state = NOTHING if self.order is None else self.order.state
        if not ROUTE.allows(command, state):
            raise Refused(codes.WRONG_STATE, state=state, command=command)

    def seal(self, seal_id: str, state: str) -> SealRow:
        """A seal of the order that is in `state`.

        Raises:
            Refused: no such seal in this order, or in another state.
        """
        for seal in self.known_order().seals:
            if seal.id == seal_id:
                if seal.state != state:
                    raise Refused(codes.WRONG_STATE, state=seal.state, seal=seal.name)
                return seal
        raise Refused(codes.UNKNOWN_SUBJECT, seal=seal_id)

    def maker(self, certificate: Certificate) -> None:
        """Make sure that a certificate speaks for this shop.

        Raises:
            Refused: it is not a maker's, or another shop's.
        """
        if MAKER not in certificate.extended_key_usage:
            raise Refused(codes.BAD_SIGNATURE, reason="role")
        if certificate.serial_number != self.shop.code:
            raise Refused(codes.BAD_SIGNATURE, reason="shop")

    def chain(self, certificate: Certificate) -> None:
        """Make sure that a certificate is ours and in order now.

        Raises:
            Refused: it is not.
        """
        authority = self.platform.authority
        try:
            lists = (authority.revocation_list(revoked_entries(self.work), 0, self.now),)
            verify_chain(certificate, (authority.intermediate,), (authority.root,), self.now, SIGNING, lists)
        except SealdeskError as error:
            raise Refused(codes.BAD_SIGNATURE, reason=error.code) from error

    def record(self, text: str, content: type[Message]) -> Any:
        """What a record says that a maker of this shop signed, as its message.

        Raises:
            Refused: it cannot be read, is forged, or is signed by somebody who may not.
        """
        authority = self.platform.authority
        try:
            signed = SignedRecord.from_json(text)
            lists = (authority.revocation_list(revoked_entries(self.work), 0, self.now),)
            verified = open_record(signed, (authority.root,), self.now, SIGNING, lists)
            values = content.model_validate_json(signed.content)
        except SealdeskError as error:
            raise Refused(codes.BAD_SIGNATURE, reason=error.code) from error
        except ValidationError as error:
            raise Refused(codes.BAD_SIGNATURE, reason="content") from error
        self.maker(verified.signer)
        return values


def decoded(text: str) -> bytes:
    """The bytes of base64 in a message.

    Raises:
        ValueError: it is not base64.
    """
    return base64.b64decode(text, validate=True)
