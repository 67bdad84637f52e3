"""Seal codes (印章编码) by profile: systems of different years number seals differently, so the length is never fixed in a program.

The platform gives the codes out; a desk only checks what it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.identifiers.areas import has_province
from sealdesk.domain.identifiers.normal_form import compact, is_digits


@dataclass(frozen=True, slots=True)
class SealCodeProfile:
    """How long a code is, and whether it begins with the six digits of GB/T 2260."""

    name: str
    least_digits: int
    most_digits: int
    begins_with_area: bool

    @property
    def lengths(self) -> str:
        """The permitted lengths as they are written: "13" or "3–19"."""
        if self.least_digits == self.most_digits:
            return str(self.least_digits)
        return f"{self.least_digits}–{self.most_digits}"


GA241 = SealCodeProfile("GA241", 13, 13, True)
"""6 area + 7 sequence, as the image header of GA 241 reserves it."""

V2018 = SealCodeProfile("2018", 14, 14, True)
"""6 area + 8 sequence, systems since 2018."""

CHIP = SealCodeProfile("chip", 3, 19, False)
"""What the chip's field holds."""

PROFILES: dict[str, SealCodeProfile] = {profile.name: profile for profile in (GA241, V2018, CHIP)}


class SealCodeMissingError(UserError):
    """There is no code."""

    code = "identifier.seal_code.missing"
    sentence = N_("The seal code is missing.")


class SealCodeCharacterError(UserError):
    """Something other than digits."""

    code = "identifier.seal_code.character"
    sentence = N_("A seal code has digits only.")


class SealCodeLengthError(UserError):
    """Another length than the profile's."""

    code = "identifier.seal_code.length"
    sentence = N_("A seal code of the form {profile} has {lengths} digits; here are {count}.")


class SealCodeAreaUnknownError(UserError):
    """The first six digits are no area."""

    code = "identifier.seal_code.area_unknown"
    sentence = N_("No area has {area_code}, the first 6 digits of this seal code.")


class SealCodeAreaError(UserError):
    """The code belongs to another area than expected."""

    code = "identifier.seal_code.area"
    sentence = N_("This seal code belongs to the area {found}, not to {expected}.")


def check_seal_code(text: str, profile: SealCodeProfile = GA241, area_code: str = "", field: str | None = None) -> str:
    """A seal code in normal form; with `area_code` (6 digits) it must begin with that area.

    Raises:
        SealCodeMissingError, SealCodeCharacterError, SealCodeLengthError, SealCodeAreaUnknownError, SealCodeAreaError
    """
    number = compact(text)
    if not number:
        raise SealCodeMissingError(field=field)
    if not is_digits(number):
        raise SealCodeCharacterError(field=field)
    if not profile.least_digits <= len(number) <= profile.most_digits:
        raise SealCodeLengthError(field=field, profile=profile.name, lengths=profile.lengths, count=len(number))
    if profile.begins_with_area and not has_province(number):
        raise SealCodeAreaUnknownError(field=field, area_code=number[:6])
    if area_code and not number.startswith(area_code):
        raise SealCodeAreaError(field=field, found=number[:6], expected=area_code)
    return number


def compose_seal_code(area_code: str, sequence: int, profile: SealCodeProfile = GA241) -> str:
    """The code of the `sequence`-th seal of an area, as the platform numbers them.

    Raises:
        ValueError: not a 6-digit area, the sequence does not fit, or the profile has no area in front.
    """
    width = profile.most_digits - 6
    if not profile.begins_with_area or len(area_code) != 6 or not is_digits(area_code) or not 0 < sequence < 10**width:
        raise ValueError(f"no {profile.name} code for area {area_code!r} and sequence {sequence}")
    return f"{area_code}{sequence:0{width}d}"
