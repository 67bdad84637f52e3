"""Commands, permissions and errors of production. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sealdesk.core.errors import DeviceError, PlatformError, UserError
from sealdesk.core.i18n import N_
from sealdesk.domain.access import Permission
from sealdesk.workflow.commands import BULKY, SECRET

MAKE = Permission("production.make", N_("Make physical seals"))
BURN = Permission("production.burn", N_("Burn chips"))


@dataclass(frozen=True, slots=True)
class RecordExport:
    """The face of an accepted seal was exported for engraving; kept because artwork of official seals is accounted for."""

    seal_id: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkSealMade:
    """A seal without chip is engraved and inspected."""

    seal_id: str


@dataclass(frozen=True, slots=True)
class BeginBurning:
    """Tie a chip to a seal before anything is written on it. Again for the same pair it changes nothing."""

    seal_id: str
    chip_serial: str


@dataclass(frozen=True, slots=True)
class RecordBurnStep:
    """A step is about to be done ("intent") or was done and read back ("done"), with what was read."""

    burn_id: str
    step: str
    phase: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestCertificate:
    """Ask the platform for the certificate of the chip's key; asked once, however often a burning is taken up again."""

    burn_id: str
    public_point: str
    request: bytes = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class AskForCertificateAgain:
    """The certificate did not come: send the same request, signed by the same chip, once more; one under way only hurries."""

    burn_id: str


@dataclass(frozen=True, slots=True)
class ReceiveCertificate:
    """The platform issued the certificate of a chip."""

    order_id: str
    seal_id: str
    rev: int
    certificates: tuple[str, ...] = field(metadata=BULKY)


@dataclass(frozen=True, slots=True)
class ChooseCardPin:
    """Remember the card's PIN before the chip is told, so that a power cut between the two locks nobody out."""

    burn_id: str
    card_pin: str = field(metadata=SECRET)


@dataclass(frozen=True, slots=True)
class FinishBurning:
    """Everything was read back and compared, and the PIN is the card's."""

    burn_id: str


@dataclass(frozen=True, slots=True)
class SpoilChip:
    """Give a chip up, with a reason; its seal waits for another one."""

    burn_id: str
    reason: str


class NoChipSealError(UserError):
    """The seal is made without a chip."""

    code = "production.no_chip"
    sentence = N_("“{name}” is made without a chip; export its face and mark it made.")


class HasChipError(UserError):
    """A chip seal is not marked made by hand."""

    code = "production.has_chip"
    sentence = N_("“{name}” has a chip; it is made when the chip is burned.")


class NotExportedError(UserError):
    """A physical seal was not exported yet."""

    code = "production.not_exported"
    sentence = N_("Export the face of “{name}” first.")


class ReasonMissingError(UserError):
    """A chip is given up only with a reason."""

    code = "production.reason"
    sentence = N_("Say why the chip is given up.")


class ArtworkClosedError(UserError):
    """The artwork of a delivered seal is not exported again (不准留样; design, decision 5)."""

    code = "production.artwork_closed"
    sentence = N_("“{name}” was handed over; its artwork is not exported again.")
    advice = N_("Register a new order with the reason “made again”.")


class ChipTakenError(DeviceError):
    """The chip in the reader is tied to another seal."""

    code = "production.chip.taken"
    sentence = N_("This chip ({serial}) belongs to another seal: {seal}.")
    advice = N_("Take another chip.")
    retry = False


class SpoiledChipError(DeviceError):
    """The chip was given up before."""

    code = "production.chip.spoiled"
    sentence = N_("This chip ({serial}) was recorded as spoiled: {reason}.")
    advice = N_("Take another chip.")
    retry = False


class OtherChipError(DeviceError):
    """The seal's burning was begun on another chip."""

    code = "production.chip.other"
    sentence = N_("The burning of this seal was begun on chip {serial}; this is another one.")
    advice = N_("Insert that chip to finish it, or record it as spoiled.")
    retry = False


class StrangeChipError(DeviceError):
    """The chip is not factory-fresh and was not begun here."""

    code = "production.chip.strange"
    sentence = N_("This chip ({serial}) is not new: {what}.")
    advice = N_("Take a new chip. Nothing was written and no PIN was tried.")
    retry = False


class FactoryPinLowError(DeviceError):
    """Few tries are left; the program does not risk the last one by itself."""

    code = "production.chip.tries"
    sentence = N_("Only {left} PIN tries are left on this chip; it is not tried automatically.")
    advice = N_("Have the chip checked, or record it as spoiled.")
    retry = False


class ReadBackError(DeviceError):
    """What was read back is not what was written."""

    code = "production.read_back"
    sentence = N_("The chip did not keep what was written ({what}).")
    advice = N_("Start again with the same chip; when it happens twice, record it as spoiled.")


class CertificateWaitingError(PlatformError):
    """The platform has not answered the request for the chip's certificate in time."""

    code = "production.certificate.waiting"
    sentence = N_("The platform has not issued the chip's certificate yet.")
    advice = N_("Start again with the same chip once the platform can be reached; it goes on where it stopped.")


class CertificateRefusedError(PlatformError):
    """The platform refused the request for the chip's certificate."""

    code = "production.certificate.refused"
    sentence = N_("The platform refused the chip's certificate: {reason}")
    advice = N_("The chip stays good. Have the reason put right, then ask for the certificate again.")


class CertificateHeldError(PlatformError):
    """The request cannot go out, because the platform refused an earlier message of the same order."""

    code = "production.certificate.held"
    sentence = N_("The request for the chip's certificate waits, because the platform refused an earlier message of this order: {reason}")
    advice = N_("Have that message decided on under “Exchange with the platform”; then start again with the same chip, which stays good.")


class CertificateMismatchError(DeviceError):
    """The platform's certificate is not for this chip's key."""

    code = "production.certificate"
    sentence = N_("The issued certificate does not fit this chip: {reason}")
    retry = False


def step_facts(value: Any) -> dict[str, dict[str, str]]:
    """The steps of a burning as they are stored: a mapping of step to its facts."""
    return {name: dict(facts) for name, facts in (value or {}).items()}
