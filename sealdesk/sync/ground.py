"""What an exchange stands on: the local store behind its lane, the bus, the attachments and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sealdesk.core.clock import Clock
from sealdesk.core.lanes import Lane
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.workflow.bus import Bus

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """The desk's side of an exchange. Each call is a transaction of its own, and none is open while HTTP is spoken.

    Queries and changes are functions of `workflow.outbox` and `workflow.facts`; the session that they take is not looked at here.
    """

    data: Lane
    store: Store
    bus: Bus
    attachments: AttachmentStore
    clock: Clock

    def read(self, query: Callable[[Any], T]) -> T:
        """Ask the store, from the network lane."""
        return self.data.call(lambda: self.read_here(query))

    def write(self, change: Callable[[Any], T]) -> T:
        """Change the bookkeeping of the exchange, from the network lane."""
        return self.data.call(lambda: self.write_here(change))

    def read_here(self, query: Callable[[Any], T]) -> T:
        """Ask the store, on the data lane."""
        with self.store.read() as session:
            return query(session)

    def write_here(self, change: Callable[[Any], T]) -> T:
        """Change the bookkeeping, on the data lane."""
        with self.store.write() as session:
            return change(session)
