"""The walk: the main job from a customer's papers to signed seals in his hand, with the platform stopped and the program killed on the way.

The walk itself only starts and stops processes and plays the platform's office; all work is done by the program's own acts, each a process
of its own (`acts`), and by the platform, another one.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sealdesk.cli.demo.acts import WAITING_MARK, Act, step
from sealdesk.cli.demo.dossier import write_dossier
from sealdesk.cli.demo.world import CHIP_READER, World, make_world
from sealdesk.cli.passphrases import VARIABLE
from sealdesk.cli.verb import say
from sealdesk.core.i18n import _
from sealdesk.domain import orders
from sealdesk.stages.registration.queries import order_lines

NO_KEYRING = "keyring.backends.fail.Keyring"
"""The walk keeps its secrets in its own folder under a passphrase and leaves the person's key store alone."""


def walk(folder: Path) -> int:
    """Walk the main job in `folder` (made anew) and print where the results lie; 0 when every step and every check succeeded."""
    began = time.perf_counter()
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    with step(_("Set up platform, USB key and chips")):
        world = make_world(folder)
    platform = _Platform(world)
    with step(_("Start the platform")):
        platform.start()
    try:
        _act(world, "register")
        with step(_("The office returns the registration")):
            platform.review("return", "--reason", _("The address is not the one on the business licence."))
        _act(world, "resubmit")
        with step(_("The office approves it and issues the permit")):
            platform.review("approve")
        _act(world, "receive")
        with step(_("The platform is stopped")):
            platform.stop()
        _act(world, "offline", kill_at=WAITING_MARK)
        say(_("  The program was killed with SIGKILL in the middle of burning"))
        with step(_("The platform comes back")):
            platform.start()
        _act(world, "finish")
    finally:
        platform.stop()
    say(_("Done in {seconds:.1f} s. The results lie in {folder}").format(seconds=time.perf_counter() - began, folder=folder / "results"))
    say(_("VERIFY.md in that folder names the commands that check them; all of them were run and succeeded."))
    return 0


def play(name: str, folder: Path) -> int:
    """Play one act of the walk in this process."""
    act = Act(World.read(folder))
    _ACTS[name](act)
    act.close()
    return 0


def _register(act: Act) -> None:
    with step(_("First run: fingerprint compared, key proven, installation enrolled")):
        act.enrol()
    with step(_("Sign in")):
        act.sign_in()
    with step(_("Register unit, handler and two seals, attach papers, save the draft")):
        order_id = act.register()
    with step(_("Submit without power of attorney is refused")):
        refusal = act.submit_refused(order_id)
    say(f"    {refusal}")
    with step(_("Attach the power of attorney and submit")):
        act.submit(order_id)
    with step(_("Send to the platform")):
        act.exchange()


def _resubmit(act: Act) -> None:
    with step(_("Sign in and fetch what the platform says")):
        act.sign_in()
        act.exchange()
    (line,) = act.desk.tell(lambda session: order_lines(session, (orders.RETURNED,)))
    with step(_("Edit as the reason asks and submit again")):
        reason = act.resubmit(line.id)
        act.exchange()
    say(f"    {reason}")


def _receive(act: Act) -> None:
    with step(_("Sign in and receive the permit")):
        act.sign_in()
        act.exchange()


def _offline(act: Act) -> None:
    with step(_("Sign in without the platform")):
        act.sign_in()
    with step(_("Verify, countersign and accept the permit")):
        act.countersign_and_accept()
    with step(_("Export the face of the physical seal and mark it made")):
        faces = act.world.results / "faces"
        faces.mkdir(parents=True, exist_ok=True)
        act.make_physical(faces)
    with step(_("Burn the chip")):
        act.burn(CHIP_READER, act.world.chip_file)
    raise RuntimeError("the platform was to be away")


def _finish(act: Act) -> None:
    with step(_("Sign in again; everything that waited is sent")):
        act.sign_in()
        act.exchange()
    with step(_("Finish the chip where the burning was cut off")):
        act.burn(CHIP_READER, act.world.chip_file)
    with step(_("Sign the query information, burn it, read it back")):
        act.sign_and_burn_query(CHIP_READER)
    with step(_("Hand over: papers checked, delivery signed and burned, slip printed")):
        act.hand_over(CHIP_READER, act.world.results)
    with step(_("Last exchange")):
        act.exchange()
    with step(_("Compare both sides, verify the audit trail, write and run VERIFY.md")):
        for line in write_dossier(act):
            say(f"    {line}")


_ACTS: dict[str, Callable[[Act], None]] = {
    "register": _register,
    "resubmit": _resubmit,
    "receive": _receive,
    "offline": _offline,
    "finish": _finish,
}


def _environment(world: World) -> dict[str, str]:
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": NO_KEYRING, VARIABLE: world.passphrase, "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # every act is a process of its own: compiling each time would be most of it
    return environment


def _act(world: World, name: str, kill_at: str = "") -> None:
    """Run an act as a process of its own; with `kill_at` it is killed with SIGKILL as soon as it prints that line.

    Raises:
        RuntimeError: it failed, or ended before it could be killed.
    """
    command = [sys.executable, "-m", "sealdesk", "demo", "--act", name, "--folder", str(world.folder)]
    process = subprocess.Popen(command, env=_environment(world), stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    killed = False
    for line in process.stdout:
        if kill_at and line.rstrip("\n") == kill_at:
            process.send_signal(signal.SIGKILL)
            killed = True
            break
        say(line.rstrip("\n"))
    code = process.wait()
    process.stdout.close()
    if killed != bool(kill_at) or (not killed and code != 0):
        raise RuntimeError(f"the act {name} ended with {code}")


class _Platform:
    """The platform as a process of its own, and its office's command line."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        world = self._world
        command = [sys.executable, "-m", "sealdesk", "central", "serve", "--home", str(world.central), "--port", str(world.port)]
        self._process = subprocess.Popen(command, env=_environment(self._world), stdout=subprocess.DEVNULL, text=True)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._world.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the platform did not start")

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(20)
        self._process = None

    def review(self, decision: str, *more: str) -> None:
        """Decide about the one registration that waits, on the platform's command line."""
        command = [sys.executable, "-m", "sealdesk", "central", "review", decision, "--home", str(self._world.central), "--next", *more]
        subprocess.run(command, env=_environment(self._world), check=True, stdout=subprocess.DEVNULL)
