"""Numbers that people type from papers, validated at the border: each way of being wrong has its own sentence.

Every `check_…` takes what was typed and gives it back in its one normal form (half-width, upper case, no spaces or hyphens), or raises a
`UserError` whose `field` the caller names. The error never carries the number itself, so it can be logged. Not here: whether a number
was really assigned to somebody; only the authorities know that.
"""

from __future__ import annotations

from sealdesk.domain.identifiers.areas import Area, area, area_name, check_area_code
from sealdesk.domain.identifiers.documents import DOCUMENT_TITLES, DocumentKind, IdentityDocument, check_document
from sealdesk.domain.identifiers.masking import mask_document, mask_phone
from sealdesk.domain.identifiers.organisations import check_registration_number, check_unit_code, check_uscc, compose_unit_code
from sealdesk.domain.identifiers.phones import check_mobile, check_phone
from sealdesk.domain.identifiers.resident import birth_date, check_resident_id
from sealdesk.domain.identifiers.seal_codes import CHIP, GA241, PROFILES, V2018, SealCodeProfile, check_seal_code, compose_seal_code

__all__ = [
    "CHIP",
    "DOCUMENT_TITLES",
    "GA241",
    "PROFILES",
    "V2018",
    "Area",
    "DocumentKind",
    "IdentityDocument",
    "SealCodeProfile",
    "area",
    "area_name",
    "birth_date",
    "check_area_code",
    "check_document",
    "check_mobile",
    "check_phone",
    "check_registration_number",
    "check_resident_id",
    "check_seal_code",
    "check_unit_code",
    "check_uscc",
    "compose_seal_code",
    "compose_unit_code",
    "mask_document",
    "mask_phone",
]
