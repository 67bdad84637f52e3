"""Failures on purpose, for tests of what a client does: lost replies, delays, errors, closed connections. Never in a real server."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(slots=True)
class Faults:
    """How often what fails, each as a share of requests from 0 to 1.

    Attributes:
        refuse: answered with 503 before anything is done.
        break_off: the connection ends before anything is done.
        lose: everything is done, then the connection ends without an answer.
        fail_after: everything is done, then the answer is 500.
        delay: answered late, by `delay_s`.
        chance: where the dice come from.
        count: failures so far.
    """

    refuse: float = 0.0
    break_off: float = 0.0
    lose: float = 0.0
    fail_after: float = 0.0
    delay: float = 0.0
    delay_s: float = 0.05
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    count: int = 0

    def roll(self) -> str:
        """What happens to this request; empty for nothing."""
        dice = self.chance.random()
        for name in ("refuse", "break_off", "lose", "fail_after", "delay"):
            dice -= getattr(self, name)
            if dice < 0:
                self.count += 1
                return name
        return ""


class BrokenOffError(ConnectionError):
    """Ends a connection without an answer."""


class FaultsMiddleware:
    """Makes requests fail as `Faults` says."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._faults.roll() if scope["type"] == "http" else ""
        if fault == "refuse":
            await PlainTextResponse("", 503, {"Retry-After": "0"})(scope, receive, send)
        elif fault == "break_off":
            await _hang_up(send)
        elif fault in ("lose", "fail_after"):
            await self._app(scope, receive, _nowhere)
            if fault == "lose":
                await _hang_up(send)
            else:
                await PlainTextResponse("", 500)(scope, receive, send)
        else:
            if fault == "delay":
                await asyncio.sleep(self._faults.delay_s)
            await self._app(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    """An answer that is lost."""


async def _hang_up(send: Send) -> None:
    """Announce more than is sent, and end: the client sees a connection that broke."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000"), (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": b"{", "more_body": False})
