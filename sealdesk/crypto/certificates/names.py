"""Distinguished names: the few attributes this trade uses, as a value; no general directory names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asn1crypto import x509


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a certificate is about; an empty attribute is left out.

    Attributes:
        common_name: the person, the seal or the authority.
        organization: the unit's full name.
        organizational_unit: the department or purpose.
        serial_number: the attribute of that name (2.5.4.5): a seal code, an operator's number; ASCII letters, digits and ' ()+,-./:=?.
        province, locality: where the unit is.
        country: two letters.
    """

    common_name: str
    organization: str = ""
    organizational_unit: str = ""
    serial_number: str = ""
    province: str = ""
    locality: str = ""
    country: str = "CN"

    def to_name(self) -> x509.Name:
        """The ASN.1 name, in asn1crypto's fixed order (serial number and country first, common name last).

        Raises:
            ValueError: the common name is empty, or the country is not two letters.
        """
        if not self.common_name:
            raise ValueError("a subject has a common name")
        if self.country and not (len(self.country) == 2 and self.country.isascii() and self.country.isalpha()):
            raise ValueError("a country is two letters")
        attributes = {
            "country_name": self.country,
            "state_or_province_name": self.province,
            "locality_name": self.locality,
            "organization_name": self.organization,
            "organizational_unit_name": self.organizational_unit,
            "common_name": self.common_name,
            "serial_number": self.serial_number,
        }
        return x509.Name.build({kind: text for kind, text in attributes.items() if text})

    @classmethod
    def from_name(cls, name: Any) -> Subject:
        """The known attributes of an ASN.1 name; of a repeated one the last, most particular one."""
        found: dict[str, str] = {}
        for relative in name.chosen:
            for attribute in relative:
                value = attribute["value"].native
                if isinstance(value, str):
                    found[attribute["type"].native] = value
        return cls(
            common_name=found.get("common_name", ""),
            organization=found.get("organization_name", ""),
            organizational_unit=found.get("organizational_unit_name", ""),
            serial_number=found.get("serial_number", ""),
            province=found.get("state_or_province_name", ""),
            locality=found.get("locality_name", ""),
            country=found.get("country_name", ""),
        )
