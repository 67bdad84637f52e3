"""A whole world for the tests of 系统 and of the entrance: a platform that answers, a real program, software keys; and its window."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from sealdesk.app import Program, bootstrap
from sealdesk.central.platform import Platform, open_platform
from sealdesk.central.server import ServerThread
from sealdesk.cli.demo.world import KEY_READER, World, make_world, sample
from sealdesk.cli.passphrases import VARIABLE, from_terminal
from sealdesk.core.settings import SETTINGS_FILE, SYNC_INTERVAL_S, Settings
from sealdesk.crypto.sm2 import PublicKey
from sealdesk.domain.access import Actor
from sealdesk.domain.pin import Pin
from sealdesk.hardware.drivers.gmt0017.driver import Gmt0017Token
from sealdesk.hardware.drivers.gmt0017.emulator import Card, StateFile
from sealdesk.hardware.drivers.gmt0017.profile import load_profiles, profile_of
from sealdesk.hardware.drivers.gmt0017.session import TokenSession
from sealdesk.hardware.drivers.gmt0017.setup import blank_key, initialise_key, write_state
from sealdesk.hardware.protocol import ApduProtocol
from sealdesk.hardware.virtual import VirtualConnection
from sealdesk.stages.administration import enrolment
from sealdesk.stages.administration.enrolment import FirstUser
from sealdesk.stages.administration.queries import users
from sealdesk.ui import style_sheet
from sealdesk.ui.main_window import MainWindow
from sealdesk.ui.theme import Scheme
from sealdesk.ui.workspaces import administration
from sealdesk.workflow.desk import Desk

OTHER_READER = "软件读卡器 2"
WAIT_S = 30.0


@dataclass
class Place:
    """A running program in a world of its own."""

    world: World
    platform: Platform
    program: Program

    @property
    def desk(self) -> Desk:
        return self.program.desk

    def pin(self) -> Pin:
        return Pin(self.world.key_pin)

    def insert(self) -> None:
        """Put the first user's key into its reader."""
        self.program.software.insert(KEY_READER, self.world.key_file)
        assert self.program.devices.settle()

    def enrol(self) -> None:
        """The first run, without a window."""
        authority = enrolment.fetch_authority(self.desk, self.program.office, self.world.address).result(WAIT_S)
        first = FirstUser(authority, self.world.user, self.world.display_name, "", self.world.password)
        enrolment.enrol(self.desk, self.program.office, self.program.keep_token, first, "", self.pin()).result(WAIT_S)

    def other_key(self, holder: str, number: int = 2) -> Path:
        """Another maker's key of the same shop, not inserted."""
        file = self.world.folder / f"key-{number}.json"
        profile = profile_of("key", load_profiles())
        write_state(blank_key(f"TEST-KEY-{number:04d}"), file)
        session = TokenSession(ApduProtocol(VirtualConnection(Card(StateFile(file)), OTHER_READER)))
        point = initialise_key(session, profile, holder, Pin("135790"), Pin("13579246"))
        certificate = self.platform.issue_maker(sample()["shop"]["code"], holder, PublicKey.from_point(point))
        token = Gmt0017Token(session, OTHER_READER, profile, session.get_device_info())
        token.unlock(Pin("135790"))
        token.import_certificate(certificate.der)
        token.lock()
        return file


@contextmanager
def running(world: World) -> Iterator[Place]:
    """The platform and the program of a world, with the first user's key inserted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, world.passphrase)
        platform = open_platform(world.central)
        try:
            with ServerThread(platform, world.port):
                program = bootstrap(world.home, passphrase_source=from_terminal, pcsc=False)
                try:
                    place = Place(world, platform, program)
                    place.insert()
                    yield place
                finally:
                    assert program.close()
        finally:
            platform.close()


@pytest.fixture(scope="session")
def new_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world in which nobody is enrolled; made once, every test gets a copy."""
    folder = tmp_path_factory.mktemp("new") / "world"
    folder.mkdir()
    world = make_world(folder)
    world.home.mkdir(parents=True)
    Settings(world.home / SETTINGS_FILE).set(SYNC_INTERVAL_S, 3600.0)
    return folder


@pytest.fixture(scope="session")
def enrolled_world(new_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the first run."""
    folder = tmp_path_factory.mktemp("enrolled") / "world"
    shutil.copytree(new_world, folder)
    with running(World.read(folder)) as place:
        place.enrol()
    return folder


@pytest.fixture
def place(new_world: Path, tmp_path: Path) -> Iterator[Place]:
    """A new installation with its key inserted; nobody is enrolled."""
    shutil.copytree(new_world, tmp_path / "world")
    with running(World.read(tmp_path / "world")) as made:
        yield made


@pytest.fixture
def office(enrolled_world: Path, tmp_path: Path) -> Iterator[tuple[Place, Desk]]:
    """An enrolled installation and the desk of its first user."""
    shutil.copytree(enrolled_world, tmp_path / "world")
    with running(World.read(tmp_path / "world")) as made:
        user = made.desk.tell(users)[0]
        yield made, made.desk.signed_in(Actor(user.id, user.display_name, frozenset(user.permissions), user.keys[0].fingerprint))


@pytest.fixture
def window_of(qtbot: QtBot) -> Iterator[Callable[[Desk], tuple[MainWindow, Any]]]:
    """Opens the main window on 系统 and returns it with the workspace."""
    windows: list[MainWindow] = []

    def open_one(desk: Desk) -> tuple[MainWindow, Any]:
        window = MainWindow(desk, (administration.SPEC,))
        qtbot.addWidget(window)
        window.resize(1366, 768)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        windows.append(window)
        return window, window.stack.currentWidget()

    yield open_one
    for window in windows:
        window.close()


@pytest.fixture
def shoot(qtbot: QtBot, qapp: QApplication) -> Callable[[QWidget, str], None]:
    """Keeps pictures in both schemes in the folder named by SEALDESK_SHOTS; without it does nothing."""
    folder = os.environ.get("SEALDESK_SHOTS")

    def shoot_both(widget: QWidget, name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for scheme in (Scheme.DARK, Scheme.LIGHT):
            style_sheet.apply(qapp, scheme)
            qtbot.wait(150)
            assert widget.grab().save(str(Path(folder) / f"{name}-{scheme.value}.png"))

    return shoot_both
