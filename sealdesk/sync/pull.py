"""From the platform: each change becomes a command; what it does and our place in the feed stand in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from sealdesk.core.errors import SealdeskError, StorageError, UserCancelled
from sealdesk.core.i18n import N_, _
from sealdesk.core.lanes import Task
from sealdesk.domain.access import PLATFORM
from sealdesk.stages.acceptance.rules import ReceivePermit
from sealdesk.stages.production.rules import ReceiveCertificate
from sealdesk.stages.registration.rules import ReturnOrder
from sealdesk.sync.ground import Ground
from sealdesk.sync.http import NonsenseError, PlatformClient
from sealdesk.wire.changes import CHANGES, Change, Changes
from sealdesk.workflow import outbox

_log = logging.getLogger(__name__)

_UNKNOWN = N_("This kind of message is not known here; the program may be too old.")
_UNREADABLE = N_("The message cannot be read.")
_FAILED = N_("The program could not handle this message; the details are in the log.")

COMMANDS: dict[str, Callable[[Change, Any], object]] = {
    "registration.returned": lambda change, body: ReturnOrder(change.subject, body.reason, body.reviewer, change.rev),
    "permit.issued": lambda change, body: ReceivePermit(change.subject, change.rev, body.record),
    "certificate.issued": lambda change, body: ReceiveCertificate(change.subject, body.seal, change.rev, tuple(body.certificates)),
}
"""The command that a change becomes."""


def pull(ground: Ground, client: PlatformClient, task: Task) -> None:
    """Read the feed to its end and apply what is new.

    Raises:
        PlatformError: the platform failed; what was applied so far stays applied.
    """
    restarts = 0
    while True:
        task.check()
        place = ground.read(outbox.place)
        page = client.changes(place.cursor)
        if page.epoch != place.epoch:
            restarts += 1
            if restarts > 2:
                raise NonsenseError
            _log.info("the platform was restored; reading everything again")
            _begin_anew(ground, page.epoch)
            continue
        _require_order(page)
        for change in page.items:
            task.check()
            if change.seq > place.seen:
                _take(ground, change)
        if page.cursor != place.cursor:
            _turn_page(ground, page.cursor)
        if not page.more or page.cursor == place.cursor:
            return


def retry_change(ground: Ground, seq: int) -> bool:
    """Try once more to apply a change that was set aside; False when it is not there any more. For the data lane.

    Raises:
        SealdeskError: why it cannot be applied still.
    """
    change = ground.read_here(lambda session: outbox.change_aside(session, seq))
    if change is None:
        return False
    command = _command(change)
    if isinstance(command, str):
        return False
    known = ground.read_here(lambda session: outbox.revision(session, change.subject))

    def settle(session: Any) -> None:
        outbox.forget_aside(session, change)
        outbox.raise_revision(session, change.subject, known)

    ground.bus.execute(PLATFORM, command, also=settle)
    return True


def _begin_anew(ground: Ground, epoch: str) -> None:
    ground.write(lambda session: outbox.begin_anew(session, epoch))


def _turn_page(ground: Ground, cursor: str) -> None:
    ground.write(lambda session: outbox.turn_page(session, cursor))


def _require_order(page: Changes) -> None:
    """Numbers that do not rise would make us step over changes for ever."""
    numbers = [change.seq for change in page.items]
    if numbers != sorted(set(numbers)):
        raise NonsenseError


def _take(ground: Ground, change: Change) -> None:
    ground.data.call(lambda: _take_here(ground, change))


def _take_here(ground: Ground, change: Change) -> None:
    """Apply one change, or skip it where it is known already or not ours, or keep it aside. On the data lane."""
    if ground.read_here(
        lambda session: not outbox.is_known(session, change.subject) or change.rev <= outbox.revision(session, change.subject)
    ):
        _log.debug("change %s (%s) is known or not ours", change.seq, change.kind)
        ground.write_here(lambda session: outbox.saw(session, change.seq))
        return
    command = _command(change)
    if isinstance(command, str):
        _keep_aside(ground, change, _(command))
        return
    try:
        ground.bus.execute(PLATFORM, command, also=lambda session: outbox.saw(session, change.seq))
    except (UserCancelled, StorageError):
        raise  # the change is not at fault: it comes again
    except SealdeskError as error:
        _keep_aside(ground, change, str(error))
    except Exception:  # noqa: BLE001 - a defect in one handler must not stop the feed for everything else; it is logged and shown
        _log.exception("change %s (%s) could not be applied", change.seq, change.kind)
        _keep_aside(ground, change, _(_FAILED))


def _command(change: Change) -> object:
    """The command of a change, or the sentence that says why there is none."""
    kind = CHANGES.get(change.kind)
    make = COMMANDS.get(change.kind)
    if kind is None or make is None:
        return _UNKNOWN
    try:
        return make(change, kind.model_validate(change.body))
    except ValidationError:
        return _UNREADABLE


def _keep_aside(ground: Ground, change: Change, reason: str) -> None:
    _log.info("change %s (%s) was set aside: %s", change.seq, change.kind, reason)

    def keep(session: Any) -> None:
        outbox.set_aside(session, change, reason)
        outbox.saw(session, change.seq)

    ground.write_here(keep)
