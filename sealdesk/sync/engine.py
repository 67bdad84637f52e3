"""The engine of the exchange: when to speak with the platform, and how things stand; on the network lane, one exchange at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sealdesk.core.clock import Clock
from sealdesk.core.errors import PlatformError, SealdeskError, UserCancelled
from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Job, Task
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.sync import pull as pulling
from sealdesk.sync.ground import Ground
from sealdesk.sync.http import PlatformClient
from sealdesk.sync.pull import pull
from sealdesk.sync.push import backoff_s, push
from sealdesk.sync.trust import Refresher
from sealdesk.workflow import facts, outbox
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.desk import Lanes, SyncState
from sealdesk.workflow.outbox import Counts

INTERVAL_S = 20.0
_NOT_ENROLLED = N_("This installation has not been set up yet.")
_SHORTEST_S = 0.5
_LONGEST_OFFLINE_S = 60.0
_log = logging.getLogger(__name__)

ClientFactory = Callable[[], PlatformClient | None]
"""Makes the client of the platform with the token from the key store; None while there is none. Called on the network lane."""


class SyncEngine:
    """A `workflow.desk.Sync`. It exists before the enrolment, does nothing until then, and begins by itself afterwards."""

    def __init__(
        self,
        lanes: Lanes,
        store: Store,
        bus: Bus,
        attachments: AttachmentStore,
        client_factory: ClientFactory,
        clock: Clock,
        interval_s: float = INTERVAL_S,
    ) -> None:
        """`interval_s` is how often the platform is asked; 0 leaves that to `nudge` and `exchange`."""
        self._network = lanes.network
        self._ground = Ground(lanes.data, store, bus, attachments, clock)
        self._factory = client_factory
        self._interval_s = interval_s
        self._client: PlatformClient | None = None
        self._trust = Refresher()
        self._state = SyncState(online=False, offline_since=None, waiting=0, decisions=0)
        self._failures = 0
        self._listeners: list[Callable[[SyncState], None]] = []
        self._lock = threading.Lock()
        self._queued: Job[SyncState] | None = None
        self._closed = False
        self._wake = threading.Event()
        self._delay_s = _SHORTEST_S
        self._ticker: threading.Thread | None = None
        if interval_s > 0:
            self._ticker = threading.Thread(target=self._tick, name="sync-ticker", daemon=True)
            self._ticker.start()

    def state(self) -> SyncState:
        """How things stand now; any thread may ask."""
        return self._state

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        """Call `listener` on the network lane at each change; the returned call ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def nudge(self) -> None:
        """Exchange soon; harmless however often it is called."""
        with self._lock:
            if self._closed or self._queued is not None:
                return
            self._queued = self._network.submit(self._nudged)

    def exchange(self) -> Job[SyncState]:
        """One whole exchange now, also of what wanted to wait. Offline is a state and not an error of the job."""
        return self._network.submit(lambda task: self._run(task, impatient=True))

    def retry_change(self, seq: int) -> Job[bool]:
        """Try once more to apply a change that was set aside; the job raises why it still cannot be."""
        job = self._ground.data.submit(lambda _task: pulling.retry_change(self._ground, seq))
        return job.on_done(lambda _job: self.nudge())

    def platform_ahead(self) -> timedelta | None:
        """How far the platform's clock is ahead of this one, to the second; None when no platform answered yet."""
        client = self._client
        told = None if client is None else client.time()
        return None if told is None else told - self._ground.clock.now()

    def close(self) -> None:
        """Stop; what is under way is cancelled at its next safe place."""
        with self._lock:
            self._closed = True
            if self._queued is not None:
                self._queued.cancel()
        self._wake.set()
        if self._ticker is not None:
            self._ticker.join(5.0)
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _tick(self) -> None:
        while not self._closed:
            if self._wake.wait(self._delay_s):
                self._wake.clear()
            else:
                self.nudge()

    def _nudged(self, task: Task) -> SyncState:
        with self._lock:
            self._queued = None  # what is written from here on needs another exchange
        return self._run(task, impatient=False)

    def _run(self, task: Task, *, impatient: bool) -> SyncState:
        """An exchange with everything that can go wrong told as a state."""
        try:
            if self._closed:
                raise UserCancelled
            client = self._connected()
            if client is None:
                self._publish(replace(self._counted(), online=False, offline_since=None, working=False, message=_(_NOT_ENROLLED)))
                return self._state
            self._publish(replace(self._counted(), working=True))
            self._exchange(client, task, impatient=impatient)
        except UserCancelled:
            self._publish(replace(self._state, working=False))
            raise
        except PlatformError as error:
            self._lost(error)
        except SealdeskError as error:
            _log.error("the exchange with the platform failed: %s", error)
            self._publish(replace(self._state, working=False, message=str(error)))
        except Exception:
            _log.exception("the exchange with the platform failed")
            self._publish(replace(self._state, working=False))
            raise
        finally:
            self._schedule()
        return self._state

    def _exchange(self, client: PlatformClient, task: Task, *, impatient: bool) -> None:
        def fetch() -> None:
            pull(self._ground, client, task)

        fetch()
        self._trust.refresh(self._ground, client)
        if push(self._ground, client, task, fetch, impatient=impatient):
            fetch()
        self._back()

    def _connected(self) -> PlatformClient | None:
        """The client, made anew when address or token appeared."""
        if self._client is None:
            address = self._ground.read(lambda session: facts.read(session, facts.PLATFORM_ADDRESS))
            if isinstance(address, str) and address:
                self._client = self._factory()
        return self._client

    def _back(self) -> None:
        if self._failures or self._state.offline_since is not None:
            _log.info("the platform is back")
        self._failures = 0
        self._publish(replace(self._counted(), online=True, offline_since=None, working=False, message=""))

    def _lost(self, error: PlatformError) -> None:
        if not self._failures:
            _log.info("the platform is lost: %s", error)
        self._failures += 1
        since: datetime = self._state.offline_since or self._ground.clock.now()
        self._publish(replace(self._counted(), online=False, offline_since=since, working=False, message=str(error)))

    def _counted(self) -> SyncState:
        counts: Counts = self._ground.read(outbox.counts)
        return replace(self._state, waiting=counts.waiting, decisions=counts.decisions)

    def _publish(self, state: SyncState) -> None:
        if state != self._state:
            self._state = state
            for listener in tuple(self._listeners):
                listener(state)

    def _schedule(self) -> None:
        """When the ticker asks next: at its interval, sooner for a message that waits, with growing pauses while nobody answers."""
        if self._failures:
            self._delay_s = min(_LONGEST_OFFLINE_S, backoff_s(self._failures - 1))
        else:
            self._delay_s = max(_SHORTEST_S, self._interval_s)
            due = None if self._closed else self._due_s()
            if due is not None:
                self._delay_s = min(self._delay_s, max(_SHORTEST_S, due))
        self._wake.set()

    def _due_s(self) -> float | None:
        try:
            moment = self._ground.read(outbox.earliest)
        except (SealdeskError, RuntimeError):  # the lanes are closing
            return None
        return None if moment is None else (moment - self._ground.clock.now()).total_seconds()
