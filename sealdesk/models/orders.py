"""Orders with their seals, goods and proof documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from sealdesk.domain.units import Person
from sealdesk.models.base import Base, Json, Moment
from sealdesk.models.units import UnitRow


class OrderRow(Base):
    """An order on its route. `draft` holds what was typed while it cannot stand as facts yet; `rev` is the platform's revision of it."""

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_state_updated", "state", "updated_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), index=True)
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    handler: Mapped[Person] = composite(
        mapped_column("handler_name", String(60), default=""),
        mapped_column("handler_document_kind", String(30), default=""),
        mapped_column("handler_document_number", String(30), default=""),
        mapped_column("handler_phone", String(30), default=""),
    )
    draft: Mapped[Any] = mapped_column(Json, nullable=True)
    return_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(36))
    updated_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    due_on: Mapped[str] = mapped_column(String(10), default="")
    rev: Mapped[int] = mapped_column(Integer, default=0)

    unit: Mapped[UnitRow | None] = relationship()
    seals: Mapped[list[SealRow]] = relationship(
        back_populates="order", order_by="SealRow.position", cascade="all, delete-orphan", passive_deletes=True
    )
    goods: Mapped[list[GoodsRow]] = relationship(
        back_populates="order", order_by="GoodsRow.position", cascade="all, delete-orphan", passive_deletes=True
    )
    proofs: Mapped[list[ProofRow]] = relationship(
        back_populates="order", order_by="ProofRow.added_at", cascade="all, delete-orphan", passive_deletes=True
    )


class SealRow(Base):
    """A seal of an order.

    `face_fields` are what was typed, `face_spec` is the face itself once submitted, with code and cuts once approved.
    """

    __tablename__ = "seals"
    __table_args__ = (Index("ix_seals_state_type", "state", "seal_type"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(30))
    seal_type: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(160))
    reason: Mapped[str] = mapped_column(String(20), default="new")
    template: Mapped[str] = mapped_column(String(80))
    face_fields: Mapped[Any] = mapped_column(Json)
    face_spec: Mapped[Any] = mapped_column(Json, nullable=True)
    width_mm: Mapped[float] = mapped_column(Float, default=0.0)
    height_mm: Mapped[float] = mapped_column(Float, default=0.0)
    product_id: Mapped[str] = mapped_column(String(60))
    carrier: Mapped[str] = mapped_column(String(10))
    material: Mapped[str] = mapped_column(String(30), default="")
    price_fen: Mapped[int] = mapped_column(Integer, default=0)
    seal_code: Mapped[str] = mapped_column(String(19), default="", index=True)
    exported_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    made_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    made_by: Mapped[str] = mapped_column(String(36), default="")
    signed_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    signed_record: Mapped[str] = mapped_column(Text, default="")
    delivered_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)

    order: Mapped[OrderRow] = relationship(back_populates="seals")


class GoodsRow(Base):
    """Goods of an order, such as ink."""

    __tablename__ = "goods"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    product_id: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int] = mapped_column(Integer)
    price_fen: Mapped[int] = mapped_column(Integer)

    order: Mapped[OrderRow] = relationship(back_populates="goods")


class ProofRow(Base):
    """A proof document. The file itself is an encrypted attachment named by `attachment_id`, the SHA-256 of its content."""

    __tablename__ = "proofs"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    attachment_id: Mapped[str] = mapped_column(String(64), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(Moment)

    order: Mapped[OrderRow] = relationship(back_populates="proofs")
