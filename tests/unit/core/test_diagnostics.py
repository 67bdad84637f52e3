"""Crashes: each leaves a report without secrets, and the program's hooks come back."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealdesk.core.clock import FixedClock
from sealdesk.core.diagnostics import CrashHandler

pytestmark = pytest.mark.allowed_logs("uncaught")


@pytest.fixture
def reported() -> list[tuple[Path, BaseException]]:
    return []


@pytest.fixture
def handler(tmp_path: Path, reported: list[tuple[Path, BaseException]]) -> CrashHandler:
    clock = FixedClock(datetime(2026, 3, 2, 4, 0, tzinfo=UTC))
    return CrashHandler(tmp_path, clock, lambda file, error: reported.append((file, error)))


@pytest.fixture
def installed(handler: CrashHandler) -> Iterator[CrashHandler]:
    import faulthandler

    was_enabled = faulthandler.is_enabled()
    handler.install()
    yield handler
    handler.uninstall()
    if was_enabled:
        faulthandler.enable(sys.__stderr__)


def failure() -> ValueError:
    try:
        pin = "13800001111"
        raise ValueError(f"bad card of 11010519491231002X, pin={pin}")
    except ValueError as error:
        return error


def test_report_holds_the_traceback_and_no_secrets(handler: CrashHandler) -> None:
    file = handler.report(failure(), "lane-data")
    assert file is not None
    text = file.read_text("utf-8")
    assert "lane-data" in text
    assert "2026-03-02T04:00:00.000Z" in text
    assert "in failure" in text
    assert "ValueError" in text
    assert "11010519491231002X" not in text
    assert "13800001111" not in text


def test_two_crashes_in_one_second_have_two_reports(handler: CrashHandler) -> None:
    assert handler.report(failure(), "a") != handler.report(failure(), "b")


def test_old_reports_are_forgotten(handler: CrashHandler, tmp_path: Path) -> None:
    files = [handler.report(failure(), str(number)) for number in range(25)]
    kept = set((tmp_path / "reports").glob("crash-*.txt"))
    assert len(kept) == 20
    assert files[-1] in kept


@pytest.mark.allowed_logs("could not be written")
def test_report_that_cannot_be_written_is_no_second_crash(tmp_path: Path, reported: list[tuple[Path, BaseException]]) -> None:
    (tmp_path / "file").write_text("in the way")
    handler = CrashHandler(tmp_path / "file", on_report=lambda file, error: reported.append((file, error)))
    assert handler.report(failure(), "main") is None


def test_main_thread_and_other_threads_are_covered(installed: CrashHandler, reported: list[tuple[Path, BaseException]]) -> None:
    error = failure()
    sys.excepthook(type(error), error, error.__traceback__)

    def fail() -> None:
        raise LookupError("on a thread")

    thread = threading.Thread(target=fail, name="lane-network")
    thread.start()
    thread.join()
    assert [type(caught) for _file, caught in reported] == [ValueError, LookupError]
    assert "lane-network" in reported[1][0].read_text("utf-8")


def test_interrupt_by_keyboard_is_no_crash(handler: CrashHandler, reported: list[tuple[Path, BaseException]]) -> None:
    seen: list[type[BaseException]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "excepthook", lambda kind, _error, _trace: seen.append(kind))
        handler.install()
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        handler.uninstall()
    assert seen == [KeyboardInterrupt]
    assert reported == []


def test_hooks_come_back(handler: CrashHandler) -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    handler.install()
    assert sys.excepthook is not before[0]
    handler.uninstall()
    handler.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_hard_fault_leaves_a_trace(tmp_path: Path) -> None:
    program = textwrap.dedent(
        f"""
        import ctypes, pathlib, resource
        from sealdesk.core.diagnostics import CrashHandler
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        CrashHandler(pathlib.Path({str(tmp_path)!r})).install()
        def deep_inside():
            ctypes.string_at(0)
        deep_inside()
        """
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == -signal.SIGSEGV
    assert "deep_inside" in (tmp_path / "reports" / "hard-faults.log").read_text()
