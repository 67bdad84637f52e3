"""Invented people and a shop of one town, and the permit its police unit would issue; shared by the counters of several folders."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sealdesk.central.authority import Authority
from sealdesk.core.clock import stamp
from sealdesk.domain.orders import ProofKind
from sealdesk.domain.units import Person, Unit
from sealdesk.models.orders import OrderRow
from sealdesk.wire.enrolment import Authority as AuthorityMessage
from sealdesk.wire.enrolment import Shop

SHOP = Shop(code="220681000007", name="临江市精工印章有限公司", area_code="220681", address="江湾路 8 号")
PRINCIPAL = Person("沈云帆", "resident_id", "220699198405129171", "19900000001")
HANDLER = Person("林知夏", "resident_id", "220699199309089282", "19900000002")
UNIT = Unit(
    name="临江市云帆文化传播有限公司",
    kind="02",
    uscc="91220699MA0YB0016Y",
    registration_number="",
    area_code="220681",
    address="吉林省临江市江湾路 66 号 3 层 301 室",
    phone="0439-5550066",
    principal=PRINCIPAL,
)
THREE_PAPERS = (ProofKind.UNIT_CERTIFICATE, ProofKind.PRINCIPAL_ID, ProofKind.HANDLER_ID)
TWO_CUTS = (
    {"x1_mm": 0.5, "y1_mm": 16.0, "x2_mm": 5.0, "y2_mm": 18.5, "width_mm": 0.25},
    {"x1_mm": 33.0, "y1_mm": 27.0, "x2_mm": 38.5, "y2_mm": 25.0, "width_mm": 0.25},
)


def permit_content(order: OrderRow, numbers: Iterator[int], at: datetime, cuts: Sequence[dict[str, float]] = TWO_CUTS) -> dict[str, Any]:
    """The permit that fits a registration exactly; `numbers` gives those of the permit and of the seals' codes."""
    assert order.unit is not None
    return {
        "type": "sealdesk.permit.1",
        "number": f"2026{next(numbers):06d}",
        "order": order.id,
        "issuer": {"code": "220681000000", "name": "临江市公安局"},
        "shop": {"code": SHOP.code, "name": SHOP.name},
        "unit": {"code": "220681000123", "name": order.unit_name},
        "uscc": order.unit.uscc,
        "handler": order.handler.name,
        "handler_document": order.handler.document_number,
        "issued_on": "2026-11-23",
        "valid_until": "2026-12-23",
        "signed_at": stamp(at),
        "seals": [
            {
                "id": row.id,
                "seal_type": row.seal_type,
                "name": row.name,
                "template": row.template,
                "face_fields": dict(row.face_fields),
                "width_mm": row.width_mm,
                "height_mm": row.height_mm,
                "seal_code": f"220681{next(numbers):07d}",
                "cuts": [dict(cut) for cut in cuts],
            }
            for row in order.seals
            if row.seal_type != "99"
        ],
    }


def authority_message(authority: Authority) -> AuthorityMessage:
    """The authority as the platform tells it."""
    return AuthorityMessage(
        name="示例平台",
        root=base64.b64encode(authority.root.der).decode(),
        intermediates=[base64.b64encode(authority.intermediate.der).decode()],
        revocations=[],
    )
