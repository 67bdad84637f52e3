"""Query information: every field's rule, and bytes that say exactly one thing."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sealdesk.core.errors import UserError
from sealdesk.domain.query_information import (
    FIELDS,
    FORMAT,
    PIC_COMPRESS_MOST_BYTES,
    PICTURE_MOST_BYTES,
    QueryInformation,
    check_pictures,
    decode,
    differences,
    digest_of,
    encode,
    validate,
)

SAMPLE = QueryInformation(
    seal_serial="3301060000042",
    seal_name="临江市云帆文化传播有限公司合同专用章",
    state_code="2",
    user_company_code="330106000042",
    user_company_name_chs="临江市云帆文化传播有限公司",
    approval_company_code="330106000000",
    approval_company_name_chs="临江市公安局",
    product_company_code="330106000007",
    product_company_name_chs="临江市精工印章有限公司",
    seal_type_code="04",
    operator="林知夏",
    approver="周正",
    person_name="沈云帆",
    operator_id="11010519491231002X",
    approval_date="20260302",
    undertake_date="20260302",
    product_date="20260303",
    seal_spec="38/38",
    social_credit="91350100M000100Y43",
)

RULES = {rule.attribute: rule for rule in FIELDS}
FREE = [rule for rule in FIELDS if not rule.pattern]
GBK_TEXT = st.text(st.sampled_from('印章云帆文化传播有限公司ABC abc·—（）0123456789"\\/<'), max_size=20)


def codes(information: QueryInformation) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in validate(information)]


def test_table_has_a_row_for_every_field_and_nothing_else() -> None:
    assert [rule.attribute for rule in FIELDS if not rule.title] == []
    assert {rule.attribute for rule in FIELDS} == {field.name for field in fields(QueryInformation)}
    assert len({rule.name for rule in FIELDS}) == len(FIELDS)


def test_sample_has_no_problems_and_comes_back() -> None:
    assert validate(SAMPLE) == ()
    assert decode(encode(SAMPLE)) == SAMPLE


@pytest.mark.parametrize("attribute", [rule.attribute for rule in FIELDS if rule.required])
def test_required_field_must_not_be_empty(attribute: str) -> None:
    assert codes(replace(SAMPLE, **{attribute: ""})) == [("query_information.missing", attribute)]
    assert codes(replace(SAMPLE, **{attribute: "  "})) == [("query_information.missing", attribute)]


@pytest.mark.parametrize("rule", FREE, ids=lambda rule: rule.name)
def test_free_field_is_measured_in_bytes_of_gbk(rule: object) -> None:
    most = RULES[rule.attribute].most_bytes  # type: ignore[attr-defined]
    attribute = rule.attribute  # type: ignore[attr-defined]
    full = "印" * (most // 2)
    assert codes(replace(SAMPLE, **{attribute: full})) == []
    assert codes(replace(SAMPLE, **{attribute: full + "印"})) == [("query_information.too_long", attribute)]
    assert codes(replace(SAMPLE, **{attribute: "㐀𠀀"})) == [("query_information.character", attribute)]
    assert codes(replace(SAMPLE, **{attribute: "a\x00"})) == [("query_information.character", attribute)]


@pytest.mark.parametrize(
    ("attribute", "value", "code"),
    [
        ("seal_serial", "12", "form"),
        ("seal_serial", "330106000004A", "form"),
        ("seal_serial", "1" * 20, "too_long"),
        ("state_code", "9", "form"),
        ("user_company_code", "12", "form"),
        ("approval_company_code", "1", "form"),
        ("product_company_code", "x1", "form"),
        ("seal_type_code", "06", "form"),
        ("material_code", "9", "form"),
        ("operator_id", "110105x", "form"),
        ("approval_date", "2026-3-2", "form"),
        ("approval_date", "20260230", "date"),
        ("compress_label", "a", "form"),
        ("social_credit", "91350100", "form"),
        ("company_type", "06", "form"),
        ("seal_spec", "38x38", "form"),
        ("picture_sha256", "00", "form"),
        ("pic_compress_sha256", "X" * 64, "form"),
    ],
)
def test_field_with_a_prescribed_form_refuses_others(attribute: str, value: str, code: str) -> None:
    assert codes(replace(SAMPLE, **{attribute: value})) == [(f"query_information.{code}", attribute)]


def test_dates_must_follow_the_route() -> None:
    assert codes(replace(SAMPLE, undertake_date="20260301")) == [("query_information.date_order", "undertake_date")]
    assert codes(replace(SAMPLE, undertake_date="", product_date="20260301")) == [("query_information.date_order", "product_date")]


def test_all_problems_are_found_together() -> None:
    broken = replace(SAMPLE, seal_serial="", operator="印" * 16, seal_type_code="7")
    assert [field for _code, field in codes(broken)] == ["seal_serial", "seal_type_code", "operator"]
    assert "16" not in str(validate(broken)[2]) and "32" in str(validate(broken)[2])


def test_sentences_name_the_field() -> None:
    broken = replace(SAMPLE, seal_serial="", operator="印" * 16, seal_type_code="7", approver="𠀀", product_date="20260230")
    for problem in validate(broken):
        assert "“" in str(problem)


@given(st.fixed_dictionaries({rule.attribute: GBK_TEXT for rule in FREE}))
def test_encoding_is_rfc_8785_and_is_read_back(values: dict[str, str]) -> None:
    information = replace(SAMPLE, **values)
    problems = validate(information)
    if problems:
        with pytest.raises(UserError) as caught:
            encode(information)
        assert caught.value.code == problems[0].code
        return
    content = encode(information)
    assert content == rfc8785.dumps(json.loads(content))
    assert decode(content) == information


@given(st.binary(max_size=60))
def test_strange_bytes_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(UserError) as caught:
        decode(content)
    assert caught.value.code == "query_information.unreadable"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + " ",
        lambda text: text.replace('"Format"', ' "Format"'),
        lambda text: text.replace('"StateCode":"2"', '"StateCode":"2","StateCode":"2"'),
        lambda text: text.replace('"StateCode":"2"', '"StateCode":2'),
        lambda text: text.replace('"StateCode":"2"', '"Sharp":"","StateCode":"2"'),
        lambda text: text.replace('"StateCode":"2"', '"StateCod":"2"'),
        lambda text: text.replace(FORMAT, "sealdesk.query-information/2"),
        lambda text: text.replace("临", "\\u4e34"),
        lambda text: "[]",
        lambda text: "[" * 100_000,
    ],
)
def test_other_bytes_for_the_same_information_are_refused(change: object) -> None:
    content = change(encode(SAMPLE).decode()).encode()  # type: ignore[operator]
    with pytest.raises(UserError) as caught:
        decode(content)
    assert caught.value.code == "query_information.unreadable"


def test_bytes_that_break_a_rule_are_refused_with_the_rule() -> None:
    with pytest.raises(UserError) as caught:
        decode(encode(SAMPLE).replace(b'"StateCode":"2"', b'"StateCode":"9"'))
    assert (caught.value.code, caught.value.field) == ("query_information.form", "state_code")
    with pytest.raises(UserError) as caught:
        decode(encode(SAMPLE).replace(b'"StateCode":"2",', b""))
    assert caught.value.code == "query_information.missing"


def test_differences_name_field_and_both_values() -> None:
    found = differences(SAMPLE, replace(SAMPLE, operator="林之夏", approve_no="2026000001"))
    assert [(d.attribute, d.left, d.right) for d in found] == [("operator", "林知夏", "林之夏"), ("approve_no", "", "2026000001")]
    assert differences(SAMPLE, SAMPLE) == ()


def test_pictures_must_be_those_of_the_record_and_fit() -> None:
    picture, small = b"BM" + bytes(100), b"3" + bytes(10)
    information = replace(SAMPLE, picture_sha256=digest_of(picture), pic_compress_sha256=digest_of(small))
    assert validate(information) == ()
    assert check_pictures(information, picture, small) == ()
    assert [p.code for p in check_pictures(information, picture + b"\0", b"")] == ["query_information.picture_digest"] * 2
    huge = check_pictures(information, bytes(PICTURE_MOST_BYTES + 1), bytes(PIC_COMPRESS_MOST_BYTES + 1))
    assert [p.code for p in huge] == ["query_information.picture_too_large"] * 2
    assert check_pictures(SAMPLE, b"", b"") == ()
