"""What waits to reach the platform, and how far we have read what it tells us."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sealdesk.models.base import Base, Json, Moment

WAITING = "waiting"
PARKED = "parked"
DONE = "done"


class OutboxRow(Base):
    """One message to the platform; `key` is its idempotency key, made in the transaction of the change itself.

    `state` is "waiting", "parked" (the platform refused it: a person decides; it holds back its own subject only) or "done".
    """

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    body: Mapped[Any] = mapped_column(Json)
    attachments: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)


class FactRow(Base):
    """A single fact of this installation by name: cursor, epoch, shop, root certificate, platform address."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
