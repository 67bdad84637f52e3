"""A counter for registration, acceptance and today: a real desk with store, bus, lanes and a software USB key, in the window."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.central.authority import Authority, Office, found_authority
from sealdesk.core.clock import FixedClock
from sealdesk.core.lanes import Job, Lane, Rank
from sealdesk.core.settings import Settings
from sealdesk.crypto.records import sign_record
from sealdesk.crypto.sm2 import PublicKey
from sealdesk.domain.access import EVERYTHING, PLATFORM, Actor
from sealdesk.domain.identifiers.check_digits import uscc_check
from sealdesk.domain.orders import ProofKind
from sealdesk.domain.pin import Pin
from sealdesk.domain.units import Person, Unit
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.emulator import Card, StateFile
from sealdesk.hardware.drivers.gmt0017.profile import load_profiles, profile_of
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.drivers.gmt0017.setup import blank_key, initialise_key, write_state
from sealdesk.hardware.manager import DeviceManager
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.readers import SoftwareDevices
from sealdesk.hardware.virtual import VirtualConnection
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.models.orders import OrderRow
from sealdesk.stages import STAGES
from sealdesk.stages.acceptance.rules import ReceivePermit
from sealdesk.stages.registration.rules import AttachProof, Draft, DraftSeal, ReturnOrder, SaveDraft, SubmitOrder
from sealdesk.ui import style_sheet
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.theme import Scheme
from sealdesk.workflow import facts
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.desk import Desk, Lanes, SyncState
from tests import town
from tests.town import HANDLER, PRINCIPAL, SHOP, THREE_PAPERS, UNIT

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
READER = "软件密钥"
KEY_PIN = "246810"
OTHER_NAMES = ("临江市澄湖餐饮管理有限公司", "临江市松涛木业有限责任公司", "临江市北山社区卫生服务中心", "临江市青石建筑工程集团有限公司")


@dataclass
class NoPlatform:
    """An exchange that never reaches anybody: what is sent stays waiting."""

    nudges: int = 0

    def state(self) -> SyncState:
        return SyncState(True, None, 0, 0)

    def subscribe(self, _listener: Callable[[SyncState], None]) -> Callable[[], None]:
        return lambda: None

    def nudge(self) -> None:
        self.nudges += 1

    def exchange(self) -> Job[SyncState]:
        raise NotImplementedError


@dataclass
class Counter:
    """The desk, and what happens to it from outside."""

    desk: Desk
    store: Store
    clock: FixedClock
    authority: Authority
    software: SoftwareDevices
    devices: DeviceManager
    key_file: Path
    unit: Unit = UNIT
    handler: Person = HANDLER
    principal: Person = PRINCIPAL
    pin: str = KEY_PIN
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    def do(self, command: object, actor: Actor | None = None) -> Any:
        desk = self.desk if actor is None else self.desk.signed_in(actor)
        return desk.do(command)

    def order(self, order_id: str) -> OrderRow:
        """A row with its seals and papers read; for looking only."""

        def read(session: Any) -> OrderRow:
            row: OrderRow = session.get(OrderRow, order_id)
            _loaded = (list(row.seals), list(row.goods), list(row.proofs), row.unit)
            session.expunge_all()
            return row

        return self.desk.tell(read)

    def orders(self) -> list[str]:
        """The ids of all orders, the oldest first."""
        return self.desk.tell(lambda session: [row.id for row in session.query(OrderRow).order_by(OrderRow.number)])

    def seal(self, seal_type: str = "01", template: str = "unit.enterprise.40", product: str = "seal.photosensitive") -> DraftSeal:
        return DraftSeal(str(uuid4()), seal_type, template, MappingProxyType({"name": self.unit.name}), product)

    def other_unit(self, number: int) -> Unit:
        """Another unit with another code."""
        first = f"91220699MA0YB{number:04d}"
        name = OTHER_NAMES[number] if number < len(OTHER_NAMES) else f"临江市第{number}粮店"
        return replace(self.unit, name=name, uscc=first + uscc_check(first), phone=f"0439-55501{number:02d}")

    def draft(self, *seals: DraftSeal, unit: Unit | None = None, papers: bool = True) -> str:
        order_id, unit = str(uuid4()), unit or self.unit
        named = tuple(replace(seal, fields=MappingProxyType({**seal.fields, "name": unit.name})) for seal in seals or (self.seal(),))
        self.do(SaveDraft(order_id, Draft(unit, self.handler, named)))
        for kind in (*THREE_PAPERS, ProofKind.POWER_OF_ATTORNEY) if papers else ():
            kept = self.desk.keep(f"%PDF-{kind}".encode()).result(10)
            self.do(AttachProof(order_id, kind, kept, f"{kind}.pdf", "application/pdf", 1000))
        return order_id

    def submitted(self, *seals: DraftSeal, unit: Unit | None = None) -> str:
        order_id = self.draft(*seals, unit=unit)
        self.do(SubmitOrder(order_id))
        return order_id

    def returned(self, reason: str = "经办人身份证照片不清，请重新拍照。", unit: Unit | None = None) -> str:
        order_id = self.submitted(unit=unit)
        self.do(ReturnOrder(order_id, reason, "临江市公安局", 2), PLATFORM)
        return order_id

    def permitted(self, *seals: DraftSeal, unit: Unit | None = None, **changes: Any) -> str:
        """A submitted order whose permit arrived; `changes` falsify the permit."""
        order_id = self.submitted(*seals, unit=unit)
        content = {**town.permit_content(self.order(order_id), self.numbers, self.clock.now()), **changes}
        authority = self.authority
        record = sign_record(content, authority.police_key, (authority.police, authority.intermediate))
        self.do(ReceivePermit(order_id, 3, record.to_json()), PLATFORM)
        return order_id


def _make_key(file: Path, authority: Authority) -> str:
    """A software USB key with a maker's certificate; returns the certificate's fingerprint."""
    profile = profile_of("key", load_profiles())
    write_state(blank_key("KEY-0001"), file)
    session = TokenSession(ApduProtocol(VirtualConnection(Card(StateFile(file)), READER)))
    point = initialise_key(session, profile, "李师傅", Pin(KEY_PIN), Pin("13579246"))
    certificate = authority.issue_maker(PublicKey.from_point(point), "李师傅", SHOP.code, SHOP.name, NOW - timedelta(hours=1))
    token = Gmt0017Token(session, READER, profile, session.get_device_info())
    token.unlock(Pin(KEY_PIN))
    token.import_certificate(certificate.der)
    token.lock()
    return certificate.fingerprint


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A counter at which a senior administrator with a maker's key stands."""
    clock = FixedClock(NOW)
    authority = found_authority(tmp_path / "authority", "示例平台", Office("220681000000", "临江市公安局"), NOW - timedelta(days=1))
    key_file = tmp_path / "key.json"
    fingerprint = _make_key(key_file, authority)
    store = Store.open(tmp_path / "store.db", bytes(range(32)))
    with store.write() as session:
        facts.write(session, facts.SHOP, SHOP.model_dump())
        facts.write(session, facts.AUTHORITY, town.authority_message(authority).model_dump())
    lanes = Lanes(
        front=Lane("front", Rank.FRONT),
        data=Lane("data", Rank.DATA),
        network=Lane("network", Rank.NETWORK),
        computing=(Lane("computing-1", Rank.COMPUTING), Lane("computing-2", Rank.COMPUTING)),
    )
    software = SoftwareDevices()
    software.insert(READER, key_file)
    devices = DeviceManager(load_profiles(), (software,))
    desk = Desk(
        lanes=lanes,
        store=store,
        bus=Bus(store, lanes.data, clock, STAGES),
        devices=devices,
        sync=NoPlatform(),
        settings=Settings(tmp_path / "settings.json"),
        attachments=AttachmentStore(tmp_path / "attachments", bytes(range(32))),
        clock=clock,
        actor=Actor("00000000-0000-4000-8000-000000000001", "李师傅", frozenset({EVERYTHING}), fingerprint),
    )
    assert devices.settle()
    yield Counter(desk, store, clock, authority, software, devices, key_file)
    devices.close()
    assert lanes.close()
    store.close()


Opened = tuple[MainWindow, Any]


@pytest.fixture
def open_stage(qtbot: QtBot, counter: Counter, qapp: QApplication) -> Callable[..., Opened]:
    """Opens the window on a stage and returns it with its workspace."""
    from sealdesk.ui.workspaces import acceptance, registration, today

    def open_one(stage: str) -> Opened:
        window = MainWindow(counter.desk, (today.SPEC, registration.SPEC, acceptance.SPEC))
        qtbot.addWidget(window)
        window.resize(1366, 768)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.go(stage)
        return window, window.stack.currentWidget()

    return open_one


@pytest.fixture
def shoot(qtbot: QtBot, qapp: QApplication) -> Callable[[QWidget, str], None]:
    """Keeps pictures in both schemes in the folder named by SEALDESK_SHOTS; without it does nothing."""
    folder = os.environ.get("SEALDESK_SHOTS")

    def shoot_both(widget: QWidget, name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for scheme in Scheme:
            style_sheet.apply(qapp, scheme)
            qtbot.wait(120)
            assert widget.grab().save(str(Path(folder) / f"{name}-{scheme.value}.png"))
        style_sheet.apply(qapp, Scheme.LIGHT)

    return shoot_both
