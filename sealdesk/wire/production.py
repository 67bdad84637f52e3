"""Production: certificates for chips, what was made, what was signed, what was handed over."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sealdesk.wire.message import Base64, Id, Message, Moment, Name, Record

QUERY_TYPE: Literal["sealdesk.query.1"] = "sealdesk.query.1"
DELIVERY_TYPE: Literal["sealdesk.delivery.1"] = "sealdesk.delivery.1"


class RequestCertificate(Message):
    """Command `certificate.request`; subject is the order. `request` is a PKCS#10 signed by the chip's own key."""

    seal: Id
    seal_code: str = Field(pattern=r"^[0-9]{3,19}$")
    chip_serial: Name
    request: Base64


class CertificateIssued(Message):
    """Change `certificate.issued`; subject is the order.

    `certificates` is the leaf first, then up to but without the root, DER in base64.
    """

    seal: Id
    certificates: list[Base64] = Field(min_length=1, max_length=4)


class SealMade(Message):
    """Command `seal.made`; subject is the order. `chip_serial` is empty for a seal without chip."""

    seal: Id
    seal_code: str = Field(pattern=r"^[0-9]{0,19}$")
    chip_serial: str = Field(max_length=64)
    made_at: Moment
    operator: Name


class QueryContent(Message):
    """The signed query information (查询信息); `values` are the fields of the standard by their names."""

    type: Literal["sealdesk.query.1"] = QUERY_TYPE
    order: Id
    seal: Id
    chip_serial: Name
    values: dict[str, str] = Field(max_length=60)
    signed_at: Moment


class SealSigned(Message):
    """Command `seal.signed`; `record` is a signed record of `QueryContent`, as burned and read back."""

    seal: Id
    record: Record


class DeliveryContent(Message):
    """What the maker signs at hand-over. The collector's document number is not repeated here; its SM3 is.

    `seals` is empty where goods alone are handed over, of which the platform is not told.
    """

    type: Literal["sealdesk.delivery.1"] = DELIVERY_TYPE
    number: Name
    order: Id
    unit: Name
    seals: list[str] = Field(max_length=50)
    collector: Name
    collector_document_kind: Name
    collector_document_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    operator: Name
    signed_at: Moment


class OrderDelivered(Message):
    """Command `order.delivered`; `record` is a signed record of `DeliveryContent`."""

    seals: list[Id] = Field(min_length=1, max_length=50)
    record: Record
