"""The client: addresses, limits and failures in words, against servers that misbehave."""

from __future__ import annotations

import socket
from typing import Any
from uuid import uuid4

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from sealdesk.sync import http
from sealdesk.sync.http import (
    AddressError,
    BusyError,
    NoAnswerError,
    NonsenseError,
    PlatformClient,
    PlatformOffice,
    PlatformRefusedError,
    Stale,
    TlsError,
    TooOldError,
    UnauthorisedError,
    UnreachableError,
    checked_address,
)
from sealdesk.wire.commands import Command


def client_of(server: HTTPServer, token: str = "t" * 40) -> PlatformClient:
    return PlatformClient(server.url_for("").replace("localhost", "127.0.0.1"), token)


@pytest.mark.parametrize(
    "address",
    ["https://seal.example.cn", "https://seal.example.cn:8443/api/", "http://127.0.0.1:8730", "http://[::1]:80", "http://localhost:1"],
)
def test_address_is_safe_or_this_computer(address: str) -> None:
    assert checked_address(f" {address} ") == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "seal.example.cn",
        "http://seal.example.cn",
        "http://127.0.0.1.example.cn",
        "ftp://127.0.0.1",
        "https://",
        "https://u:p@x.cn",
        "https://x.cn?a",
        "https://x.cn:99999",
        "https://[x",
    ],
)
def test_address_that_would_send_in_the_clear_or_is_none_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        checked_address(address)


def test_nobody_there_means_unreachable() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(UnreachableError):
        PlatformOffice().authority(f"http://127.0.0.1:{port}")


def test_silence_means_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_TIMEOUT_S", 0.2)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with pytest.raises(NoAnswerError):
            PlatformOffice().challenge(f"http://127.0.0.1:{listening.getsockname()[1]}")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_busy_platform_says_when_to_come_back(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/v1/authority").respond_with_data("", status, {"Retry-After": "7"})
    with pytest.raises(BusyError) as caught:
        client_of(httpserver).authority()
    assert (caught.value.status, caught.value.retry_after_s) == (status, 7.0)


@pytest.mark.parametrize(
    ("status", "error"), [(401, UnauthorisedError), (426, TooOldError), (403, PlatformRefusedError), (422, PlatformRefusedError)]
)
def test_refusals_of_the_request_are_told_apart(httpserver: HTTPServer, status: int, error: Any) -> None:
    httpserver.expect_request("/v1/changes").respond_with_json({"code": "command.body", "facts": {}}, status)
    with pytest.raises(error):
        client_of(httpserver).changes("")


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>please sign in</html>", 200),
        Response("{}", 200),
        Response("[1]", 200),
        Response("", 302, {"Location": "https://x.cn"}),
        Response(b"\xff", 200),
        Response("no", 404),
    ],
    ids=["page", "other message", "list", "redirect", "bytes", "text"],
)
def test_what_is_not_the_platform_is_not_believed(httpserver: HTTPServer, answer: Response) -> None:
    httpserver.expect_request("/v1/authority").respond_with_response(answer)
    with pytest.raises(NonsenseError):
        client_of(httpserver).authority()


def test_endless_answer_is_cut_off(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_ANSWER_BYTES", 1000)
    httpserver.expect_request("/v1/authority").respond_with_data("x" * 100_000)
    with pytest.raises(NonsenseError):
        client_of(httpserver).authority()


def test_stale_command_brings_the_state(httpserver: HTTPServer) -> None:
    subject = str(uuid4())
    body = {"result": "refused", "subject": subject, "rev": 5, "state": "returned", "code": "command.stale", "facts": {}}
    httpserver.expect_request("/v1/commands", method="POST").respond_with_json(body, 412)
    with pytest.raises(Stale) as caught:
        client_of(httpserver).send(str(uuid4()), Command(kind="order.accept", subject=subject, base_rev=4, body={}))
    assert caught.value.answer.rev == 5


def test_token_travels_although_the_person_has_a_netrc(httpserver: HTTPServer, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setattr(http, "_is_loopback", lambda address: address != "never")
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers["Authorization"] + " " + request.headers["Sealdesk-Protocol"])
        return Response("", 503)

    httpserver.expect_request("/v1/authority").respond_with_handler(answer)
    client = client_of(httpserver)
    client._opened().trust_env = True
    with pytest.raises(BusyError):
        client.authority()
    assert seen == [f"Bearer {'t' * 40} 1"]


def test_certificate_that_is_not_trusted_is_told() -> None:
    import ssl

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with HTTPServer(host="127.0.0.1", port=0, ssl_context=context) as server, pytest.raises(TlsError):
        PlatformOffice().authority(f"https://127.0.0.1:{server.port}")
