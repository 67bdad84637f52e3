"""Watches the PC/SC readers on a thread of its own, through restarts of the service; tells what changed, never talks to a card."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sealdesk.core.errors import DeviceError
from sealdesk.hardware.device import Connection
from sealdesk.hardware.errors import ServiceNotRunningError
from sealdesk.hardware.pcsc import PcscConnection, ReaderWatch, WatchedReader
from sealdesk.hardware.readers import Slot

WAIT_MS = 1000
"""How long one wait lasts: pcsc-lite tells of readers that come and go at once, other services only when asked again."""
RETRY_S = 1.0
"""Pause before the next try while the service does not run (Windows stops it with the last reader)."""

_log = logging.getLogger(__name__)


class PcscReaders:
    """The readers of the PC/SC service; a `ReaderSource`. It logs once when the service is lost and once when it is back."""

    def __init__(self, *, retry_s: float = RETRY_S) -> None:
        self._retry_s = retry_s
        self._slots: tuple[Slot, ...] = ()
        self._problem: DeviceError | None = None
        self._listeners: list[Callable[[], None]] = []
        self._stop = threading.Event()
        self._looked = threading.Event()
        self._watch: ReaderWatch | None = None
        self._epoch = 0
        self._thread = threading.Thread(target=self._main, name="reader-monitor", daemon=True)
        self._thread.start()
        self._looked.wait(2.0)

    def slots(self) -> tuple[Slot, ...]:
        """The readers as last seen."""
        return self._slots

    def problem(self) -> DeviceError | None:
        """`ServiceNotRunningError` while the service does not answer."""
        return self._problem

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` on the monitor's thread after each change."""
        self._listeners.append(listener)

    def open(self, reader: str) -> Connection:
        """A connection to the card in `reader`."""
        return PcscConnection(reader)

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        watch = self._watch
        if watch is not None:
            watch.cancel()
        self._thread.join(3.0)

    def _main(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch_readers()
            except DeviceError as error:
                self._epoch += 1
                self._become((), error)
                self._stop.wait(self._retry_s)

    def _watch_readers(self) -> None:
        """Watch with one context until it fails or the end.

        Raises:
            DeviceError: the service is gone, or a reader in the list went while it was looked at.
        """
        watch = self._watch = ReaderWatch()
        try:
            while not self._stop.is_set():
                self._become(tuple(self._slot(reader) for reader in watch.look()), None)
                while not self._stop.is_set() and not watch.wait(WAIT_MS):
                    continue
        finally:
            self._watch = None
            watch.close()

    def _slot(self, watched: WatchedReader) -> Slot:
        # A restarted service counts from zero again, so its restarts are part of the count.
        events = (self._epoch << 16) | watched.events
        return Slot(watched.reader, watched.is_present, watched.atr if watched.is_present else b"", watched.is_mute, events)

    def _become(self, slots: tuple[Slot, ...], problem: DeviceError | None) -> None:
        had_service, has_service = self._problem is None, problem is None
        changed = slots != self._slots or had_service != has_service
        self._slots, self._problem = slots, problem
        self._looked.set()
        if had_service and isinstance(problem, ServiceNotRunningError):
            _log.info("the smart card service is lost")
        elif not had_service and has_service:
            _log.info("the smart card service is back")
        if changed:
            for listener in tuple(self._listeners):
                listener()
