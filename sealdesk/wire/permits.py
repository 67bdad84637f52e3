"""Permits: the content that the authority signs, and the shop's countersignature."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sealdesk.wire.message import Code, Date, Id, Message, Moment, Name, Record, Text

PERMIT_TYPE: Literal["sealdesk.permit.1"] = "sealdesk.permit.1"
COUNTERSIGNATURE_TYPE: Literal["sealdesk.countersignature.1"] = "sealdesk.countersignature.1"


class PartyBody(Message):
    """An office or a shop with its code."""

    code: Code
    name: Name


class CutBody(Message):
    """An anti-forgery cut: a straight line across the face, millimetres from its top left."""

    x1_mm: float = Field(ge=-1, le=101)
    y1_mm: float = Field(ge=-1, le=101)
    x2_mm: float = Field(ge=-1, le=101)
    y2_mm: float = Field(ge=-1, le=101)
    width_mm: float = Field(gt=0, le=2)


class PermittedSealBody(Message):
    """A seal as it was approved: 规格、式样、文字 and its code."""

    id: Id
    seal_type: Literal["01", "02", "03", "04", "05", "99"]
    name: Name
    template: Name
    face_fields: dict[str, str] = Field(max_length=40)
    width_mm: float = Field(gt=0, le=100)
    height_mm: float = Field(gt=0, le=100)
    seal_code: str = Field(pattern=r"^[0-9]{3,19}$")
    cuts: list[CutBody] = Field(max_length=100)


class PermitContent(Message):
    """What a permit says; the canonical JSON of this is what the authority's SM2 key signs."""

    type: Literal["sealdesk.permit.1"] = PERMIT_TYPE
    number: str = Field(pattern=r"^[0-9]{4,20}$")
    order: Id
    issuer: PartyBody
    shop: PartyBody
    unit: PartyBody
    uscc: Code
    handler: Name
    handler_document: Name
    issued_on: Date
    valid_until: Date
    signed_at: Moment
    seals: list[PermittedSealBody] = Field(min_length=1, max_length=50)


class PermitIssued(Message):
    """Change `permit.issued`; subject is the order. `record` is a signed record of `PermitContent`."""

    record: Record


class CountersignatureContent(Message):
    """What the shop signs when it takes a permit (签收证明). `permit_digest` is the SM3 of the permit's content bytes."""

    type: Literal["sealdesk.countersignature.1"] = COUNTERSIGNATURE_TYPE
    permit: str = Field(pattern=r"^[0-9]{4,20}$")
    permit_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    order: Id
    shop: PartyBody
    operator: Name
    signed_at: Moment


class CountersignPermit(Message):
    """Command `permit.countersign`; subject is the order. `record` is a signed record of `CountersignatureContent`."""

    record: Record


class AcceptOrder(Message):
    """Command `order.accept`; subject is the order."""

    accepted_at: Moment
    operator: Name
    note: Text = ""
