"""The verdict on a permit in plain steps: issuer, signature, validity, and equal to what we registered, to the character.

Pure: works on values that a query collected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from sealdesk.core.clock import CHINA
from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_, _
from sealdesk.crypto.certificates import Certificate
from sealdesk.crypto.records import SignedRecord, open_record
from sealdesk.domain.permits import Cut, Difference, Permit, PermittedSeal
from sealdesk.domain.units import Person
from sealdesk.wire.permits import PermitContent
from sealdesk.wire.roles import PERMIT_AUTHORITY
from sealdesk.workflow.facts import Trust

STEP_TITLES = {
    "form": N_("The permit can be read"),
    "signature": N_("Signature and issuer"),
    "entitled": N_("The issuer may issue permits"),
    "validity": N_("Within its validity"),
    "shop": N_("Issued to this shop"),
    "equal": N_("Equal to our registration"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the verdict. `passed` is None for a step that was not reached."""

    name: str
    passed: bool | None
    detail: str = ""

    @property
    def title(self) -> str:
        """The step's title in the person's language."""
        return _(STEP_TITLES[self.name])


@dataclass(frozen=True, slots=True)
class PermitVerdict:
    """The steps, the permit if it could be read, its signer, and every difference from the registration."""

    steps: tuple[Step, ...]
    permit: Permit | None
    signer: Certificate | None
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether every step passed."""
        return all(step.passed for step in self.steps)

    @property
    def reason(self) -> str:
        """The first step that did not pass, in words; empty when all did."""
        for step in self.steps:
            if not step.passed:
                return f"{step.title}: {step.detail}" if step.detail else step.title
        return ""


@dataclass(frozen=True, slots=True)
class RegisteredSeal:
    """A seal as we registered it."""

    id: str
    seal_type: str
    name: str
    template: str
    fields: tuple[tuple[str, str], ...]
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Registered:
    """What we registered and who we are."""

    order_id: str
    shop_code: str
    unit_name: str
    uscc: str
    handler: Person
    seals: tuple[RegisteredSeal, ...]


def verify_permit(record: str, registered: Registered, trust: Trust, at: datetime) -> PermitVerdict:
    """Hold a permit against the trust and the registration, as of the moment `at`."""
    done: list[Step] = []
    try:
        signed = SignedRecord.from_json(record)
        content = PermitContent.model_validate_json(signed.content)
        permit = permit_of(content)
    except (SealdeskError, ValidationError, ValueError) as error:
        return _stopped([Step("form", False, str(error) if isinstance(error, SealdeskError) else "")])
    done.append(Step("form", True, permit.number))
    try:
        verified = open_record(signed, (trust.root,), at, revoked=trust.revocations)
    except SealdeskError as error:
        return _stopped([*done, Step("signature", False, str(error))], permit)
    signer = verified.signer
    done.append(Step("signature", True, f"{signer.common_name} ({signer.issuer_common_name})"))
    entitled = PERMIT_AUTHORITY in signer.extended_key_usage
    done.append(Step("entitled", entitled, permit.issuer_name if entitled else signer.common_name))
    today = at.astimezone(CHINA).date()
    valid = permit.issued_on <= today <= permit.valid_until
    done.append(Step("validity", valid, f"{permit.issued_on} – {permit.valid_until}"))
    done.append(Step("shop", permit.shop_code == registered.shop_code, permit.shop_name))
    found = differences(permit, registered)
    detail = "; ".join(f"{_(d.what)}: {d.permitted} ≠ {d.registered}" for d in found[:3])
    done.append(Step("equal", not found, detail))
    return PermitVerdict(tuple(done), permit, signer, found)


def differences(permit: Permit, registered: Registered) -> tuple[Difference, ...]:
    """Every place where permit and registration disagree; the permit must be equal to the character."""
    found: list[Difference] = []

    def compare(what: str, permitted: str, ours: str) -> None:
        if permitted != ours:
            found.append(Difference(what, permitted, ours))

    compare(N_("Order"), permit.order_id, registered.order_id)
    compare(N_("Unit"), permit.unit_name, registered.unit_name)
    compare(N_("Unified social credit code"), permit.uscc, registered.uscc)
    compare(N_("Handler"), permit.handler_name, registered.handler.name)
    compare(N_("Handler's document"), permit.handler_document, registered.handler.document_number)
    ours = {seal.id: seal for seal in registered.seals}
    theirs = {seal.seal_id: seal for seal in permit.seals}
    for seal_id in sorted(ours.keys() | theirs.keys()):
        mine, given = ours.get(seal_id), theirs.get(seal_id)
        if mine is None or given is None:
            found.append(Difference(N_("Seal"), "–" if given is None else given.name, "–" if mine is None else mine.name))
            continue
        compare(N_("Seal type"), given.seal_type, mine.seal_type)
        compare(N_("Seal name"), given.name, mine.name)
        compare(N_("Template"), given.template, mine.template)
        if _filled(given.face_text) != _filled(mine.fields):
            found.append(Difference(N_("Face text"), _texts(given.face_text), _texts(mine.fields)))
        compare(N_("Size"), _size(given.width_mm, given.height_mm), _size(mine.width_mm, mine.height_mm))
    codes = [seal.seal_code for seal in permit.seals]
    if len(set(codes)) != len(codes):
        found.append(Difference(N_("Seal codes"), ", ".join(codes), "–"))
    return tuple(found)


def permit_of(content: PermitContent) -> Permit:
    """The permit as a value of the domain.

    Raises:
        ValueError: a date is not one.
    """
    return Permit(
        number=content.number,
        order_id=content.order,
        issuer_code=content.issuer.code,
        issuer_name=content.issuer.name,
        shop_code=content.shop.code,
        shop_name=content.shop.name,
        unit_name=content.unit.name,
        unit_code=content.unit.code,
        uscc=content.uscc,
        handler_name=content.handler,
        handler_document=content.handler_document,
        issued_on=date.fromisoformat(content.issued_on),
        valid_until=date.fromisoformat(content.valid_until),
        seals=tuple(
            PermittedSeal(
                seal_id=seal.id,
                seal_type=seal.seal_type,
                name=seal.name,
                face_text=tuple(sorted(seal.face_fields.items())),
                template=seal.template,
                width_mm=seal.width_mm,
                height_mm=seal.height_mm,
                seal_code=seal.seal_code,
                cuts=tuple(Cut(c.x1_mm, c.y1_mm, c.x2_mm, c.y2_mm, c.width_mm) for c in seal.cuts),
            )
            for seal in content.seals
        ),
    )


def _stopped(done: list[Step], permit: Permit | None = None) -> PermitVerdict:
    reached = {step.name for step in done}
    rest = [Step(name, None) for name in STEP_TITLES if name not in reached]
    return PermitVerdict((*done, *rest), permit, None, ())


def _filled(fields: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {name: value for name, value in fields if value}


def _texts(fields: tuple[tuple[str, str], ...]) -> str:
    return " / ".join(f"{name}: {value}" for name, value in sorted(fields) if value)


def _size(width_mm: float, height_mm: float) -> str:
    return f"{width_mm:.2f} × {height_mm:.2f} mm"
