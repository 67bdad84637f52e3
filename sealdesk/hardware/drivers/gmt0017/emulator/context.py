"""What an emulated token knows while it is powered: challenge, open applications, proven PINs, selected containers; and its refusals.

Not the commands themselves (`access`, `files`, `containers`) and not the dispatcher (`card`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sealdesk.hardware.drivers.gmt0017.emulator.state import ApplicationState, CardState, ContainerState
from sealdesk.hardware.drivers.gmt0017.layout import ADMIN, take_u16
from sealdesk.hardware.drivers.gmt0017.profile import Rights
from sealdesk.hardware.drivers.gmt0017.status import Status


class Refused(Exception):  # noqa: N818 - an answer, not an error of the emulator
    """The card answers with this status word and no data."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass(slots=True)
class Opened:
    """An open application and what was proven in it since it was opened."""

    state: ApplicationState
    proven: Rights = Rights.NEVER
    containers: dict[int, ContainerState] = field(default_factory=dict)


class Chip:
    """Stored and volatile state of one powered token."""

    def __init__(self, state: CardState, save: Callable[[CardState], None]) -> None:
        self.state = state
        self._save = save
        self.tear_next_write = False
        self.forget()

    def forget(self) -> None:
        """Lose everything volatile, as at a reset."""
        self.challenge: bytes | None = None
        self.device_proven = False
        self.opened: dict[int, Opened] = {}
        self._next_id = 1

    def store(self) -> None:
        """Keep the stored state; on return it would survive a power cut."""
        self._save(self.state)

    def take_challenge(self) -> bytes:
        """The last random number, which serves once.

        Raises:
            Refused: there is none.
        """
        challenge, self.challenge = self.challenge, None
        if challenge is None:
            raise Refused(Status.NO_CHALLENGE)
        return challenge

    def new_id(self) -> int:
        """A number for an application or container that was just opened."""
        number = self._next_id
        self._next_id += 1
        return number

    def application(self, field: bytes) -> tuple[int, Opened, bytes]:
        """The open application whose number begins `field`, and the rest of the field.

        Raises:
            Refused: no application is open under that number.
        """
        number, rest = take_u16(field)
        opened = self.opened.get(number)
        if opened is None:
            raise Refused(Status.APPLICATION_NOT_OPEN)
        return number, opened, rest

    def container(self, field: bytes) -> tuple[Opened, ContainerState, bytes]:
        """The open container whose two numbers begin `field`, and the rest of the field.

        Raises:
            Refused: application or container is not open.
        """
        _number, opened, rest = self.application(field)
        container_number, rest = take_u16(rest)
        container = opened.containers.get(container_number)
        if container is None:
            raise Refused(Status.CONTAINER_ID_UNKNOWN)
        return opened, container, rest

    def require(self, opened: Opened, rights: int) -> None:
        """Go on only when one of the PINs named in `rights` is proven.

        Raises:
            Refused: it is not, or nobody ever may.
        """
        if rights == Rights.ANYONE:
            return
        if not opened.proven & Rights(rights & 0x11):
            raise Refused(Status.SECURITY_STATE)

    def reserve(self, size: int) -> None:
        """Go on only when `size` more bytes fit.

        Raises:
            Refused: they do not.
        """
        if size > self.state.free_bytes:
            raise Refused(Status.NO_ROOM)


def right_of(pin_type: int) -> Rights:
    """The right that a PIN type stands for."""
    return Rights.ADMIN if pin_type == ADMIN else Rights.USER
