"""The world of the demonstration: a platform with its authority, a shop, a USB key with a maker's certificate, and blank chips.

Everything lies in one folder; nothing in it is real. The key's PIN and the passphrases are no secrets here and stand in `world.json`.
"""

from __future__ import annotations

import json
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sealdesk.central.authority import Office
from sealdesk.central.platform import ShopEntry, found_platform
from sealdesk.core import paths
from sealdesk.crypto.sm2 import PublicKey
from sealdesk.domain.orders import ProofKind
from sealdesk.domain.pin import Pin
from sealdesk.domain.units import Person, Unit
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.emulator import Card, StateFile
from sealdesk.hardware.drivers.gmt0017.profile import load_profiles, profile_of
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.drivers.gmt0017.setup import blank_chip, blank_key, initialise_key, write_state
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.virtual import VirtualConnection

KEY_READER = "软件密钥"
CHIP_READER = "芯片座 1"
SECOND_CHIP_READER = "芯片座 2"
WORLD_FILE = "world.json"
PLATFORM_NAME = "示例印章治安管理平台"
OFFICE = Office("220681000000", "临江市公安局（示例）")
CHIPS = 6


@dataclass(frozen=True, slots=True)
class World:
    """Where everything of a demonstration lies, and what has to be typed in it."""

    folder: Path
    port: int
    user: str
    display_name: str
    password: str
    key_pin: str
    passphrase: str
    root_fingerprint: str

    @property
    def home(self) -> Path:
        """The installation's data folder."""
        return self.folder / "home"

    @property
    def central(self) -> Path:
        """The platform's data folder."""
        return self.folder / "platform"

    @property
    def results(self) -> Path:
        """What a walk leaves behind."""
        return self.folder / "results"

    @property
    def address(self) -> str:
        """Where the platform listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def key_file(self) -> Path:
        """The software USB key."""
        return self.folder / "devices" / "key.json"

    @property
    def chip_file(self) -> Path:
        """The first software chip."""
        return self.chip(1)

    def chip(self, number: int) -> Path:
        """A software chip, counted from 1."""
        return self.folder / "devices" / f"chip-{number}.json"

    @property
    def unit(self) -> Unit:
        """The unit of the sample papers."""
        return self.customer(0)[0]

    def customer(self, number: int) -> tuple[Unit, Person]:
        """A unit of the sample data with its handler."""
        value = sample()["units"][number]
        unit = Unit(
            name=value["name"],
            kind=value["kind"],
            uscc=value["uscc"],
            registration_number="",
            area_code=value["area_code"],
            address=value["address"],
            phone=value["phone"],
            principal=_person(value["principal"]),
            name_english=value["name_english"],
        )
        return unit, _person(value["handler"])

    @property
    def handler(self) -> Person:
        """The handler of the sample papers."""
        return self.customer(0)[1]

    @property
    def papers(self) -> dict[ProofKind, Path]:
        """The scanned sample papers by their slots."""
        folder = paths.resources() / "sample"
        return {ProofKind(kind): folder / name for kind, name in sample()["units"][0]["proofs"].items()}

    @property
    def unit_template(self) -> str:
        """The template of the unit seal."""
        return "unit.enterprise.40"

    @property
    def contract_template(self) -> str:
        """The template of the contract seal."""
        return "contract.40"

    def write(self) -> None:
        """Keep what was made."""
        kept = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        (self.folder / WORLD_FILE).write_text(json.dumps(kept, ensure_ascii=False, indent=2), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> World:
        """The world that was made in `folder`."""
        kept = json.loads((folder / WORLD_FILE).read_text(encoding="utf-8"))
        return cls(**{**kept, "folder": folder})


def make_world(folder: Path) -> World:
    """Make a platform, a shop, a key and chips in `folder`."""
    shop = sample()["shop"]
    platform = found_platform(
        folder / "platform",
        name=PLATFORM_NAME,
        office=OFFICE,
        shops=(ShopEntry(shop["code"], shop["name"], shop["area_code"], shop["address"]),),
    )
    world = World(
        folder=folder,
        port=_free_port(),
        user="jinggong",
        display_name="李师傅",
        password="Demo-2026-seal",
        key_pin="246810",
        passphrase=secrets.token_urlsafe(12),
        root_fingerprint=platform.authority.root.fingerprint,
    )
    world.key_file.parent.mkdir(parents=True)
    key_profile = profile_of("key", load_profiles())
    write_state(blank_key("DEMO-KEY-0001"), world.key_file)
    session = TokenSession(ApduProtocol(VirtualConnection(Card(StateFile(world.key_file)), KEY_READER)))
    point = initialise_key(session, key_profile, world.display_name, Pin(world.key_pin), Pin("13579246"))
    certificate = platform.issue_maker(shop["code"], world.display_name, PublicKey.from_point(point))
    token = Gmt0017Token(session, KEY_READER, key_profile, session.get_device_info())
    token.unlock(Pin(world.key_pin))
    token.import_certificate(certificate.der)
    token.lock()
    chip_profile = profile_of("chip", load_profiles())
    for number in range(1, CHIPS + 1):
        write_state(blank_chip(chip_profile, f"DEMO-CHIP-{number:04d}", "SEAL"), world.chip(number))
    platform.close()
    world.write()
    return world


def sample() -> dict[str, Any]:
    """The invented shop, units and people that ship with the program."""
    value: dict[str, Any] = json.loads((paths.resources() / "sample" / "sample.json").read_text(encoding="utf-8"))
    return value


def _person(value: dict[str, Any]) -> Person:
    return Person(value["name"], value["document_kind"], value["document_number"], value["phone"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
