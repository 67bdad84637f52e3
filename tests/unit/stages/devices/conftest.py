"""A desk with software readers and a platform that answers at once, for the steps that touch keys and chips.

The counter comes from the folder above, by its fixtures.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sealdesk.core.lanes import Job, Lane, Rank
from sealdesk.core.settings import Settings
from sealdesk.crypto.certificates import Certificate, CertificateRequest
from sealdesk.crypto.sm2 import PublicKey
from sealdesk.domain.access import PLATFORM
from sealdesk.domain.pin import Pin
from sealdesk.hardware.drivers.gmt0017 import setup
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.emulator import Card
from sealdesk.hardware.drivers.gmt0017.profile import Profile, load_profiles
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.manager import DeviceManager
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.readers import SoftwareDevices
from sealdesk.hardware.virtual import VirtualConnection
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.outbox import DONE, OutboxRow
from sealdesk.stages.production.burning import burn
from sealdesk.stages.production.rules import ReceiveCertificate
from sealdesk.wire.enrolment import Shop
from sealdesk.workflow.desk import Desk, Lanes, SyncState
from tests.town import SHOP

KEY_PIN, CHIP_READER, KEY_READER = "246810", "读卡器", "密钥"


class PlatformAtHand:
    """The exchange with a platform that answers at once: `issue` makes the certificates for a request, or nothing."""

    def __init__(self, counter: Any) -> None:
        self._counter = counter
        self.requests: list[dict[str, Any]] = []
        self.issue: Callable[[dict[str, Any]], tuple[str, ...]] = self.issue_rightly

    def issue_rightly(self, body: dict[str, Any]) -> tuple[str, ...]:
        """The certificate that was asked for, with what lies above it."""
        request = CertificateRequest.from_der(base64.b64decode(body["request"]))
        assert request.subject.serial_number == body["seal_code"]
        return self.certificates(request.public_key, request.subject)

    def certificates(self, key: PublicKey, subject: Any) -> tuple[str, ...]:
        """A chip's certificate and the intermediate authority's, as they travel."""
        authority = self._counter.authority
        leaf = authority.issue_chip(key, subject, self._counter.clock.now())
        return tuple(base64.b64encode(certificate.der).decode() for certificate in (leaf, authority.intermediate))

    def state(self) -> SyncState:
        return SyncState(online=True, offline_since=None, waiting=0, decisions=0)

    def subscribe(self, listener: Callable[[SyncState], None]) -> Callable[[], None]:
        return lambda: None

    def exchange(self) -> Job[SyncState]:
        raise NotImplementedError

    def nudge(self) -> None:
        self._counter.lane.call(self._answer)

    def _answer(self) -> None:
        with self._counter.store.write() as session:
            rows = session.query(OutboxRow).filter(OutboxRow.kind == "certificate.request", OutboxRow.state != DONE).all()
            asked = [(row.subject, dict(row.body)) for row in rows]
            for row in rows:
                row.state = DONE
        for order_id, body in asked:
            self.requests.append(body)
            issued = self.issue(body)
            if issued:
                self._counter.bus.execute(PLATFORM, ReceiveCertificate(order_id, body["seal"], 4, issued))


@dataclass
class Workplace:
    """A desk with software readers."""

    counter: Any
    desk: Desk
    software: SoftwareDevices
    devices: DeviceManager
    platform: PlatformAtHand
    profiles: tuple[Profile, ...]

    def insert(self, reader: str, card: Card) -> Card:
        """Put a card in and wait until it is recognised."""
        self.software.insert_card(reader, card)
        assert self.devices.settle()
        return card

    def chip(self, serial: str = "CHIP0001") -> Card:
        """A chip as the factory ships it."""
        return Card(setup.blank_chip(self.profiles[1], serial, "SEAL"))

    def bare_key(self, serial: str = "KEY0001", pin: str = KEY_PIN) -> tuple[Card, PublicKey]:
        """A USB key with a key pair and no certificate."""
        card = Card(setup.blank_key(serial))
        session = TokenSession(ApduProtocol(VirtualConnection(card, KEY_READER)))
        point = setup.initialise_key(session, self.profiles[0], f"钥匙 {serial}", Pin(pin), Pin("87654321"))
        return card, PublicKey.from_point(point)

    def certify(self, card: Card, der: bytes, pin: str = KEY_PIN) -> Card:
        """Put a certificate on a USB key."""
        session = TokenSession(ApduProtocol(VirtualConnection(card, KEY_READER)))
        token = Gmt0017Token(session, KEY_READER, self.profiles[0], session.get_device_info())
        token.unlock(Pin(pin))
        token.import_certificate(der)
        token.lock()
        card.reset()
        return card

    def key(self, person: str = "李师傅", serial: str = "KEY0001", shop: Shop = SHOP) -> tuple[Card, Certificate]:
        """A maker's USB key."""
        card, public = self.bare_key(serial)
        certificate = self.counter.authority.issue_maker(public, person, shop.code, shop.name, self.counter.clock.now())
        return self.certify(card, certificate.der), certificate

    def makers_key(self, reader: str = KEY_READER) -> tuple[Card, Desk]:
        """The key of the person at the desk, in its reader, and the desk with that person at it."""
        card, certificate = self.key()
        self.insert(reader, card)
        return card, self.desk.signed_in(replace(self.counter.maker, key_fingerprint=certificate.fingerprint))


def user_tries(card: Card) -> int:
    """The tries left of the user PIN."""
    return card.state.applications[0].user.tries_left


@pytest.fixture
def tries() -> Callable[[Card], int]:
    """Asks a card for the tries left of its user PIN."""
    return user_tries


@contextmanager
def open_workplace(counter: Any, folder: Path) -> Iterator[Workplace]:
    """A desk with empty software readers and a platform that answers at once."""
    lanes = Lanes(
        front=Lane("front", Rank.FRONT),
        data=counter.lane,
        network=Lane("network", Rank.NETWORK),
        computing=(Lane("computing-1", Rank.COMPUTING),),
    )
    software, profiles = SoftwareDevices(), load_profiles()
    devices = DeviceManager(profiles, (software,))
    platform = PlatformAtHand(counter)
    desk = Desk(
        lanes=lanes,
        store=counter.store,
        bus=counter.bus,
        devices=devices,
        sync=platform,
        settings=Settings(folder / "settings.json", counter.clock),
        attachments=AttachmentStore(folder / "attachments", bytes(32)),
        clock=counter.clock,
        actor=counter.maker,
    )
    yield Workplace(counter, desk, software, devices, platform, profiles)
    devices.close()
    assert lanes.close()


@pytest.fixture
def workplace(counter: Any, tmp_path: Path) -> Iterator[Workplace]:
    """A desk with empty software readers at the counter."""
    with open_workplace(counter, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def burned_chip(opening: Any, ground: Any, accepted: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The chip seal was burned, too; its chip is kept."""
    folder = tmp_path_factory.mktemp("burned")
    with opening(ground, folder, accepted.store_file) as opened, open_workplace(opened, folder) as workplace:
        card = workplace.insert(CHIP_READER, workplace.chip())
        burn(workplace.desk, accepted.chip_seal, CHIP_READER).result(60)
    return replace(accepted, store_file=folder / "store.db", chip=card.state)


@pytest.fixture
def counter_with_chip(opening: Any, ground: Any, burned_chip: Any, tmp_path: Path) -> Iterator[Any]:
    """A counter with the accepted order whose chip is burned."""
    with opening(ground, tmp_path, burned_chip.store_file, 5000) as opened:
        yield opened
