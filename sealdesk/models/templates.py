"""Which of the system's templates the shop uses, and the templates it made itself with all their versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sealdesk.models.base import Base, Moment


class ChosenTemplateRow(Base):
    """What the shop decided about a template of the system; one without a row is as it comes with the program."""

    __tablename__ = "chosen_templates"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    chosen: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(36))


class LocalTemplateRow(Base):
    """One version of a template of the shop; a row is never changed but for its retirement.

    `content` are the canonical characters of its `.stp` file, `digest` their SM3; `file_name` is empty for what the editor saved.
    """

    __tablename__ = "local_templates"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(80))
    seal_type: Mapped[str] = mapped_column(String(2), index=True)
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(160), default="")
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(String(36))
    retired_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
