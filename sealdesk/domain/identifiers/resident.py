"""Numbers in the form of GB 11643: residents' identity cards, and the two kinds of cards that borrow the form."""

from __future__ import annotations

from datetime import date

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.identifiers.areas import has_province
from sealdesk.domain.identifiers.check_digits import resident_check
from sealdesk.domain.identifiers.normal_form import compact, is_digits

_OLDEST_YEARS = 130
"""Nobody has lived longer; an earlier birth year is a typing error."""

RESIDENCE_PERMIT_AREAS = ("810000", "820000", "830000")
"""港澳台居民居住证: Hong Kong, Macao, Taiwan (港澳台居民居住证申领发放办法, 2018)."""


class IdNumberMissingError(UserError):
    """Nothing was typed."""

    code = "identifier.id.missing"
    sentence = N_("The identity number is missing.")


class IdNumberFifteenError(UserError):
    """A number of the first generation of cards."""

    code = "identifier.id.fifteen"
    sentence = N_("This is a 15-digit number of a first-generation identity card; those ended on 1 January 2013.")
    advice = N_("Ask for the present card; its number has 18 places.")


class IdNumberLengthError(UserError):
    """Not 18 places."""

    code = "identifier.id.length"
    sentence = N_("An identity number has 18 places; here are {count}.")


class IdNumberCharacterError(UserError):
    """Something other than 17 digits and a digit or X."""

    code = "identifier.id.character"
    sentence = N_("An identity number has 17 digits and then a digit or X.")


class IdNumberAreaError(UserError):
    """No province has the first two digits."""

    code = "identifier.id.area"
    sentence = N_("No province has {province}, the first two digits of this identity number.")


class IdNumberIsResidencePermitError(UserError):
    """The number of a residence permit in the place of a resident's identity card."""

    code = "identifier.id.residence_permit"
    sentence = N_("This is the number of a residence permit for Hong Kong, Macao or Taiwan residents.")
    advice = N_("Choose that kind of document.")


class IdNumberIsForeignerError(UserError):
    """The number of a foreigner's card in the place of a resident's identity card."""

    code = "identifier.id.foreigner"
    sentence = N_("Numbers that begin with 9 are those of foreigners' permanent residence cards.")
    advice = N_("Choose that kind of document.")


class ResidencePermitAreaError(UserError):
    """A residence permit's number begins otherwise."""

    code = "identifier.residence_permit.area"
    sentence = N_("The number of a residence permit begins with 810000 (Hong Kong), 820000 (Macao) or 830000 (Taiwan).")


class BirthDateImpossibleError(UserError):
    """Places 7 to 14 are no day of the calendar."""

    code = "identifier.id.birth_impossible"
    sentence = N_("Places 7 to 14 are the date of birth; {digits} is not a day of the calendar.")


class BirthDateFutureError(UserError):
    """The date of birth has not come yet."""

    code = "identifier.id.birth_future"
    sentence = N_("According to this number the holder is born on {born}, which is in the future.")


class BirthDateTooEarlyError(UserError):
    """The date of birth is longer ago than anybody lives."""

    code = "identifier.id.birth_early"
    sentence = N_("According to this number the holder was born on {born} and would be over 130 years old.")


class IdNumberCheckError(UserError):
    """The check character does not fit."""

    code = "identifier.id.check"
    sentence = N_("The check character does not fit: a digit of this identity number is wrong or two are swapped.")


def check_resident_id(text: str, on: date, field: str | None = None) -> str:
    """The number of a resident's identity card (GB 11643) in normal form; `on` is the day on which it is judged.

    The county is not looked up: cards keep the codes of counties that were abolished long ago.

    Raises:
        IdNumberMissingError, IdNumberFifteenError, IdNumberLengthError, IdNumberCharacterError, IdNumberIsResidencePermitError,
        IdNumberIsForeignerError, IdNumberAreaError, BirthDateImpossibleError, BirthDateFutureError, BirthDateTooEarlyError,
        IdNumberCheckError
    """
    number = _well_formed(text, field)
    if number.startswith(RESIDENCE_PERMIT_AREAS):
        raise IdNumberIsResidencePermitError(field=field)
    if number[0] == "9":
        raise IdNumberIsForeignerError(field=field)
    if not has_province(number) or number[2:6] == "0000":
        raise IdNumberAreaError(field=field, province=number[:2])
    return _checked(number, on, field)


def check_residence_permit(text: str, on: date, field: str | None = None) -> str:
    """The number of a residence permit for Hong Kong, Macao and Taiwan residents, in normal form.

    Raises:
        The errors of form, birth and check of `check_resident_id`; ResidencePermitAreaError
    """
    number = _well_formed(text, field)
    if not number.startswith(RESIDENCE_PERMIT_AREAS):
        raise ResidencePermitAreaError(field=field)
    return _checked(number, on, field)


def check_foreigner_number(text: str, on: date, field: str | None = None) -> str:
    """The 18-place number of a foreigner's permanent residence card of the 2023 form, in normal form.

    9, two digits of the place of application, three of the country, birth, sequence, check by MOD 11-2 (国家移民管理局, 2023-12-01).
    The caller has seen that it begins with 9.

    Raises:
        The errors of form, birth and check of `check_resident_id`.
    """
    return _checked(_well_formed(text, field), on, field)


def birth_date(number: str) -> date:
    """The date of birth in an 18-place number that was checked before."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _well_formed(text: str, field: str | None) -> str:
    number = compact(text)
    if not number:
        raise IdNumberMissingError(field=field)
    if len(number) == 15 and is_digits(number):
        raise IdNumberFifteenError(field=field)
    if len(number) != 18:
        raise IdNumberLengthError(field=field, count=len(number))
    if not is_digits(number[:17]) or not (is_digits(number[17]) or number[17] == "X"):
        raise IdNumberCharacterError(field=field)
    return number


def _checked(number: str, on: date, field: str | None) -> str:
    try:
        born = birth_date(number)
    except ValueError:
        raise BirthDateImpossibleError(field=field, digits=number[6:14]) from None
    if born > on:
        raise BirthDateFutureError(field=field, born=born.isoformat())
    if on.year - born.year > _OLDEST_YEARS:
        raise BirthDateTooEarlyError(field=field, born=born.isoformat())
    if resident_check(number[:17]) != number[17]:
        raise IdNumberCheckError(field=field)
    return number
