"""Units and the people written into orders. A person's data are copied into each order: an order says what was true when it was made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, composite, mapped_column

from sealdesk.domain.units import Person, Unit
from sealdesk.models.base import Base, Moment


class UnitRow(Base):
    """A unit (用章单位), found again by its full name."""

    __tablename__ = "units"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(17), default="")
    name: Mapped[str] = mapped_column(String(120), unique=True)
    name_minority: Mapped[str] = mapped_column(String(120), default="")
    name_english: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(2))
    uscc: Mapped[str] = mapped_column(String(18), default="", index=True)
    registration_number: Mapped[str] = mapped_column(String(15), default="")
    area_code: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(30), default="")
    principal: Mapped[Person] = composite(
        mapped_column("principal_name", String(60)),
        mapped_column("principal_document_kind", String(30)),
        mapped_column("principal_document_number", String(30)),
        mapped_column("principal_phone", String(30)),
    )
    updated_at: Mapped[datetime] = mapped_column(Moment)

    def value(self) -> Unit:
        """The unit as a value that may leave the data lane."""
        return Unit(
            name=self.name,
            kind=self.kind,
            uscc=self.uscc,
            registration_number=self.registration_number,
            area_code=self.area_code,
            address=self.address,
            phone=self.phone,
            principal=self.principal,
            name_minority=self.name_minority,
            name_english=self.name_english,
        )

    def take(self, unit: Unit, at: datetime) -> None:
        """Write the value into the row."""
        self.name = unit.name
        self.kind = unit.kind
        self.uscc = unit.uscc
        self.registration_number = unit.registration_number
        self.area_code = unit.area_code
        self.address = unit.address
        self.phone = unit.phone
        self.principal = unit.principal
        self.name_minority = unit.name_minority
        self.name_english = unit.name_english
        self.updated_at = at
