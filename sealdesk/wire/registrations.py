"""Registrations: what a desk submits for approval, and how the platform answers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sealdesk.wire.message import Code, Digest, Id, Message, Name, Text


class PersonBody(Message):
    """A person with one document."""

    name: Name
    document_kind: Name
    document_number: Name
    phone: Text


class UnitBody(Message):
    """A unit as it is registered."""

    name: Name
    name_minority: Text = ""
    name_english: Text = ""
    kind: Literal["01", "02", "03", "04", "05", "99"]
    uscc: Code
    registration_number: Code
    area_code: Code
    address: Text
    phone: Text
    principal: PersonBody


class SealBody(Message):
    """A seal to be approved, with its face as typed and as laid out (without code and cuts, which the platform gives)."""

    id: Id
    seal_type: Literal["01", "02", "03", "04", "05", "99"]
    name: Name
    reason: Literal["new", "replacement", "lost", "remade"]
    carrier: Literal["physical", "chip", "hybrid"]
    product: Name
    material: Text
    template: Name
    face_fields: dict[str, str] = Field(max_length=40)
    face_spec: dict[str, Any]
    width_mm: float = Field(gt=0, le=100)
    height_mm: float = Field(gt=0, le=100)


class ProofBody(Message):
    """A proof document; its file is uploaded on its own and named by the SHA-256 of its content."""

    kind: Literal["unit_certificate", "principal_id", "handler_id", "power_of_attorney", "other"]
    attachment: Digest
    file_name: Name
    media_type: Name
    size: int = Field(gt=0, le=20_000_000)


class SubmitRegistration(Message):
    """Command `registration.submit`; subject is the order."""

    number: Name
    unit: UnitBody
    handler: PersonBody
    seals: list[SealBody] = Field(min_length=1, max_length=50)
    proofs: list[ProofBody] = Field(max_length=50)


class RegistrationReturned(Message):
    """Change `registration.returned`: sent back (打回) with a reason."""

    reason: str = Field(min_length=1, max_length=2000)
    reviewer: Name
