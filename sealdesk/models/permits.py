"""Permits as they were received, with their countersignature."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sealdesk.models.base import Base, Moment


class PermitRow(Base):
    """A permit. `record` is the platform's signed record, never changed; `countersignature` is ours over its content."""

    __tablename__ = "permits"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), unique=True)
    record: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Moment)
    countersignature: Mapped[str] = mapped_column(Text, default="")
    countersigned_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    countersigned_by: Mapped[str] = mapped_column(String(36), default="")
