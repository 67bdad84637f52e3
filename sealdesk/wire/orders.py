"""What the platform knows of an order, for comparing both sides: `GET /v1/orders/{id}`."""

from __future__ import annotations

from pydantic import Field

from sealdesk.wire.message import Id, Message, Name, Text


class SealFacts(Message):
    """A seal as the platform knows it. `state` is one of registered, approved, accepted, made, signed, delivered."""

    id: Id
    name: Name
    state: Name
    seal_code: Text
    chip_serial: Text


class OrderFacts(Message):
    """An order as the platform knows it. `state` is one of submitted, returned, permitted, countersigned, accepted, produced, delivered."""

    id: Id
    number: Name
    unit: Name
    state: Name
    permit: Text
    rev: int = Field(ge=0)
    seals: list[SealFacts]
