"""What is kept of a crash: a report file that a person can read and send, and the interpreter's own trace of a hard fault.

Reports hold the traceback and versions, redacted; never values of variables. The page that diagnoses devices and services is not here.
"""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TextIO

from sealdesk import __version__
from sealdesk.core.clock import Clock, SystemClock, stamp
from sealdesk.core.logs import redact
from sealdesk.core.paths import ensure_private

REPORT_FOLDER = "reports"
FAULT_FILE = "hard-faults.log"
_REPORTS_KEPT = 20

_log = logging.getLogger(__name__)

Listener = Callable[[Path, BaseException], None]


class CrashHandler:
    """Catches what nobody caught, on every thread, while it is installed."""

    def __init__(self, home: Path, clock: Clock | None = None, on_report: Listener | None = None) -> None:
        """Nothing is taken over before `install`.

        Args:
            home: the data folder; reports go to its `reports`.
            clock: what time it is.
            on_report: called on the failing thread with the report and the exception; the window shows its dialog from it.
        """
        self._folder = home / REPORT_FOLDER
        self._clock = clock or SystemClock()
        self._on_report = on_report
        self._faults: TextIO | None = None
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def install(self) -> None:
        """Take over the interpreter's hooks and let hard faults (in C code) be written to a file."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        self._faults = (ensure_private(self._folder) / FAULT_FILE).open("a", encoding="utf-8")
        faulthandler.enable(self._faults, all_threads=True)

    def uninstall(self) -> None:
        """Give everything back."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        faulthandler.disable()
        if self._faults is not None:
            self._faults.close()
            self._faults = None

    def report(self, error: BaseException, where: str) -> Path | None:
        """Write a report of `error` and return its file; None when even that failed (the log has it then)."""
        _log.error("uncaught %s in %s", type(error).__name__, where, exc_info=(type(error), error, error.__traceback__))
        try:
            ensure_private(self._folder)
            moment = self._clock.now()
            file = self._free_name(f"crash-{moment:%Y%m%dT%H%M%S}")
            file.write_text(redact(describe(error, where, stamp(moment))), encoding="utf-8")
            self._forget_oldest()
        except OSError as refused:
            _log.error("the crash report could not be written: %s", refused.strerror)
            return None
        return file

    def _tell(self, error: BaseException, where: str) -> None:
        file = self.report(error, where)
        if file is not None and self._on_report is not None:
            self._on_report(file, error)

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self._tell(error, "main thread" if threading.current_thread() is threading.main_thread() else threading.current_thread().name)

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            self._tell(arguments.exc_value, arguments.thread.name if arguments.thread is not None else "a thread")

    def _on_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        if arguments.exc_value is not None:
            self.report(arguments.exc_value, arguments.err_msg or "clean-up")

    def _free_name(self, stem: str) -> Path:
        number = 1
        while (file := self._folder / f"{stem}-{number}.txt").exists():
            number += 1
        return file

    def _forget_oldest(self) -> None:
        reports = sorted(self._folder.glob("crash-*.txt"), key=lambda file: file.stat().st_mtime_ns)
        for file in reports[:-_REPORTS_KEPT]:
            file.unlink(missing_ok=True)


def describe(error: BaseException, where: str, when: str) -> str:
    """What a report says: when, where, versions, and the traceback without values of variables."""
    lines = [
        f"sealdesk {__version__}",
        f"time     {when}",
        f"place    {where}",
        f"Python   {platform.python_version()} {platform.architecture()[0]}",
        f"system   {platform.platform()}",
        f"error    {type(error).__module__}.{type(error).__qualname__}",
        "",
    ]
    return "\n".join(lines) + "\n" + "".join(traceback.format_exception(error))
