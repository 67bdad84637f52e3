"""Identifiers: what is taken, what it becomes, and that every way of being wrong has its own sentence."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core.errors import UserError
from sealdesk.domain import identifiers
from sealdesk.domain.identifiers import (
    CHIP,
    DOCUMENT_TITLES,
    GA241,
    V2018,
    DocumentKind,
    IdentityDocument,
    area,
    area_name,
    birth_date,
    check_area_code,
    check_document,
    check_mobile,
    check_phone,
    check_registration_number,
    check_resident_id,
    check_seal_code,
    check_unit_code,
    check_uscc,
    compose_seal_code,
    compose_unit_code,
    mask_document,
    mask_phone,
)
from sealdesk.domain.identifiers.check_digits import USCC_ALPHABET, registration_check, resident_check, uscc_check

TODAY = date(2026, 3, 2)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def resident(first17: str) -> str:
    return first17 + resident_check(first17)


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    county = draw(st.sampled_from(["110101", "330113", "330106", "440306", "321102", "659001"]))
    return resident(f"{county}{born:%Y%m%d}{draw(digits(3))}")


@st.composite
def usccs(draw: st.DrawFn) -> str:
    county = draw(st.sampled_from(["110101", "330113", "100000", "350100"]))
    department = draw(st.sampled_from("1259AY"))
    body = department + draw(st.sampled_from("1239")) + county + draw(st.text(USCC_ALPHABET, min_size=9, max_size=9))
    return body + uscc_check(body)


def refused(check: Callable[..., object], *arguments: object) -> UserError:
    with pytest.raises(UserError) as caught:
        check(*arguments, field="the.field")
    assert caught.value.field == "the.field"
    return caught.value


# --- 统一社会信用代码


def test_uscc_published_samples_are_taken() -> None:
    assert uscc_check("91350100M000100Y4") == "3"
    assert check_uscc("91350100M000100Y43") == "91350100M000100Y43"
    assert check_uscc("91110000600037341L") == "91110000600037341L"


def test_uscc_full_width_spaces_hyphens_and_lower_case_become_one_form() -> None:
    assert check_uscc("9135 0100-m000100y43\u200b") == "91350100M000100Y43"
    assert check_uscc("91350100M000100Y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("  ", "identifier.uscc.missing"),
        ("330106000012341", "identifier.uscc.old_number"),
        ("91350100M000100Y4", "identifier.uscc.length"),
        ("9135O100M000100Y43", "identifier.uscc.look_alike"),
        ("91350100M000100V43", "identifier.uscc.character"),
        ("91350100M000100云43", "identifier.uscc.character"),
        ("B1350100M000100Y43", "identifier.uscc.department"),
        ("91990100M000100Y43", "identifier.uscc.area"),
        ("9135A100M000100Y43", "identifier.uscc.area"),
        ("91350100M000100Y44", "identifier.uscc.check"),
        ("91350100M000010Y43", "identifier.uscc.check"),
    ],
)
def test_uscc_every_way_of_being_wrong_is_named(typed: str, code: str) -> None:
    assert refused(check_uscc, typed).code == code


def test_uscc_look_alike_names_letter_place_and_digit() -> None:
    error = refused(check_uscc, "9135O1I0M000100Y43")
    assert (error.letter, error.place, error.digit) == ("O", 5, "0")
    assert "O" in str(error) and "5" in str(error)


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_uscc_one_wrong_character_is_always_noticed(number: str, place: int, other: str) -> None:
    assert check_uscc(number) == number
    changed = number[:place] + other + number[place + 1 :]
    if changed != number:
        refused(check_uscc, changed)


# --- resident identity cards


def test_resident_id_published_sample_is_taken_with_small_x() -> None:
    assert check_resident_id("11010519491231002x", TODAY) == "11010519491231002X"
    assert birth_date("11010519491231002X") == date(1949, 12, 31)


def test_resident_id_roman_numeral_ten_and_full_width_are_understood() -> None:
    assert check_resident_id("11010519491231002Ⅹ", TODAY) == "11010519491231002X"


@pytest.mark.parametrize("county", ["330113", "330103", "110103", "441900", "321102"])
def test_resident_id_keeps_new_and_abolished_counties(county: str) -> None:
    number = resident(f"{county}19900101001")
    assert check_resident_id(number, TODAY) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identifier.id.missing"),
        ("110105491231002", "identifier.id.fifteen"),
        ("1101051949123100", "identifier.id.length"),
        ("11010519491231O02X", "identifier.id.character"),
        ("110105194912310021", "identifier.id.check"),
        (resident("99010519900101001"), "identifier.id.foreigner"),
        (resident("00010519900101001"), "identifier.id.area"),
        (resident("11000019900101001"), "identifier.id.area"),
        (resident("81000019900101001"), "identifier.id.residence_permit"),
        (resident("11010519900230001"), "identifier.id.birth_impossible"),
        (resident("11010520991231001"), "identifier.id.birth_future"),
        (resident("11010518501231001"), "identifier.id.birth_early"),
    ],
)
def test_resident_id_every_way_of_being_wrong_is_named(typed: str, code: str) -> None:
    assert refused(check_resident_id, typed, TODAY).code == code


def test_resident_id_is_judged_on_the_given_day() -> None:
    number = resident("11010520260302001")
    assert check_resident_id(number, TODAY) == number
    assert refused(check_resident_id, number, date(2026, 3, 1)).code == "identifier.id.birth_future"


@given(resident_ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_resident_id_one_wrong_character_is_always_noticed(number: str, place: int, other: str) -> None:
    assert check_resident_id(number, TODAY) == number
    changed = number[:place] + other + number[place + 1 :]
    if changed != number:
        refused(check_resident_id, changed, TODAY)


@given(resident_ids(), st.integers(0, 15))
def test_resident_id_two_swapped_digits_are_always_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        refused(check_resident_id, swapped, TODAY)


# --- other papers


@pytest.mark.parametrize(
    ("kind", "typed", "normal"),
    [
        ("resident_id", "110105 19491231 002x", "11010519491231002X"),
        ("hk_macao_permit", "h1234 5678", "H12345678"),
        ("hk_macao_permit", "M1234567801", "M1234567801"),
        ("taiwan_permit", "1234-5678", "12345678"),
        ("residence_permit", resident("83000019900101001"), resident("83000019900101001")),
        ("permanent_residence", "usa110019900101", "USA110019900101"),
        ("permanent_residence", resident("91184019900101001"), resident("91184019900101001")),
        ("passport", "e12345678", "E12345678"),
        ("passport", "C01X00T47", "C01X00T47"),
    ],
)
def test_document_of_each_kind_is_taken_in_normal_form(kind: str, typed: str, normal: str) -> None:
    assert check_document(kind, typed, TODAY) == IdentityDocument(DocumentKind(kind), normal)


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("driving_licence", "1", "identifier.document.kind"),
        ("passport", " ", "identifier.document.missing"),
        ("resident_id", " ", "identifier.id.missing"),
        ("residence_permit", " ", "identifier.id.missing"),
        ("hk_macao_permit", "K12345678", "identifier.hk_macao_permit.letter"),
        ("hk_macao_permit", "H1234567", "identifier.hk_macao_permit.length"),
        ("hk_macao_permit", "H1234567A", "identifier.hk_macao_permit.length"),
        ("taiwan_permit", "1234567890(B)", "identifier.taiwan_permit.booklet"),
        ("taiwan_permit", "1234567", "identifier.taiwan_permit.length"),
        ("residence_permit", resident("11010519900101001"), "identifier.residence_permit.area"),
        ("residence_permit", resident("81000020991231001"), "identifier.id.birth_future"),
        ("permanent_residence", "USA11001990010", "identifier.permanent_residence.form"),
        ("permanent_residence", "911840" + "19901301" + "0011", "identifier.id.birth_impossible"),
        ("passport", "E123", "identifier.passport.length"),
        ("passport", "E123456789", "identifier.passport.length"),
        ("passport", "ABCDEFG", "identifier.passport.character"),
        ("passport", "E1234567号", "identifier.passport.character"),
    ],
)
def test_document_every_way_of_being_wrong_is_named(kind: str, typed: str, code: str) -> None:
    assert refused(check_document, kind, typed, TODAY).code == code


def test_document_every_kind_has_a_title() -> None:
    assert set(DOCUMENT_TITLES) == set(DocumentKind)


# --- old registration numbers, unit codes, areas


@given(digits(14))
def test_registration_number_with_its_check_digit_is_taken_and_with_another_refused(first14: str) -> None:
    number = first14 + registration_check(first14)
    assert check_registration_number(number) == number
    wrong = first14 + str((int(number[-1]) + 1) % 10)
    assert refused(check_registration_number, wrong).code == "identifier.registration.check"


def test_registration_number_published_example_fits() -> None:
    # 110108000000016: the worked example of GS 15-2006 on public pages.
    assert check_registration_number("110108000000016") == "110108000000016"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identifier.registration.missing"),
        ("91350100M000100Y43", "identifier.registration.is_uscc"),
        ("1101080000000", "identifier.registration.length"),
        ("11010800000001A", "identifier.registration.character"),
        ("110108000000017", "identifier.registration.check"),
    ],
)
def test_registration_number_every_way_of_being_wrong_is_named(typed: str, code: str) -> None:
    assert refused(check_registration_number, typed).code == code


def test_unit_code_has_area_and_sequence() -> None:
    assert compose_unit_code("330106", 42) == "330106000042"
    assert check_unit_code("330106 000042") == "330106000042"
    assert refused(check_unit_code, "33010600004").code == "identifier.unit_code.form"
    assert refused(check_unit_code, "990106000042").code == "identifier.unit_code.area"
    for wrong in (("33010", 1), ("330106", 0), ("330106", 10**6)):
        with pytest.raises(ValueError, match="no unit code"):
            compose_unit_code(*wrong)


def test_area_code_of_province_prefecture_and_county_is_known() -> None:
    linping = area("330113")
    assert linping is not None and linping.full_name == "浙江省杭州市临平区"
    assert area_name("330100") == "浙江省杭州市"
    assert area_name("710000") == "台湾省"
    assert area_name("441900") == "广东省东莞市"
    assert check_area_code("3301 13") == "330113"


def test_area_name_of_an_abolished_county_is_the_place_above_it() -> None:
    assert area("330103") is None
    assert area_name("330103") == "浙江省杭州市"
    assert area_name("990000") == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identifier.area.missing"),
        ("3301", "identifier.area.form"),
        ("33O113", "identifier.area.form"),
        ("330103", "identifier.area.unknown"),
    ],
)
def test_area_code_every_way_of_being_wrong_is_named(typed: str, code: str) -> None:
    assert refused(check_area_code, typed).code == code


# --- seal codes


def test_seal_code_is_judged_by_its_profile() -> None:
    assert check_seal_code("3301060000042") == "3301060000042"
    assert check_seal_code("33010600000042", V2018) == "33010600000042"
    assert check_seal_code("123", CHIP) == "123"
    assert check_seal_code("1" * 19, CHIP) == "1" * 19


@pytest.mark.parametrize(
    ("typed", "profile", "area_code", "code"),
    [
        ("", GA241, "", "identifier.seal_code.missing"),
        ("330106000004A", GA241, "", "identifier.seal_code.character"),
        ("33010600000042", GA241, "", "identifier.seal_code.length"),
        ("3301060000042", V2018, "", "identifier.seal_code.length"),
        ("12", CHIP, "", "identifier.seal_code.length"),
        ("1" * 20, CHIP, "", "identifier.seal_code.length"),
        ("9901060000042", GA241, "", "identifier.seal_code.area_unknown"),
        ("3301060000042", GA241, "330113", "identifier.seal_code.area"),
    ],
)
def test_seal_code_every_way_of_being_wrong_is_named(typed: str, profile: object, area_code: str, code: str) -> None:
    assert refused(check_seal_code, typed, profile, area_code).code == code


@given(st.sampled_from([GA241, V2018]), st.integers(1, 10**7 - 1))
def test_seal_code_that_is_composed_is_taken(profile: identifiers.SealCodeProfile, sequence: int) -> None:
    code = compose_seal_code("330106", sequence, profile)
    assert check_seal_code(code, profile, "330106") == code


def test_seal_code_without_area_or_with_a_full_sequence_is_not_composed() -> None:
    for arguments in (("330106", 10**7, GA241), ("330106", 1, CHIP), ("3301", 1, GA241), ("330106", 0, GA241)):
        with pytest.raises(ValueError, match="code for area"):
            compose_seal_code(*arguments)


# --- telephone numbers


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("0086 138-0013-8000", "13800138000"),
        ("13800138000", "13800138000"),
        ("0571-88001234", "0571-88001234"),
        ("0571 8800 1234", "0571-88001234"),
        ("(0571)8800-1234", "0571-88001234"),
        ("057188001234转801", "0571-88001234-801"),
        ("010-12345", None),
        ("010-62345678-12", "010-62345678-12"),
        ("021-62345678", "021-62345678"),
        ("400-800-1234", "4008001234"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_phone_is_taken_in_one_form(typed: str, normal: str | None) -> None:
    if normal is None:
        refused(check_phone, typed)
    else:
        assert check_phone(typed) == normal
        assert check_phone(normal) == normal


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identifier.phone.missing"),
        ("--", "identifier.phone.missing"),
        ("138abc", "identifier.phone.character"),
        ("13800138000转1", "identifier.phone.character"),
        ("1380013800", "identifier.phone.mobile_length"),
        ("138001380001", "identifier.phone.mobile_length"),
        ("12800138000", "identifier.phone.mobile_prefix"),
        ("88001234", "identifier.phone.area_missing"),
        ("0571-880012", "identifier.phone.landline_length"),
        ("0571-08001234", "identifier.phone.landline_number"),
        ("400-800-123", "identifier.phone.hotline_length"),
        ("+852123", "identifier.phone.foreign"),
        ("+85291234567890123", "identifier.phone.foreign"),
    ],
)
def test_phone_every_way_of_being_wrong_is_named(typed: str, code: str) -> None:
    assert refused(check_phone, typed).code == code


def test_mobile_refuses_a_landline() -> None:
    assert check_mobile("138-0013-8000") == "13800138000"
    assert refused(check_mobile, "0571-88001234").code == "identifier.phone.not_mobile"


@given(st.text(max_size=24))
def test_phone_never_fails_otherwise_and_is_stable(typed: str) -> None:
    try:
        normal = check_phone(typed)
    except UserError:
        return
    assert check_phone(normal) == normal


# --- masking


def test_masks_keep_the_length_and_hide_the_middle() -> None:
    assert mask_document("11010519491231002X") == "110***********002X"
    assert mask_document("E12345678") == "E1*****78"
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("0571-88001234-801") == "0571-****1234-801"
    assert mask_phone("+85291234567") == "+852****4567"
    assert mask_document("") == "" and mask_phone("") == ""


@given(st.text("0123456789ABCDEFX", min_size=1, max_size=20))
def test_document_mask_hides_at_least_half(number: str) -> None:
    masked = mask_document(number)
    assert len(masked) == len(number)
    assert masked.count("*") * 2 >= len(number)
    assert all(m in ("*", n) for m, n in zip(masked, number, strict=True))


# --- all of them


def _error_classes() -> list[type[UserError]]:
    found = []
    for module in pkgutil.iter_modules(identifiers.__path__):
        loaded = import_module(f"{identifiers.__name__}.{module.name}")
        for _name, value in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(value, UserError) and value.__module__ == loaded.__name__:
                found.append(value)
    return found


def test_every_error_has_its_own_code_and_sentence() -> None:
    classes = _error_classes()
    assert len(classes) > 45
    assert len({c.code for c in classes}) == len(classes)
    assert len({c.sentence for c in classes}) == len(classes)
    assert all(c.code.startswith("identifier.") for c in classes)


def _accepted(check: Callable[[str], str], typed: str) -> str | None:
    try:
        return check(typed)
    except UserError as error:
        # A sentence whose facts are missing would fail here, not on the clerk's screen.
        return None if str(error) else pytest.fail(f"{error.code} says nothing")


@given(st.text(max_size=22))
def test_checks_raise_nothing_but_user_errors(typed: str) -> None:
    checks: list[Callable[[str], str]] = [
        check_uscc,
        check_registration_number,
        check_unit_code,
        check_area_code,
        check_seal_code,
        check_mobile,
        *(lambda text, kind=kind: check_document(kind, text, TODAY).number for kind in DocumentKind),
    ]
    for check in checks:
        normal = _accepted(check, typed)
        assert normal is None or check(normal) == normal
