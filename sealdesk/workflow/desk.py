"""The desk: the one object that the window and the command line hold. Lanes, bus, queries, devices, sync, settings, and who is signed in.

`execute` and `ask` return jobs and never block; `do` and `tell` wait, and are for device lanes and for programs without a window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from sealdesk.core.clock import Clock
from sealdesk.core.errors import UserError
from sealdesk.core.lanes import Job, Lane
from sealdesk.core.settings import Settings
from sealdesk.domain.access import Actor
from sealdesk.domain.events import Touched
from sealdesk.domain.ports import Devices
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.workflow.bus import Bus, Outcome

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the desk stands with the platform: `online`, since when not, what waits, what was refused and needs a decision."""

    online: bool
    offline_since: datetime | None
    waiting: int
    decisions: int
    working: bool = False
    message: str = ""


class Sync(Protocol):
    """The exchange with the platform, as the window sees it."""

    def state(self) -> SyncState:
        """How things stand now."""
        ...

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        """Call `listener` (on the network lane) at each change; the returned call ends it."""
        ...

    def nudge(self) -> None:
        """Exchange now instead of at the next interval."""
        ...

    def exchange(self) -> Job[SyncState]:
        """One whole exchange; the job ends when everything that could go has gone."""
        ...

    def retry_change(self, seq: int) -> Job[bool]:
        """Try once more to apply a change that was set aside; the job raises why it still cannot be."""
        ...


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes that all share; a reader has one of its own inside `devices`. `front` waits for all others and nobody waits for it."""

    front: Lane
    data: Lane
    network: Lane
    computing: tuple[Lane, ...]

    def close(self) -> bool:
        """End all of them; False when one did not end in time."""
        return min([lane.close() for lane in (self.front, self.network, *self.computing, self.data)])


class Desk:
    """What a signed-in person works at."""

    def __init__(
        self,
        *,
        lanes: Lanes,
        store: Store,
        bus: Bus,
        devices: Devices,
        sync: Sync,
        settings: Settings,
        attachments: AttachmentStore,
        clock: Clock,
        actor: Actor,
    ) -> None:
        self.lanes = lanes
        self.bus = bus
        self.devices = devices
        self.sync = sync
        self.settings = settings
        self.attachments = attachments
        self.clock = clock
        self.actor = actor
        self._store = store

    @property
    def sign_in_lane(self) -> Lane:
        """The lane on which sign-in and enrolment run: they wait for reader, network and data lanes in turn, so they have one above all."""
        return self.lanes.front

    def signed_in(self, actor: Actor) -> Desk:
        """The same desk with another person at it."""
        return Desk(
            lanes=self.lanes,
            store=self._store,
            bus=self.bus,
            devices=self.devices,
            sync=self.sync,
            settings=self.settings,
            attachments=self.attachments,
            clock=self.clock,
            actor=actor,
        )

    def execute(self, command: object) -> Job[Outcome]:
        """Carry out a command for the person at this desk."""
        return self.lanes.data.submit(lambda _task: self._execute(command))

    def do(self, command: object) -> Any:
        """Carry out a command, wait, and return what its handler returned."""
        return self.lanes.data.call(lambda: self._execute(command)).value

    def ask(self, query: Callable[[Session], T]) -> Job[T]:
        """Run a query; what it returns are frozen values."""
        return self.lanes.data.submit(lambda _task: self._query(query))

    def tell(self, query: Callable[[Session], T]) -> T:
        """Run a query and wait for it."""
        return self.lanes.data.call(lambda: self._query(query))

    def may(self, command: Any, subject: Any = None) -> UserError | None:
        """Why the person cannot give this command (a command or its class), or None when he can; returns at once."""
        kind = command if isinstance(command, type) else type(command)
        return self.bus.why_not(self.actor, kind)

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `listener` on the data lane after each change with the nouns that changed, such as `{"orders", "seals"}`."""
        return self.bus.subscribe(lambda touched: listener(touched.nouns()))

    def keep(self, content: bytes) -> Job[str]:
        """Put a file into the encrypted attachments; the job's result is its id."""
        return self.lanes.computing[0].submit(lambda _task: self.attachments.put(content))

    def fetch(self, attachment_id: str) -> Job[bytes]:
        """A file from the encrypted attachments."""
        return self.lanes.computing[0].submit(lambda _task: self.attachments.get(attachment_id))

    def _execute(self, command: object) -> Outcome:
        outcome = self.bus.execute(self.actor, command)
        if Touched.OUTBOX in outcome.touched:
            self.sync.nudge()
        return outcome

    def _query(self, query: Callable[[Session], T]) -> T:
        with self._store.read() as session:
            return query(session)
