"""Telephone numbers as they are written on a registration: mobile, landline, 400/800, and abroad with a plus sign."""

from __future__ import annotations

import re
import unicodedata

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.identifiers.normal_form import is_digits

_EXTENSION = re.compile(r"(?:转|EXT\.?|X|#|,)([0-9]{1,6})$")
_LONG_AREA_DIGITS = 4
"""010 and 02x have three digits, all other places four."""


class PhoneMissingError(UserError):
    """Nothing was typed."""

    code = "identifier.phone.missing"
    sentence = N_("The telephone number is missing.")


class PhoneCharacterError(UserError):
    """Something other than digits and the usual signs between them."""

    code = "identifier.phone.character"
    sentence = N_("“{characters}” does not belong in a telephone number.")


class MobileLengthError(UserError):
    """A mobile number with too few or too many digits."""

    code = "identifier.phone.mobile_length"
    sentence = N_("A mobile number has 11 digits; here are {count}.")


class MobilePrefixError(UserError):
    """No mobile number begins so."""

    code = "identifier.phone.mobile_prefix"
    sentence = N_("No mobile number begins with {prefix}.")


class NotMobileError(UserError):
    """A landline where a mobile number is needed."""

    code = "identifier.phone.not_mobile"
    sentence = N_("A mobile number is needed here, which begins with 1 and has 11 digits.")


class LandlineAreaMissingError(UserError):
    """A landline without its area."""

    code = "identifier.phone.area_missing"
    sentence = N_("The area code is missing in front of this landline number, for example 0571-.")


class LandlineLengthError(UserError):
    """A landline with too few or too many digits."""

    code = "identifier.phone.landline_length"
    sentence = N_("Behind the area code {area_code} stand 7 or 8 digits; here are {count}.")


class LandlineNumberError(UserError):
    """A landline number cannot begin with 0 or 1."""

    code = "identifier.phone.landline_number"
    sentence = N_("Behind the area code a landline number does not begin with {digit}.")


class HotlineLengthError(UserError):
    """A 400 or 800 number that has not ten digits."""

    code = "identifier.phone.hotline_length"
    sentence = N_("A 400 or 800 number has 10 digits; here are {count}.")


class ForeignPhoneError(UserError):
    """Too short or too long for a number abroad."""

    code = "identifier.phone.foreign"
    sentence = N_("A number abroad is written + country code number, 8 to 15 digits in all.")


def check_phone(text: str, field: str | None = None) -> str:
    """A telephone number in normal form: 13800138000, 0571-88001234, 0571-88001234-801, 4001234567 or +85212345678.

    Raises:
        PhoneMissingError, PhoneCharacterError, MobileLengthError, MobilePrefixError, LandlineAreaMissingError, LandlineLengthError,
        LandlineNumberError, HotlineLengthError, ForeignPhoneError
    """
    typed = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if not typed:
        raise PhoneMissingError(field=field)
    typed = re.sub(r"[‐‑‒–—―−]", "-", typed)
    typed = re.sub(r"^(\+86|0086|\(\+?86\)|\+\(86\))-?", "", typed)
    if typed.startswith("+"):
        return _foreign(typed, field)
    extension = ""
    found = _EXTENSION.search(typed)
    if found:
        typed, extension = typed[: found.start()], found.group(1)
    parts = [part for part in re.split(r"[-()/.·]+", typed) if part]
    foreign = "".join(dict.fromkeys(c for part in parts for c in part if not is_digits(c)))
    if foreign:
        raise PhoneCharacterError(field=field, characters=foreign)
    if not parts:
        raise PhoneMissingError(field=field)
    if parts[0].startswith("0"):
        return _landline(parts, extension, field)
    digits = "".join(parts)
    if digits.startswith(("400", "800")) and len(digits) > 8:
        if len(digits) != 10:
            raise HotlineLengthError(field=field, count=len(digits))
        return digits + (f"-{extension}" if extension else "")
    if digits.startswith("1") or len(digits) > 8:
        if extension:
            raise PhoneCharacterError(field=field, characters=found.group() if found else extension)
        return _mobile(digits, field)
    raise LandlineAreaMissingError(field=field)


def check_mobile(text: str, field: str | None = None) -> str:
    """A mobile number of eleven digits.

    Raises:
        NotMobileError, or the errors of `check_phone`.
    """
    number = check_phone(text, field)
    if len(number) != 11 or not number.startswith("1"):
        raise NotMobileError(field=field)
    return number


def _mobile(digits: str, field: str | None) -> str:
    if len(digits) != 11:
        raise MobileLengthError(field=field, count=len(digits))
    if digits[0] != "1" or digits[1] in "012":
        raise MobilePrefixError(field=field, prefix=digits[:2])
    return digits


def _landline(parts: list[str], extension: str, field: str | None) -> str:
    digits = parts[0]
    rest = parts[1:]
    area_length = 3 if digits[1:2] in ("1", "2") else _LONG_AREA_DIGITS
    if len(digits) <= area_length:
        digits += rest.pop(0) if rest else ""
    area, number = digits[:area_length], digits[area_length:]
    # 0571-8800-1234: groups that only make the number readable; a group behind a whole number is an extension.
    while rest and len(number) + len(rest[0]) <= 8:
        number += rest.pop(0)
    if rest and not extension:
        extension = rest.pop(0)
    if not 7 <= len(number) <= 8 or rest:
        raise LandlineLengthError(field=field, area_code=area, count=len(number + "".join(rest)))
    if number[0] in "01":
        raise LandlineNumberError(field=field, digit=number[0])
    return "-".join(part for part in (area, number, extension) if part)


def _foreign(typed: str, field: str | None) -> str:
    digits = re.sub(r"[-().]", "", typed[1:])
    if not is_digits(digits) or not 8 <= len(digits) <= 15 or digits[0] == "0":
        # ITU-T E.164: at most fifteen digits with the country's.
        raise ForeignPhoneError(field=field)
    return "+" + digits
