"""A shop at work: a real store with accepted orders, a bus, software readers with a maker's key and chips, and a small platform.

The platform answers requests for chip certificates only, from its own authority, when the desk nudges it and it is online.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.central.authority import Authority, Office, found_authority
from sealdesk.core.clock import FixedClock, stamp
from sealdesk.core.lanes import Job, Lane, Rank
from sealdesk.core.settings import SETTINGS_FILE, Settings
from sealdesk.crypto.certificates import CertificateRequest
from sealdesk.crypto.records import sign_record
from sealdesk.crypto.sm2 import PublicKey
from sealdesk.domain import orders, seals
from sealdesk.domain.access import EVERYTHING, PLATFORM, Actor
from sealdesk.domain.deliveries import CheckedPapers
from sealdesk.domain.pin import Pin
from sealdesk.domain.seals import product
from sealdesk.face import codec
from sealdesk.face.faces import face_of, with_permit
from sealdesk.face.templates import template
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.emulator import Card
from sealdesk.hardware.drivers.gmt0017.profile import load_profiles, profile_of
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.drivers.gmt0017.setup import blank_chip, blank_key, initialise_key
from sealdesk.hardware.manager import DeviceManager
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.readers import SoftwareDevices
from sealdesk.hardware.virtual import VirtualConnection
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.models.orders import GoodsRow, OrderRow, SealRow
from sealdesk.models.outbox import DONE, WAITING, OutboxRow
from sealdesk.models.permits import PermitRow
from sealdesk.models.units import UnitRow
from sealdesk.models.users import UserRow
from sealdesk.stages import STAGES
from sealdesk.stages.logistics import handing_over
from sealdesk.stages.production import artwork, burning
from sealdesk.stages.production.rules import MarkSealMade, ReceiveCertificate
from sealdesk.stages.signature import signing
from sealdesk.stages.signature.queries import signature_plan
from sealdesk.ui import style_sheet
from sealdesk.ui.desk import WorkspaceSpec
from sealdesk.ui.interaction import DangerDialog, PinDialog
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.theme import Scheme
from sealdesk.wire.enrolment import Authority as AuthorityMessage
from sealdesk.wire.enrolment import Shop
from sealdesk.wire.permits import CutBody, PartyBody, PermitContent, PermittedSealBody
from sealdesk.workflow import facts
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.desk import Desk, Lanes, SyncState
from tests.town import HANDLER, PRINCIPAL, SHOP

MORNING = datetime(2026, 3, 12, 1, 30, tzinfo=UTC)
KEY_READER, CHIP_READER, SECOND_READER = "软件密钥", "芯片座 1", "芯片座 2"
KEY_PIN = "246810"
LONG_MS = 30_000
SHOP_CODE, SHOP_NAME = SHOP.code, SHOP.name
OFFICE = Office("220681000000", "临江市公安局（示例）")


class SmallPlatform:
    """The exchange with a platform that issues chip certificates."""

    def __init__(self, authority: Authority, clock: FixedClock, store: Store) -> None:
        self.authority = authority
        self.clock = clock
        self.store = store
        self.online = True
        self.asked = 0
        self.desk: Desk | None = None
        self._listeners: list[Callable[[SyncState], None]] = []

    def state(self) -> SyncState:
        return SyncState(self.online, None if self.online else MORNING, 0, 0)

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: None

    def nudge(self) -> None:
        if self.desk is not None and self.online:
            self.desk.lanes.network.submit(lambda _task: self._answer())

    def exchange(self) -> Job[SyncState]:
        assert self.desk is not None
        return self.desk.lanes.network.submit(lambda _task: self.state())

    def change(self, online: bool) -> None:
        self.online = online
        for listener in self._listeners:
            listener(self.state())
        self.nudge()

    def _answer(self) -> None:
        assert self.desk is not None
        self.desk.lanes.data.call(self._answer_requests)

    def _answer_requests(self) -> None:
        desk = self.desk
        assert desk is not None
        with self.store.write() as session:
            waiting = [row for row in session.query(OutboxRow).filter_by(state=WAITING) if row.kind == "certificate.request"]
            bodies = [(row.subject, dict(row.body)) for row in waiting]
            for row in waiting:
                row.state = DONE
        for order_id, body in bodies:
            self.asked += 1
            request = CertificateRequest.from_der(base64.b64decode(body["request"])).verify()
            leaf = self.authority.issue_chip(request.public_key, request.subject, self.clock.now())
            chain = tuple(base64.b64encode(c.der).decode() for c in (leaf, self.authority.intermediate))
            desk.bus.execute(PLATFORM, ReceiveCertificate(order_id, body["seal"], 7, chain))


@dataclass
class OrderedSeal:
    """A seal that a test orders."""

    template: str
    seal_type: str
    product: str
    fields: dict[str, str] = field(default_factory=dict)


UNIT_SEAL = OrderedSeal("unit.enterprise.40", "01", "seal.self_inking")
CONTRACT_CHIP = OrderedSeal("contract.40", "04", "seal.chip")
FINANCE_CHIP = OrderedSeal("finance.38", "02", "seal.chip")


class Workshop:
    """The shop with everything in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock(MORNING)
        self.authority = found_authority(folder / "authority", "示例平台", OFFICE, MORNING - timedelta(days=90))
        self.store = Store.open(folder / "home" / "store.db", bytes(range(32)))
        self.lanes = Lanes(
            front=Lane("front", Rank.FRONT),
            data=Lane("data", Rank.DATA),
            network=Lane("network", Rank.NETWORK),
            computing=(Lane("computing-1", Rank.COMPUTING), Lane("computing-2", Rank.COMPUTING)),
        )
        self.profiles = load_profiles()
        self.readers = SoftwareDevices()
        self.devices = DeviceManager(self.profiles, (self.readers,))
        self.platform = SmallPlatform(self.authority, self.clock, self.store)
        fingerprint = self._make_key()
        self.actor = Actor("user-1", "李师傅", frozenset({EVERYTHING}), fingerprint)
        self.desk = Desk(
            lanes=self.lanes,
            store=self.store,
            bus=Bus(self.store, self.lanes.data, self.clock, STAGES),
            devices=self.devices,
            sync=self.platform,
            settings=Settings(folder / SETTINGS_FILE, self.clock),
            attachments=AttachmentStore(folder / "attachments", bytes(range(32))),
            clock=self.clock,
            actor=self.actor,
        )
        self.platform.desk = self.desk
        self._write_facts()
        self._orders = 0

    def close(self) -> None:
        self.devices.close()
        assert self.lanes.close()
        self.store.close()

    def sit_down(self, *permissions: str) -> None:
        """Let somebody else sit at the desk."""
        self.desk = self.desk.signed_in(Actor("user-1", "李师傅", frozenset(permissions), self.actor.key_fingerprint))
        self.platform.desk = self.desk

    # -- devices

    def _make_key(self) -> str:
        profile = profile_of("key", self.profiles)
        card = Card(blank_key("KEY-0001"))
        session = TokenSession(ApduProtocol(VirtualConnection(card, KEY_READER)))
        point = initialise_key(session, profile, "李师傅", Pin(KEY_PIN), Pin("13579246"))
        issued = self.authority.issue_maker(PublicKey.from_point(point), "李师傅", SHOP_CODE, SHOP_NAME, MORNING)
        token = Gmt0017Token(session, KEY_READER, profile, session.get_device_info())
        token.unlock(Pin(KEY_PIN))
        token.import_certificate(issued.der)
        token.lock()
        self.key_card = card
        self.readers.insert_card(KEY_READER, card)
        return issued.fingerprint

    def new_chip(self, serial: str) -> Card:
        return Card(blank_chip(profile_of("chip", self.profiles), serial, "SEAL"))

    def insert(self, card: Card, reader: str = CHIP_READER) -> Card:
        self.readers.insert_card(reader, card)
        assert self.devices.settle()
        return card

    # -- orders

    def order(self, *wanted: OrderedSeal, unit: str = "临江市云帆文化传播有限公司", due: str = "", goods: bool = False) -> tuple[str, ...]:
        """An accepted order with its permit; returns the ids of its seals, the order's own id first."""
        self._orders += 1
        number = self._orders
        order_id = str(uuid5(NAMESPACE_URL, f"order-{number}"))
        with self.store.write() as session:
            row = self._unit(session, unit)
            order = OrderRow(
                id=order_id, number=f"DD2026031200{number:02}", state=orders.ACCEPTED, unit=row, unit_name=unit, handler=HANDLER,
                created_at=MORNING, created_by="user-1", updated_at=MORNING + timedelta(minutes=number), due_on=due,
            )  # fmt: skip
            made = [self._seal(order_id, number, position, one, unit) for position, one in enumerate(wanted, start=1)]
            order.seals.extend(made)
            if goods:
                order.goods.append(GoodsRow(id=f"goods-{number}", position=1, product_id="goods.ink_red", quantity=2, price_fen=1500))
            session.add(order)
            session.flush()
            session.add(self._permit(order, row, number))
            ids = tuple(seal.id for seal in made)
        return (order_id, *ids)

    def _unit(self, session: Any, name: str) -> UnitRow:
        row = session.query(UnitRow).filter_by(name=name).one_or_none()
        if row is None:
            row = UnitRow(
                id=f"unit-{name}", code=f"2206810000{len(name):02}", name=name, kind="02", uscc="91220699MA0YB0016Y", area_code="220681",
                address="吉林省临江市江湾路 66 号", phone="0439-5550066", principal=PRINCIPAL, updated_at=MORNING,
            )  # fmt: skip
            session.add(row)
        found: UnitRow = row
        return found

    def _seal(self, order_id: str, number: int, position: int, one: OrderedSeal, unit: str) -> SealRow:
        kind, made_as = template(one.template), product(one.product)
        fields = {"name": unit, **one.fields}
        face = face_of(kind, fields)
        code = f"2206810{number:03}{position:03}"
        name = unit if one.seal_type == "01" else f"{unit}{'合同' if one.seal_type == '04' else '财务'}专用章"
        return SealRow(
            id=str(uuid5(NAMESPACE_URL, f"seal-{number}-{position}")),
            order_id=order_id, position=position, state=seals.ACCEPTED, seal_type=one.seal_type,
            name=name,
            template=one.template, face_fields=fields, face_spec=with_permit(codec.plain(face.spec), code, ()),
            width_mm=face.drawing.width_mm, height_mm=face.drawing.height_mm, product_id=made_as.id, carrier=str(made_as.carrier),
            material=made_as.material, price_fen=made_as.price_fen, seal_code=code,
        )  # fmt: skip

    def _permit(self, order: OrderRow, unit: UnitRow, number: int) -> PermitRow:
        content = PermitContent(
            number=f"2026{number:06}", order=order.id, issuer=PartyBody(code=OFFICE.code, name=OFFICE.name),
            shop=PartyBody(code=SHOP_CODE, name=SHOP_NAME), unit=PartyBody(code=unit.code, name=unit.name), uscc=unit.uscc,
            handler=HANDLER.name, handler_document=HANDLER.document_number, issued_on="2026-03-10", valid_until="2026-06-10",
            signed_at=stamp(MORNING - timedelta(days=2)),
            seals=[
                PermittedSealBody(
                    id=seal.id, seal_type=seal.seal_type,  # type: ignore[arg-type]
                    name=seal.name, template=seal.template, face_fields=seal.face_fields,
                    width_mm=seal.width_mm, height_mm=seal.height_mm, seal_code=seal.seal_code,
                    cuts=[CutBody(x1_mm=1, y1_mm=1, x2_mm=2, y2_mm=2, width_mm=0.1)],
                )
                for seal in order.seals
            ],
        )  # fmt: skip
        chain = (self.authority.police, self.authority.intermediate)
        record = sign_record(content.model_dump(mode="json"), self.authority.police_key, chain).to_json()
        return PermitRow(
            number=content.number, order_id=order.id, record=record, received_at=MORNING - timedelta(days=1),
            countersigned_at=MORNING - timedelta(hours=1), countersigned_by="user-1",
        )  # fmt: skip

    def _write_facts(self) -> None:
        def b64(der: bytes) -> str:
            return base64.b64encode(der).decode()

        message = AuthorityMessage(
            name="示例平台", root=b64(self.authority.root.der), intermediates=[b64(self.authority.intermediate.der)], revocations=[]
        )
        shop = Shop(code=SHOP_CODE, name=SHOP_NAME, area_code="220681", address="吉林省临江市江湾路 8 号")
        with self.store.write() as session:
            facts.write(session, facts.AUTHORITY, message.model_dump(mode="json"))
            facts.write(session, facts.SHOP, shop.model_dump(mode="json"))
            session.add(
                UserRow(
                    id="user-1",
                    name="li",
                    display_name="李师傅",
                    shop_name="li",
                    password_hash="-",
                    role="technician",
                    permissions=[],
                    created_at=MORNING,
                )
            )

    # -- work that a test does not look at

    def make(self, seal_id: str) -> None:
        """Export a physical seal and mark it made."""
        artwork.export(self.desk, seal_id, self.folder, ("svg",)).result(20)
        self.desk.do(MarkSealMade(seal_id))

    def burn(self, seal_id: str, serial: str, reader: str = CHIP_READER) -> Card:
        """Burn a new chip for a seal; it stays in the reader."""
        card = self.insert(self.new_chip(serial), reader)
        burning.burn(self.desk, seal_id, reader).result(60)
        return card

    def sign(self, seal_id: str, reader: str = CHIP_READER) -> None:
        """Sign the query information and burn it into the chip that is in the reader."""
        self.sign_only(seal_id)
        signing.burn_signature(self.desk, seal_id, reader).result(20)

    def sign_only(self, seal_id: str) -> None:
        """Sign the query information; it is not burned yet."""
        plan = self.desk.tell(lambda session: signature_plan(session, seal_id))
        assert plan is not None
        signing.sign(self.desk, seal_id, plan.information, KEY_READER, Pin(KEY_PIN)).result(20)

    def hand_over(self, order_id: str) -> None:
        """Hand an order without chips over to its handler."""
        begun = handing_over.sign_delivery(self.desk, order_id, HANDLER, CheckedPapers(True), KEY_READER, Pin(KEY_PIN)).result(20)
        handing_over.finish(self.desk, begun.delivery_id).result(20)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def ordered() -> dict[str, OrderedSeal]:
    return {"unit": UNIT_SEAL, "contract": CONTRACT_CHIP, "finance": FINANCE_CHIP}


@pytest.fixture
def open_window(qtbot: QtBot, workshop: Workshop) -> Callable[..., tuple[MainWindow, Any]]:
    """The main window with one workspace in it, and the workspace."""

    def open_(spec: WorkspaceSpec) -> tuple[MainWindow, Any]:
        window = MainWindow(workshop.desk, (spec,))
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window, window.stack.currentWidget()

    return open_


@pytest.fixture
def opened_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was given to the system to be opened, by path; no other program is really started."""
    paths: list[str] = []
    monkeypatch.setattr("sealdesk.ui.saving.QDesktopServices.openUrl", lambda url: paths.append(url.toLocalFile()))
    return paths


def _visible(kind: type[Any]) -> Any | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


class Hands:
    """What a person does at the keyboard, and what can be seen of it."""

    def __init__(self, qtbot: QtBot, workshop: Workshop, shots: Path | None) -> None:
        self._qtbot = qtbot
        self._workshop = workshop
        self._shots = shots

    def until(self, question: Callable[[], object]) -> None:
        """Wait as long as a slow machine may need."""
        self._qtbot.waitUntil(lambda: bool(question()), timeout=LONG_MS)

    def quiet(self) -> None:
        """Wait until everything that was asked of the store has been answered and shown."""
        for _round in range(3):
            self._workshop.lanes.data.call(lambda: None)
            QApplication.processEvents()

    def press(self, button: QWidget) -> None:
        """Bring the focus to a button and press the space bar."""
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

    def scan(self, line: QWidget, words: str) -> None:
        """What a scanner does: characters and Enter."""
        line.setFocus()
        QTest.keyClicks(line, words)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def compose(self, widget: QWidget, words: str) -> None:
        """Enter text through the input method, as Chinese is entered."""
        widget.setFocus()
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(widget, event)

    def retype(self, line: QLineEdit, words: str) -> None:
        """Replace what stands in a line."""
        line.setFocus()
        line.selectAll()
        self.compose(line, words)

    def type_pin(self, pin: str) -> PinDialog:
        """Type a PIN into the dialog that opens, and press Enter; gives the dialog for its words."""
        self.until(lambda: _visible(PinDialog))
        dialog = _visible(PinDialog)
        assert isinstance(dialog, PinDialog)
        QTest.keyClicks(dialog.edit, pin)
        QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
        return dialog

    def confirm(self) -> None:
        """Go to the dangerous button of the open confirmation and press it."""
        self.until(lambda: _visible(DangerDialog))
        dialog = _visible(DangerDialog)
        assert isinstance(dialog, DangerDialog)
        self.press(dialog.do_button)

    def choose_path(self, path: Path) -> None:
        """Type a path into the file dialog that opens, and press Enter."""
        self.until(lambda: _visible(QFileDialog))
        dialog = _visible(QFileDialog)
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(line, QLineEdit)
        line.setText(str(path))
        QTest.keyClick(line, Qt.Key.Key_Return)

    def state_of(self, seal_id: str) -> str:
        """The state of a seal in the store."""
        with self._workshop.store.read() as session:
            row = session.get(SealRow, seal_id)
            assert row is not None
            return row.state

    def shoot(self, window: QWidget, name: str) -> None:
        """Take a picture in both schemes, when somebody wants to look at it."""
        if self._shots is None:
            return
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._qtbot.wait(300)
        for scheme, ending in ((Scheme.LIGHT, ""), (Scheme.DARK, "-dark")):
            style_sheet.apply(app, scheme)
            app.processEvents()
            window.grab().save(str(self._shots / f"{name}{ending}.png"))
        style_sheet.apply(app, Scheme.LIGHT)


@pytest.fixture
def hands(qtbot: QtBot, workshop: Workshop, shots: Path | None) -> Hands:
    return Hands(qtbot, workshop, shots)
