"""A bus with a small stage of its own over a real store, so that the bus is tested and not the business."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sealdesk.core.clock import FixedClock
from sealdesk.core.errors import UserCancelled, UserError
from sealdesk.core.lanes import Lane, Rank
from sealdesk.domain.access import Actor, Permission
from sealdesk.domain.events import Touched
from sealdesk.domain.units import Person
from sealdesk.models.database import Store
from sealdesk.wire.message import Message
from sealdesk.workflow import facts
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.commands import BULKY, PERSONAL, SECRET, Handling, Stage
from sealdesk.workflow.uow import UnitOfWork

STORE_KEY = bytes(range(32))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class RefusedError(UserError):
    """What the small stage refuses with."""

    code = "test.refused"


@dataclass(frozen=True, slots=True)
class Note:
    """A command with one field of each kind."""

    subject: str
    text: str = ""
    outcome: str = "done"
    person: Person | None = None
    secret: str = field(default="", metadata=SECRET)
    personal: str = field(default="", metadata=PERSONAL)
    bulky: Any = field(default="", metadata=BULKY)
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command of no stage."""


class Said(Message):
    """A message of the small stage."""

    text: str


def note(command: Note, uow: UnitOfWork) -> str:
    """Write a fact and leave a message, then do as the command says."""
    facts.write(uow.session, command.subject, command.text)
    uow.send("test.said", command.subject, Said(text=command.text))
    if command.outcome == "refuse":
        raise RefusedError
    if command.outcome == "cancel":
        raise UserCancelled
    if command.outcome == "break":
        raise ZeroDivisionError
    if command.outcome == "silent":
        uow.touched = Touched.NOTHING
    return command.text


STAGE = Stage(
    name="test",
    title="Test",
    permissions=(Permission("test.note", "Take notes"),),
    handlings=(Handling(Note, "test.note", note, lambda command: command.subject, "{actor} noted {text}"),),
)


@dataclass
class Bench:
    """The bus with its store."""

    store: Store
    bus: Bus
    lane: Lane
    actor: Actor

    def do(self, command: object, actor: Actor | None = None, also: Any = None) -> Any:
        return self.lane.call(lambda: self.bus.execute(actor or self.actor, command, also))

    def ask(self, query: Callable[..., Any]) -> Any:
        with self.store.read() as session:
            return query(session)

    def tamper(self, statement: str) -> None:
        """Change the trail behind the program's back, as somebody with the store's key could."""
        with self.store.write() as session:
            connection = session.connection()
            for trigger in ("audit_refuses_update", "audit_refuses_delete", "audit_refuses_replace"):
                connection.exec_driver_sql(f"drop trigger if exists {trigger}")
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store with nothing in it."""
    path = tmp_path_factory.mktemp("workflow") / "store.db"
    Store.open(path, STORE_KEY).close()
    return path


@pytest.fixture
def bench(empty_store: Path, tmp_path: Path) -> Iterator[Bench]:
    shutil.copyfile(empty_store, tmp_path / "store.db")
    store, lane = Store.open(tmp_path / "store.db", STORE_KEY), Lane("data", Rank.DATA)
    actor = Actor("a", "小王", frozenset({"test.note"}))
    yield Bench(store, Bus(store, lane, FixedClock(NOW), (STAGE,)), lane, actor)
    assert lane.close()
    store.close()


@pytest.fixture
def commands() -> dict[str, Any]:
    """The small stage and its commands by name."""
    return {"Note": Note, "Unknown": Unknown, "RefusedError": RefusedError, "STAGE": STAGE}
