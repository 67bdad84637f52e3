"""Readers for the device tests: software readers in this process, and virtual readers of a real PC/SC service; the same tests run on both.

The service is our own: its folder is bound over /run/pcscd in a mount namespace of its own, its two slots listen on free ports. Where
namespaces are not allowed it runs without them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sealdesk.hardware.device import Connection
from sealdesk.hardware.drivers import gmt0017
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.emulator import Card
from sealdesk.hardware.drivers.gmt0017.profile import Profile, load_profiles, profile_of
from sealdesk.hardware.drivers.gmt0017.setup import blank_chip
from sealdesk.hardware.errors import ReaderLostError, ServiceNotRunningError, TokenRemovedError
from sealdesk.hardware.monitor import PcscReaders
from sealdesk.hardware.pcsc import PcscConnection, ReaderWatch
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.readers import ReaderSource, SoftwareDevices
from sealdesk.hardware.virtual import VirtualCard
from sealdesk.hardware.vpcd import VpcdSlot

DRIVER_LIBRARY = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

# The client library reads the name once per process, at its first call: it is set before any test can make one.
_FOLDER = Path(tempfile.mkdtemp(prefix="sealdesk-pcsc-"))
os.environ["PCSCLITE_CSOCK_NAME"] = str(_FOLDER / "run" / "pcscd.comm")


def eventually(question: Callable[[], bool], timeout_s: float = 10.0) -> bool:
    """Ask until it is true, or the time is over."""
    deadline = time.monotonic() + timeout_s
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class PcscService:
    """A pcscd of our own with two virtual slots."""

    readers = ("Virtual PCD 00 00", "Virtual PCD 00 01")

    def __init__(self, folder: Path, own_mounts: list[str]) -> None:
        self._folder = folder
        self._own_mounts = own_mounts
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _two_free_ports()
        (folder / "conf").mkdir(parents=True, exist_ok=True)
        (folder / "run").mkdir(exist_ok=True)
        (folder / "conf" / "vpcd").write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{self.port:04X}\nLIBPATH {DRIVER_LIBRARY}\nCHANNELID 0x{self.port:04X}\n'
        )

    def start(self) -> None:
        """Start it and wait until it shows its readers."""
        run = self._folder / "run"
        daemon = ["pcscd", "--foreground", "--config", str(self._folder / "conf")]
        Path("/run/pcscd").mkdir(exist_ok=True)
        isolated = [*self._own_mounts, "sh", "-c", f'mount --bind "{run}" /run/pcscd && exec {" ".join(daemon)}']
        if not self._own_mounts:  # a container without namespaces: its /run/pcscd is its own anyway
            if run.is_dir() and not run.is_symlink():
                shutil.rmtree(run)
            if not run.exists():
                run.symlink_to("/run/pcscd")
        with (self._folder / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(isolated if self._own_mounts else daemon, stdout=log, stderr=log)
        assert eventually(self._has_readers), (self._folder / "pcscd.log").read_text(errors="replace")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(5)
        self._process = None
        for left in ("pcscd.comm", "pcscd.pid"):
            (self._folder / "run" / left).unlink(missing_ok=True)

    def stop(self) -> None:
        """End it if it runs."""
        if self._process is not None:
            self.kill()

    def ensure(self) -> None:
        """Start it again when a test has ended it."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def _has_readers(self) -> bool:
        try:
            watch = ReaderWatch()
        except ServiceNotRunningError:
            return False
        try:
            return len(watch.look()) == len(self.readers)
        finally:
            watch.close()


def _two_free_ports() -> int:
    """The first of two neighbouring free ports (vpcd takes a port and the next one)."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("0.0.0.0", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("0.0.0.0", port + 1))
            except OSError:
                continue
            return port


class Bench(ABC):
    """Two readers that cards can be put into."""

    readers: tuple[str, str]

    @abstractmethod
    def insert(self, card: VirtualCard, slot: int = 0) -> None:
        """Put a card into a reader."""

    @abstractmethod
    def remove(self, slot: int = 0) -> None:
        """Take it out."""

    @abstractmethod
    def source(self) -> ReaderSource:
        """The readers for a device manager."""

    @abstractmethod
    def connect(self, slot: int = 0) -> Connection:
        """A connection to the card in a reader."""

    @abstractmethod
    def close(self) -> None:
        """Take everything out."""

    def token(self, slot: int = 0) -> Gmt0017Token:
        """The recognised token in a reader."""
        token = gmt0017.recognise(ApduProtocol(self.connect(slot)), self.readers[slot], load_profiles())
        assert token is not None
        return token


class ProcessBench(Bench):
    """Software readers of this process."""

    readers = ("软件密钥", "软件读卡器")

    def __init__(self) -> None:
        self._devices = SoftwareDevices()

    def insert(self, card: VirtualCard, slot: int = 0) -> None:
        self._devices.insert_card(self.readers[slot], card)

    def remove(self, slot: int = 0) -> None:
        self._devices.remove(self.readers[slot])

    def source(self) -> ReaderSource:
        return self._devices

    def connect(self, slot: int = 0) -> Connection:
        return self._devices.open(self.readers[slot])

    def close(self) -> None:
        self._devices.close()


class ServiceBench(Bench):
    """Virtual readers of a real PC/SC service."""

    def __init__(self, service: PcscService) -> None:
        self.service = service
        self.readers = service.readers
        self._slots = (VpcdSlot(service.port), VpcdSlot(service.port + 1))
        self._connections: list[Connection] = []
        for slot in (0, 1):
            self._wait(slot, present=False)

    def insert(self, card: VirtualCard, slot: int = 0) -> None:
        self.remove(slot)
        self._slots[slot].insert(card)
        self._wait(slot, present=True)

    def remove(self, slot: int = 0) -> None:
        self._slots[slot].remove()
        self._wait(slot, present=False)

    def source(self) -> ReaderSource:
        return PcscReaders(retry_s=0.1)

    def connect(self, slot: int = 0) -> Connection:
        connection = PcscConnection(self.readers[slot])
        self._connections.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        for slot in self._slots:
            slot.remove()

    def _wait(self, slot: int, *, present: bool) -> None:
        watch = ReaderWatch()
        try:
            assert eventually(lambda: _is_settled(watch, self.readers[slot], present)), "the service did not notice the card"
        finally:
            watch.close()


def _is_settled(watch: ReaderWatch, reader: str, present: bool) -> bool:
    """Whether the service shows a card or none, and has counted it: every card put in or taken out is one event.

    Between a failed reconnect and the next poll (0.4 s) it shows no card without having counted; one put in then is never noticed.
    """
    try:
        seen = next(seen for seen in watch.look() if seen.reader == reader)
    except (ReaderLostError, TokenRemovedError):
        return False
    return seen.is_present == present and seen.events % 2 == int(present) and bool(seen.atr) == present


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process runs all of these: where no mounts of one's own are allowed, there is only one /run/pcscd."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("pcscd"))


@pytest.fixture(scope="session")
def _service(own_mounts: list[str]) -> Iterator[PcscService]:
    service = PcscService(_FOLDER, own_mounts)
    service.start()
    yield service
    service.stop()
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture
def pcsc_service(_service: PcscService) -> PcscService:
    """A running PC/SC service with two empty virtual readers."""
    _service.ensure()
    return _service


@pytest.fixture
def service_bench(pcsc_service: PcscService) -> Iterator[ServiceBench]:
    """The readers of the real service."""
    bench = ServiceBench(pcsc_service)
    yield bench
    bench.close()


@pytest.fixture(params=["in_process", "pcscd"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Both kinds of readers, one after the other."""
    if request.param == "pcscd":
        yield request.getfixturevalue("service_bench")
        return
    bench = ProcessBench()
    yield bench
    bench.close()


@pytest.fixture
def profiles() -> tuple[Profile, ...]:
    """The profiles that ship with the program."""
    return load_profiles()


@pytest.fixture
def chip_card(profiles: tuple[Profile, ...]) -> Card:
    """A chip as the factory ships it."""
    return Card(blank_chip(profile_of("chip", profiles), "CHIP0001", "blank"))


@pytest.fixture(name="eventually")
def _eventually() -> Callable[..., bool]:
    """Ask until it is true, or the time is over."""
    return eventually
