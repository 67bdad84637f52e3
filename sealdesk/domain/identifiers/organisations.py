"""Numbers of organisations: 统一社会信用代码, the old 15-digit registration number, and the 12-digit unit code of the seal system."""

from __future__ import annotations

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.identifiers.areas import has_province
from sealdesk.domain.identifiers.check_digits import USCC_ALPHABET, registration_check, uscc_check
from sealdesk.domain.identifiers.normal_form import compact, is_digits, strangers

_USCC_DEPARTMENTS = "123456789ANY"
"""登记管理部门代码, GB 32100-2015: 1 机构编制 … 9 工商, A 军委编制, N 农业, Y 其他."""

_NATIONAL = "100000"
"""In the place of the area: registered with a national authority."""

_LOOK_ALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5"}


class UsccMissingError(UserError):
    """Nothing was typed."""

    code = "identifier.uscc.missing"
    sentence = N_("The unified social credit code is missing.")


class UsccIsRegistrationNumberError(UserError):
    """Fifteen digits: the number of an old licence."""

    code = "identifier.uscc.old_number"
    sentence = N_("These are 15 digits, as on an old licence; a unified social credit code has 18 characters.")
    advice = N_("Enter it as the old registration number, or ask for the present licence.")


class UsccLengthError(UserError):
    """Not 18 characters."""

    code = "identifier.uscc.length"
    sentence = N_("A unified social credit code has 18 characters; here are {count}.")


class UsccLookAlikeError(UserError):
    """A letter that the code leaves out because it looks like a digit."""

    code = "identifier.uscc.look_alike"
    sentence = N_("The letter {letter} does not occur in a unified social credit code; at place {place} it is probably the digit {digit}.")


class UsccCharacterError(UserError):
    """A character outside the alphabet of the code."""

    code = "identifier.uscc.character"
    sentence = N_("“{characters}” does not occur in a unified social credit code, only digits and letters without I, O, S, V, Z do.")


class UsccDepartmentError(UserError):
    """The first character names no registering authority."""

    code = "identifier.uscc.department"
    sentence = N_("No registering authority has the code {department}, the first character of this number.")


class UsccAreaError(UserError):
    """Places 3 to 8 are not an area code."""

    code = "identifier.uscc.area"
    sentence = N_("Places 3 to 8 of a unified social credit code are the area of registration; no area has {area_code}.")


class UsccCheckError(UserError):
    """The check character does not fit."""

    code = "identifier.uscc.check"
    sentence = N_("The check character does not fit: a character of this unified social credit code is wrong or two are swapped.")


def check_uscc(text: str, field: str | None = None) -> str:
    """A 统一社会信用代码 (GB 32100-2015) in normal form.

    Raises:
        UsccMissingError, UsccIsRegistrationNumberError, UsccLengthError, UsccLookAlikeError, UsccCharacterError, UsccDepartmentError,
        UsccAreaError, UsccCheckError
    """
    number = compact(text)
    if not number:
        raise UsccMissingError(field=field)
    if len(number) == 15 and is_digits(number):
        raise UsccIsRegistrationNumberError(field=field)
    if len(number) != 18:
        raise UsccLengthError(field=field, count=len(number))
    for place, letter in enumerate(number, start=1):
        if letter in _LOOK_ALIKES:
            raise UsccLookAlikeError(field=field, letter=letter, digit=_LOOK_ALIKES[letter], place=place)
    foreign = strangers(number, USCC_ALPHABET)
    if foreign:
        raise UsccCharacterError(field=field, characters=foreign)
    if number[0] not in _USCC_DEPARTMENTS:
        raise UsccDepartmentError(field=field, department=number[0])
    if not is_digits(number[2:8]) or not (has_province(number[2:8]) or number[2:8] == _NATIONAL):
        raise UsccAreaError(field=field, area_code=number[2:8])
    if uscc_check(number[:17]) != number[17]:
        raise UsccCheckError(field=field)
    return number


class RegistrationNumberMissingError(UserError):
    """Nothing was typed."""

    code = "identifier.registration.missing"
    sentence = N_("The registration number is missing.")


class RegistrationNumberIsUsccError(UserError):
    """Eighteen characters: a unified social credit code in the wrong place."""

    code = "identifier.registration.is_uscc"
    sentence = N_("These are 18 characters, as in a unified social credit code; an old registration number has 15 digits.")
    advice = N_("Enter it as the unified social credit code.")


class RegistrationNumberLengthError(UserError):
    """Not 15 digits long."""

    code = "identifier.registration.length"
    sentence = N_("An old registration number has 15 digits; here are {count}.")


class RegistrationNumberCharacterError(UserError):
    """Something other than digits."""

    code = "identifier.registration.character"
    sentence = N_("An old registration number has digits only, not “{characters}”.")


class RegistrationNumberCheckError(UserError):
    """The check digit does not fit."""

    code = "identifier.registration.check"
    sentence = N_("The check digit does not fit: a digit of this registration number is wrong or two are swapped.")


def check_registration_number(text: str, field: str | None = None) -> str:
    """An old 15-digit business registration number (6 authority + 8 sequence + 1 check by MOD 11,10) in normal form.

    Raises:
        RegistrationNumberMissingError, RegistrationNumberIsUsccError, RegistrationNumberLengthError, RegistrationNumberCharacterError,
        RegistrationNumberCheckError
    """
    number = compact(text)
    if not number:
        raise RegistrationNumberMissingError(field=field)
    if len(number) == 18:
        raise RegistrationNumberIsUsccError(field=field)
    if len(number) != 15:
        raise RegistrationNumberLengthError(field=field, count=len(number))
    foreign = strangers(number, "0123456789")
    if foreign:
        raise RegistrationNumberCharacterError(field=field, characters=foreign)
    if registration_check(number[:14]) != number[14]:
        raise RegistrationNumberCheckError(field=field)
    return number


class UnitCodeFormError(UserError):
    """Not twelve digits."""

    code = "identifier.unit_code.form"
    sentence = N_("A unit code has 12 digits: 6 of the area and 6 of the sequence.")


class UnitCodeAreaError(UserError):
    """The first six digits are no area."""

    code = "identifier.unit_code.area"
    sentence = N_("No area has {area_code}, the first 6 digits of this unit code.")


def check_unit_code(text: str, field: str | None = None) -> str:
    """A 使用单位编码 or 制作单位编码: 6 digits of GB/T 2260 and 6 of sequence (GA 241.1-2000).

    Raises:
        UnitCodeFormError, UnitCodeAreaError
    """
    number = compact(text)
    if len(number) != 12 or not is_digits(number):
        raise UnitCodeFormError(field=field)
    if not has_province(number):
        raise UnitCodeAreaError(field=field, area_code=number[:6])
    return number


def compose_unit_code(area_code: str, sequence: int) -> str:
    """The unit code of the `sequence`-th unit of an area.

    Raises:
        ValueError: not a 6-digit area, or the sequence does not fit six digits.
    """
    if len(area_code) != 6 or not is_digits(area_code) or not 0 < sequence < 10**6:
        raise ValueError(f"no unit code for area {area_code!r} and sequence {sequence}")
    return f"{area_code}{sequence:06d}"
