"""The permit (印铸刻字准许证): what it says, and how it is held against what was registered.

Its printed form and number format are not public (design, domain 11); the fields are those that the rules of the trade imply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cut:
    """An anti-forgery cut of a face: a straight cut from (x1, y1) to (x2, y2), millimetres from the face's top left, `width_mm` wide."""

    x1_mm: float
    y1_mm: float
    x2_mm: float
    y2_mm: float
    width_mm: float


@dataclass(frozen=True, slots=True)
class PermittedSeal:
    """One seal of a permit, with its code and the cuts that the approving system chose."""

    seal_id: str
    seal_type: str
    name: str
    face_text: tuple[tuple[str, str], ...]
    template: str
    width_mm: float
    height_mm: float
    seal_code: str
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit as it was signed."""

    number: str
    order_id: str
    issuer_code: str
    issuer_name: str
    shop_code: str
    shop_name: str
    unit_name: str
    unit_code: str
    uscc: str
    handler_name: str
    handler_document: str
    issued_on: date
    valid_until: date
    seals: tuple[PermittedSeal, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the permit and the registration disagree. `what` is a marked text; both values are shown."""

    what: str
    permitted: str
    registered: str
