"""HTTP to the platform: requests with limits and time-outs, and failures in words. The only module that imports `requests`.

Runs on the network lane. Nothing is repeated here; whether and when to try again is decided by `push` and `engine`.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import ValidationError

from sealdesk.core.errors import PlatformError, UserError
from sealdesk.core.i18n import N_
from sealdesk.wire import VERSION, errors
from sealdesk.wire.audit import AuditHeads
from sealdesk.wire.changes import Changes
from sealdesk.wire.commands import Answer, Command
from sealdesk.wire.enrolment import Authority, Challenge, Enrol, Enrolled
from sealdesk.wire.message import Message
from sealdesk.wire.orders import OrderFacts
from sealdesk.wire.uploads import AnnounceUpload, UploadState

if TYPE_CHECKING:
    import requests

M = TypeVar("M", bound=Message)
T = TypeVar("T")

CONNECT_TIMEOUT_S = 4.0
ANSWER_TIMEOUT_S = 20.0
MOST_ANSWER_BYTES = 64 * 1024 * 1024
"""A page of changes with as many permits as it may hold is smaller."""

_BUSY = frozenset({408, 425, 429})
_BLOCK_BYTES = 1 << 16


class AddressError(UserError):
    """The address is not one, or would send everything in the clear."""

    code = "platform.address"
    sentence = N_("“{address}” is not an address of a platform; it begins with https://.")


class UnreachableError(PlatformError):
    """No connection came about; nothing was sent."""

    code = "platform.unreachable"
    sentence = N_("The platform cannot be reached.")
    advice = N_("Go on working; what you do is sent when the connection is back.")


class NoAnswerError(PlatformError):
    """The connection broke, or the answer did not come in time; what was sent may have been done."""

    code = "platform.no_answer"
    sentence = N_("The platform did not answer.")
    advice = N_("Go on working; what you do is sent when the connection is back.")


class TlsError(PlatformError):
    """The platform's certificate is not trusted, or there is no safe connection."""

    code = "platform.tls"
    sentence = N_("There is no safe connection to the platform: its certificate is not trusted.")
    advice = N_("Check the address, date and time of this computer. Nothing was sent.")
    retry = False


class BusyError(PlatformError):
    """The platform failed or has too much to do (408, 425, 429, 5xx). Facts: status, retry_after_s."""

    code = "platform.busy"
    sentence = N_("The platform cannot answer now ({status}).")
    advice = N_("It is tried again by itself.")


class PlatformRefusedError(PlatformError):
    """The platform refuses the request itself. Facts: status, problem (a code of `wire.errors`), details."""

    code = "platform.refused"
    sentence = N_("The platform refused the request ({problem}).")
    retry = False


class UnauthorisedError(PlatformError):
    """The platform does not know this installation any more."""

    code = "platform.unauthorised"
    sentence = N_("The platform does not recognise this installation.")
    advice = N_("Ask the platform's office whether it was closed, and set it up again.")
    retry = False


class TooOldError(PlatformError):
    """The platform speaks another version of the protocol."""

    code = "platform.too_old"
    sentence = N_("This version of the program is too old for the platform.")
    advice = N_("Install the new version. What you did is kept and sent afterwards.")
    retry = False


class NonsenseError(PlatformError):
    """The answer is not what the protocol says; perhaps something else answers at this address."""

    code = "platform.answer"
    sentence = N_("What answers at the platform's address is not the platform.")
    advice = N_("Check the address, and whether this network asks for a sign-in first.")


class Stale(Exception):  # noqa: N818 - an answer, not a failure
    """The command was based on an older state; `answer` says what the state is now."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.rev)
        self.answer = answer


class PlatformClient:
    """A platform at one address, with or without the token of an enrolment."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address = checked_address(address)
        self._token = token
        self._session: requests.Session | None = None
        self._told_time: tuple[datetime, float] | None = None

    def time(self) -> datetime | None:
        """What the platform's clock shows now, to the second, from its last answer; None before the first."""
        told = self._told_time
        return None if told is None else told[0] + timedelta(seconds=monotonic() - told[1])

    def authority(self) -> Authority:
        """Its certificates; to be trusted only after a person compared the fingerprint."""
        return self._ask(Authority, "GET", "/v1/authority")

    def challenge(self) -> str:
        """A fresh challenge, hexadecimal."""
        return self._ask(Challenge, "POST", "/v1/challenges").challenge

    def enrol(self, request: Enrol) -> Enrolled:
        """Enrol this installation."""
        return self._ask(Enrolled, "POST", "/v1/enrolments", message=request)

    def send(self, key: str, command: Command) -> Answer:
        """Send a command under its idempotency key.

        Raises:
            Stale: it was based on an older state (412). PlatformError: see the classes above.
        """
        status, body = self._exchange("POST", "/v1/commands", _encoded(command), {"Idempotency-Key": key})
        if status == 412:
            raise Stale(_parsed(Answer, body))
        return _checked(Answer, status, body)

    def changes(self, since: str) -> Changes:
        """A page of changes after a cursor; an empty cursor begins at the beginning."""
        return self._ask(Changes, "GET", f"/v1/changes?since={quote(since, safe='')}")

    def announce(self, sha256: str, size: int, media_type: str) -> UploadState:
        """Announce a file."""
        return self._ask(UploadState, "PUT", f"/v1/uploads/{sha256}", message=AnnounceUpload(size=size, media_type=media_type))

    def append(self, sha256: str, offset: int, piece: bytes) -> UploadState:
        """Send a piece of a file."""
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
        return _checked(UploadState, *self._exchange("PATCH", f"/v1/uploads/{sha256}", piece, headers))

    def upload(self, sha256: str) -> UploadState:
        """How much of a file the platform surely has."""
        return self._ask(UploadState, "GET", f"/v1/uploads/{sha256}")

    def order(self, order_id: str) -> OrderFacts:
        """What the platform knows of an order."""
        return self._ask(OrderFacts, "GET", f"/v1/orders/{order_id}")

    def audit_heads(self) -> AuditHeads:
        """The signed heads of this installation's audit trail that the platform keeps."""
        return self._ask(AuditHeads, "GET", "/v1/audit/heads")

    def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _ask(self, kind: type[M], method: str, path: str, message: Message | None = None) -> M:
        content = None if message is None else _encoded(message)
        return _checked(kind, *self._exchange(method, path, content, {}))

    def _exchange(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of an answer that is neither a failure of the way nor of the server.

        Raises:
            UnreachableError, NoAnswerError, TlsError, BusyError
        """
        import requests

        sent = {"Content-Type": "application/json", **headers} if content is not None else headers
        try:
            with self._opened().request(
                method,
                self.address + path,
                data=content,
                headers=sent,
                timeout=(CONNECT_TIMEOUT_S, ANSWER_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
            ) as answer:
                self._note_time(answer.headers.get("Date", ""))
                status, retry_after, body = answer.status_code, answer.headers.get("Retry-After", ""), _read(answer)
        except requests.exceptions.SSLError as error:
            raise TlsError from error
        except requests.exceptions.RequestException as error:
            raise (UnreachableError if _never_connected(error) else NoAnswerError) from error
        if status in _BUSY or status >= 500:
            waiting = min(float(retry_after), 3600.0) if retry_after.isdigit() else 0.0
            raise BusyError(status=status, retry_after_s=waiting)
        return status, body

    def _note_time(self, date: str) -> None:
        with contextlib.suppress(ValueError, TypeError):
            told = parsedate_to_datetime(date)
            self._told_time = (told if told.tzinfo is not None else told.replace(tzinfo=UTC), monotonic())

    def _opened(self) -> requests.Session:
        if self._session is None:
            import requests

            session = requests.Session()
            session.headers.update({errors.VERSION_HEADER: VERSION, "Accept": "application/json"})
            # A callable, because a .netrc of the person would otherwise replace the header.
            session.auth = self._authorise
            session.trust_env = not _is_loopback(self.address)  # a proxy of the office is no way to this computer
            self._session = session
        return self._session

    def _authorise(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class PlatformOffice:
    """The platform before this installation is known to it; an `EnrolmentOffice` of the administration stage."""

    def authority(self, address: str) -> Authority:
        """Its certificates."""
        return self._at(address, lambda client: client.authority())

    def challenge(self, address: str) -> str:
        """A fresh challenge, hexadecimal."""
        return self._at(address, lambda client: client.challenge())

    def enrol(self, address: str, request: Enrol) -> Enrolled:
        """Enrol this installation."""
        return self._at(address, lambda client: client.enrol(request))

    def _at(self, address: str, ask: Callable[[PlatformClient], T]) -> T:
        client = PlatformClient(address)
        try:
            return ask(client)
        finally:
            client.close()


def checked_address(address: str) -> str:
    """The address without a slash at its end; plain HTTP only to this very computer.

    Raises:
        AddressError: it is not one.
    """
    stripped = address.strip().rstrip("/")
    try:
        parts = urlsplit(stripped)
        port_fits = parts.port is None or parts.port > 0
    except ValueError as error:
        raise AddressError(field="address", address=address[:100]) from error
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(stripped))
    if not parts.hostname or not (plain and safe and port_fits):
        raise AddressError(field="address", address=address[:100])
    return stripped


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _encoded(message: Message) -> bytes:
    return json.dumps(message.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode()


def _read(answer: requests.Response) -> bytes:
    parts: list[bytes] = []
    length = 0
    for part in answer.iter_content(_BLOCK_BYTES):
        length += len(part)
        if length > MOST_ANSWER_BYTES:
            raise NonsenseError
        parts.append(part)
    return b"".join(parts)


def _checked(kind: type[M], status: int, body: bytes) -> M:
    """The message of a good answer.

    Raises:
        UnauthorisedError, TooOldError, PlatformRefusedError: the platform says no. NonsenseError: that was not the platform.
    """
    if status == 200:
        return _parsed(kind, body)
    problem = _parsed(errors.Problem, body)
    if status == 401:
        raise UnauthorisedError
    if status == 426:
        raise TooOldError
    raise PlatformRefusedError(status=status, problem=problem.code, details=problem.facts)


def _parsed(kind: type[M], body: bytes) -> M:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise NonsenseError from error


def _never_connected(error: Exception) -> bool:
    """Whether nothing can have been sent."""
    import requests
    import urllib3

    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(error, requests.exceptions.ConnectionError) and isinstance(
        reason, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.NameResolutionError, urllib3.exceptions.ConnectTimeoutError)
    )
