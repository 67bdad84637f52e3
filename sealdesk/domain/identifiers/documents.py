"""Papers by which a person proves who he is: which kinds are taken, and what the number of each looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.identifiers.normal_form import compact, is_digits
from sealdesk.domain.identifiers.resident import check_foreigner_number, check_residence_permit, check_resident_id


class DocumentKind(StrEnum):
    """The kinds of papers that are taken at the counter."""

    RESIDENT_ID = "resident_id"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    RESIDENCE_PERMIT = "residence_permit"
    PERMANENT_RESIDENCE = "permanent_residence"
    PASSPORT = "passport"


DOCUMENT_TITLES: dict[DocumentKind, str] = {
    DocumentKind.RESIDENT_ID: N_("Resident identity card"),
    DocumentKind.HK_MACAO_PERMIT: N_("Mainland travel permit for Hong Kong and Macao residents"),
    DocumentKind.TAIWAN_PERMIT: N_("Mainland travel permit for Taiwan residents"),
    DocumentKind.RESIDENCE_PERMIT: N_("Residence permit for Hong Kong, Macao and Taiwan residents"),
    DocumentKind.PERMANENT_RESIDENCE: N_("Foreign permanent resident identity card"),
    DocumentKind.PASSPORT: N_("Passport"),
}


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """A paper of a person: its kind and its number in normal form."""

    kind: DocumentKind
    number: str


class DocumentKindError(UserError):
    """The kind of paper is none of those that are taken."""

    code = "identifier.document.kind"
    sentence = N_("Choose the kind of document.")


class DocumentNumberMissingError(UserError):
    """Nothing was typed."""

    code = "identifier.document.missing"
    sentence = N_("The document number is missing.")


class HkMacaoLetterError(UserError):
    """The permit's number does not begin with H or M."""

    code = "identifier.hk_macao_permit.letter"
    sentence = N_("The number of this permit begins with H (Hong Kong) or M (Macao).")


class HkMacaoLengthError(UserError):
    """Not eight digits (or ten, with the count of renewals) behind the letter."""

    code = "identifier.hk_macao_permit.length"
    sentence = N_("Behind the letter H or M stand 8 digits (10 on older cards).")


class TaiwanBookletError(UserError):
    """The number of an old booklet."""

    code = "identifier.taiwan_permit.booklet"
    sentence = N_("This is the number of an old booklet; since 2015 the permit is a card whose number has 8 digits.")
    advice = N_("Ask for the card, or choose another kind of document.")


class TaiwanLengthError(UserError):
    """Not eight digits."""

    code = "identifier.taiwan_permit.length"
    sentence = N_("The number of this permit has 8 digits.")


class PermanentResidenceFormError(UserError):
    """Neither the old nor the 2023 form."""

    code = "identifier.permanent_residence.form"
    sentence = N_("The number of this card is 18 places beginning with 9 or, on older cards, 3 letters and 12 digits.")


class PassportLengthError(UserError):
    """Shorter or longer than passport numbers are."""

    code = "identifier.passport.length"
    sentence = N_("A passport number has 5 to 9 characters; here are {count}.")


class PassportCharacterError(UserError):
    """Something other than letters and digits, or no digit at all."""

    code = "identifier.passport.character"
    sentence = N_("A passport number has the letters A to Z and digits, and at least one digit.")


def check_document(kind: str, number: str, on: date, field: str | None = None) -> IdentityDocument:
    """A paper with its number in normal form; `kind` is a value of `DocumentKind`, `on` the day on which it is judged.

    Raises:
        DocumentKindError, or the errors of the kind: those of `resident`, HkMacaoLetterError, HkMacaoLengthError, TaiwanBookletError,
        TaiwanLengthError, PermanentResidenceFormError, PassportLengthError, PassportCharacterError, DocumentNumberMissingError
    """
    try:
        known = DocumentKind(kind)
    except ValueError:
        raise DocumentKindError(field=field) from None
    if known is DocumentKind.RESIDENT_ID:
        return IdentityDocument(known, check_resident_id(number, on, field))
    if known is DocumentKind.RESIDENCE_PERMIT:
        return IdentityDocument(known, check_residence_permit(number, on, field))
    compacted = compact(number)
    if not compacted:
        raise DocumentNumberMissingError(field=field)
    if known is DocumentKind.HK_MACAO_PERMIT:
        _check_hk_macao(compacted, field)
    elif known is DocumentKind.TAIWAN_PERMIT:
        _check_taiwan(compacted, field)
    elif known is DocumentKind.PERMANENT_RESIDENCE:
        _check_permanent_residence(compacted, on, field)
    else:
        _check_passport(compacted, field)
    return IdentityDocument(known, compacted)


def _check_hk_macao(number: str, field: str | None) -> None:
    if number[0] not in "HM":
        raise HkMacaoLetterError(field=field)
    # Eight digits for life; cards made before 2013 print two more, which count the renewals.
    if len(number) not in (9, 11) or not is_digits(number[1:]):
        raise HkMacaoLengthError(field=field)


def _check_taiwan(number: str, field: str | None) -> None:
    if re.fullmatch(r"[0-9]{10}(\(?[A-Z]\)?)?", number):
        raise TaiwanBookletError(field=field)
    if len(number) != 8 or not is_digits(number):
        raise TaiwanLengthError(field=field)


def _check_permanent_residence(number: str, on: date, field: str | None) -> None:
    if len(number) == 18 and number[0] == "9":
        check_foreigner_number(number, on, field)
    elif not re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        # The old form ends with a check digit whose rule is not published; only the shape is judged.
        raise PermanentResidenceFormError(field=field)


def _check_passport(number: str, field: str | None) -> None:
    if not re.fullmatch(r"[A-Z0-9]+", number) or not any(c.isdigit() for c in number):
        raise PassportCharacterError(field=field)
    # ICAO Doc 9303 part 4: nine places in the machine-readable zone.
    if not 5 <= len(number) <= 9:
        raise PassportLengthError(field=field, count=len(number))
