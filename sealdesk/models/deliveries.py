"""Hand-overs with the signed record and the collector as he showed himself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, composite, mapped_column

from sealdesk.domain.units import Person
from sealdesk.models.base import Base, Json, Moment


class DeliveryRow(Base):
    """A hand-over of an order's seals; `state` is "signed", "done" or "withdrawn". `record` is signed with the maker's key.

    `authorisation` is an attachment or empty.
    """

    __tablename__ = "deliveries"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    collector: Mapped[Person] = composite(
        mapped_column("collector_name", String(60)),
        mapped_column("collector_document_kind", String(30)),
        mapped_column("collector_document_number", String(30)),
        mapped_column("collector_phone", String(30)),
    )
    authorisation: Mapped[str] = mapped_column(String(64), default="")
    seal_ids: Mapped[Any] = mapped_column(Json)
    burned: Mapped[Any] = mapped_column(Json)
    record: Mapped[str] = mapped_column(Text)
    delivered_at: Mapped[datetime] = mapped_column(Moment)
    delivered_by: Mapped[str] = mapped_column(String(36))
