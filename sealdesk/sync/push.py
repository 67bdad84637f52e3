"""To the platform: files first, then the message, oldest first for each subject, until each is answered once.

A message keeps its key however often it is sent; the platform answers a key once and repeats that answer. What is refused waits for a
person and holds back its own subject only.
"""

from __future__ import annotations

import functools
import logging
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from sealdesk.core.errors import StorageError
from sealdesk.core.lanes import Task
from sealdesk.sync.ground import Ground
from sealdesk.sync.http import BusyError, NoAnswerError, PlatformClient, PlatformRefusedError, Stale
from sealdesk.sync.refusals import sentence_of
from sealdesk.wire import errors as codes
from sealdesk.wire.commands import Answer, Command
from sealdesk.wire.uploads import CHUNK_BYTES
from sealdesk.workflow import outbox
from sealdesk.workflow.outbox import Message

T = TypeVar("T")

MOST_STALE = 3
"""How often a message may turn out to be based on an older state before a person looks at it."""
TRIES_AT_ONCE = 3
"""How often a lost answer is asked for again within one exchange."""
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0

_UPLOAD_RESTARTS = 5
_OTHER_TYPE = "application/octet-stream"
_log = logging.getLogger(__name__)
_chance = random.SystemRandom()


def backoff_s(attempts: int, asked_s: float = 0.0) -> float:
    """How long to wait after so many failures: doubling, half of it by chance, at least what the platform asks for."""
    whole = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempts, 16))
    return max(asked_s, whole / 2 + _chance.uniform(0, whole / 2))


def push(ground: Ground, client: PlatformClient, task: Task, pull: Callable[[], None], *, impatient: bool = False) -> int:
    """Send what may go; returns how many messages were answered. `pull` fetches what a stale message did not know.

    Raises:
        PlatformError: the way to the platform is broken; what waits stays and goes with the next exchange.
    """
    passed: set[int] = set()
    stale: Counter[int] = Counter()
    count = 0
    while True:
        task.check()
        message = _next(ground, passed, impatient=impatient)
        if message is None:
            return count
        try:
            answer = _delivered(ground, client, task, message)
        except Stale as state:
            stale[message.seq] += 1
            _catch_up(ground, message, state.answer, stale[message.seq], pull)
        except BusyError as error:
            _wait(ground, message, backoff_s(message.attempts, error.retry_after_s))
            passed.add(message.seq)
        except NoAnswerError:
            _wait(ground, message, 0.0)
            raise
        except PlatformRefusedError as error:
            _park(ground, message, sentence_of(error.problem, error.details))
        except StorageError as error:  # a file that the message names is gone or damaged
            _park(ground, message, str(error))
        else:
            count += 1
            _settle(ground, message, answer)


def _next(ground: Ground, passed: set[int], *, impatient: bool) -> Message | None:
    now = ground.clock.now()
    return ground.read(lambda session: outbox.next_message(session, now, passed, impatient=impatient))


def _delivered(ground: Ground, client: PlatformClient, task: Task, message: Message) -> Answer:
    types = _media_types(message)
    for attachment in message.attachments:
        content = ground.attachments.get(attachment)
        _upload(client, task, attachment, content, types.get(attachment, _OTHER_TYPE))
    command = Command(kind=message.kind, subject=message.subject, base_rev=message.base_rev, body=message.body)
    return _insist(task, lambda: client.send(message.key, command))


def _upload(client: PlatformClient, task: Task, sha256: str, content: bytes, media_type: str) -> None:
    """Send a file from where the platform surely has it; it may be there already.

    Raises:
        PlatformRefusedError: it does not get there whole.
    """
    state = _insist(task, lambda: client.announce(sha256, len(content), media_type))
    restarts = 0
    while not state.complete:
        task.check()
        piece = functools.partial(client.append, sha256, state.offset, content[state.offset : state.offset + CHUNK_BYTES])
        try:
            state = _insist(task, piece)
        except PlatformRefusedError as error:
            # A lost answer leaves the platform further than we know; a wrong hash lets it begin anew.
            restarts += 1
            if error.problem not in (codes.UPLOAD_OFFSET, codes.UPLOAD_DIGEST) or restarts > _UPLOAD_RESTARTS:
                raise
            state = _insist(task, lambda: client.upload(sha256))


def _insist(task: Task, ask: Callable[[], T]) -> T:
    """Ask again a few times when an answer is lost or the platform stumbles; it knows our keys, so that does no harm."""
    for attempt in range(1, TRIES_AT_ONCE + 1):
        try:
            return ask()
        except (NoAnswerError, BusyError) as error:
            asked = error.facts.get("retry_after_s", 0.0)
            if attempt == TRIES_AT_ONCE or asked > 1.0:
                raise
            task.wait(_chance.uniform(0.02, 0.1) * attempt**2 + asked)
    raise AssertionError


def _settle(ground: Ground, message: Message, answer: Answer) -> None:
    """Write down what became of a message."""
    if answer.result == "refused":
        _park(ground, message, sentence_of(answer.code, answer.facts))
        return
    now = ground.clock.now()
    ground.write(lambda session: outbox.answered(session, message.seq, message.subject, answer.rev, now))


def _catch_up(ground: Ground, message: Message, answer: Answer, times: int, pull: Callable[[], None]) -> None:
    """Fetch what changed, so that the message goes out on the state that counts; after a few times a person has to look."""
    if times > MOST_STALE:
        _park(ground, message, sentence_of(codes.STALE, {}))
        return
    pull()
    if answer.rev < message.base_rev:
        # The platform was put back to an earlier state: there is nothing to fetch, what it says counts.
        ground.write(lambda session: outbox.set_revision(session, message.subject, answer.rev))


def _wait(ground: Ground, message: Message, wait_s: float) -> None:
    until = ground.clock.now() + timedelta(seconds=wait_s) if wait_s else None
    ground.write(lambda session: outbox.postpone(session, message.seq, until))


def _park(ground: Ground, message: Message, reason: str) -> None:
    _log.info("message %s (%s) was refused: %s", message.seq, message.kind, reason)
    now = ground.clock.now()
    ground.write(lambda session: outbox.park(session, message.seq, reason, now))


def _media_types(message: Message) -> dict[str, str]:
    proofs = message.body.get("proofs", ()) if isinstance(message.body, dict) else ()
    return {proof["attachment"]: proof["media_type"] for proof in proofs}
