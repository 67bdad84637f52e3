"""Commands, permissions and errors of registration, and the draft that a clerk types into. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sealdesk.core.errors import UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.domain.units import Person, Unit
from sealdesk.workflow.commands import BULKY

EDIT = Permission("registration.edit", N_("Register units and seals"))
SUBMIT = Permission("registration.submit", N_("Submit registrations for approval"))

NOBODY = Person(name="", document_kind="resident_id", document_number="", phone="")
EMPTY_UNIT = Unit(name="", kind="02", uscc="", registration_number="", area_code="", address="", phone="", principal=NOBODY)


@dataclass(frozen=True, slots=True)
class DraftSeal:
    """A seal as it is typed. `id` is made with the draft and stays; `fields` are the texts of the template by name.

    A template of the shop comes with the text of its file, so that the order keeps the version it was begun with.
    """

    id: str
    seal_type: str
    template: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    product: str = ""
    reason: str = "new"
    name: str = ""
    template_file: str = ""


@dataclass(frozen=True, slots=True)
class DraftGoods:
    """Goods on an order."""

    product: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a clerk types for one order; any of it may be empty or wrong until it is submitted."""

    unit: Unit = EMPTY_UNIT
    handler: Person = NOBODY
    seals: tuple[DraftSeal, ...] = ()
    goods: tuple[DraftGoods, ...] = ()

    def with_seal(self, seal: DraftSeal) -> Draft:
        """The draft with that seal added, or put in the place of the one with its id."""
        if any(known.id == seal.id for known in self.seals):
            return replace(self, seals=tuple(seal if known.id == seal.id else known for known in self.seals))
        return replace(self, seals=(*self.seals, seal))


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """暂存: keep what was typed, right or wrong. An unknown `order_id` makes a new order."""

    order_id: str
    draft: Draft = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class AttachProof:
    """Put a paper into a slot; the file is already among the attachments."""

    order_id: str
    kind: str
    attachment_id: str
    file_name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class RemoveProof:
    """Take a paper out again."""

    order_id: str
    proof_id: str


@dataclass(frozen=True, slots=True)
class SubmitOrder:
    """提交审批: check everything and send it; an order that needs no permit goes straight to acceptance."""

    order_id: str


@dataclass(frozen=True, slots=True)
class ReturnOrder:
    """打回: the platform sends a registration back with a reason."""

    order_id: str
    reason: str
    reviewer: str
    rev: int


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Give an order up before it is accepted."""

    order_id: str


class UnitSealExistsError(UserError):
    """A unit may have one seal of this type, and has it."""

    code = "registration.seal.exists"
    sentence = N_("{unit} already has a {kind} ({code_or_order}); it cannot have a second one.")
    advice = N_("Choose a replacement or a loss as the reason when the old seal was handed in or reported lost.")


class TwiceInOrderError(UserError):
    """Two seals of a kind of which a unit may have one stand in the same order."""

    code = "registration.seal.twice"
    sentence = N_("A unit may have one {kind} only; this order holds two.")


class NothingOrderedError(UserError):
    """An order without seals and goods."""

    code = "registration.empty"
    sentence = N_("Add at least one seal or product.")


class RequiredError(UserError):
    """A field that must be filled is empty."""

    code = "registration.required"
    sentence = N_("Fill in “{label}”.")


class TooLongError(UserError):
    """A text is longer than the store and the platform take."""

    code = "registration.too_long"
    sentence = N_("“{label}” is too long: at most {limit} characters.")


class ProofMissingError(UserError):
    """A proof document is missing."""

    code = "registration.proof.missing"
    sentence = N_("“{label}” is still missing.")


class UnknownChoiceError(UserError):
    """A template, product or other choice that does not exist."""

    code = "registration.choice"
    sentence = N_("Choose “{label}”.")


class ChipNeedsCodeError(UserError):
    """A chip carries a seal code, which only seals under a permit get."""

    code = "registration.product.chip"
    sentence = N_("A seal of this type gets no seal code, so it cannot be a chip seal.")
    advice = N_("Choose a product without chip.")


class ChipCharacterError(UserError):
    """A name that goes into a chip has a character that no chip holds."""

    code = "registration.chip.character"
    sentence = N_("“{label}” contains {characters}; a chip cannot hold it, because its character set is GBK.")
    advice = N_("Choose products without chip for the seals of this order, or write the name with a character of the set.")


class ChipTooLongError(UserError):
    """A name that goes into a chip is longer than the chip's field."""

    code = "registration.chip.too_long"
    sentence = N_("“{label}” is too long for a chip: {found_bytes} bytes, at most {most_bytes} (a Chinese character counts as 2).")
    advice = N_("Choose products without chip for the seals of this order, or shorten it by {excess} bytes.")


class TemplateTypeError(UserError):
    """The template belongs to another type of seal."""

    code = "registration.template.type"
    sentence = N_("The template “{template}” is not for a {kind}.")


class FaceProblemError(UserError):
    """The face cannot be made as it is."""

    code = "registration.face"
    sentence = N_("The face cannot be made: {finding}")


class FaceNameError(UserError):
    """The name on the face is not the unit's name."""

    code = "registration.face.name"
    sentence = N_("The name on the face ({face}) is not the unit's name ({unit}).")


class QuantityError(UserError):
    """A quantity outside 1 to 9999."""

    code = "registration.quantity"
    sentence = N_("The quantity is a whole number from 1 to 9999.")


class PaperKindError(UserError):
    """A proof document in a format that nobody can open at the platform."""

    code = "registration.proof.format"
    sentence = N_("“{file_name}” is not a picture or PDF (JPEG, PNG, TIFF, PDF).")


class PaperSizeError(UserError):
    """A proof document that is empty or too large."""

    code = "registration.proof.size"
    sentence = N_("“{file_name}” is empty or larger than 20 MB.")


MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/tiff", "application/pdf"})
LARGEST_PAPER_BYTES = 20_000_000
LONGEST_FILE_NAME = 160
"""Characters of a proof document's name; its end, with the kind of file, is what is kept."""
LONGEST_UNIT_NAME = 120
LONGEST_ADDRESS = 200
LONGEST_PERSON_NAME = 60
LONGEST_SEAL_NAME = 160
"""Characters that the store keeps and the platform takes."""


def encode_draft(draft: Draft) -> dict[str, Any]:
    """The draft as the JSON that the store keeps."""
    return {
        "unit": _unit_json(draft.unit),
        "handler": _person_json(draft.handler),
        "seals": [
            {
                "id": seal.id,
                "seal_type": seal.seal_type,
                "template": seal.template,
                "fields": dict(seal.fields),
                "product": seal.product,
                "reason": seal.reason,
                "name": seal.name,
                "template_file": seal.template_file,
            }
            for seal in draft.seals
        ],
        "goods": [{"product": goods.product, "quantity": goods.quantity} for goods in draft.goods],
    }


def decode_draft(value: Mapping[str, Any]) -> Draft:
    """The draft that `encode_draft` wrote."""
    unit = dict(value["unit"])
    unit["principal"] = Person(**unit["principal"])
    return Draft(
        unit=Unit(**unit),
        handler=Person(**value["handler"]),
        seals=tuple(DraftSeal(**{**seal, "fields": MappingProxyType(dict(seal["fields"]))}) for seal in value["seals"]),
        goods=tuple(DraftGoods(**goods) for goods in value["goods"]),
    )


def _person_json(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "document_kind": person.document_kind,
        "document_number": person.document_number,
        "phone": person.phone,
    }


def _unit_json(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "kind": unit.kind,
        "uscc": unit.uscc,
        "registration_number": unit.registration_number,
        "area_code": unit.area_code,
        "address": unit.address,
        "phone": unit.phone,
        "principal": _person_json(unit.principal),
        "name_minority": unit.name_minority,
        "name_english": unit.name_english,
    }
