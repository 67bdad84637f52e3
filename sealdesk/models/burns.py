"""Burnings of chips: intent first, then what was read back. One open burning per seal, one seal per chip."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from sealdesk.models.base import Base, Json, Moment


class BurnRow(Base):
    """A burning of one chip for one seal. `steps` maps a step's name to {"intent": time, "done": time, …facts read back}."""

    __tablename__ = "burns"
    __table_args__ = (
        Index("uq_burns_seal_live", "seal_id", unique=True, sqlite_where=text("state <> 'spoiled'")),
        Index("uq_burns_chip_live", "chip_serial", unique=True, sqlite_where=text("state <> 'spoiled'")),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    seal_id: Mapped[str] = mapped_column(ForeignKey("seals.id"), index=True)
    chip_serial: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    steps: Mapped[Any] = mapped_column(Json)
    public_point: Mapped[str] = mapped_column(String(130), default="")
    certificates: Mapped[Any] = mapped_column(Json, nullable=True)
    sealed_pin: Mapped[str] = mapped_column("card_pin", String(32), default="")
    """See `models.card_pins`, which alone reads and writes it."""
    spoiled_reason: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    started_by: Mapped[str] = mapped_column(String(36))
    finished_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
