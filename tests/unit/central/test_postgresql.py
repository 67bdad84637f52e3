"""The platform on a real PostgreSQL: the feed gives every change to a reader who follows while many write."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from sealdesk.central import review
from sealdesk.central.authority import Office
from sealdesk.central.platform import Platform, ShopEntry, found_platform
from sealdesk.central.store import CentralStore

WRITERS = 8
EACH = 60
SHOP = ShopEntry("220681000007", "精工印章", "220681")

pytestmark = [pytest.mark.long, pytest.mark.timeout(180)]


def _tool(name: str) -> str:
    """A program of PostgreSQL; Debian keeps them apart by version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")) or [Path(shutil.which(name) or name)]
    return str(found[-1])


@pytest.fixture(scope="module")
def cluster() -> Iterator[Callable[[str], str]]:
    """Makes databases by name in a private cluster on a socket of its own; PostgreSQL refuses to run as root, so root steps down for it."""
    folder = Path(f"/tmp/sealdesk-pg-{uuid4().hex[:12]}")
    folder.mkdir(mode=0o700)
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, cwd=folder, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}, **owner
        )

    data = folder / "data"
    run(_tool("initdb"), "-D", str(data), "-U", "sealdesk", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run(_tool("pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:

        def make(name: str) -> str:
            run(_tool("createdb"), "-h", str(folder), "-U", "sealdesk", name)
            return f"postgresql+psycopg://sealdesk@/{name}?host={folder}"

        yield make
    finally:
        run(_tool("pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def database(cluster: Callable[[str], str]) -> str:
    """An empty database."""
    return cluster(f"central_{uuid4().hex[:8]}")


@pytest.fixture
def platform(tmp_path: Path, database: str, clock: Any) -> Iterator[Platform]:
    office = Office("220681000000", "临江市公安局")
    made = found_platform(tmp_path / "platform", name="示例平台", office=office, shops=(SHOP,), clock=clock, database=database)
    yield made
    made.close()


def test_reader_who_follows_many_writers_misses_no_change(platform: Platform, database: str) -> None:
    done = threading.Event()
    seen: list[int] = []

    def follow() -> None:
        reader = CentralStore(database)
        while True:
            last = done.is_set()
            with reader.read() as work:
                found = [row.seq for row in work.changes(SHOP.code, seen[-1] if seen else 0, 50)]
            seen.extend(found)
            if last and not found:
                reader.close()
                return

    def write(_number: int) -> None:
        for count in range(EACH):
            with platform.store.write() as work:
                work.append_change(
                    shop_code=SHOP.code,
                    kind="registration.returned",
                    subject=str(uuid4()),
                    rev=count,
                    body={},
                    at="2026-11-23T02:00:00.000Z",
                )

    reading = threading.Thread(target=follow)
    reading.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    done.set()
    reading.join(60)
    assert seen == list(range(1, WRITERS * EACH + 1))


def test_route_works_on_postgresql_and_a_key_sent_many_times_at_once_counts_once(platform: Platform, stranger: Any, seal: Any) -> None:
    client = stranger()
    client.enrol()
    order_id, key, body = str(uuid4()), str(uuid4()), client.registration(seal("01", "physical"))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: client.command("registration.submit", order_id, body, 0, key).json(), range(12)))
    assert {answer["result"] for answer in answers} == {"applied"}
    assert client.order(order_id)["rev"] == 1
    bodies = [client.registration(seal("05", "physical")) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda one: client.command("registration.submit", str(uuid4()), one, 0).json()["result"], bodies))
    assert sorted(results) == ["applied"] + ["refused"] * 5
    assert review.approve(platform, order_id, "王警官")
    assert client.changes()["items"][-1]["kind"] == "permit.issued"
