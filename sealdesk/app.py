"""`bootstrap()`: the one place that knows concrete classes and joins them into a desk; and how all of it is closed again."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from sealdesk.core import paths
from sealdesk.core.clock import Clock, SystemClock
from sealdesk.core.i18n import use_language
from sealdesk.core.lanes import Lane, Rank
from sealdesk.core.settings import DEVICES_SOFTWARE, SETTINGS_FILE, SYNC_INTERVAL_S, UI_LANGUAGE, Settings
from sealdesk.domain.access import Actor
from sealdesk.hardware.drivers.gmt0017.profile import load_profiles
from sealdesk.hardware.manager import DeviceManager
from sealdesk.hardware.monitor import PcscReaders
from sealdesk.hardware.readers import ReaderSource, SoftwareDevices
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store, open_store
from sealdesk.models.keystore import KeyStore, PassphraseSource, attachment_key, open_keystore
from sealdesk.stages import STAGES
from sealdesk.sync.engine import SyncEngine
from sealdesk.sync.http import PlatformClient, PlatformOffice
from sealdesk.workflow import facts
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.decisions import EXCHANGE
from sealdesk.workflow.desk import Desk, Lanes
from sealdesk.workflow.letters import serve_letters

PLATFORM_TOKEN = "platform.token"
ATTACHMENTS = "attachments"
NOBODY = Actor("nobody", "", frozenset())
"""Who is at the desk before anybody signed in: he may do nothing but sign in."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that runs, for whoever has to close it again."""

    home: Path
    desk: Desk
    store: Store
    keystore: KeyStore
    devices: DeviceManager
    software: SoftwareDevices
    sync: SyncEngine
    office: PlatformOffice

    def client(self) -> PlatformClient | None:
        """A client of the platform that this installation is enrolled with, or None."""
        return platform_client(self.store, self.keystore)

    def keep_token(self, token: str) -> None:
        """Put the platform's token into the key store, where it stays."""
        self.keystore.put(PLATFORM_TOKEN, token.encode())

    def close(self) -> bool:
        """Stop sync, release the devices, join the lanes, close the store; False when a lane did not end in time."""
        self.sync.close()
        self.devices.close()
        ended = self.desk.lanes.close()
        self.store.close()
        if not ended:
            _log.warning("a lane did not end in time")
        return ended


def bootstrap(
    home: Path | None = None,
    *,
    passphrase_source: PassphraseSource,
    clock: Clock | None = None,
    pcsc: bool = True,
) -> Program:
    """Open the installation in `home` and put its desk together; nobody is signed in yet.

    Args:
        home: the data folder; by default the person's own.
        passphrase_source: asked for the passphrase where the system has no key store; see `models.keystore`.
        clock: the time; by default the machine's.
        pcsc: whether to look at the readers of the PC/SC service.

    Raises:
        StorageError: the store, its key or its disk is not in order.
    """
    home = paths.home() if home is None else home
    clock = SystemClock() if clock is None else clock
    paths.ensure_private(home)
    settings = Settings(home / SETTINGS_FILE, clock)
    use_language(settings.get(UI_LANGUAGE))
    keystore = open_keystore(home, passphrase_source)
    store = open_store(home, keystore)
    attachments = AttachmentStore(home / ATTACHMENTS, attachment_key(keystore, home / ATTACHMENTS))
    lanes = Lanes(
        front=Lane("front", Rank.FRONT),
        data=Lane("data", Rank.DATA),
        network=Lane("network", Rank.NETWORK),
        computing=(Lane("computing-1", Rank.COMPUTING), Lane("computing-2", Rank.COMPUTING)),
    )
    bus = Bus(store, lanes.data, clock, (*STAGES, EXCHANGE))
    serve_letters(store, bus, attachments)
    software = _software_devices(settings)
    sources: tuple[ReaderSource, ...] = (software, PcscReaders()) if pcsc else (software,)
    devices = DeviceManager(load_profiles(), sources)

    sync = SyncEngine(
        lanes=lanes,
        store=store,
        bus=bus,
        attachments=attachments,
        client_factory=lambda: platform_client(store, keystore),
        clock=clock,
        interval_s=settings.get(SYNC_INTERVAL_S),
    )
    desk = Desk(
        lanes=lanes,
        store=store,
        bus=bus,
        devices=devices,
        sync=sync,
        settings=settings,
        attachments=attachments,
        clock=clock,
        actor=NOBODY,
    )
    return Program(home, desk, store, keystore, devices, software, sync, PlatformOffice())


def platform_client(store: Store, keystore: KeyStore) -> PlatformClient | None:
    """A client of the platform that the installation is enrolled with, or None."""
    with store.read() as session:
        address = facts.read(session, facts.PLATFORM_ADDRESS)
    token = keystore.get(PLATFORM_TOKEN)
    return None if address is None or token is None else PlatformClient(str(address), token.decode())


def _software_devices(settings: Settings) -> SoftwareDevices:
    """The software keys and chips that the settings name as `reader=file`."""
    software = SoftwareDevices()
    for entry in settings.get(DEVICES_SOFTWARE):
        reader, _equals, file = str(entry).partition("=")
        try:
            software.insert(reader, Path(file))
        except (OSError, ValueError):
            _log.warning("the software device %s could not be opened", reader)
    return software
