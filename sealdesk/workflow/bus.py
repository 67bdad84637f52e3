"""The bus: the one door through which business data change.

For each command it checks the permission, opens the unit of work, calls the handler, writes the audit record and the outbox
rows in the same transaction, commits, and says what changed. Refused attempts are audited too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from sealdesk.core.clock import Clock
from sealdesk.core.errors import PermissionDeniedError, SealdeskError, StorageError, UserCancelled
from sealdesk.core.i18n import _
from sealdesk.core.lanes import Lane
from sealdesk.domain.access import Actor
from sealdesk.domain.events import Touched
from sealdesk.models.database import Store
from sealdesk.workflow import audit
from sealdesk.workflow.commands import Handling, Stage, audited
from sealdesk.workflow.uow import UnitOfWork

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to: the handler's value and the kinds of things that changed."""

    value: Any
    touched: Touched


class Bus:
    """Carries commands to their handlers, on the data lane."""

    def __init__(self, store: Store, lane: Lane, clock: Clock, stages: Iterable[Stage]) -> None:
        self._store = store
        self._lane = lane
        self._clock = clock
        self._handlings: dict[type[Any], Handling[Any]] = {}
        self._titles: dict[str, str] = {}
        self._listeners: list[Callable[[Touched], None]] = []
        for stage in stages:
            self._take(stage)

    def why_not(self, actor: Actor, command: type[Any]) -> PermissionDeniedError | None:
        """Why the actor may not give this command, or None when he may; the window disables its button by the same answer."""
        permission = self._handlings[command].permission
        return None if actor.may(permission) else self._denied(permission)

    def sentence(self, command: str) -> str:
        """The marked history sentence of a command by its name; empty for one that is no longer known."""
        for known, handling in self._handlings.items():
            if known.__name__ == command:
                return handling.sentence
        return ""

    def subscribe(self, listener: Callable[[Touched], None]) -> Callable[[], None]:
        """Call `listener` on the data lane after each commit that touched something; the returned call ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def execute(self, actor: Actor, command: object, also: Callable[[Session], None] | None = None) -> Outcome:
        """Carry out one command.

        `also` writes what must stand or fall with the command in the same transaction, after the handler: the place in the platform's feed.

        Raises:
            PermissionDeniedError: the actor may not; the attempt is audited.
            UserError: the handler refused; nothing changed, the attempt is audited.
            KeyError: no stage handles the command.
        """
        self._lane.require()
        handling = self._handlings[type(command)]
        try:
            if not actor.may(handling.permission):
                raise self._denied(handling.permission)
            with self._store.write() as session:
                uow = UnitOfWork(session, actor, self._clock.now())
                value = handling.handler(command, uow)
                if also is not None:
                    also(session)
                self._record(session, actor, command, handling, before=uow.before, after=uow.after)
                touched = uow.touched
        except (UserCancelled, StorageError):
            raise  # nobody refused anything, and a store that fails takes no record of it
        except SealdeskError as error:
            _log.info("%s refused: %s", type(command).__name__, error.code)
            with self._store.write() as session:
                self._record(session, actor, command, handling, result="refused", code=error.code)
            raise
        if touched:
            self._tell(touched)
        return Outcome(value, touched)

    def _tell(self, touched: Touched) -> None:
        """The change stands already: a listener that fails must not make it look refused."""
        for listener in tuple(self._listeners):
            try:
                listener(touched)
            except Exception:  # noqa: BLE001 - whatever it is, the change stands
                _log.exception("a listener failed after a change")

    def _record(self, session: Session, actor: Actor, command: object, handling: Handling[Any], **facts: str) -> None:
        audit.append(
            session,
            at=self._clock.now(),
            actor=actor,
            command=type(command).__name__,
            arguments=audited(command),
            subject=handling.subject(command),
            **facts,
        )

    def _denied(self, permission: str) -> PermissionDeniedError:
        return PermissionDeniedError(permission=_(self._titles.get(permission, permission)), name=permission)

    def _take(self, stage: Stage) -> None:
        for permission in stage.permissions:
            self._titles[permission.name] = permission.title
        for handling in stage.handlings:
            if handling.command in self._handlings:
                raise ValueError(f"{handling.command.__name__} is handled twice")
            self._handlings[handling.command] = handling
