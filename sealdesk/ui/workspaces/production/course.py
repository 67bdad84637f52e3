"""What the burning station shows of one chip seal: the one large word, the sentence, the number and the seven steps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import _
from sealdesk.domain.chips import BURN_STEP_TITLES, DONE, OPEN, BurnStep
from sealdesk.domain.ports import TokenIdentity
from sealdesk.domain.seals import DELIVERED, MADE, SIGNED
from sealdesk.stages.production.queries import Burn, Ticket
from sealdesk.ui.parts.stepper import Course, Step, StepState
from sealdesk.ui.theme import Tone
from sealdesk.ui.workspaces.production.burn_runs import Run

FINISHED = (MADE, SIGNED, DELIVERED)
GIVEN_UP = "spoiled"
"""Stands for the seal of a chip that was recorded as spoiled."""
_STEPS = tuple(BurnStep)


@dataclass(frozen=True, slots=True)
class Station:
    """Everything that decides what is shown.

    Attributes:
        burn: the seal's burning that was not given up.
        run: what runs here now, or ended badly.
        chip: the chip that would be burned.
        owners: serial numbers of plugged-in chips to the id of the seal they were begun for.
        is_online: whether the platform answers.
    """

    ticket: Ticket
    burn: Burn | None
    run: Run | None
    chip: TokenIdentity | None
    owners: Mapping[str, str]
    is_online: bool = True

    @property
    def objection(self) -> str | None:
        """Why the plugged-in chip cannot be this seal's, or None."""
        owner = "" if self.chip is None else self.owners.get(self.chip.serial, "")
        if owner == GIVEN_UP:
            return _("This chip was recorded as spoiled. Insert a new one.")
        if owner and owner != self.ticket.seal_id:
            return _("This chip belongs to another seal. Insert a new one.")
        return None

    @property
    def is_running(self) -> bool:
        """Whether the seal is being burned now."""
        return self.run is not None and not self.run.is_over

    @property
    def is_open(self) -> bool:
        """Whether a burning was begun and not finished."""
        return self.burn is not None and self.burn.state == OPEN

    @property
    def is_finished(self) -> bool:
        """Whether the chip is good."""
        return self.ticket.state in FINISHED and (self.burn is None or self.burn.state == DONE)


def missing_steps(burn: Burn) -> tuple[BurnStep, ...]:
    """The steps that an interrupted burning still lacks."""
    return tuple(step for step in _STEPS if not burn.steps.get(step, {}).get("done"))


def lacks_certificate(station: Station) -> bool:
    """Whether the chip has asked for its certificate, has not got it, and nobody waits for it now."""
    burn = station.burn
    return station.is_open and not station.is_running and burn is not None and bool(burn.public_point) and not burn.certificates


def why_not(station: Station) -> str | None:
    """Why burning cannot begin now, or None."""
    if station.is_running:
        return _("The chip is being burned.")
    if station.is_finished:
        return _("This chip is finished.")
    chip = station.chip
    if station.is_open and station.burn is not None and (chip is None or chip.serial != station.burn.chip_serial):
        return _("Insert chip {serial}: its burning was begun.").format(serial=station.burn.chip_serial)
    if chip is None:
        return _("Insert a new chip.")
    return station.objection


def course_of(station: Station) -> Course:
    """What the stepper shows."""
    if station.is_running and station.run is not None:
        return _running(station, station.run)
    if station.is_finished:
        return _finished(station)
    if station.run is not None and station.run.error is not None:
        return _failed(station, station.run, station.run.error)
    if station.is_open and station.burn is not None:
        return _interrupted(station, station.burn)
    return _waiting(station)


def _running(station: Station, run: Run) -> Course:
    steps = _steps(run.progress.done, StepState.NOW)
    sentence = run.progress.step
    if run.progress.done == _STEPS.index(BurnStep.CERTIFICATE) and run.progress.total:
        wait = _("The platform is asked.") if station.is_online else _("The platform is offline; this goes on by itself when it is back.")
        steps = _with_detail(steps, run.progress.done, wait)
    if run.is_stopping:
        sentence = _("Stopping at the next safe place…")
    return Course(_("Burning"), Tone.BUSY, sentence, run.serial, steps, run.progress.done, len(_STEPS))


def _finished(station: Station) -> Course:
    serial = "" if station.burn is None else station.burn.chip_serial
    steps = tuple(Step(_(BURN_STEP_TITLES[step]), StepState.DONE) for step in _STEPS)
    return Course(_("Good"), Tone.OK, _("Take the chip out. It goes on to the signature."), serial, steps)


def _failed(station: Station, run: Run, error: BaseException) -> Course:
    told = [str(error), error.advise()] if isinstance(error, SealdeskError) else [_("The burning broke off.")]
    steps = _with_detail(_steps(run.progress.done, StepState.FAILED), run.progress.done, " ".join(part for part in told if part))
    if not run.progress.total:
        steps = _with_detail(_steps(0, StepState.FAILED), 0, " ".join(part for part in told if part))
    return Course(_("Stop"), Tone.FAULT, told[0], run.serial, steps)


def _interrupted(station: Station, burn: Burn) -> Course:
    lacking = missing_steps(burn)
    steps = tuple(Step(_(BURN_STEP_TITLES[step]), StepState.TODO if step in lacking else StepState.DONE) for step in _STEPS)
    here = station.chip is not None and station.chip.serial == burn.chip_serial
    sentence = _("Insert this chip again to finish it.")
    if here and lacking:
        sentence = _("It goes on with “{title}”.").format(title=_(BURN_STEP_TITLES[lacking[0]]))
    return Course(_("Unfinished"), Tone.WARN, sentence, burn.chip_serial, steps, len(_STEPS) - len(lacking), len(_STEPS))


def _waiting(station: Station) -> Course:
    steps = tuple(Step(_(BURN_STEP_TITLES[step])) for step in _STEPS)
    if station.chip is None:
        return Course(_("Insert chip"), Tone.IDLE, _("Connect the shell and put a new chip in."), "", steps)
    if station.objection is not None:
        return Course(_("Wrong chip"), Tone.WARN, station.objection, station.chip.serial, steps)
    return Course(_("Ready"), Tone.IDLE, _("A new chip is in the reader."), station.chip.serial, steps)


def _steps(now: int, state: StepState) -> tuple[Step, ...]:
    return tuple(
        Step(_(BURN_STEP_TITLES[step]), StepState.DONE if place < now else state if place == now else StepState.TODO)
        for place, step in enumerate(_STEPS)
    )


def _with_detail(steps: tuple[Step, ...], place: int, detail: str) -> tuple[Step, ...]:
    return tuple(Step(step.title, step.state, detail) if at == place else step for at, step in enumerate(steps))
