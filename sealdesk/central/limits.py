"""How much a request may send, and which version of the protocol it must speak; decided before anything reads it."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sealdesk.central.uploads import MOST_PIECE_BYTES
from sealdesk.wire import VERSION, errors

MOST_BODY_BYTES = 2_000_000
"""Of a JSON body: a registration of fifty seals has less than a tenth of this."""


class LimitsMiddleware:
    """Refuses bodies that are too large, announced so or not, and versions of the protocol that are not spoken here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        version = headers.get(errors.VERSION_HEADER.lower().encode(), VERSION.encode())
        if version != VERSION.encode():
            await _answer(426, errors.TOO_OLD, {"spoken": VERSION})(scope, receive, send)
            return
        most = MOST_PIECE_BYTES if scope["method"] == "PATCH" else MOST_BODY_BYTES
        announced = headers.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced[:20]) > most:
            await _answer(413, errors.TOO_LARGE, {})(scope, receive, send)
            return
        body = await _read(receive, most)
        if body is None:
            await _answer(413, errors.TOO_LARGE, {})(scope, receive, send)
            return
        await self._app(scope, _Replay(body, receive), send)


class _Replay:
    """Gives the body that was read, then whatever comes from the connection."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _read(receive: Receive, most: int) -> bytes | None:
    """The whole body, or None when it is larger than `most` or the client went away."""
    parts: list[bytes] = []
    length = 0
    while True:
        message: Any = await receive()
        if message["type"] != "http.request":
            return None
        part: bytes = message.get("body", b"")
        length += len(part)
        if length > most:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _answer(status: int, code: str, facts: dict[str, str]) -> JSONResponse:
    return JSONResponse(errors.Problem(code=code, facts=facts).model_dump(mode="json"), status)
