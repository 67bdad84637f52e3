"""All readers of this workplace: what is in each, and work on each reader's own lane; fulfils `sealdesk.domain.ports.Devices`.

It knows no commands of cards (drivers) and no source of readers (PC/SC, this process) in particular.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sealdesk.core.errors import DeviceError
from sealdesk.core.lanes import Job, Lane, Rank, Task
from sealdesk.domain.ports import ReaderState, SealChip, SigningKey, TokenIdentity
from sealdesk.hardware.certificate_names import common_name
from sealdesk.hardware.device import Connection, DeadlineConnection
from sealdesk.hardware.drivers import DRIVERS
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.profile import Profile
from sealdesk.hardware.errors import (
    MuteCardError,
    NoChipError,
    NoKeyError,
    OutcomeUnknownError,
    ReaderBusyError,
    ReaderLostError,
    TokenRemovedError,
    UnknownCardError,
    WrongKindError,
)
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.readers import ReaderSource, Slot

T = TypeVar("T")
Listener = Callable[[tuple[ReaderState, ...]], None]

APDU_TIMEOUT_S = 20.0
"""A command that takes longer means a mute card; making a key takes real tokens up to a few seconds."""
RECOGNITION_BUDGET_S = 15.0

EMPTY, UNKNOWN, MUTE, LOST = "empty", "unknown", "mute", "lost"

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Reader:
    """What the manager keeps of one reader; touched on the devices lane only, except `lane`."""

    source: ReaderSource
    slot: Slot
    lane: Lane
    state: ReaderState
    lost_at: int | None = field(default=None)


class DeviceManager:
    """Watches readers and runs work on them.

    `readers`, `with_key`, `with_chip`, `with_token`, `subscribe` may be called from any thread. Listeners run on the devices lane and
    must only hand the value on.
    """

    def __init__(self, profiles: tuple[Profile, ...], sources: tuple[ReaderSource, ...], *, apdu_timeout_s: float = APDU_TIMEOUT_S) -> None:
        self._profiles = profiles
        self._sources = sources
        self._apdu_timeout_s = apdu_timeout_s
        self._lane = Lane("devices", Rank.DEVICE)
        self._readers: dict[str, _Reader] = {}
        self._lanes: dict[str, Lane] = {}
        self._states: tuple[ReaderState, ...] = ()
        self._listeners: list[Listener] = []
        self._pending = 0
        self._quiet = threading.Condition()
        self._is_closed = False
        for source in sources:
            source.subscribe(self._on_source_changed)
        self._on_source_changed()

    # looking

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers with what is in them, as last seen."""
        return self._states

    def problems(self) -> tuple[DeviceError, ...]:
        """Why readers may be missing: a service that does not run."""
        found = (source.problem() for source in self._sources)
        return tuple(problem for problem in found if problem is not None)

    def find_keys(self) -> tuple[TokenIdentity, ...]:
        """The USB keys that are plugged in."""
        return self._find("key")

    def find_chips(self) -> tuple[TokenIdentity, ...]:
        """The chips that are plugged in."""
        return self._find("chip")

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` at every change; the returned call ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def settle(self, timeout_s: float = 10.0) -> bool:
        """Wait until everything that was put in is recognised; False when that takes too long. Not for the window."""
        with self._quiet:
            return self._quiet.wait_for(lambda: self._pending == 0, timeout_s)

    # working

    def with_key(self, reader: str, work: Callable[[SigningKey, Task], T], deadline_s: float = 30.0) -> Job[T]:
        """Run `work` on the lane of `reader` with the USB key in it; `deadline_s` counts the time spent in the device.

        The job raises NoKeyError, WrongKindError, UnknownCardError, ReaderLostError and whatever the work raises.
        """
        return self.with_token(reader, work, deadline_s, kind="key")

    def with_chip(self, reader: str, work: Callable[[SealChip, Task], T], deadline_s: float = 120.0) -> Job[T]:
        """Run `work` on the lane of `reader` with the chip in it; `deadline_s` counts the time spent in the device.

        The job raises NoChipError, WrongKindError, UnknownCardError, ReaderLostError and whatever the work raises.
        """
        return self.with_token(reader, work, deadline_s, kind="chip")

    def with_token(self, reader: str, work: Callable[[Gmt0017Token, Task], T], deadline_s: float, kind: str = "") -> Job[T]:
        """Run `work` with whatever known token is in `reader`, or one of `kind` only."""

        def run(connection: Connection, task: Task) -> T:
            token = self._recognise(connection, reader)
            if token is None:
                raise UnknownCardError(reader=reader)
            try:
                if kind and token.identity().kind != kind:
                    raise WrongKindError(reader=reader)
                return work(token, task)
            finally:
                token.release()

        return self.with_connection(reader, run, deadline_s, kind)

    def with_connection(self, reader: str, work: Callable[[Connection, Task], T], deadline_s: float, kind: str = "") -> Job[T]:
        """Run `work` with the bare connection to the card in `reader`, of whatever kind it is; for set-up and diagnosis."""

        def run(task: Task) -> T:
            connection = self._open(reader, kind, deadline_s)
            try:
                return work(connection, task)
            finally:
                connection.close()

        return self._lane_of(reader).submit(run)

    def retry(self, reader: str) -> None:
        """Look at a reader again that was given up as lost or mute."""

        def forget() -> None:
            entry = self._readers.get(reader)
            if entry is not None:
                entry.lost_at = None
                self._look_at(entry)

        self._submit(forget)

    def close(self) -> None:
        """Stop watching, cancel what runs, end the lanes."""
        self._is_closed = True
        for source in self._sources:
            source.close()
        for lane in (*self._lanes.values(), self._lane):
            if not lane.close():
                _log.warning("lane %s did not end", lane.name)

    # on a reader's lane

    def _open(self, reader: str, kind: str, deadline_s: float) -> Connection:
        entry = self._readers.get(reader)
        absent: DeviceError = NoKeyError() if kind == "key" else NoChipError(reader=reader)
        if entry is None or not entry.slot.is_present:
            raise absent
        if entry.lost_at == entry.slot.events:
            raise ReaderLostError(reader=reader)
        events = entry.slot.events
        try:
            return DeadlineConnection(
                reader,
                lambda: entry.source.open(reader),
                apdu_timeout_s=self._apdu_timeout_s,
                budget_s=deadline_s,
                on_lost=lambda: self._submit(lambda: self._lose(reader, events)),
            )
        except TokenRemovedError:
            raise absent from None

    def _recognise(self, connection: Connection, reader: str) -> Gmt0017Token | None:
        for recognise in DRIVERS:
            token = recognise(ApduProtocol(connection), reader, self._profiles)
            if token is not None:
                return token
        return None

    def _recognition(self, entry: _Reader) -> ReaderState:
        """What the card in a reader is; runs on the reader's lane. One broken line is forgiven: contacts bounce while a card goes in."""
        try:
            return self._recognition_once(entry.slot.reader)
        except (OutcomeUnknownError, ReaderBusyError):
            return self._recognition_once(entry.slot.reader)

    def _recognition_once(self, reader: str) -> ReaderState:
        try:
            connection = self._open(reader, "", RECOGNITION_BUDGET_S)
        except MuteCardError:
            return ReaderState(reader, MUTE)
        except ReaderLostError:
            return ReaderState(reader, LOST)
        except (NoChipError, NoKeyError):
            return ReaderState(reader, EMPTY)
        try:
            token = self._recognise(connection, reader)
            if token is None:
                return ReaderState(reader, UNKNOWN)
            identity = token.identity()
            return ReaderState(reader, identity.kind, identity, common_name(token.certificate()))
        finally:
            connection.close()

    # on the devices lane

    def _submit(self, work: Callable[[], None]) -> None:
        with self._quiet:
            self._pending += 1
        self._lane.submit(lambda _task: work()).on_done(self._on_done)

    def _on_done(self, job: Job[None]) -> None:
        with self._quiet:
            self._pending -= 1
            self._quiet.notify_all()
        error = job.error
        if error is not None and not self._is_closed:
            _log.error("looking after the readers failed", exc_info=error)

    def _on_source_changed(self) -> None:
        self._submit(self._refresh)

    def _refresh(self) -> None:
        present: dict[str, tuple[ReaderSource, Slot]] = {}
        for source in self._sources:
            present.update({slot.reader: (source, slot) for slot in source.slots()})
        for reader in [name for name in self._readers if name not in present]:
            del self._readers[reader]
        for reader, (source, slot) in present.items():
            entry = self._readers.get(reader)
            if entry is None:
                entry = _Reader(source, Slot(reader, False, events=-1), self._lane_of(reader), ReaderState(reader, EMPTY))
                self._readers[reader] = entry
            if entry.slot != slot:
                entry.slot = slot
                self._look_at(entry)
        self._publish()

    def _look_at(self, entry: _Reader) -> None:
        slot = entry.slot
        if not slot.is_present:
            entry.state = ReaderState(slot.reader, EMPTY)
        elif slot.is_mute:
            entry.state = ReaderState(slot.reader, MUTE)
        else:
            self._start_recognition(entry)

    def _start_recognition(self, entry: _Reader) -> None:
        slot = entry.slot
        with self._quiet:
            self._pending += 1

        def finish(job: Job[ReaderState]) -> None:
            self._submit(lambda: self._recognised(slot, job))
            with self._quiet:
                self._pending -= 1
                self._quiet.notify_all()

        entry.lane.submit(lambda _task: self._recognition(entry)).on_done(finish)

    def _recognised(self, slot: Slot, job: Job[ReaderState]) -> None:
        entry = self._readers.get(slot.reader)
        if entry is None or entry.slot != slot:
            return  # it was taken out meanwhile; the change that said so is handled on its own
        if job.error is None:
            entry.state = job.result()
        elif isinstance(job.error, ReaderLostError):
            entry.state = ReaderState(slot.reader, LOST)
        elif isinstance(job.error, DeviceError):
            _log.info("the card in %s could not be recognised: %s", slot.reader, job.error.code)
            entry.state = ReaderState(slot.reader, MUTE)
        elif not self._is_closed:
            _log.error("recognising the card in %s failed", slot.reader, exc_info=job.error)
            entry.state = ReaderState(slot.reader, UNKNOWN)
        self._publish()

    def _lose(self, reader: str, events: int) -> None:
        entry = self._readers.get(reader)
        if entry is None or entry.slot.events != events:
            return
        entry.lost_at = events
        entry.state = replace(entry.state, state=LOST, token=None, owner="")
        self._publish()

    def _publish(self) -> None:
        states = tuple(entry.state for entry in self._readers.values())
        if states == self._states:
            return
        self._states = states
        for listener in tuple(self._listeners):
            listener(states)

    def _lane_of(self, reader: str) -> Lane:
        with self._quiet:
            lane = self._lanes.get(reader)
            if lane is None:
                lane = self._lanes[reader] = Lane(f"reader {reader}", Rank.DEVICE)
            return lane

    def _find(self, kind: str) -> tuple[TokenIdentity, ...]:
        return tuple(state.token for state in self._states if state.state == kind and state.token is not None)
