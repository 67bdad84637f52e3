"""The time, asked for through one door so that tests and wrong clocks can be handled.

All stored times are UTC, ISO 8601 to the millisecond with `Z`; dates on paper are in the shop's zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "CST")
"""China has one time zone and no summer time."""


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved; for tests and demonstrations."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`; a negative step turns it back."""
        self._now += step


def stamp(moment: datetime) -> str:
    """`moment` as it is stored and sent: UTC, ISO 8601 to the millisecond with `Z`."""
    if moment.tzinfo is None:
        raise ValueError("a stored time has a zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_stamp(text: str) -> datetime:
    """The moment that `stamp` wrote.

    Raises:
        ValueError: the text is not a time with a zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no zone in {text!r}")
    return moment.astimezone(UTC)
