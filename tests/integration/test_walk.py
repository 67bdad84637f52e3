"""The walk, as anybody runs it: a process of its own, judged by what it leaves behind and by openssl."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.long, pytest.mark.timeout(300), pytest.mark.xdist_group("walk")]


def sealdesk(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a verb of the program."""
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **more}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "sealdesk", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=280)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder that was walked in, and what the walk printed."""
    folder = tmp_path_factory.mktemp("walk") / "walk"
    done = sealdesk("demo", "--walk", "--folder", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def commands(results: Path) -> list[str]:
    """The commands of VERIFY.md."""
    return re.findall(r"```sh\n(.*?)\n```", (results / "VERIFY.md").read_text(encoding="utf-8"), re.DOTALL)


def run(command: str, folder: Path) -> int:
    """Run one of them there."""
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False).returncode


def test_walk_prints_a_line_with_its_time_for_each_step(walked):
    _folder, printed = walked
    steps = [line for line in printed.splitlines() if re.fullmatch(r"  \S.*  +\d+\.\d\d s", line)]
    assert len(steps) >= 18


def test_walk_leaves_everything_that_was_promised(walked):
    results = walked[0] / "results"
    expected = {"VERIFY.md", "facts.json", "history.txt", "permit.pdf", "slip.pdf"}
    expected |= {"chip/ORDER", "chip/PERMIT", "chip/FACE", "chip/QUERY", "chip/DELIVERY"}
    assert {name for name in expected if (results / name).stat().st_size > 0} == expected
    endings = {file.suffix for file in (results / "faces").iterdir()}
    assert {".svg", ".pdf", ".png"} <= endings


def test_every_command_of_the_verification_succeeds(walked):
    results = walked[0] / "results"
    listed = commands(results)
    assert len(listed) >= 14
    assert [command for command in listed if run(command, results) != 0] == []


@pytest.mark.parametrize(
    "name",
    [
        "records/permit.json",
        "records/countersignature.json",
        "records/query.json",
        "records/delivery.sig",
        "chip/QUERY",
        "chip/certificate.pem",
    ],
)
def test_verification_notices_a_changed_file(walked, tmp_path, name):
    copy = tmp_path / "results"
    shutil.copytree(walked[0] / "results", copy)
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    assert any(run(command, copy) != 0 for command in commands(copy))


def test_audit_trail_of_the_walk_is_whole(walked):
    folder = walked[0]
    import json

    passphrase = json.loads((folder / "world.json").read_text(encoding="utf-8"))["passphrase"]
    done = sealdesk("audit", "verify", SEALDESK_HOME=str(folder / "home"), SEALDESK_PASSPHRASE=passphrase)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = sealdesk("audit", "show", "--limit", "500", SEALDESK_HOME=str(folder / "home"), SEALDESK_PASSPHRASE=passphrase)
    assert shown.returncode == 0, shown.stderr
    assert "签收" in shown.stdout and "SignDelivery" not in shown.stdout
    wrong = sealdesk("audit", "verify", SEALDESK_HOME=str(folder / "home"), SEALDESK_PASSPHRASE="not it")
    assert wrong.returncode == 1


def test_nothing_personal_lies_open_on_the_disk(walked):
    folder = walked[0] / "home"
    secrets = ["沈云帆".encode(), b"220699198405129171", b"19900000001", b"246810"]
    for file in (file for file in folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        assert [secret for secret in secrets if secret in content] == [], file.name
