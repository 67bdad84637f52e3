"""Opening the platform's database, and its transactions: one writer at a time on SQLite, advisory locks on PostgreSQL."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

from sealdesk.central.store.tables import Base
from sealdesk.central.store.work import Work

_SCHEMA_LOCK = 7_305_001


class CentralStore:
    """An open database. `write()` and `read()` give a `Work`; rows live no longer than it."""

    def __init__(self, url: str) -> None:
        self._sqlite = url.startswith("sqlite")
        self._writing: Any = threading.Lock() if self._sqlite else contextlib.nullcontext()
        self._engine = _sqlite_engine(url) if self._sqlite else create_engine(url, hide_parameters=True)
        self._sessions = sessionmaker(self._engine)
        with self._engine.begin() as connection:
            if not self._sqlite:  # two servers that start together would both make the tables
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
            Base.metadata.create_all(connection)

    @contextlib.contextmanager
    def write(self) -> Iterator[Work]:
        """One transaction; committed at the end, rolled back on any exception."""
        with self._writing, self._sessions.begin() as session:
            if self._sqlite:
                session.connection(execution_options={"sealdesk_write": True})
            yield Work(session, sqlite=self._sqlite)

    @contextlib.contextmanager
    def read(self) -> Iterator[Work]:
        """A look at the database; nothing of it is kept."""
        session: Session
        with self._sessions() as session:
            yield Work(session, sqlite=self._sqlite)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that begins as a reader and then writes can fail half way; writers say so from the start.
        writes = connection.get_execution_options().get("sealdesk_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
