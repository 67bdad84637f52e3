"""The HTTP face: enrolment, tokens, the feed, uploads, and input that nobody honest sends."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from sealdesk.central import ENDPOINTS, review
from sealdesk.central.app import create_app
from sealdesk.central.uploads import MOST_PIECE_BYTES
from sealdesk.crypto.certificates import Certificate, RevocationList
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.wire.errors import Problem

SOME_ID = "0b5f3a52-7d0e-4c39-9d4f-5d1f3c1b2a10"
"""Any id; a fixed one, because test names must be the same in every process."""


def test_every_endpoint_is_listed(platform: Any) -> None:
    paths = create_app(platform).openapi()["paths"]
    assert {(method.upper(), path) for path, methods in paths.items() for method in methods} == set(ENDPOINTS)


def test_authority_shows_its_certificates_and_a_list_that_holds(client: Any, platform: Any) -> None:
    platform.revoke(client.certificate)
    message = client.http.get("/v1/authority").json()
    assert base64.b64decode(message["root"]) == platform.authority.root.der
    intermediate = Certificate.from_der(base64.b64decode(message["intermediates"][0]))
    [listed] = [RevocationList.from_der(base64.b64decode(der)).verify(intermediate) for der in message["revocations"]]
    assert list(listed.entries) == [client.certificate.serial]


# ---- enrolment


def test_enrolment_gives_a_token_and_the_shop(stranger: Any) -> None:
    client = stranger()
    answer = client.enrol()
    assert answer.json()["shop"]["code"] == client.shop.code
    assert client.changes()["epoch"] == answer.json()["epoch"]


def test_challenge_is_good_once(stranger: Any) -> None:
    client = stranger()
    body = client.enrolment()
    assert client.http.post("/v1/enrolments", json=body).status_code == 200
    again = client.http.post("/v1/enrolments", json=body)
    assert (again.status_code, again.json()) == (403, {"code": "enrolment.refused", "facts": {"reason": "challenge"}})


def test_challenge_is_good_for_two_minutes(stranger: Any, clock: Any) -> None:
    client = stranger()
    body = client.enrolment()
    clock.advance(timedelta(minutes=2, seconds=1))
    assert client.http.post("/v1/enrolments", json=body).json()["facts"] == {"reason": "challenge"}


def test_failed_proof_uses_the_challenge_up(stranger: Any) -> None:
    client = stranger()
    challenge = client.http.post("/v1/challenges").json()["challenge"]
    wrong = client.enrol(challenge=challenge, signer=PrivateKey.generate())
    assert wrong.json()["facts"] == {"reason": "signature"}
    assert client.enrol(challenge=challenge).json()["facts"] == {"reason": "challenge"}


def test_enrolment_without_a_makers_certificate_of_a_known_shop_is_refused(stranger: Any, platform: Any, clock: Any) -> None:
    client = stranger()
    authority = platform.authority
    police = base64.b64encode(authority.police.der).decode()
    assert client.enrol(certificate=police, signer=authority.police_key).status_code == 403
    unknown = authority.issue_maker(client.key.public, "李师傅", "999999", "无此店", clock.now())
    assert client.enrol(certificate=base64.b64encode(unknown.der).decode()).json()["facts"] == {"reason": "shop"}
    assert client.enrol(certificate="AAAA").json()["facts"] == {"reason": "certificate"}
    assert client.enrol(signature="A").json()["facts"] == {"reason": "signature"}
    platform.revoke(client.certificate)
    assert "revoked" in client.enrol().json()["facts"]["reason"]


def test_enrolling_again_replaces_the_token_and_no_other_shop_takes_the_installation(stranger: Any) -> None:
    first, other, installation = stranger(), stranger(1), str(uuid4())
    first.enrol(installation=installation)
    old = first.headers
    first.enrol(installation=installation)
    assert first.http.get("/v1/changes", headers=old).status_code == 401
    assert first.http.get("/v1/changes", headers=first.headers).status_code == 200
    assert other.enrol(installation=installation).json()["facts"] == {"reason": "installation"}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic QTpC", "Bearer " + "x" * 43, "Bearer " + "é" * 40])
def test_wrong_tokens_are_refused(client: Any, header: str) -> None:
    for method, path in (
        ("GET", "/v1/changes"),
        ("POST", "/v1/commands"),
        ("GET", f"/v1/orders/{uuid4()}"),
        ("GET", f"/v1/uploads/{'0' * 64}"),
    ):
        answer = client.http.request(method, path, headers={"Authorization": header.encode("latin-1")})
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.token"), path
        assert answer.headers["WWW-Authenticate"] == "Bearer"


# ---- feed


def test_feed_is_read_in_pages_and_goes_on_from_its_cursor(client: Any, platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealdesk.central.app.PAGE", 2)
    orders = [client.submitted() for _ in range(3)]
    for order_id in orders:
        review.return_(platform, order_id, "看不清", "王警官")
    first = client.changes()
    assert ([item["subject"] for item in first["items"]], first["more"]) == (orders[:2], True)
    second = client.changes(first["cursor"])
    assert ([item["subject"] for item in second["items"]], second["more"]) == (orders[2:], False)
    assert client.changes(second["cursor"]) == {"epoch": first["epoch"], "cursor": second["cursor"], "items": [], "more": False}


@pytest.mark.parametrize("since", ["x", "-1", "9" * 19, "1;DROP TABLE orders", "\u0661"])
def test_cursor_that_is_none_is_refused(client: Any, since: str) -> None:
    answer = client.http.get("/v1/changes", params={"since": since}, headers=client.headers)
    assert answer.status_code == 422


# ---- uploads


def announce(client: Any, name: str, size: int) -> Any:
    return client.http.put(f"/v1/uploads/{name}", headers=client.headers, json={"size": size, "media_type": "image/png"})


def append(client: Any, name: str, offset: int, piece: bytes) -> Any:
    return client.http.patch(f"/v1/uploads/{name}", headers={**client.headers, "Upload-Offset": str(offset)}, content=piece)


def test_upload_goes_on_at_the_committed_offset(client: Any, platform: Any) -> None:
    content = b"0123456789" * 10
    name = hashlib.sha256(content).hexdigest()
    assert announce(client, name, 100).json() == {"offset": 0, "complete": False}
    assert append(client, name, 0, content[:40]).json() == {"offset": 40, "complete": False}
    path = platform.uploads / client.shop.code / name
    with path.open("ab") as file:
        file.write(b"written, but never committed")
    refused = append(client, name, 0, content[:40])
    assert (refused.status_code, refused.json()) == (409, {"code": "upload.offset", "facts": {"offset": "40"}})
    assert announce(client, name, 100).json() == {"offset": 40, "complete": False}
    assert append(client, name, 40, content[40:]).json() == {"offset": 100, "complete": True}
    assert path.read_bytes() == content
    assert client.http.get(f"/v1/uploads/{name}", headers=client.headers).json() == {"offset": 100, "complete": True}
    assert append(client, name, 100, b"x").status_code == 409


def test_upload_with_another_hash_begins_anew(client: Any) -> None:
    name = hashlib.sha256(b"right").hexdigest()
    announce(client, name, 5)
    wrong = append(client, name, 0, b"wrong")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "upload.digest")
    assert append(client, name, 0, b"right").json() == {"offset": 5, "complete": True}


def test_upload_is_bounded_and_announced_and_the_shops_own(client: Any, stranger: Any) -> None:
    name = hashlib.sha256(b"right").hexdigest()
    assert append(client, name, 0, b"right").status_code == 404
    announce(client, name, 5)
    assert append(client, name, 0, b"right and more").status_code == 413
    assert append(client, name, 0, b"").status_code == 413
    assert append(client, name, 0, bytes(MOST_PIECE_BYTES + 1)).json()["code"] == "request.size"
    assert announce(client, name, 20_000_001).status_code == 422
    other = stranger(1)
    other.enrol()
    assert other.http.get(f"/v1/uploads/{name}", headers=other.headers).status_code == 404
    append(client, name, 0, b"right")
    assert announce(client, name, 6).json()["code"] == "upload.size"


@pytest.mark.parametrize("name", ["..%2f..%2fcentral.db", "%00" * 64, "A" * 64, "0" * 63])
def test_upload_name_leads_nowhere_else(client: Any, name: str) -> None:
    assert announce(client, name, 5).status_code in (404, 422)


# ---- hostile input


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"kind":"order.accept"}',
        b'{"kind":"order.accept","subject":"%s","base_rev":0,"body":{"accepted_at":NaN}}' % SOME_ID.encode(),
        b'{"kind":"order.accept","subject":"%s","base_rev":1e400,"body":{}}' % SOME_ID.encode(),
        b'{"kind":"order.accept","subject":"%s","base_rev":0,"body":{"x":123456789012345678901234567890}}' % SOME_ID.encode(),
        b'{"kind":"order.accept","subject":"%s","base_rev":0,"body":{"operator":"\\ud800"}}' % SOME_ID.encode(),
        b'{"kind":"order.accept","subject":"%s","base_rev":true,"body":{}}' % SOME_ID.encode(),
        b"\xff\xfe\x00",
    ],
    ids=lambda body: body[:30].decode("latin-1"),
)
def test_bodies_that_are_no_commands_are_refused_with_a_problem(client: Any, body: bytes) -> None:
    headers = {**client.headers, "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    answer = client.http.post("/v1/commands", headers=headers, content=body)
    assert answer.status_code in (400, 422)
    Problem.model_validate_json(answer.content)


def test_deep_nesting_is_refused(client: Any) -> None:
    nested = "[" * 900 + "]" * 900
    body = f'{{"kind":"order.accept","subject":"{uuid4()}","base_rev":0,"body":{{"a":{nested}}}}}'
    headers = {**client.headers, "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    assert client.http.post("/v1/commands", headers=headers, content=body.encode()).status_code in (400, 422)


def test_bodies_that_are_too_large_are_refused_announced_or_not(client: Any) -> None:
    headers = {**client.headers, "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    large = json.dumps({"kind": "x", "subject": str(uuid4()), "base_rev": 0, "body": {"x": "y" * 2_000_000}}).encode()
    assert client.http.post("/v1/commands", headers=headers, content=large).json()["code"] == "request.size"
    pieces = (large[start : start + 65536] for start in range(0, len(large), 65536))
    assert client.http.post("/v1/commands", headers=headers, content=pieces).json()["code"] == "request.size"


@pytest.mark.parametrize("key", ["", "x", "0" * 36, SOME_ID.upper(), "../../x"])
def test_keys_that_are_no_uuids_are_refused(client: Any, key: str) -> None:
    body = {"kind": "order.accept", "subject": str(uuid4()), "base_rev": 0, "body": {}}
    answer = client.http.post("/v1/commands", headers={**client.headers, "Idempotency-Key": key}, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "command.body")


def test_another_version_of_the_protocol_is_refused(client: Any) -> None:
    answer = client.http.get("/v1/authority", headers={"Sealdesk-Protocol": "2"})
    assert (answer.status_code, answer.json()) == (426, {"code": "protocol.version", "facts": {"spoken": "1"}})


def test_unknown_paths_and_methods_are_problems(client: Any) -> None:
    assert client.http.get("/v1/nothing").json()["code"] == "command.subject"
    assert client.http.delete("/v1/authority").status_code == 405
