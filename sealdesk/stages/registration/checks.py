"""What must be true of an order before anything is sent, each with its own sentence at its own field. Pure but for the face engine.

The same checks run live in the window and again in the handler of `SubmitOrder`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import _
from sealdesk.domain.identifiers import check_area_code, check_document, check_phone, check_registration_number, check_uscc
from sealdesk.domain.orders import PROOF_TITLES, ProofKind, Reason, required_proofs
from sealdesk.domain.query_information import bytes_of, characters_outside, most_bytes_of
from sealdesk.domain.seals import ONE_PER_UNIT, PRODUCTS, REGISTER_NAMES, SEAL_TYPE_TITLES, Product, SealType
from sealdesk.domain.units import Person, Unit, UnitKind
from sealdesk.face.checks import ERROR
from sealdesk.face.faces import Face, face_of
from sealdesk.face.template import Template
from sealdesk.face.templates import TEMPLATES
from sealdesk.stages.registration.rules import (
    LONGEST_ADDRESS,
    LONGEST_PERSON_NAME,
    LONGEST_SEAL_NAME,
    LONGEST_UNIT_NAME,
    ChipCharacterError,
    ChipNeedsCodeError,
    ChipTooLongError,
    Draft,
    DraftSeal,
    FaceNameError,
    FaceProblemError,
    NothingOrderedError,
    ProofMissingError,
    QuantityError,
    RequiredError,
    TemplateTypeError,
    TooLongError,
    TwiceInOrderError,
    UnitSealExistsError,
    UnknownChoiceError,
)
from sealdesk.workflow.templates import OWN_PREFIX, local_template


@dataclass(frozen=True, slots=True)
class ExistingSeal:
    """A valid seal of the unit that stands in the way of a second one."""

    seal_type: str
    code_or_order: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The draft in normal form, what is wrong with it, and the faces that could be laid out, by seal id."""

    draft: Draft
    problems: tuple[UserError, ...]
    faces: dict[str, Face]

    @property
    def needs_permit(self) -> bool:
        """Whether any of its seals is of a type that needs a permit."""
        return needs_permit(self.draft)


def needs_permit(draft: Draft) -> bool:
    """Whether any seal of the draft is of one of the five types (01 to 05)."""
    return any(seal.seal_type in set(SealType) and SealType(seal.seal_type).needs_permit for seal in draft.seals)


def template_named(name: str) -> Template | None:
    """The system's face template of that name, or None."""
    return next((template for template in TEMPLATES if template.name == name), None)


def template_of(seal: DraftSeal) -> Template | None:
    """The face template of a seal: one of the system's by its name, or the shop's own from the file that came with it; or None."""
    if not seal.template_file or not seal.template.startswith(OWN_PREFIX):
        return template_named(seal.template)
    try:
        return local_template(seal.template, seal.template_file)
    except UserError:
        return None


def product_named(product_id: str, *, is_seal: bool) -> Product | None:
    """The seal product or the goods of that id, or None."""
    return next((product for product in PRODUCTS if product.id == product_id and product.is_seal is is_seal), None)


def check_draft(draft: Draft, proofs: Collection[str], today: date, existing: Collection[ExistingSeal] = ()) -> Checked:
    """Check a whole draft. `proofs` are the kinds of paper that are there, `existing` the unit's valid seals elsewhere."""
    found: list[UserError] = []
    unit = _unit(draft.unit, today, found)
    handler = _person(draft.handler, "handler", today, found)
    faces: dict[str, Face] = {}
    seals = tuple(_seal(seal, index, unit, existing, found, faces) for index, seal in enumerate(draft.seals))
    _once_per_unit(seals, found)
    _for_chips(unit, handler, seals, found)
    for index, goods in enumerate(draft.goods):
        if product_named(goods.product, is_seal=False) is None:
            found.append(UnknownChoiceError(field=f"goods.{index}.product", label=_("Product")))
        if not 1 <= goods.quantity <= 9999:
            found.append(QuantityError(field=f"goods.{index}.quantity"))
    if not draft.seals and not draft.goods:
        found.append(NothingOrderedError(field="seals"))
    checked = Draft(unit, handler, seals, draft.goods)
    if needs_permit(checked):
        found.extend(_missing_proofs(unit, handler, proofs))
    return Checked(checked, tuple(found), faces)


def _try(check: Callable[..., Any], found: list[UserError], *values: Any) -> Any:
    """The normal form that `check` returns, or the first value as it is when it refuses."""
    try:
        return check(*values)
    except UserError as error:
        found.append(error)
        return values[0]


def in_one_line(text: str) -> str:
    """A name as it is kept: no white space around it, single spaces inside."""
    return " ".join(text.split())


def _required(text: str, label: str, field: str, limit: int, found: list[UserError]) -> str:
    kept = _bounded(text, label, field, limit, found)
    if not kept:
        found.append(RequiredError(field=field, label=label))
    return kept


def _bounded(text: str, label: str, field: str, limit: int, found: list[UserError]) -> str:
    kept = in_one_line(text)
    if len(kept) > limit:
        found.append(TooLongError(field=field, label=label, limit=limit))
    return kept


def _unit(unit: Unit, today: date, found: list[UserError]) -> Unit:
    uscc, registration_number = unit.uscc.strip(), unit.registration_number.strip()
    if registration_number and not uscc:
        registration_number = _try(check_registration_number, found, registration_number, "unit.registration_number")
    else:
        uscc = _try(check_uscc, found, uscc, "unit.uscc")
    if unit.kind not in set(UnitKind):
        found.append(UnknownChoiceError(field="unit.kind", label=_("Kind of unit")))
    return replace(
        unit,
        name=_required(unit.name, _("Unit name"), "unit.name", LONGEST_UNIT_NAME, found),
        name_minority=_bounded(unit.name_minority, _("Name in a minority script"), "unit.name_minority", LONGEST_UNIT_NAME, found),
        name_english=_bounded(unit.name_english, _("English name"), "unit.name_english", LONGEST_UNIT_NAME, found),
        uscc=uscc,
        registration_number=registration_number,
        area_code=_try(check_area_code, found, unit.area_code, "unit.area_code"),
        address=_required(unit.address, _("Address"), "unit.address", LONGEST_ADDRESS, found),
        phone=_try(check_phone, found, unit.phone, "unit.phone") if unit.phone.strip() else "",
        principal=_person(unit.principal, "unit.principal", today, found),
    )


def _person(person: Person, where: str, today: date, found: list[UserError]) -> Person:
    number = person.document_number
    try:
        number = check_document(person.document_kind, person.document_number, today, f"{where}.document_number").number
    except UserError as error:
        found.append(error)
    return replace(
        person,
        name=_required(person.name, _("Name"), f"{where}.name", LONGEST_PERSON_NAME, found),
        document_number=number,
        phone=_try(check_phone, found, person.phone, f"{where}.phone"),
    )


def _seal(
    seal: DraftSeal,
    index: int,
    unit: Unit,
    existing: Collection[ExistingSeal],
    found: list[UserError],
    faces: dict[str, Face],
) -> DraftSeal:
    where = f"seals.{index}"
    if seal.seal_type not in set(SealType):
        found.append(UnknownChoiceError(field=f"{where}.seal_type", label=_("Seal type")))
        return seal
    kind = SealType(seal.seal_type)
    product = product_named(seal.product, is_seal=True)
    if product is None:
        found.append(UnknownChoiceError(field=f"{where}.product", label=_("Product")))
    elif product.carrier.has_chip and not kind.needs_permit:
        found.append(ChipNeedsCodeError(field=f"{where}.product"))
    if seal.reason not in set(Reason):
        found.append(UnknownChoiceError(field=f"{where}.reason", label=_("Reason")))
    if kind in ONE_PER_UNIT and seal.reason == Reason.NEW:
        for other in existing:
            if other.seal_type == seal.seal_type:
                title = _(SEAL_TYPE_TITLES[kind])
                found.append(UnitSealExistsError(field=f"{where}.seal_type", unit=unit.name, kind=title, code_or_order=other.code_or_order))
    template = template_of(seal)
    if template is None:
        found.append(UnknownChoiceError(field=f"{where}.template", label=_("Template")))
        return seal
    if template.seal_type != seal.seal_type:
        title = _(SEAL_TYPE_TITLES[kind])
        found.append(TemplateTypeError(field=f"{where}.template", template=_(template.title), kind=title))
        return seal
    _face(seal, where, unit, template, found, faces)
    name = _bounded(seal.name, _("Seal name"), f"{where}.name", LONGEST_SEAL_NAME, found) or f"{unit.name}{REGISTER_NAMES[kind]}"
    return replace(seal, name=name, fields=MappingProxyType({key: value.strip() for key, value in seal.fields.items()}))


def _face(seal: DraftSeal, where: str, unit: Unit, template: Template, found: list[UserError], faces: dict[str, Face]) -> None:
    missing = [field for field in template.fields if field.required and not seal.fields.get(field.name, "").strip()]
    for field in missing:
        found.append(RequiredError(field=f"{where}.fields.{field.name}", label=_(field.label)))
    if missing:
        return
    printed = seal.fields.get("name", "").strip()
    if printed and unit.name and seal.seal_type == SealType.UNIT and printed != unit.name:
        found.append(FaceNameError(field=f"{where}.fields.name", face=printed, unit=unit.name))
    try:
        face = face_of(template, dict(seal.fields))
    except UserError as error:
        found.append(FaceProblemError(field=f"{where}.fields.name", finding=str(error)))
        return
    faces[seal.id] = face
    for finding in face.findings:
        if finding.severity == ERROR:
            found.append(FaceProblemError(field=f"{where}.fields.name", finding=finding.text))


def _once_per_unit(seals: tuple[DraftSeal, ...], found: list[UserError]) -> None:
    for kind in ONE_PER_UNIT:
        places = [index for index, seal in enumerate(seals) if seal.seal_type == kind]
        for index in places[1:]:
            found.append(TwiceInOrderError(field=f"seals.{index}.seal_type", kind=_(SEAL_TYPE_TITLES[kind])))


def _for_chips(unit: Unit, handler: Person, seals: tuple[DraftSeal, ...], found: list[UserError]) -> None:
    """The names that a chip's query information must hold fit into it (D-022); seals without chip take any name."""
    if not any(_has_chip(seal) for seal in seals):
        return
    _for_chip("unit.name", _("Unit name"), "user_company_name_chs", unit.name, found)
    _for_chip("unit.principal.name", _("Name"), "person_name", unit.principal.name, found)
    _for_chip("handler.name", _("Name"), "operator", handler.name, found)
    wrong = any(problem.field == "unit.name" for problem in found)
    for place, seal in enumerate(seals):
        if _has_chip(seal):  # a seal's name is made of the unit's, which is blamed once
            name = seal.name.replace(unit.name, "") if wrong and unit.name else seal.name
            _for_chip(f"seals.{place}.name", _("Seal name"), "seal_name", name, found)


def _for_chip(field: str, label: str, attribute: str, value: str, found: list[UserError]) -> None:
    foreign, most = characters_outside(value), most_bytes_of(attribute)
    if any(problem.field == field for problem in found):
        return
    if foreign:
        found.append(ChipCharacterError(field=field, label=label, characters=", ".join(foreign)))
    elif (size := bytes_of(value)) > most:
        found.append(ChipTooLongError(field=field, label=label, most_bytes=most, found_bytes=size, excess=size - most))


def _has_chip(seal: DraftSeal) -> bool:
    product = product_named(seal.product, is_seal=True)
    return product is not None and product.carrier.has_chip


def _missing_proofs(unit: Unit, handler: Person, proofs: Collection[str]) -> list[UserError]:
    needed = required_proofs(handler_is_principal=handler.same_as(unit.principal))
    return [ProofMissingError(field=f"proofs.{kind}", label=_(PROOF_TITLES[ProofKind(kind)])) for kind in needed if kind not in proofs]
