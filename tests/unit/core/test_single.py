"""One program on one data folder: the second is refused by name, and a crash leaves nothing in the way."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealdesk.core import single
from sealdesk.core.single import LOCK_FILE, AlreadyOpenError, LockNotMadeError, SingleProgram

HOLDER = """
import sys
from pathlib import Path
from sealdesk.core.single import SingleProgram
held = SingleProgram(Path(sys.argv[1]))
held.take()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_second_program_is_refused_with_the_number_of_the_first(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(AlreadyOpenError) as refused:
        SingleProgram(tmp_path).take()
    assert refused.value.process == holder.pid
    assert str(holder.pid) in str(refused.value)


def test_killed_program_leaves_nothing_in_the_way(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert (tmp_path / LOCK_FILE).read_text() == str(holder.pid)
    single_program = SingleProgram(tmp_path)
    single_program.take()
    assert (tmp_path / LOCK_FILE).read_text() == str(os.getpid())
    single_program.release()


def test_released_folder_can_be_taken_again(tmp_path: Path) -> None:
    first, second = SingleProgram(tmp_path), SingleProgram(tmp_path)
    first.take()
    first.take()
    with pytest.raises(AlreadyOpenError):
        second.take()
    first.release()
    second.take()
    second.release()
    second.release()


def test_other_folder_is_free(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    held = SingleProgram(other)
    held.take()
    held.release()


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LockNotMadeError):
        SingleProgram(tmp_path / "missing").take()


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that knows no locks."""

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(single, "_lock", refuse)


@pytest.mark.usefixtures("no_locks")
def test_without_locks_a_running_process_counts(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).write_text(str(os.getppid()))
    with pytest.raises(AlreadyOpenError):
        SingleProgram(tmp_path).take()


@pytest.mark.usefixtures("no_locks")
@pytest.mark.parametrize("left", ["", "0", "not a number", "ended", "own"])
def test_without_locks_what_a_crash_left_does_not_count(tmp_path: Path, left: str) -> None:
    if left == "ended":
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        left = str(ended.pid)
    (tmp_path / LOCK_FILE).write_text(str(os.getpid()) if left == "own" else left)
    held = SingleProgram(tmp_path)
    held.take()
    held.release()
