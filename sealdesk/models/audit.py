"""The audit trail: one row per command, chained by hash; triggers refuse to change or delete a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from sealdesk.models.base import Base, Json, Moment


class AuditRow(Base):
    """One command that was carried out (`result` "done") or refused ("refused", with the error's code)."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[str] = mapped_column(String(36))
    actor_name: Mapped[str] = mapped_column(String(60))
    command: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[Any] = mapped_column(Json)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    before: Mapped[str] = mapped_column(String(40), default="")
    after: Mapped[str] = mapped_column(String(40), default="")
    result: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(60), default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
