"""The demonstration on a screen: the real window over an embedded platform, with a software key, software chips and sample orders."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

from sealdesk.central import review
from sealdesk.central.platform import Platform, open_platform
from sealdesk.central.server import ServerThread
from sealdesk.cli.demo.acts import Act
from sealdesk.cli.demo.world import CHIP_READER, KEY_READER, SECOND_CHIP_READER, WORLD_FILE, World, make_world
from sealdesk.cli.passphrases import VARIABLE
from sealdesk.cli.verb import say
from sealdesk.cli.window import open_window
from sealdesk.core.clock import SystemClock
from sealdesk.core.i18n import _
from sealdesk.core.settings import DEVICES_SOFTWARE, SETTINGS_FILE, SYNC_INTERVAL_S, Settings

NO_KEYRING = "keyring.backends.fail.Keyring"
REVIEW_EVERY_S = 2.0


def show(folder: Path) -> int:
    """Open the window on the demonstration in `folder`, which is made on the first call and kept after it."""
    os.environ["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
    fresh = not (folder / WORLD_FILE).exists()
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make_world(folder)
    world = World.read(folder)
    os.environ[VARIABLE] = world.passphrase
    platform = open_platform(world.central)
    try:
        with ServerThread(platform, world.port):
            if fresh:
                _prepare(world, platform)
            _explain(world)
            with Reviewer(platform):
                return open_window(world.home, pcsc=False)
    finally:
        platform.close()


class Reviewer:
    """The platform's office in the demonstration: it sends the first registration back once and approves all others."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._main, name="demo-office", daemon=True)
        self._returned = False

    def __enter__(self) -> Reviewer:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def _main(self) -> None:
        while not self._stop.wait(REVIEW_EVERY_S):
            for line in review.list_orders(self._platform):
                if self._returned:
                    review.approve(self._platform, line.id, _("Demonstration office"))
                else:
                    self._returned = True
                    reason = _("Demonstration: the address is not the one on the business licence. Correct it and submit again.")
                    review.return_(self._platform, line.id, reason, _("Demonstration office"))


def _prepare(world: World, platform: Platform) -> None:
    """Enrol the installation and leave orders on several stages, so that no list is empty."""
    say(_("Preparing the demonstration …"))
    act = Act(world)
    try:
        act.enrol()
        act.sign_in()
        act.submit(act.register())
        act.exchange()
        review.approve(platform, review.list_orders(platform)[0].id, _("Demonstration office"))
        act.draft(1, "social.local.42")
        act.exchange()
    finally:
        act.close()
    settings = Settings(world.home / SETTINGS_FILE, SystemClock())
    readers = {KEY_READER: world.key_file, CHIP_READER: world.chip_file, SECOND_CHIP_READER: world.chip(2)}
    settings.set(DEVICES_SOFTWARE, [f"{reader}={file}" for reader, file in readers.items()])
    settings.set(SYNC_INTERVAL_S, 2.0)


def _explain(world: World) -> None:
    say(
        _("User name {user}, password {password}, PIN of the USB key {pin}").format(
            user=world.user, password=world.password, pin=world.key_pin
        )
    )
    say(_("Sample papers lie in resources/sample; the platform listens at {address}.").format(address=world.address))
