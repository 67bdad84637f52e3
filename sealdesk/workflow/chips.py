"""Work on a finished chip seal before it is handed over: the right chip, its card PIN, written and read back. Runs on the chip's lane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from sealdesk.core.errors import DeviceError
from sealdesk.core.i18n import N_
from sealdesk.domain.chips import DONE
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import SealChip
from sealdesk.hardware.errors import OutcomeUnknownError
from sealdesk.models.burns import BurnRow
from sealdesk.models.card_pins import card_pin
from sealdesk.workflow.desk import Desk

T = TypeVar("T")

BROKEN_LINES_FORGIVEN = 2
"""How often work on a chip is begun again by itself after its line broke, before a person is asked."""


class WrongChipError(DeviceError):
    """The chip in the reader is not this seal's."""

    code = "device.chip.wrong"
    sentence = N_("The chip in the reader ({serial}) is not the chip of this seal ({expected}).")
    advice = N_("Insert the chip of this seal. Nothing was written.")
    retry = False


class CardPinUnknownError(DeviceError):
    """The PIN of the chip is not known here."""

    code = "device.chip.pin_unknown"
    sentence = N_("The PIN of this chip is not known here any more; none was tried.")
    retry = False


class FewTriesError(DeviceError):
    """The program does not risk the last tries by itself."""

    code = "device.chip.few_tries"
    sentence = N_("Only {left} PIN tries are left on this chip; it is not tried automatically.")
    retry = False


class ChipReadBackError(DeviceError):
    """What was read back is not what was written."""

    code = "device.chip.read_back"
    sentence = N_("The chip did not keep what was written ({what}).")
    advice = N_("Try again with the same chip.")


def burn_file(desk: Desk, chip: SealChip, seal_id: str, serial: str, name: str, content: bytes) -> bytes:
    """Write a file into the finished chip of that seal and return what the chip gives back.

    Raises:
        WrongChipError, CardPinUnknownError, FewTriesError: before any PIN is tried. ChipReadBackError: it is not what was written.
    """

    def work() -> bytes:
        with unlocked(desk, chip, seal_id, serial):
            return write_and_read_back(chip, name, content)

    return despite_broken_lines(work)


def despite_broken_lines(work: Callable[[], T]) -> T:
    """Do the work again when the line to the chip broke in the middle of it.

    Only for work that decides from what the chip holds and may be repeated as a whole, its PIN included: the driver powers the chip up,
    makes sure that it is the same one, and repeats nothing by itself.

    Raises:
        OutcomeUnknownError: the line broke more than `BROKEN_LINES_FORGIVEN` times.
    """
    for _turn in range(BROKEN_LINES_FORGIVEN):
        try:
            return work()
        except OutcomeUnknownError:
            continue
    return work()


@contextmanager
def unlocked(desk: Desk, chip: SealChip, seal_id: str, serial: str) -> Iterator[None]:
    """The chip of that seal with its card PIN proven, for the time of the block.

    Raises:
        WrongChipError, CardPinUnknownError, FewTriesError: before any PIN is tried.
    """
    found = chip.identity().serial
    if found != serial:
        raise WrongChipError(serial=found, expected=serial)
    known = desk.tell(lambda session: _card_pin(session, seal_id))
    if not known:
        raise CardPinUnknownError
    status = chip.pin_status()
    if status.tries_left <= min(2, status.tries_max - 1):
        raise FewTriesError(left=status.tries_left)
    pin = Pin(known)
    try:
        chip.unlock(pin)
    finally:
        pin.wipe()
    try:
        yield
    finally:
        chip.lock()


def write_and_read_back(chip: SealChip, name: str, content: bytes) -> bytes:
    """Write a file unless it stands there already, and return what the chip gives back.

    Raises:
        ChipReadBackError: it is not what was written.
    """
    if chip.read_file(name) != content:
        chip.write_file(name, content)
    read = chip.read_file(name)
    if read != content:
        raise ChipReadBackError(what=name)
    return content


def _card_pin(session: Session, seal_id: str) -> str:
    row = session.execute(select(BurnRow).where(BurnRow.seal_id == seal_id, BurnRow.state == DONE)).scalar_one_or_none()
    return "" if row is None else card_pin(session, row)
