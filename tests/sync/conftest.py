"""A platform on loopback and workplaces with a real store, bus and engine; the maker's key is in memory, everything else is real."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest

from sealdesk.central import review
from sealdesk.central.authority import Office
from sealdesk.central.faults import Faults
from sealdesk.central.platform import Platform, ShopEntry, found_platform, open_platform
from sealdesk.central.server import ServerThread
from sealdesk.core.clock import SystemClock, stamp
from sealdesk.core.lanes import Lane, Rank
from sealdesk.crypto.certificates import Certificate, CertificateRequest, Subject
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord, sign_record
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.domain.access import EVERYTHING, PROGRAM, Actor
from sealdesk.domain.orders import ProofKind
from sealdesk.domain.units import Person, Unit
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.models.orders import OrderRow
from sealdesk.models.outbox import OutboxRow
from sealdesk.models.permits import PermitRow
from sealdesk.stages import STAGES
from sealdesk.stages.acceptance.rules import AcceptOrder, CountersignPermit
from sealdesk.stages.administration.rules import FoundInstallation
from sealdesk.stages.production.rules import BeginBurning, MarkSealMade, RecordExport, RequestCertificate
from sealdesk.stages.registration.rules import AttachProof, Draft, DraftSeal, SaveDraft, SubmitOrder
from sealdesk.sync.engine import SyncEngine
from sealdesk.sync.http import PlatformClient
from sealdesk.wire.enrolment import Enrol, enrolment_message
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.decisions import EXCHANGE
from sealdesk.workflow.desk import Lanes, SyncState

STORE_KEY = bytes(range(32))
SHOP = ShopEntry("220681000007", "临江市精工印章有限公司", "220681", "江湾路 8 号")
OTHER_SHOP = ShopEntry("220681000008", "临江市百刻印章店", "220681", "江湾路 9 号")
PRINCIPAL = Person("沈云帆", "resident_id", "220699198405129171", "19900000001")
UNIT = Unit(
    name="临江市云帆文化传播有限公司",
    kind="02",
    uscc="91220699MA0YB0016Y",
    registration_number="",
    area_code="220681",
    address="吉林省临江市江湾路 66 号",
    phone="0439-5550066",
    principal=PRINCIPAL,
)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def chip_seal() -> DraftSeal:
    return DraftSeal(str(uuid4()), "04", "contract.40", MappingProxyType({"name": UNIT.name}), "seal.chip")


def rubber_seal() -> DraftSeal:
    return DraftSeal(str(uuid4()), "04", "contract.40", MappingProxyType({"name": UNIT.name}), "seal.photosensitive")


def unit_seal() -> DraftSeal:
    return DraftSeal(str(uuid4()), "01", "unit.enterprise.40", MappingProxyType({"name": UNIT.name}), "seal.photosensitive")


@dataclass
class Workplace:
    """A desk without window and devices."""

    home: Path
    platform: Platform
    shop: ShopEntry
    key: PrivateKey
    certificate: Certificate
    lanes: Lanes
    store: Store
    bus: Bus
    attachments: AttachmentStore
    engine: SyncEngine
    address: str
    tokens: list[str] = field(default_factory=list)
    said: list[SyncState] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return Actor("00000000-0000-4000-8000-000000000001", "李师傅", frozenset({EVERYTHING}), self.certificate.fingerprint)

    def enrol(self) -> None:
        """Enrol over HTTP and found the installation."""
        client = PlatformClient(self.address)
        authority, challenge, installation = client.authority(), client.challenge(), str(uuid4())
        signature = self.key.sign(enrolment_message(installation, challenge, "jinggong"))
        request = Enrol(
            installation=installation,
            challenge=challenge,
            user="jinggong",
            display_name="李师傅",
            certificate=b64(self.certificate.der),
            signature=b64(signature),
        )
        enrolled = client.enrol(request)
        client.close()
        self.tokens.append(enrolled.token)
        command = FoundInstallation(
            user_id=self.actor.id,
            user="jinggong",
            display_name="李师傅",
            shop_name="jinggong",
            password_hash="$argon2id$",
            certificate=self.certificate.der,
            key_serial="KEY-1",
            installation=installation,
            platform_address=self.address,
            authority=authority.model_dump_json(),
            shop=enrolled.shop.model_dump_json(),
            epoch=enrolled.epoch,
        )
        self.lanes.data.call(lambda: self.bus.execute(PROGRAM, command))

    def do(self, command: object) -> Any:
        return self.lanes.data.call(lambda: self.bus.execute(self.actor, command)).value

    def ask(self, query: Callable[[Any], Any]) -> Any:
        def run() -> Any:
            with self.store.read() as session:
                return query(session)

        return self.lanes.data.call(run)

    def change(self, change: Callable[[Any], Any]) -> Any:
        def run() -> Any:
            with self.store.write() as session:
                return change(session)

        return self.lanes.data.call(run)

    def exchange(self) -> SyncState:
        return self.engine.exchange().result(60)

    def client(self) -> PlatformClient:
        return PlatformClient(self.address, self.tokens[-1])

    # ---- the route

    def drafted(self, *seals: DraftSeal, unit: Unit = UNIT, paper: bytes = b"\x89PNG a paper") -> str:
        """A saved draft with its three papers."""
        order_id = str(uuid4())
        self.do(SaveDraft(order_id, Draft(unit, unit.principal, seals or (chip_seal(),))))
        for kind in (ProofKind.UNIT_CERTIFICATE, ProofKind.PRINCIPAL_ID, ProofKind.HANDLER_ID):
            content = paper + str(kind).encode()
            self.do(AttachProof(order_id, kind, self.attachments.put(content), f"{kind}.png", "image/png", len(content)))
        return order_id

    def submitted(self, *seals: DraftSeal, unit: Unit = UNIT) -> str:
        """An order that was submitted here and is not sent yet."""
        order_id = self.drafted(*seals, unit=unit)
        self.do(SubmitOrder(order_id))
        return order_id

    def permitted(self, *seals: DraftSeal) -> str:
        """An order whose permit arrived."""
        order_id = self.submitted(*seals)
        self.exchange()
        review.approve(self.platform, order_id, "王警官")
        self.exchange()
        return order_id

    def countersign(self, order_id: str) -> None:
        """Countersign with the key in memory."""
        text = self.ask(lambda session: session.query(PermitRow).filter_by(order_id=order_id).one().record)
        signed = SignedRecord.from_json(text)
        number = json.loads(signed.content)["number"]
        content = {
            "type": "sealdesk.countersignature.1",
            "permit": number,
            "permit_digest": sm3(signed.content).hex(),
            "order": order_id,
            "shop": {"code": self.shop.code, "name": self.shop.name},
            "operator": "李师傅",
            "signed_at": stamp(SystemClock().now()),
        }
        record = sign_record(content, self.key, (self.certificate, self.platform.authority.intermediate))
        self.do(CountersignPermit(order_id, number, record.to_json()))

    def accepted(self, *seals: DraftSeal) -> str:
        """An order that was accepted here; that is not sent yet."""
        order_id = self.permitted(*seals)
        self.countersign(order_id)
        self.do(AcceptOrder(order_id))
        return order_id

    def begin_chip(self, order_id: str, serial: str) -> tuple[str, str]:
        """Begin a burning and ask for the certificate; the seal and the burning."""
        seal_id, code, name = self.ask(lambda session: _chip_seal_of(session, order_id))
        chip = PrivateKey.generate()
        request = CertificateRequest.build(Subject(common_name=name[:64], organization=UNIT.name, serial_number=code), chip)
        burn_id = self.do(BeginBurning(seal_id, serial))
        self.do(RequestCertificate(burn_id, chip.public.point.hex(), request.der))
        return seal_id, burn_id

    def make(self, seal_id: str) -> None:
        """Export a physical seal and mark it made."""
        self.do(RecordExport(seal_id, ("svg",)))
        self.do(MarkSealMade(seal_id))

    # ---- what is where

    def order(self, order_id: str) -> Any:
        """State and revision of an order here."""
        return self.ask(lambda session: (session.get(OrderRow, order_id).state, session.get(OrderRow, order_id).rev))

    def outbox(self) -> list[tuple[str, str]]:
        """Kind and state of every message, oldest first."""
        return self.ask(lambda session: [(row.kind, row.state) for row in session.query(OutboxRow).order_by(OutboxRow.seq)])

    def close(self) -> None:
        self.engine.close()
        assert self.lanes.close()
        self.store.close()


def _chip_seal_of(session: Any, order_id: str) -> tuple[str, str, str]:
    return next((row.id, row.seal_code, row.name) for row in session.get(OrderRow, order_id).seals if row.carrier == "chip")


def open_workplace(home: Path, platform: Platform, shop: ShopEntry, address: str, **given: Any) -> Workplace:
    """Open (or make) the workplace in `home`."""
    home.mkdir(parents=True, exist_ok=True)
    lanes = Lanes(
        front=Lane("front", Rank.FRONT),
        data=Lane("data", Rank.DATA),
        network=Lane("network", Rank.NETWORK),
        computing=(Lane("computing-1", Rank.COMPUTING),),
    )
    store = Store.open(home / "store.db", STORE_KEY)
    clock = SystemClock()
    bus = Bus(store, lanes.data, clock, (*STAGES, EXCHANGE))
    attachments = AttachmentStore(home / "attachments", bytes(range(32)))
    tokens: list[str] = given.get("tokens") or []

    def client() -> PlatformClient | None:
        return PlatformClient(address, tokens[-1]) if tokens else None

    key = given.get("key") or PrivateKey.generate()
    certificate = given.get("certificate") or platform.issue_maker(shop.code, "李师傅", key.public)
    engine = SyncEngine(lanes, store, bus, attachments, client, clock, interval_s=0)
    place = Workplace(home, platform, shop, key, certificate, lanes, store, bus, attachments, engine, address, tokens)
    engine.subscribe(place.said.append)
    return place


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform and an empty store that were made once and are copied for each test."""
    folder = tmp_path_factory.mktemp("founded")
    office = Office("220681000000", "临江市公安局")
    found_platform(folder / "platform", name="示例平台", office=office, shops=(SHOP, OTHER_SHOP)).close()
    Store.open(folder / "store.db", STORE_KEY).close()
    return folder


@pytest.fixture
def platform(tmp_path: Path, founded: Path) -> Iterator[Platform]:
    shutil.copytree(founded / "platform", tmp_path / "platform")
    opened = open_platform(tmp_path / "platform")
    yield opened
    opened.close()


@pytest.fixture
def faults() -> Faults:
    """Nothing fails unless a test says so."""
    return Faults()


@pytest.fixture
def server(platform: Platform, faults: Faults) -> Iterator[ServerThread]:
    with ServerThread(platform, faults=faults) as running:
        yield running


@pytest.fixture
def opened(tmp_path: Path, founded: Path, platform: Platform, server: ServerThread) -> Iterator[Callable[..., Workplace]]:
    """Opens enrolled workplaces by name; the same name again opens the same home."""
    places: list[Workplace] = []

    def make(name: str = "one", shop: ShopEntry = SHOP, *, enrol: bool = True, **given: Any) -> Workplace:
        if not (tmp_path / name).exists():
            (tmp_path / name).mkdir()
            shutil.copy(founded / "store.db", tmp_path / name / "store.db")
        place = open_workplace(tmp_path / name, platform, shop, server.address, **given)
        places.append(place)
        if enrol:
            place.enrol()
        return place

    yield make
    for place in places:
        place.close()


@pytest.fixture
def place(opened: Callable[..., Workplace]) -> Workplace:
    """An enrolled workplace."""
    return opened()


@pytest.fixture
def seals() -> Any:
    """Makers of draft seals: `seals.chip()`, `seals.rubber()`, `seals.unit()`; and the unit and shops of the tests."""
    return type(
        "Seals",
        (),
        {
            "chip": staticmethod(chip_seal),
            "rubber": staticmethod(rubber_seal),
            "unit": staticmethod(unit_seal),
            "UNIT": UNIT,
            "OTHER_SHOP": OTHER_SHOP,
            "open": staticmethod(open_workplace),
        },
    )
