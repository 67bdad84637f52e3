"""Many commands through a platform that fails, dies and comes back, and through a client that dies: none lost, none doubled."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sealdesk.central.platform import open_platform
from sealdesk.models.outbox import OutboxRow
from sealdesk.wire.enrolment import BindKey
from sealdesk.wire.registrations import SubmitRegistration
from sealdesk.workflow import facts
from sealdesk.workflow.uow import UnitOfWork

ORDERS = 25
BINDINGS = 190

SERVER = """
import random, sys
from pathlib import Path
import uvicorn
from sealdesk.central.app import create_app
from sealdesk.central.faults import Faults
from sealdesk.central.platform import open_platform
platform = open_platform(Path(sys.argv[1]))
faults = Faults(refuse=0.06, break_off=0.06, lose=0.07, fail_after=0.06, chance=random.Random(int(sys.argv[3])))
uvicorn.run(create_app(platform, faults), host="127.0.0.1", port=int(sys.argv[2]), log_config=None)
"""

CLIENT = """
import sys
from pathlib import Path
from sealdesk.core.clock import SystemClock
from sealdesk.core.lanes import Lane, Rank
from sealdesk.models.attachments import AttachmentStore
from sealdesk.models.database import Store
from sealdesk.stages import STAGES
from sealdesk.sync.engine import SyncEngine
from sealdesk.sync.http import PlatformClient
from sealdesk.workflow.bus import Bus
from sealdesk.workflow.desk import Lanes
home, address, token = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
lanes = Lanes(Lane("front", Rank.FRONT), Lane("data", Rank.DATA), Lane("network", Rank.NETWORK), ())
store = Store.open(home / "store.db", bytes(range(32)))
clock = SystemClock()
bus = Bus(store, lanes.data, clock, STAGES)
engine = SyncEngine(
    lanes, store, bus, AttachmentStore(home / "attachments", bytes(range(32))), lambda: PlatformClient(address, token), clock, 0
)
while True:
    state = engine.exchange().result()
    if state.online and not state.waiting:
        break
engine.close()
lanes.close()
store.close()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(log: Path, script: str, *arguments: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-c", script, *(str(argument) for argument in arguments)]
    with log.open("ab") as said:  # a pipe that nobody reads would stop a server that complains
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(10)


@pytest.mark.long
@pytest.mark.timeout(240)
def test_nothing_is_lost_and_nothing_doubled_whatever_dies(place: Any, platform: Any, server: Any, tmp_path: Path) -> None:
    first = place.submitted()
    body = SubmitRegistration.model_validate(place.ask(lambda session: session.query(OutboxRow).one().body))
    attachments = tuple(place.ask(lambda session: session.query(OutboxRow).one().attachments))
    place.change(lambda session: _fill(session, place, body, attachments))
    total = place.ask(lambda session: session.query(OutboxRow).count())
    assert total > 200
    address, token, home = place.address, place.tokens[-1], place.home
    place.engine.close()
    server.stop()
    platform.store.close()
    port = int(address.rsplit(":", 1)[1])
    chance = random.Random(11)
    deaths, log = 0, tmp_path / "said.txt"
    serving = start(log, SERVER, tmp_path / "platform", port, 1)
    working = start(log, CLIENT, home, address, token)
    try:
        until = time.monotonic() + 150
        while working.poll() is None:
            assert time.monotonic() < until, f"not finished after {deaths} deaths"
            time.sleep(chance.uniform(2.0, 3.5))
            if deaths < 6 and working.poll() is None:
                deaths += 1
                if deaths % 2:
                    kill(serving)
                    serving = start(log, SERVER, tmp_path / "platform", port, deaths)
                else:
                    kill(working)
                    working = start(log, CLIENT, home, address, token)
        assert working.returncode == 0, log.read_text()[-3000:]
    finally:
        kill(serving)
        if working.poll() is None:
            kill(working)
    assert deaths >= 3
    _compare(place, tmp_path / "platform", total, first)


def _fill(session: Any, place: Any, body: SubmitRegistration, attachments: tuple[str, ...]) -> None:
    """Many registrations of one unit and many bindings, left in the outbox as handlers leave them."""
    from uuid import uuid4

    uow = UnitOfWork(session, place.actor, place.bus._clock.now())
    for _ in range(ORDERS - 1):
        seals = [seal.model_copy(update={"id": str(uuid4())}) for seal in body.seals]
        uow.send("registration.submit", str(uuid4()), body.model_copy(update={"seals": seals}), attachments)
    import base64

    for number in range(BINDINGS):
        certificate = base64.b64encode(place.certificate.der).decode()
        uow.send("key.bind", str(uuid4()), BindKey(user=f"user{number}", display_name="李师傅", certificate=certificate))


def _compare(place: Any, home: Path, total: int, first: str) -> None:
    keys = place.ask(lambda session: {row.key: row.state for row in session.query(OutboxRow)})
    installation = place.ask(lambda session: facts.read(session, facts.INSTALLATION))
    assert set(keys.values()) == {"done"}
    again = open_platform(home)
    try:
        with again.store.read() as work:
            known = [row for subject in _subjects(place) for row in work.commands_about(subject)]
            orders = work.subjects.orders()
            assert {row.installation for row in known} == {installation}
            assert sorted(row.key for row in known) == sorted(keys)
            assert len(known) == total
            assert len(orders) == ORDERS
            assert {row.rev for row in orders} == {1}
            assert work.subjects.order(first) is not None
    finally:
        again.close()


def _subjects(place: Any) -> list[str]:
    return [str(subject) for subject in place.ask(lambda session: [row.subject for row in session.query(OutboxRow)])]
