"""查询信息: what is written into a seal's chip under the maker's signature, field by field, and how it becomes bytes and comes back.

Names and limits are those that two systems built on 《印章治安管理信息系统标准》 agree on (design, domain 2.6); lengths count bytes in GBK.
The standard's own encoding for a chip is not public. Ours is a file of canonical JSON (RFC 8785: UTF-8, names sorted, no white space)
with the standard's field names, all values strings, empty fields left out, and `"Format": "sealdesk.query-information/1"`.
The two pictures lie beside it as files of their own; the record holds their SHA-256 (`PictureSHA256`, `PicCompressSHA256`, our names),
so the signature over the record covers them. Equal information is equal bytes; `decode` refuses everything `encode` would not write.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from itertools import pairwise

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_, _

FORMAT = "sealdesk.query-information/1"
PICTURE_MOST_BYTES = 2 * 1024 * 1024
PIC_COMPRESS_MOST_BYTES = 65_535

_DATE = r"[0-9]{8}"
_SHA256 = r"[0-9a-f]{64}"
_CODE_2 = r"[0-9]{2}"
FACE_MATERIAL_TITLES = {
    "01": N_("Acrylic"),
    "02": N_("Copper"),
    "03": N_("Steel"),
    "04": N_("Plastic or rubber"),
    "05": N_("Horn"),
    "99": N_("Other"),
}
"""章面材料, the material of the face, by its code (GA 241.2)."""


@dataclass(frozen=True, slots=True)
class QueryInformation:
    """The fields as strings, as the chip holds them: dates yyyyMMdd, codes as digits, "" for what is left empty."""

    seal_serial: str
    seal_name: str
    state_code: str
    user_company_code: str
    user_company_name_chs: str
    approval_company_code: str
    approval_company_name_chs: str
    product_company_code: str
    product_company_name_chs: str
    seal_type_code: str
    operator: str
    approver: str
    person_name: str
    material_code: str = "99"
    inkpad_desc: str = ""
    operator_id: str = ""
    approval_date: str = ""
    undertake_date: str = ""
    product_date: str = ""
    compress_label: str = ""
    person_identity: str = ""
    approve_no: str = ""
    social_credit: str = ""
    company_type: str = ""
    seal_spec: str = ""
    user_company_name_min: str = ""
    user_company_name_eng: str = ""
    product_company_name_min: str = ""
    product_company_name_eng: str = ""
    department: str = ""
    position: str = ""
    record_status: str = ""
    sharp: str = ""
    extension1: str = ""
    extension2: str = ""
    extension3: str = ""
    extension4: str = ""
    extension5: str = ""
    picture_sha256: str = ""
    pic_compress_sha256: str = ""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A row of the table: attribute here, name in the standard, title for people, most bytes in GBK, pattern, must it be there."""

    attribute: str
    name: str
    title: str
    most_bytes: int
    pattern: str = ""
    required: bool = False


# The sources call the lengths of department, position, record status and shape only "short": 40 and 2 are ours.
FIELDS: tuple[FieldRule, ...] = (
    FieldRule("seal_serial", "SealSerial", N_("Seal code"), 19, r"[0-9]{3,19}", True),
    FieldRule("seal_name", "SealName", N_("Seal name"), 160, "", True),
    FieldRule("state_code", "StateCode", N_("Seal state"), 1, r"[1-7]", True),
    FieldRule("user_company_code", "UserCompanyCode", N_("Code of the unit"), 17, r"[0-9]{3,17}", True),
    FieldRule("user_company_name_chs", "UserCompanyNameChs", N_("Name of the unit"), 120, "", True),
    FieldRule("user_company_name_min", "UserCompanyNameMin", N_("Name of the unit in a minority script"), 120),
    FieldRule("user_company_name_eng", "UserCompanyNameEng", N_("Name of the unit in English"), 120),
    FieldRule("approval_company_code", "ApprovalCompanyCode", N_("Code of the approving organ"), 12, r"[0-9]{2,12}", True),
    FieldRule("approval_company_name_chs", "ApprovalCompanyNameChs", N_("Name of the approving organ"), 120, "", True),
    FieldRule("product_company_code", "ProductCompanyCode", N_("Code of the maker"), 17, r"[0-9]{2,17}", True),
    FieldRule("product_company_name_chs", "ProductCompanyNameChs", N_("Name of the maker"), 120, "", True),
    FieldRule("product_company_name_min", "ProductCompanyNameMin", N_("Name of the maker in a minority script"), 120),
    FieldRule("product_company_name_eng", "ProductCompanyNameEng", N_("Name of the maker in English"), 120),
    FieldRule("seal_type_code", "SealTypeCode", N_("Seal type"), 2, r"0[1-5]|99", True),
    FieldRule("material_code", "MaterialCode", N_("Material of the face"), 2, _CODE_2),
    FieldRule("inkpad_desc", "InkpadDesc", N_("Ink"), 40),
    FieldRule("operator", "Operator", N_("Handler"), 30, "", True),
    FieldRule("operator_id", "OperatorID", N_("Handler's document number"), 18, r"[0-9A-Z]+"),
    FieldRule("approver", "Approver", N_("Approved by"), 30, "", True),
    FieldRule("approval_date", "ApprovalDate", N_("Date of approval"), 8, _DATE),
    FieldRule("undertake_date", "UndertakeDate", N_("Date of acceptance"), 8, _DATE),
    FieldRule("product_date", "ProductDate", N_("Date of production"), 8, _DATE),
    FieldRule("compress_label", "CompressLabel", N_("Compression of the picture"), 1, r"[0-9]"),
    FieldRule("person_name", "PersonName", N_("Legal representative"), 30, "", True),
    FieldRule("person_identity", "PersonIdentity", N_("Legal representative's document number"), 18, r"[0-9A-Z]+"),
    FieldRule("approve_no", "ApproveNo", N_("Permit number"), 20),
    FieldRule("social_credit", "SocialCredit", N_("Unified social credit code"), 18, r"[0-9A-Z]{18}"),
    FieldRule("company_type", "CompanyType", N_("Kind of unit"), 2, r"0[1-5]|99"),
    FieldRule("seal_spec", "SealSpec", N_("Size, width/height in mm"), 10, r"[0-9]{1,3}(\.[0-9])?/[0-9]{1,3}(\.[0-9])?"),
    FieldRule("department", "Department", N_("Department"), 40),
    FieldRule("position", "Position", N_("Position"), 40),
    FieldRule("record_status", "RecordStatus", N_("Filing state"), 2),
    FieldRule("sharp", "Sharp", N_("Shape"), 2),
    FieldRule("extension1", "Extension1", N_("Extension 1"), 200),
    FieldRule("extension2", "Extension2", N_("Extension 2"), 200),
    FieldRule("extension3", "Extension3", N_("Extension 3"), 200),
    FieldRule("extension4", "Extension4", N_("Extension 4"), 200),
    FieldRule("extension5", "Extension5", N_("Extension 5"), 200),
    FieldRule("picture_sha256", "PictureSHA256", N_("Digest of the picture"), 64, _SHA256),
    FieldRule("pic_compress_sha256", "PicCompressSHA256", N_("Digest of the compressed picture"), 64, _SHA256),
)

_BY_NAME = {rule.name: rule for rule in FIELDS}
_DATES_IN_ORDER = ("approval_date", "undertake_date", "product_date")


class FieldMissingError(UserError):
    """A field that must be there is empty."""

    code = "query_information.missing"
    sentence = N_("“{title}” must not be empty.")


class FieldTooLongError(UserError):
    """More bytes than the chip's field holds."""

    code = "query_information.too_long"
    sentence = N_("“{title}” takes at most {most_bytes} bytes; this is {found_bytes} (a Chinese character counts as 2).")
    advice = N_("Shorten it by {excess} bytes.")


class FieldCharacterError(UserError):
    """A character that the chip's character set lacks."""

    code = "query_information.character"
    sentence = N_("“{title}” contains “{characters}”, which the chip's character set (GBK) does not have.")


class FieldFormError(UserError):
    """The value has not the prescribed form."""

    code = "query_information.form"
    sentence = N_("“{title}” does not have the prescribed form: “{value}”.")


class FieldDateError(UserError):
    """No day of the calendar."""

    code = "query_information.date"
    sentence = N_("“{title}” is not a day of the calendar: {value}.")


class DatesOutOfOrderError(UserError):
    """A later step is dated before an earlier one."""

    code = "query_information.date_order"
    sentence = N_("“{later}” is before “{earlier}”.")


class PictureTooLargeError(UserError):
    """A picture larger than its file on the chip."""

    code = "query_information.picture_too_large"
    sentence = N_("“{title}” takes at most {most_bytes} bytes; this picture has {found_bytes}.")


class PictureDigestError(UserError):
    """A picture that is not the one of the record."""

    code = "query_information.picture_digest"
    sentence = N_("The picture is not the one that was signed (“{title}”).")


class UnreadableQueryInformationError(UserError):
    """Bytes that are no query information, or not in the one form that is written."""

    code = "query_information.unreadable"
    sentence = N_("This is not query information in the form of this program: {reason}.")


def characters_outside(value: str) -> tuple[str, ...]:
    """The characters of a text that the chip's character set (GBK) lacks, each once, with its code point: `𠮷 (U+20BB7)`."""
    return tuple(f"{c} (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in dict.fromkeys(value) if not _in_gbk(c))


def bytes_of(value: str) -> int:
    """How many bytes a text takes in the chip, where all of its characters can be written there."""
    return len(value.encode("gbk"))


def most_bytes_of(attribute: str) -> int:
    """How many bytes the field of that attribute takes."""
    return next(rule.most_bytes for rule in FIELDS if rule.attribute == attribute)


def if_it_fits(attribute: str, value: str) -> str:
    """The value where the chip can hold it, "" where it cannot; for fields that may be left empty (D-022)."""
    return value if not characters_outside(value) and bytes_of(value) <= most_bytes_of(attribute) else ""


def validate(information: QueryInformation) -> tuple[UserError, ...]:
    """All problems, in the order of the table; empty when it may be signed. `field` of each is the attribute's name."""
    problems = [problem for rule in FIELDS if (problem := _problem(rule, getattr(information, rule.attribute))) is not None]
    named = {problem.field for problem in problems}
    dated = [a for a in _DATES_IN_ORDER if getattr(information, a) and a not in named]
    titles = {rule.attribute: rule.title for rule in FIELDS}
    for earlier, later in pairwise(dated):
        if getattr(information, later) < getattr(information, earlier):
            problems.append(DatesOutOfOrderError(field=later, earlier=_(titles[earlier]), later=_(titles[later])))
    return tuple(problems)


def check_pictures(information: QueryInformation, picture: bytes, pic_compress: bytes) -> tuple[UserError, ...]:
    """Problems of the two pictures beside the record: too large, or not those whose digests it holds. b"" stands for none."""
    problems: list[UserError] = []
    for attribute, content, most in (
        ("picture_sha256", picture, PICTURE_MOST_BYTES),
        ("pic_compress_sha256", pic_compress, PIC_COMPRESS_MOST_BYTES),
    ):
        title = _(next(rule.title for rule in FIELDS if rule.attribute == attribute))
        if len(content) > most:
            problems.append(PictureTooLargeError(field=attribute, title=title, most_bytes=most, found_bytes=len(content)))
        elif getattr(information, attribute) != digest_of(content):
            problems.append(PictureDigestError(field=attribute, title=title))
    return tuple(problems)


def digest_of(picture: bytes) -> str:
    """What a record holds of a picture: its SHA-256 in hexadecimal, or "" for no picture."""
    return sha256(picture).hexdigest() if picture else ""


def encode(information: QueryInformation) -> bytes:
    """The bytes for the chip (see the module's description).

    Raises:
        UserError: the first of the problems that `validate` finds.
    """
    problems = validate(information)
    if problems:
        raise problems[0]
    return _canonical(information)


def decode(content: bytes) -> QueryInformation:
    """What `encode` wrote.

    Raises:
        UnreadableQueryInformationError: not such bytes. UserError: a field breaks its rule.
    """
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise UnreadableQueryInformationError(reason=_("it is not JSON in UTF-8")) from None
    if not isinstance(found, dict) or found.get("Format") != FORMAT:
        raise UnreadableQueryInformationError(reason=_("another format"))
    values = {name: value for name, value in found.items() if name != "Format"}
    unknown = sorted(name for name in values if name not in _BY_NAME)
    if unknown:
        raise UnreadableQueryInformationError(reason=_("unknown field {name}").format(name=unknown[0][:40]))
    if not all(isinstance(value, str) for value in values.values()):
        raise UnreadableQueryInformationError(reason=_("a value is not text"))
    given = {field.name: "" for field in fields(QueryInformation)} | {_BY_NAME[name].attribute: value for name, value in values.items()}
    information = QueryInformation(**given)
    problems = validate(information)
    if problems:
        raise problems[0]
    if _canonical(information) != content:
        raise UnreadableQueryInformationError(reason=_("it is not in canonical form"))
    return information


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field in which two records differ. `title` is a marked text."""

    attribute: str
    title: str
    left: str
    right: str


def differences(left: QueryInformation, right: QueryInformation) -> tuple[FieldDifference, ...]:
    """The fields that differ, in the order of the table."""
    pairs = ((rule, getattr(left, rule.attribute), getattr(right, rule.attribute)) for rule in FIELDS)
    return tuple(FieldDifference(rule.attribute, rule.title, a, b) for rule, a, b in pairs if a != b)


def _problem(rule: FieldRule, value: str) -> UserError | None:
    title = _(rule.title)
    if not value.strip():
        return FieldMissingError(field=rule.attribute, title=title) if rule.required or value else None
    foreign = characters_outside(value)
    if foreign:
        return FieldCharacterError(field=rule.attribute, title=title, characters=", ".join(foreign))
    found_bytes = bytes_of(value)
    if found_bytes > rule.most_bytes:
        excess = found_bytes - rule.most_bytes
        return FieldTooLongError(field=rule.attribute, title=title, most_bytes=rule.most_bytes, found_bytes=found_bytes, excess=excess)
    if rule.pattern and not re.fullmatch(rule.pattern, value):
        return FieldFormError(field=rule.attribute, title=title, value=value)
    if rule.pattern == _DATE and not _is_day(value):
        return FieldDateError(field=rule.attribute, title=title, value=value)
    return None


def _in_gbk(character: str) -> bool:
    if character < " " or character == "\x7f":
        return False
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _canonical(information: QueryInformation) -> bytes:
    values = {rule.name: getattr(information, rule.attribute) for rule in FIELDS}
    present = {"Format": FORMAT} | {name: value for name, value in values.items() if value}
    # Names are ASCII and values are strings without control characters, so this is RFC 8785 to the byte.
    return json.dumps(present, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
