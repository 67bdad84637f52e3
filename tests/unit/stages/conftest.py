"""A counter for the stages: a real store and bus, a small authority, a shop, and a maker whose key is in memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from sealdesk.central.authority import Authority, Office, found_authority
from sealdesk.core.clock import FixedClock, stamp
from sealdesk.core.lanes import Lane, Rank
from sealdesk.crypto.certificates import Certificate
from sealdesk.crypto.digests import sm3
from sealdesk.crypto.records import SignedRecord, sign_record
from sealdesk.crypto.sm2 import PrivateKey
from sealdesk.domain.access import EVERYTHING, PLATFORM, Actor
from sealdesk.domain.orders import ProofKind
from sealdesk.hardware.drivers.gmt0017.emulator import CardState
from sealdesk.models import card_pins
from sealdesk.models.audit import AuditRow
from sealdesk.models.database import Store
from sealdesk.models.orders import OrderRow, SealRow
from sealdesk.models.outbox import OutboxRow
from sealdesk.stages import STAGES
from sealdesk.stages.acceptance.rules import AcceptOrder, CountersignPermit, ReceivePermit
from sealdesk.stages.production.rules import MarkSealMade, RecordExport
from sealdesk.stages.registration.rules import AttachProof, Draft, DraftSeal, SaveDraft, SubmitOrder
from sealdesk.workflow import facts
from sealdesk.workflow.bus import Bus
from tests import town
from tests.town import HANDLER, PRINCIPAL, SHOP, THREE_PAPERS, UNIT

STORE_KEY = bytes(range(32))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def seal(seal_type: str, template: str, product: str, fields: Mapping[str, str] | None = None) -> DraftSeal:
    """A seal of the unit, as it is typed."""
    return DraftSeal(str(uuid4()), seal_type, template, MappingProxyType(dict(fields or {"name": UNIT.name})), product)


def unit_seal(product: str = "seal.photosensitive") -> DraftSeal:
    return seal("01", "unit.enterprise.40", product)


def contract_seal(product: str = "seal.chip") -> DraftSeal:
    return seal("04", "contract.40", product)


@dataclass
class Counter:
    """What the tests of the stages work at."""

    store: Store
    bus: Bus
    clock: FixedClock
    lane: Lane
    authority: Authority
    maker: Actor
    maker_key: PrivateKey
    chain: tuple[Any, ...]
    numbers: Iterator[int]
    prepared: str = ""

    def do(self, command: object, actor: Actor | None = None) -> Any:
        """Carry out a command."""
        return self.lane.call(lambda: self.bus.execute(actor or self.maker, command)).value

    def ask(self, query: Callable[..., Any]) -> Any:
        """Run a query."""

        def run() -> Any:
            with self.store.read() as session:
                return query(session)

        return self.lane.call(run)

    def state(self, order_id: str) -> str:
        """The order's state."""
        return str(self.ask(lambda session: session.get(OrderRow, order_id).state))

    def seal_states(self, order_id: str) -> list[str]:
        """The states of the order's seals."""
        return [str(row) for row in self.ask(lambda session: [seal.state for seal in session.get(OrderRow, order_id).seals])]

    def draft(self, draft: Draft, papers: tuple[ProofKind, ...] = (*THREE_PAPERS, ProofKind.POWER_OF_ATTORNEY)) -> str:
        """A saved draft with papers."""
        order_id = str(uuid4())
        self.do(SaveDraft(order_id, draft))
        for kind in papers:
            self.do(AttachProof(order_id, kind, "ab" * 32, f"{kind}.jpg", "image/jpeg", 1000))
        return order_id

    def submitted(self, *seals: DraftSeal) -> str:
        """A submitted order: the one that was prepared with the store, or a new one."""
        if self.prepared and not seals:
            order_id, self.prepared = self.prepared, ""
            return order_id
        order_id = self.draft(Draft(UNIT, HANDLER, seals or (unit_seal(), contract_seal())))
        self.do(SubmitOrder(order_id))
        return order_id

    def permit_content(self, order_id: str) -> dict[str, Any]:
        """The permit that fits the registration exactly."""

        def read(session: Any) -> dict[str, Any]:
            return town.permit_content(session.get(OrderRow, order_id), self.numbers, self.clock.now(), town.TWO_CUTS[:1])

        content: dict[str, Any] = self.ask(read)
        return content

    def permit(self, order_id: str, signer: PrivateKey | None = None, chain: tuple[Any, ...] = (), **changes: Any) -> str:
        """A permit for the order, signed by the police unit unless told otherwise."""
        authority = self.authority
        above = chain or (authority.police, authority.intermediate)
        record = sign_record({**self.permit_content(order_id), **changes}, signer or authority.police_key, above)
        return record.to_json()

    def receive(self, order_id: str, record: str | None = None) -> Any:
        """Let the platform's permit arrive."""
        return self.do(ReceivePermit(order_id, 3, record or self.permit(order_id)), PLATFORM)

    def countersignature(self, order_id: str, record: str, **changes: Any) -> str:
        """The maker's countersignature over a permit's record."""
        signed = SignedRecord.from_json(record)
        content = {
            "type": "sealdesk.countersignature.1",
            "permit": json.loads(signed.content)["number"],
            "permit_digest": sm3(signed.content).hex(),
            "order": order_id,
            "shop": {"code": SHOP.code, "name": SHOP.name},
            "operator": self.maker.name,
            "signed_at": stamp(self.clock.now()),
        }
        return sign_record({**content, **changes}, self.maker_key, self.chain).to_json()

    def accepted(self, *seals: DraftSeal) -> str:
        """An order that was accepted under a permit."""
        order_id = self.submitted(*seals)
        record = self.permit(order_id)
        self.receive(order_id, record)
        number = json.loads(SignedRecord.from_json(record).content)["number"]
        self.do(CountersignPermit(order_id, number, self.countersignature(order_id, record)))
        self.do(AcceptOrder(order_id))
        return order_id

    def outbox(self) -> list[str]:
        """The kinds of messages that wait."""
        return [str(kind) for kind in self.ask(lambda session: [row.kind for row in session.query(OutboxRow).order_by(OutboxRow.seq)])]

    def seal_of(self, order_id: str, position: int = 0) -> str:
        """The id of one of the order's seals."""
        return str(self.ask(lambda session: session.get(OrderRow, order_id).seals[position].id))

    def row(self, seal_id: str, attribute: str) -> Any:
        """One column of a seal."""
        return self.ask(lambda session: getattr(session.get(SealRow, seal_id), attribute))

    def audit(self) -> list[tuple[str, str, str]]:
        """Command, result and code of every audit record."""
        return [
            tuple(row) for row in self.ask(lambda s: s.query(AuditRow.command, AuditRow.result, AuditRow.code).order_by(AuditRow.seq).all())
        ]

    def facts(self) -> dict[str, list[Any]]:
        """Every row of every table but the audit trail, to be compared before and after a refusal."""

        def read(session: Any) -> dict[str, list[Any]]:
            names = [
                "orders",
                "seals",
                "goods",
                "proofs",
                "units",
                "permits",
                "burns",
                "deliveries",
                "users",
                "user_keys",
                "outbox",
                "facts",
            ]
            return {name: [tuple(row) for row in session.execute(text(f"select * from {name} order by 1"))] for name in names}

        found: dict[str, list[Any]] = self.ask(read)
        return found

    @contextmanager
    def refused(self, error: type[Exception]) -> Iterator[pytest.ExceptionInfo[Any]]:
        """What happens inside is refused with `error`, changes nothing, and stands in the audit trail."""
        before, seen = self.facts(), len(self.audit())
        with pytest.raises(error) as raised:
            yield raised
        assert self.facts() == before
        assert [(result, code) for _command, result, code in self.audit()[seen:]] == [("refused", raised.value.code)]


@dataclass(frozen=True)
class Ground:
    """What is made once for all tests: an authority, a maker with his key, and a migrated store that knows shop and platform."""

    authority: Authority
    key: PrivateKey
    certificate: Certificate
    store_file: Path


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The ground that every counter stands on."""
    folder = tmp_path_factory.mktemp("ground")
    authority = found_authority(folder / "authority", "示例平台", Office("220681000000", "临江市公安局"), NOW - timedelta(days=1))
    key = PrivateKey.generate()
    certificate = authority.issue_maker(key.public, "李师傅", SHOP.code, SHOP.name, NOW - timedelta(hours=1))
    store = Store.open(folder / "store.db", STORE_KEY)
    with store.write() as session:
        facts.write(session, facts.SHOP, SHOP.model_dump())
        facts.write(session, facts.AUTHORITY, town.authority_message(authority).model_dump())
    store.close()
    return Ground(authority, key, certificate, folder / "store.db")


@contextmanager
def open_counter(ground: Ground, folder: Path, store_file: Path | None = None, first_number: int = 1) -> Iterator[Counter]:
    """A counter over a copy of a store."""
    source = store_file or ground.store_file
    shutil.copyfile(source, folder / "store.db")
    if (source.parent / card_pins.FOLDER).is_dir():
        shutil.copytree(source.parent / card_pins.FOLDER, folder / card_pins.FOLDER)
    clock, lane = FixedClock(NOW), Lane("data", Rank.DATA)
    store = Store.open(folder / "store.db", STORE_KEY)
    maker = Actor("00000000-0000-4000-8000-000000000001", "李师傅", frozenset({EVERYTHING}), ground.certificate.fingerprint)
    chain = (ground.certificate, ground.authority.intermediate)
    bus, numbers = Bus(store, lane, clock, STAGES), iter(range(first_number, 10_000))
    yield Counter(store, bus, clock, lane, ground.authority, maker, ground.key, chain, numbers)
    assert lane.close()
    store.close()


@pytest.fixture(scope="session")
def opening() -> Callable[..., AbstractContextManager[Counter]]:
    """Opens a counter over a copy of a store; see `open_counter`."""
    return open_counter


@pytest.fixture
def counter(ground: Ground, tmp_path: Path) -> Iterator[Counter]:
    """A counter at which a senior administrator with a maker's key stands."""
    with open_counter(ground, tmp_path) as opened:
        yield opened


@dataclass(frozen=True)
class Prepared:
    """A store in which work was done already: an accepted order of a physical unit seal and a contract seal with a chip."""

    store_file: Path
    order_id: str
    unit_seal: str
    chip_seal: str
    chip: CardState | None = None


@pytest.fixture(scope="session")
def accepted(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The order was accepted; nothing is made yet."""
    folder = tmp_path_factory.mktemp("accepted")
    with open_counter(ground, folder) as opened:
        order_id = opened.accepted()
        return Prepared(folder / "store.db", order_id, opened.seal_of(order_id, 0), opened.seal_of(order_id, 1))


@pytest.fixture(scope="session")
def _submitted(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store in which an order was submitted, and the order."""
    folder = tmp_path_factory.mktemp("submitted")
    with open_counter(ground, folder) as opened:
        return folder / "store.db", opened.submitted()


@pytest.fixture(scope="session")
def _ready(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store in which an order of one physical seal waits for hand-over, and the order."""
    folder = tmp_path_factory.mktemp("ready")
    with open_counter(ground, folder) as opened:
        order_id = opened.accepted(contract_seal("seal.copper"))
        opened.do(RecordExport(opened.seal_of(order_id), ("svg",)))
        opened.do(MarkSealMade(opened.seal_of(order_id)))
        return folder / "store.db", order_id


@pytest.fixture
def counter_submitted(ground: Ground, _submitted: tuple[Path, str], tmp_path: Path) -> Iterator[Counter]:
    """A counter whose first submitted order is there already."""
    with open_counter(ground, tmp_path, _submitted[0], 5000) as opened:
        opened.prepared = _submitted[1]
        yield opened


@pytest.fixture
def counter_ready(ground: Ground, _ready: tuple[Path, str], tmp_path: Path) -> Iterator[Counter]:
    """A counter with an order that waits for hand-over; `prepared` names it."""
    with open_counter(ground, tmp_path, _ready[0], 5000) as opened:
        opened.prepared = _ready[1]
        yield opened


@pytest.fixture
def counter_with_order(ground: Ground, accepted: Prepared, tmp_path: Path) -> Iterator[Counter]:
    """A counter with the accepted order."""
    with open_counter(ground, tmp_path, accepted.store_file, 5000) as opened:
        yield opened


@pytest.fixture
def draft() -> Draft:
    """A draft that is in order: a physical unit seal and a contract seal with a chip."""
    return Draft(UNIT, HANDLER, (unit_seal(), contract_seal()))


@pytest.fixture
def own_handler(draft: Draft) -> Draft:
    """The same, but the person in charge comes himself."""
    return replace(draft, handler=PRINCIPAL)
