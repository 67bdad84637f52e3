"""The HTTP face of the platform: who speaks, how much may be sent, and which answer is which status. No rules of the business."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sealdesk.central import audit, enrolment, intake, uploads
from sealdesk.central.case import Identity
from sealdesk.central.errors import RequestFailed
from sealdesk.central.faults import Faults, FaultsMiddleware
from sealdesk.central.limits import LimitsMiddleware
from sealdesk.central.platform import Platform, epoch_of
from sealdesk.central.review import order_facts
from sealdesk.wire import VERSION, changes, errors, orders
from sealdesk.wire import audit as wire_audit
from sealdesk.wire import enrolment as wire_enrolment
from sealdesk.wire import uploads as wire_uploads
from sealdesk.wire.commands import Answer, Command

PAGE = 200
"""Changes in one answer."""

_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_PROBLEM: dict[str, Any] = {"model": errors.Problem}
_PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 401, 404, 408, 413, 422, 426, 429), _PROBLEM)
_PIECE = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


def create_app(platform: Platform, faults: Faults | None = None) -> FastAPI:
    """The application over an open platform. `faults` are for tests of what clients do when a server fails."""
    app = FastAPI(title="sealdesk central", version=VERSION, docs_url=None, redoc_url=None, responses=_PROBLEMS)
    app.state.platform = platform
    app.add_middleware(LimitsMiddleware)
    if faults is not None:
        app.add_middleware(FaultsMiddleware, faults=faults)
    app.add_exception_handler(RequestFailed, _failed)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _other)
    _add_enrolment(app)
    _add_work(app)
    _add_uploads(app)
    return app


def _platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


def _identity(platform: Annotated[Platform, Depends(_platform)], authorization: Annotated[str, Header()] = "") -> Identity:
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise RequestFailed(401, errors.UNAUTHORISED)
    return enrolment.identify(platform, token.strip())


async def _piece(request: Request) -> bytes:
    return await request.body()


Central = Annotated[Platform, Depends(_platform)]
Who = Annotated[Identity, Depends(_identity)]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


def _add_enrolment(app: FastAPI) -> None:
    @app.get("/v1/authority")
    def authority(platform: Central) -> wire_enrolment.Authority:
        return platform.message()

    @app.post("/v1/challenges")
    def challenges(platform: Central) -> wire_enrolment.Challenge:
        return enrolment.new_challenge(platform)

    @app.post("/v1/enrolments", responses={403: _PROBLEM})
    def enrolments(platform: Central, body: wire_enrolment.Enrol) -> wire_enrolment.Enrolled:
        return enrolment.enrol(platform, body)


def _add_work(app: FastAPI) -> None:
    @app.post("/v1/commands", response_model=Answer, responses={412: {"model": Answer}})
    def commands(platform: Central, who: Who, body: Command, idempotency_key: Annotated[str, Header(pattern=_ID)]) -> JSONResponse:
        taken = intake.take(platform, who, idempotency_key, body)
        return JSONResponse(taken.answer.model_dump(mode="json"), taken.status)

    @app.get("/v1/changes")
    def feed(platform: Central, who: Who, since: Annotated[str, Query(max_length=18, pattern=r"^[0-9]*$")] = "") -> changes.Changes:
        after = int(since or "0")
        with platform.store.read() as work:
            rows = work.changes(who.shop_code, after, PAGE + 1)
            items = [changes.Change(seq=row.seq, kind=row.kind, subject=row.subject, rev=row.rev, body=row.body) for row in rows[:PAGE]]
            cursor = items[-1].seq if items else after
            return changes.Changes(epoch=epoch_of(work), cursor=str(cursor or ""), items=items, more=len(rows) > PAGE)

    @app.get("/v1/audit/heads")
    def audit_heads(platform: Central, who: Who) -> wire_audit.AuditHeads:
        return audit.audit_heads(platform, who)

    @app.get("/v1/orders/{order_id}")
    def order(platform: Central, who: Who, order_id: Annotated[str, Path(pattern=_ID)]) -> orders.OrderFacts:
        with platform.store.read() as work:
            row = work.subjects.order(order_id)
            if row is None or row.shop_code != who.shop_code:
                raise RequestFailed(404, errors.UNKNOWN_SUBJECT)
            return order_facts(row)


def _add_uploads(app: FastAPI) -> None:
    @app.put("/v1/uploads/{sha256}", responses={409: _PROBLEM})
    def announce(platform: Central, who: Who, sha256: Sha256, body: wire_uploads.AnnounceUpload) -> wire_uploads.UploadState:
        return uploads.announce(platform, who, sha256, body)

    @app.patch("/v1/uploads/{sha256}", responses={409: _PROBLEM}, openapi_extra=_PIECE)
    def append(
        platform: Central,
        who: Who,
        sha256: Sha256,
        upload_offset: Annotated[int, Header(ge=0, le=20_000_000)],
        piece: Annotated[bytes, Depends(_piece)],
    ) -> wire_uploads.UploadState:
        return uploads.append(platform, who, sha256, upload_offset, piece)

    @app.get("/v1/uploads/{sha256}")
    def upload(platform: Central, who: Who, sha256: Sha256) -> wire_uploads.UploadState:
        return uploads.state_of(platform, who, sha256)


def _failed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestFailed)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return _problem(error.status, error.code, error.facts, headers)


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    place = ".".join(str(part) for found in error.errors()[:1] for part in found["loc"])
    return _problem(422, errors.MALFORMED, {"field": place[:200]})


def _other(_request: Request, error: Exception) -> JSONResponse:
    """What the framework itself refuses: unknown paths and methods, bodies that are not JSON."""
    assert isinstance(error, HTTPException)
    code = errors.UNKNOWN_SUBJECT if error.status_code == 404 else errors.MALFORMED
    return _problem(error.status_code, code, {}, dict(error.headers or {}))


def _problem(status: int, code: str, facts: dict[str, str], headers: dict[str, str] | None = None) -> JSONResponse:
    content = errors.Problem(code=code, facts=dict(list(facts.items())[:20])).model_dump(mode="json")
    return JSONResponse(content, status, headers)
