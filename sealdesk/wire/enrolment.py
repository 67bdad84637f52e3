"""Enrolment of an installation, by challenge and signature with the maker's key; and keys bound later."""

from __future__ import annotations

from pydantic import Field

from sealdesk.wire.message import Base64, Code, Digest, Id, Message, Name, Text


class Authority(Message):
    """Answer of `GET /v1/authority`: the platform's name and its certificates (DER, base64), which a person compares with a letter."""

    name: Name
    root: Base64
    intermediates: list[Base64] = Field(max_length=8)
    revocations: list[Base64] = Field(max_length=8)


class Challenge(Message):
    """Answer of `POST /v1/challenges`: 32 random bytes (hexadecimal), good once and for two minutes."""

    challenge: Digest


class Enrol(Message):
    """Body of `POST /v1/enrolments`. The signature (DER, base64) is over `enrolment_message()` with the key of `certificate`."""

    installation: Id
    challenge: Digest
    user: Name
    display_name: Name
    certificate: Base64
    signature: Base64


class Shop(Message):
    """The shop as the platform knows it."""

    code: Code
    name: Name
    area_code: Code
    address: Text
    licence: Text = ""


class Enrolled(Message):
    """Answer of an enrolment. `token` is the installation's bearer token and goes straight into the key store."""

    token: str = Field(min_length=32, max_length=200)
    shop: Shop
    epoch: Id


class BindKey(Message):
    """Command `key.bind`; subject is the user. Tells the platform which key speaks for whom."""

    user: Name
    display_name: Name
    certificate: Base64


def enrolment_message(installation: str, challenge: str, user: str) -> bytes:
    """The bytes that are signed at an enrolment."""
    return f"sealdesk.enrolment.1\n{installation}\n{challenge}\n{user}".encode()
