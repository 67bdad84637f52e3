"""What the signature place shows of one chip: the one large word and its five steps. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import N_, _
from sealdesk.ui.parts.stepper import Course, Step, StepState
from sealdesk.ui.theme import Tone


class SignStep(IntEnum):
    """The steps, in their order."""

    REVIEW = 0
    PIN = 1
    SIGN = 2
    BURN = 3
    COMPARE = 4


TITLES: dict[SignStep, str] = {
    SignStep.REVIEW: N_("Review the query information"),
    SignStep.PIN: N_("Enter the PIN of the USB key"),
    SignStep.SIGN: N_("Sign with the maker's key"),
    SignStep.BURN: N_("Burn the signature into the chip"),
    SignStep.COMPARE: N_("Read back and compare"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """How the signing of one chip stands. `at` is the step that is being done, None while nothing runs; `error` where it broke off."""

    serial: str
    chip_is_here: bool
    signed: bool = False
    burned: bool = False
    at: SignStep | None = None
    error: BaseException | None = None
    problems: int = 0


def course_of(place: Place) -> Course:
    """What the stepper shows."""
    if place.burned:
        return Course(_("Signed"), Tone.OK, _("Read back from the chip and equal, field by field."), place.serial, _steps(len(TITLES)))
    if place.error is not None and place.at is not None:
        told = str(place.error) if isinstance(place.error, SealdeskError) else _("The work broke off.")
        advice = place.error.advise() if isinstance(place.error, SealdeskError) else ""
        return Course(_("Stop"), Tone.FAULT, told, place.serial, _steps(place.at, StepState.FAILED, advice))
    if place.at is not None:
        return Course(_("Working"), Tone.BUSY, _(TITLES[place.at]), place.serial, _steps(place.at, StepState.NOW), place.at, len(TITLES))
    if place.problems:
        sentence = _("{count} fields have to be put right first.").format(count=place.problems)
        return Course(_("Check"), Tone.WARN, sentence, place.serial, _steps(SignStep.REVIEW, StepState.NOW))
    begun = SignStep.BURN if place.signed else SignStep.REVIEW
    if not place.chip_is_here:
        sentence = _("Insert chip {serial}.").format(serial=place.serial)
        return Course(_("Insert chip"), Tone.IDLE, sentence, place.serial, _steps(begun, StepState.NOW))
    if place.signed:
        return Course(_("To burn"), Tone.IDLE, _("It is signed; only the chip is missing."), place.serial, _steps(begun, StepState.NOW))
    return Course(_("Ready"), Tone.IDLE, _("Compare the fields, then sign."), place.serial, _steps(begun, StepState.NOW))


def _steps(now: int, state: StepState = StepState.NOW, detail: str = "") -> tuple[Step, ...]:
    return tuple(
        Step(
            _(title),
            StepState.DONE if step < now else state if step == now else StepState.TODO,
            detail if step == now else "",
        )
        for step, title in TITLES.items()
    )
