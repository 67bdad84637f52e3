"""The logic behind sign-in and first run, as the two pages ask for it; joins the pages to the stage that does the work."""

from __future__ import annotations

from collections.abc import Callable

from sealdesk.core.lanes import Job, Task
from sealdesk.domain.access import EVERYTHING, Actor
from sealdesk.domain.pin import Pin
from sealdesk.domain.ports import Devices, PinStatus
from sealdesk.stages.administration import enrolment, sign_in
from sealdesk.stages.administration.enrolment import EnrolmentOffice, FetchedAuthority, FirstUser
from sealdesk.stages.administration.queries import users
from sealdesk.workflow.desk import Desk


class Entrance:
    """Fulfils `sign_in.SignInService` over a desk at which nobody sits yet."""

    def __init__(self, desk: Desk, office: EnrolmentOffice, keep_token: Callable[[str], None]) -> None:
        self._desk = desk
        self._office = office
        self._keep_token = keep_token
        self._fetched: FetchedAuthority | None = None
        known = desk.tell(users)
        self._is_new = not known
        seen = [user for user in known if user.last_seen_at is not None]
        self._last_user_name = max(seen, key=lambda user: str(user.last_seen_at)).name if seen else ""

    @property
    def is_new_installation(self) -> bool:
        """Whether the first run is still to come."""
        return self._is_new

    @property
    def devices(self) -> Devices:
        """The readers, for the panel at the side."""
        return self._desk.devices

    @property
    def last_user_name(self) -> str:
        """Who signed in last here; empty for nobody."""
        return self._last_user_name

    def pin_status(self, reader: str) -> Job[PinStatus]:
        """The tries left of the key in a reader; never spends one."""
        return self._desk.devices.with_key(reader, lambda key, _task: key.pin_status())

    def sign_in(self, user_name: str, password: str, shop_name: str, reader: str, pin: Pin) -> Job[Actor]:
        """See `stages.administration.sign_in.sign_in`."""
        return sign_in.sign_in(self._desk, user_name, shop_name, password, reader, pin)

    def fetch_authority(self, platform_url: str) -> Job[FetchedAuthority]:
        """Fetch the root of the platform, to be confirmed by a person."""
        job = enrolment.fetch_authority(self._desk, self._office, platform_url.strip().rstrip("/"))
        return job.on_done(self._remember)

    def enrol(
        self,
        *,
        platform_url: str,
        fingerprint: str,
        user_name: str,
        password: str,
        display_name: str,
        shop_name: str,
        reader: str,
        pin: Pin,
    ) -> Job[Actor]:
        """Make the first user and enrol the installation; the authority is the one that was fetched and compared."""
        fetched = self._fetched
        if fetched is None or fetched.fingerprint != fingerprint:
            raise ValueError("enrolled with an authority that was not compared")
        first = FirstUser(fetched, user_name.strip(), display_name, shop_name, password)
        job = enrolment.enrol(self._desk, self._office, self._keep_token, first, reader, pin)
        return _then_actor(self._desk, job)

    def _remember(self, job: Job[FetchedAuthority]) -> None:
        if job.error is None:
            self._fetched = job.result()


def _then_actor(desk: Desk, job: Job[str]) -> Job[Actor]:
    """The job's user as an actor; queued behind it on the same lane, so nothing waits for another lane of its own rank."""

    def work(_task: Task) -> Actor:
        user_id = job.result()
        user = next(user for user in desk.tell(users) if user.id == user_id)
        return Actor(user.id, user.display_name, frozenset({EVERYTHING}), user.keys[0].fingerprint)

    return desk.sign_in_lane.submit(work)
