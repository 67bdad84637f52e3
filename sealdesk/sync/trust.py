"""Keeping the platform's revocation lists fresh. The root never changes by itself: another root is a matter for a person."""

from __future__ import annotations

import logging
import time

from sealdesk.core.errors import PlatformError, SealdeskError
from sealdesk.sync.ground import Ground
from sealdesk.sync.http import PlatformClient
from sealdesk.wire.enrolment import Authority
from sealdesk.workflow import facts

EVERY_S = 3600.0
_log = logging.getLogger(__name__)


class Refresher:
    """Fetches the lists at the first exchange and every hour after it."""

    def __init__(self) -> None:
        self._at: float | None = None

    def refresh(self, ground: Ground, client: PlatformClient) -> None:
        """Take the platform's lists when they are due and hold; what is not signed by our own trust is left alone.

        Raises:
            PlatformError: the platform failed.
        """
        now = time.monotonic()
        if self._at is not None and now - self._at < EVERY_S:
            return
        message = client.authority()
        known = ground.read(lambda session: facts.read(session, facts.AUTHORITY))
        if known is not None and _holds(message, Authority.model_validate(known)):
            ground.write(lambda session: facts.write(session, facts.AUTHORITY, message.model_dump(mode="json")))
        self._at = now


def _holds(fresh: Authority, known: Authority) -> bool:
    """Whether the new message is of the same authority, and its lists are signed by it and not older than ours."""
    if fresh.root != known.root or fresh.intermediates != known.intermediates:
        _log.info("the platform shows other certificates than at the enrolment; they are not taken")
        return False
    try:
        new, old = facts.trust_of(fresh), facts.trust_of(known)
        issuers = {certificate.subject_der: certificate for certificate in (new.root, *new.intermediates)}
        for listed in new.revocations:
            listed.verify(issuers[listed.issuer_der])
    except PlatformError:
        raise
    except (SealdeskError, KeyError, ValueError):
        _log.info("the platform's revocation lists do not hold; they are not taken")
        return False
    numbers = {listed.issuer_der: listed.number for listed in new.revocations}
    return all(numbers.get(listed.issuer_der, -1) >= listed.number for listed in old.revocations)
