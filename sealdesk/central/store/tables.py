"""The tables of the platform. Times are text as `core.clock.stamp` writes it; text sorts as time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Base of every table of the platform."""


class MetaRow(Base):
    """A fact of the platform by name: its name, its epoch, counters of numbers."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class ShopRow(Base):
    """A shop (刻制单位) that may enrol."""

    __tablename__ = "shops"

    code: Mapped[str] = mapped_column(String(19), primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    area_code: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(String(400), default="")
    licence: Mapped[str] = mapped_column(String(400), default="")


class InstallationRow(Base):
    """An enrolled installation; of its token only the SHA-256 is kept."""

    __tablename__ = "installations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop_code: Mapped[str] = mapped_column(ForeignKey("shops.code"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_name: Mapped[str] = mapped_column(String(160))
    fingerprint: Mapped[str] = mapped_column(String(64))
    enrolled_at: Mapped[str] = mapped_column(String(24))
    closed_at: Mapped[str] = mapped_column(String(24), default="")


class ChallengeRow(Base):
    """A challenge that was given out and not used yet."""

    __tablename__ = "challenges"

    challenge: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[str] = mapped_column(String(24), index=True)


class KeyRow(Base):
    """A maker's key that speaks for a person of a shop."""

    __tablename__ = "bound_keys"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    shop_code: Mapped[str] = mapped_column(ForeignKey("shops.code"), index=True)
    subject: Mapped[str] = mapped_column(String(36))
    user_name: Mapped[str] = mapped_column(String(160))
    display_name: Mapped[str] = mapped_column(String(160))
    bound_at: Mapped[str] = mapped_column(String(24))


class CommandRow(Base):
    """A command that was answered. Kept for ever: it is the audit log, and the answer is replayed for the same key."""

    __tablename__ = "commands"

    shop_code: Mapped[str] = mapped_column(String(19), primary_key=True)
    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    installation: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(36), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(JSON)
    answered_at: Mapped[str] = mapped_column(String(24))


class OrderRow(Base):
    """A registration and what became of it. `rev` grows by one with every command applied and every review."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shop_code: Mapped[str] = mapped_column(ForeignKey("shops.code"), index=True)
    number: Mapped[str] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(30), index=True)
    rev: Mapped[int] = mapped_column(Integer)
    unit_name: Mapped[str] = mapped_column(String(160), index=True)
    unit_code: Mapped[str] = mapped_column(String(12), default="")
    registration: Mapped[Any] = mapped_column(JSON)
    permit_number: Mapped[str] = mapped_column(String(20), default="", index=True)
    permit: Mapped[str] = mapped_column(Text, default="")
    countersignature: Mapped[str] = mapped_column(Text, default="")
    acceptance: Mapped[Any] = mapped_column(JSON, nullable=True)
    delivery: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[str] = mapped_column(String(24))
    updated_at: Mapped[str] = mapped_column(String(24))

    seals: Mapped[list[SealRow]] = relationship(
        back_populates="order", order_by="SealRow.position", cascade="all, delete-orphan", lazy="selectin"
    )


class SealRow(Base):
    """A seal of an order. `unit_key` names its unit wherever it was registered."""

    __tablename__ = "seals"
    __table_args__ = (Index("ix_seals_unit", "unit_key", "seal_type"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(30))
    seal_type: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(160))
    reason: Mapped[str] = mapped_column(String(20))
    carrier: Mapped[str] = mapped_column(String(10))
    unit_key: Mapped[str] = mapped_column(String(64))
    seal_code: Mapped[str | None] = mapped_column(String(19), nullable=True, unique=True)
    chip_serial: Mapped[str] = mapped_column(String(160), default="")
    made: Mapped[Any] = mapped_column(JSON, nullable=True)
    record: Mapped[str] = mapped_column(Text, default="")

    order: Mapped[OrderRow] = relationship(back_populates="seals")


class CertificateRow(Base):
    """A certificate that the authority issued. `purpose` is "maker" or "chip"; `closed_at` is when it was revoked, or empty."""

    __tablename__ = "certificates"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    serial: Mapped[str] = mapped_column(String(40), unique=True)
    purpose: Mapped[str] = mapped_column(String(10))
    shop_code: Mapped[str] = mapped_column(ForeignKey("shops.code"), index=True)
    seal_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    chip_serial: Mapped[str] = mapped_column(String(160), default="", index=True)
    point: Mapped[str] = mapped_column(String(130))
    der: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[str] = mapped_column(String(24))
    closed_at: Mapped[str] = mapped_column(String(24), default="")
    reason: Mapped[str] = mapped_column(String(40), default="")


class ChangeRow(Base):
    """A line of the feed. `seq` is given under a lock that is held until the commit, so that nobody can read past a line still to come."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_shop", "shop_code", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    shop_code: Mapped[str] = mapped_column(String(19))
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(36))
    rev: Mapped[int] = mapped_column(Integer)
    body: Mapped[Any] = mapped_column(JSON)
    made_at: Mapped[str] = mapped_column(String(24))


class UploadRow(Base):
    """An announced file of a shop. `committed` bytes of it are surely on the disk."""

    __tablename__ = "uploads"

    shop_code: Mapped[str] = mapped_column(ForeignKey("shops.code"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(160))
    committed: Mapped[int] = mapped_column(Integer)
    complete: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[str] = mapped_column(String(24))


class AuditHeadRow(Base):
    """A signed head of an installation's audit trail, kept for ever."""

    __tablename__ = "audit_heads"

    installation: Mapped[str] = mapped_column(ForeignKey("installations.id"), primary_key=True)
    count: Mapped[int] = mapped_column(Integer, primary_key=True)
    head: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[str] = mapped_column(String(24), index=True)
    kept_at: Mapped[str] = mapped_column(String(24))


class ReviewRow(Base):
    """A decision of a reviewer."""

    __tablename__ = "reviews"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    rev: Mapped[int] = mapped_column(Integer)
    decision: Mapped[str] = mapped_column(String(10))
    reviewer: Mapped[str] = mapped_column(String(160))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[str] = mapped_column(String(24))
