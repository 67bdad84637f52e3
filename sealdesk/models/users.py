"""Operators and the USB keys bound to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sealdesk.models.base import Base, Json, Moment


class UserRow(Base):
    """An operator. `permissions` is a list of names; `shop_name` is what he types as 加盟商名 and defaults to his user name."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    shop_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))
    permissions: Mapped[Any] = mapped_column(Json)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)

    keys: Mapped[list[UserKeyRow]] = relationship(back_populates="user", cascade="all, delete-orphan", passive_deletes=True)


class UserKeyRow(Base):
    """A USB key bound to an operator, by its certificate."""

    __tablename__ = "user_keys"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    serial: Mapped[str] = mapped_column(String(64))
    certificate: Mapped[str] = mapped_column(Text)
    bound_at: Mapped[datetime] = mapped_column(Moment)

    user: Mapped[UserRow] = relationship(back_populates="keys")
