"""Units (用章单位) and the people who act for them; what is true of them whoever stores them.

Identifiers are checked in `sealdesk.domain.identifiers`; this module knows only which belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sealdesk.core.i18n import N_


class UnitKind(StrEnum):
    """单位类型, GA 241.2 as two systems of the trade have it (design, domain 2.2)."""

    GOVERNMENT = "01"
    ENTERPRISE = "02"
    INSTITUTION = "03"
    SOCIAL_ORGANISATION = "04"
    PRIVATE_NON_ENTERPRISE = "05"
    OTHER = "99"


UNIT_KIND_TITLES: dict[UnitKind, str] = {
    UnitKind.GOVERNMENT: N_("Party or government body"),
    UnitKind.ENTERPRISE: N_("Enterprise"),
    UnitKind.INSTITUTION: N_("Public institution"),
    UnitKind.SOCIAL_ORGANISATION: N_("Social organisation"),
    UnitKind.PRIVATE_NON_ENTERPRISE: N_("Private non-enterprise unit"),
    UnitKind.OTHER: N_("Other"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A person in charge, a handler or a collector. `document_kind` is a value of `identifiers.DocumentKind`."""

    name: str
    document_kind: str
    document_number: str
    phone: str

    def same_as(self, other: Person) -> bool:
        """Whether both are the same person: name and document agree (a phone number may change)."""
        return (self.name, self.document_kind, self.document_number.upper()) == (
            other.name,
            other.document_kind,
            other.document_number.upper(),
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is registered. `registration_number` is the old 15-digit number of units that have no uscc."""

    name: str
    kind: str
    uscc: str
    registration_number: str
    area_code: str
    address: str
    phone: str
    principal: Person
    name_minority: str = ""
    name_english: str = ""
