"""What the counter shows of one hand-over: the one large word, what to do next, and the steps, one for each chip. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sealdesk.core.errors import SealdeskError
from sealdesk.core.i18n import _
from sealdesk.domain.orders import DELIVERED
from sealdesk.stages.logistics.queries import DeliverableOrder, DeliverableSeal
from sealdesk.ui.parts.stepper import Course, Step, StepState
from sealdesk.ui.theme import Tone


class Phase(Enum):
    """What is to be done next."""

    CHECK = "check"
    BURN = "burn"
    PAPERS = "papers"
    FINISH = "finish"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Counter:
    """How a hand-over stands.

    Attributes:
        here: serial numbers of the chips that are plugged in.
        slip_saved, mailer_saved: whether the papers of this hand-over were saved in this run of the program.
        working: what is being done now, in words; empty while nothing is.
        burning: the seal whose chip is being written.
        error: what went wrong last.
    """

    order: DeliverableOrder
    here: frozenset[str]
    slip_saved: bool = False
    mailer_saved: bool = False
    working: str = ""
    burning: str = ""
    error: BaseException | None = None

    @property
    def chips(self) -> tuple[DeliverableSeal, ...]:
        """The seals with a chip."""
        return tuple(seal for seal in self.order.seals if seal.chip_serial)

    @property
    def unburned(self) -> tuple[DeliverableSeal, ...]:
        """The chips that lack the delivery record, those that are plugged in first."""
        lacking = [seal for seal in self.chips if not seal.burned]
        return tuple(sorted(lacking, key=lambda seal: seal.chip_serial not in self.here))

    @property
    def mailer_needed(self) -> bool:
        """Whether card PINs go with the seals."""
        return bool(self.chips)

    @property
    def phase(self) -> Phase:
        """What is to be done next."""
        if self.order.state == DELIVERED:
            return Phase.DONE
        if self.order.delivery is None:
            return Phase.CHECK
        if self.unburned:
            return Phase.BURN
        if not self.slip_saved or (self.mailer_needed and not self.mailer_saved):
            return Phase.PAPERS
        return Phase.FINISH


def course_of(counter: Counter) -> Course:
    """What the stepper shows."""
    steps = _steps(counter)
    done = sum(step.state is StepState.DONE for step in steps)
    number = next((seal.chip_serial for seal in counter.chips if seal.id == counter.burning), "")
    if not number and counter.phase is Phase.BURN:
        number = counter.unburned[0].chip_serial
    if counter.working:
        return Course(_("Working"), Tone.BUSY, counter.working, number, steps, done, len(steps))
    if counter.error is not None:
        told = str(counter.error) if isinstance(counter.error, SealdeskError) else _("The work broke off.")
        return Course(_("Stop"), Tone.FAULT, told, number, steps, done, len(steps))
    word, tone, sentence = _words(counter)
    return Course(word, tone, sentence, number, steps, done, len(steps))


def _words(counter: Counter) -> tuple[str, Tone, str]:
    phase = counter.phase
    if phase is Phase.DONE:
        return _("Handed over"), Tone.OK, _("The seals are in the collector's hands.")
    if phase is Phase.CHECK:
        return _("Check papers"), Tone.IDLE, _("Compare the collector with the original document.")
    if phase is Phase.BURN:
        seal = counter.unburned[0]
        if seal.chip_serial in counter.here:
            return _("Ready"), Tone.IDLE, _("The chip of {name} is in the reader.").format(name=seal.name)
        return _("Insert chip"), Tone.WARN, _("Insert chip {serial}: {name}.").format(serial=seal.chip_serial, name=seal.name)
    if phase is Phase.PAPERS:
        return (
            _("Papers"),
            Tone.WARN,
            _("Print the slip and the PIN mailer before you finish.") if counter.mailer_needed else _("Print the slip."),
        )
    return _("Ready"), Tone.OK, _("Hand the seals over, then finish.")


def _steps(counter: Counter) -> tuple[Step, ...]:
    phase = counter.phase
    begun = counter.order.delivery is not None
    is_done = phase is Phase.DONE
    steps = [
        Step(_("Check the collector's papers"), _state(done=begun, now=phase is Phase.CHECK)),
        Step(_("Sign the delivery record"), _state(done=begun, now=False)),
    ]
    following = counter.unburned[0].id if counter.unburned else ""
    for seal in counter.chips:
        detail = seal.chip_serial
        if counter.burning == seal.id and counter.error is not None:
            steps.append(Step(seal.name, StepState.FAILED, _advice(counter.error) or detail))
            continue
        now = phase is Phase.BURN and seal.id == (counter.burning or following)
        steps.append(Step(seal.name, _state(done=seal.burned or is_done, now=now), detail))
    papers_now = phase is Phase.PAPERS
    steps.append(Step(_("Print the slip"), _state(done=counter.slip_saved or is_done, now=papers_now)))
    if counter.mailer_needed:
        steps.append(Step(_("Print the PIN mailer"), _state(done=counter.mailer_saved or is_done, now=papers_now and counter.slip_saved)))
    steps.append(Step(_("Hand over and finish"), _state(done=is_done, now=phase is Phase.FINISH)))
    return tuple(steps)


def _state(*, done: bool, now: bool) -> StepState:
    return StepState.DONE if done else StepState.NOW if now else StepState.TODO


def _advice(error: BaseException) -> str:
    return error.advise() if isinstance(error, SealdeskError) else ""
