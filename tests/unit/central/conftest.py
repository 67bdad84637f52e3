"""A platform on loopback and a shop that speaks raw HTTP to it, right and wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import rfc8785

from sealdesk.central import review
from sealdesk.central.authority import Office
from sealdesk.central.platform import Platform, ShopEntry, found_platform, open_platform
from sealdesk.central.server import ServerThread
from sealdesk.core.clock import FixedClock, stamp
from sealdesk.crypto.certificates import Certificate, CertificateRequest, Subject
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord, sign_record
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.domain.query_information import QueryInformation, encode
from sealdesk.wire.enrolment import enrolment_message

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SHOPS = (ShopEntry("220681000007", "精工印章", "220681", "江湾路 8 号"), ShopEntry("220681000008", "百刻印章", "220681"))
PAPER = b"\x89PNG a scanned paper"
PERSON = {"name": "沈云帆", "document_kind": "resident_id", "document_number": "220699198405129171", "phone": "19900000001"}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def seal_body(seal_type: str = "04", carrier: str = "chip", **changes: Any) -> dict[str, Any]:
    body = {
        "id": str(uuid4()),
        "seal_type": seal_type,
        "name": f"云帆文化{seal_type}章",
        "reason": "new",
        "carrier": carrier,
        "product": "seal.copper",
        "material": "copper",
        "template": "contract.40",
        "face_fields": {"name": "临江市云帆文化传播有限公司"},
        "face_spec": {"shape": {"kind": "circle"}},
        "width_mm": 40.0,
        "height_mm": 40.0,
    }
    return {**body, **changes}


@dataclass
class Client:
    """A shop's installation, by hand."""

    platform: Platform
    http: httpx.Client
    shop: ShopEntry
    key: PrivateKey
    certificate: Certificate
    token: str = ""
    permits: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def enrolment(self, **changes: Any) -> dict[str, Any]:
        """The body of an enrolment; `signer` and `challenge` may be others."""
        challenge = changes.pop("challenge", None) or self.http.post("/v1/challenges").json()["challenge"]
        signer = changes.pop("signer", self.key)
        installation = changes.pop("installation", str(uuid4()))
        body = {
            "installation": installation,
            "challenge": challenge,
            "user": "jinggong",
            "display_name": "李师傅",
            "certificate": b64(self.certificate.der),
            "signature": b64(signer.sign(enrolment_message(installation, challenge, "jinggong"))),
        }
        return {**body, **changes}

    def enrol(self, **changes: Any) -> httpx.Response:
        answer = self.http.post("/v1/enrolments", json=self.enrolment(**changes))
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer

    def upload(self, content: bytes = PAPER) -> str:
        """A file at the platform; its name."""
        name = hashlib.sha256(content).hexdigest()
        self.http.put(f"/v1/uploads/{name}", headers=self.headers, json={"size": len(content), "media_type": "image/png"})
        self.http.patch(f"/v1/uploads/{name}", headers={**self.headers, "Upload-Offset": "0"}, content=content)
        return name

    def command(self, kind: str, subject: str, body: Any, rev: int, key: str = "") -> httpx.Response:
        message = {"kind": kind, "subject": subject, "base_rev": rev, "body": body}
        return self.http.post("/v1/commands", headers={**self.headers, "Idempotency-Key": key or str(uuid4())}, json=message)

    def registration(self, *seals: dict[str, Any], **changes: Any) -> dict[str, Any]:
        name = self.upload()
        kinds = ("unit_certificate", "principal_id", "handler_id")
        body = {
            "number": "220681000007202611230001",
            "unit": {
                "name": "临江市云帆文化传播有限公司",
                "kind": "02",
                "uscc": "91220699MA0YB0016Y",
                "registration_number": "",
                "area_code": "220681",
                "address": "江湾路 66 号",
                "phone": "",
                "principal": PERSON,
            },
            "handler": PERSON,
            "seals": list(seals) or [seal_body()],
            "proofs": [
                {"kind": kind, "attachment": name, "file_name": "a.png", "media_type": "image/png", "size": len(PAPER)} for kind in kinds
            ],
        }
        return {**body, **changes}

    def changes(self, since: str = "") -> dict[str, Any]:
        return self.http.get("/v1/changes", params={"since": since}, headers=self.headers).json()

    def order(self, order_id: str) -> dict[str, Any]:
        return self.http.get(f"/v1/orders/{order_id}", headers=self.headers).json()

    def sign(self, content: dict[str, Any], key: PrivateKey | None = None, certificate: Certificate | None = None) -> str:
        content = {"signed_at": stamp(self.platform.clock.now()), **content}
        chain = (certificate or self.certificate, self.platform.authority.intermediate)
        return sign_record(content, key or self.key, chain).to_json()

    # ---- the route

    def submitted(self, *seals: dict[str, Any]) -> str:
        order_id = str(uuid4())
        answer = self.command("registration.submit", order_id, self.registration(*seals), 0)
        assert answer.json()["result"] == "applied", answer.text
        return order_id

    def permitted(self, *seals: dict[str, Any]) -> str:
        order_id = self.submitted(*seals)
        review.approve(self.platform, order_id, "王警官")
        record = next(item for item in self.changes()["items"] if item["subject"] == order_id)["body"]["record"]
        self.permits[order_id] = {**json.loads(SignedRecord.from_json(record).content), "record": record}
        return order_id

    def countersignature(self, order_id: str, **changes: Any) -> dict[str, Any]:
        permit = self.permits[order_id]
        content = {
            "type": "sealdesk.countersignature.1",
            "permit": permit["number"],
            "permit_digest": sm3(SignedRecord.from_json(permit["record"]).content).hex(),
            "order": order_id,
            "shop": {"code": self.shop.code, "name": self.shop.name},
            "operator": "李师傅",
        }
        return {**content, **changes}

    def accepted(self, *seals: dict[str, Any]) -> str:
        order_id = self.permitted(*seals)
        assert self.command("permit.countersign", order_id, {"record": self.sign(self.countersignature(order_id))}, 2).json()["rev"] == 3
        body = {"accepted_at": stamp(NOW), "operator": "李师傅"}
        assert self.command("order.accept", order_id, body, 3).json()["rev"] == 4
        return order_id

    def request(self, order_id: str, serial: str, place: int = 0, chip: PrivateKey | None = None, **changes: Any) -> dict[str, Any]:
        seal = self.permits[order_id]["seals"][place]
        subject = Subject(common_name=seal["name"], organization="云帆文化", serial_number=changes.pop("named", seal["seal_code"]))
        request = CertificateRequest.build(subject, chip or PrivateKey.generate())
        body = {"seal": seal["id"], "seal_code": seal["seal_code"], "chip_serial": serial, "request": b64(request.der)}
        return {**body, **changes}

    def made(self, order_id: str, serial: str, place: int = 0) -> dict[str, Any]:
        seal = self.permits[order_id]["seals"][place]
        return {
            "seal": seal["id"],
            "seal_code": seal["seal_code"],
            "chip_serial": serial,
            "made_at": stamp(NOW),
            "operator": "李师傅",
        }

    def query(self, order_id: str, serial: str, place: int = 0, **changes: Any) -> dict[str, Any]:
        seal = self.permits[order_id]["seals"][place]
        information = QueryInformation(
            seal_serial=seal["seal_code"],
            seal_name="合同专用章",
            state_code="3",
            user_company_code="220681000001",
            user_company_name_chs="临江市云帆文化传播有限公司",
            approval_company_code="220681000000",
            approval_company_name_chs="临江市公安局",
            product_company_code=self.shop.code,
            product_company_name_chs=self.shop.name,
            seal_type_code="04",
            operator="李师傅",
            approver="王警官",
            person_name="沈云帆",
        )
        values = {name: str(value) for name, value in json.loads(encode(information)).items()}
        content = {"type": "sealdesk.query.1", "order": order_id, "seal": seal["id"], "chip_serial": serial, "values": values}
        return {**content, **changes}

    def delivery(self, order_id: str, **changes: Any) -> dict[str, Any]:
        content = {
            "type": "sealdesk.delivery.1",
            "number": "JF20261123000001",
            "order": order_id,
            "unit": "云帆文化",
            "seals": [seal["seal_code"] for seal in self.permits[order_id]["seals"]],
            "collector": "沈云帆",
            "collector_document_kind": "resident_id",
            "collector_document_digest": sm3(b"220699198405129171").hex(),
            "operator": "李师傅",
        }
        return {**content, **changes}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform that was made once and is copied for each test."""
    home = tmp_path_factory.mktemp("founded") / "platform"
    office = Office("220681000000", "临江市公安局")
    found_platform(home, name="示例平台", office=office, shops=SHOPS, clock=FixedClock(NOW)).close()
    return home


@pytest.fixture
def platform(tmp_path: Path, founded: Path, clock: FixedClock) -> Iterator[Platform]:
    shutil.copytree(founded, tmp_path / "platform")
    opened = open_platform(tmp_path / "platform", clock=clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def running(founded: Path) -> Iterator[ServerThread]:
    """One server for all tests; each test puts its own platform behind it."""
    platform = open_platform(founded)
    with ServerThread(platform) as server:
        yield server
    platform.close()


@pytest.fixture
def server(running: ServerThread, platform: Platform) -> ServerThread:
    running.app.state.platform = platform
    return running


@pytest.fixture
def stranger(platform: Platform, server: ServerThread) -> Iterator[Callable[..., Client]]:
    """Clients that are not enrolled yet, by the place of their shop."""
    opened: list[httpx.Client] = []

    def make(place: int = 0) -> Client:
        http = httpx.Client(base_url=server.address, trust_env=False, timeout=30)
        opened.append(http)
        key = PrivateKey.generate()
        return Client(platform, http, SHOPS[place], key, platform.issue_maker(SHOPS[place].code, "李师傅", key.public))

    yield make
    for http in opened:
        http.close()


@pytest.fixture
def client(stranger: Callable[..., Client]) -> Client:
    """An enrolled installation of the first shop."""
    made = stranger()
    made.enrol()
    return made


@pytest.fixture
def seal() -> Callable[..., dict[str, Any]]:
    """A seal of a registration."""
    return seal_body


@pytest.fixture
def canonical() -> Callable[[Any], bytes]:
    return rfc8785.dumps
