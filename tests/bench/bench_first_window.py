"""Time from the start of the process to the first paint of its window, and to the sign-in; run by hand, or by `dev.py bench`.

    .venv/bin/python tests/bench/bench_first_window.py [runs]

It judges nothing: times depend on the machine. It starts a display and an installation of its own and removes both.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 7

MEASURED = """
import os, sys, time
from PySide6.QtCore import QTimer
from sealdesk.cli import main
from sealdesk.ui import app
from sealdesk.ui.opening import OpeningWindow

def lived():
    ticks = int(open("/proc/self/stat").read().rpartition(")")[2].split()[19])
    return float(open("/proc/uptime").read().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")

begin, entered = OpeningWindow.begin, app.Course._on_opened

def painted(window):
    if not window._begun:
        print(f"{lived():.3f}", flush=True)
    begin(window)

def opened(course, what):
    entered(course, what)
    QTimer.singleShot(0, lambda: (print(f"{lived():.3f}", flush=True), course.opening.close()))

OpeningWindow.begin, app.Course._on_opened = painted, opened
sys.exit(main(["window", "--home", sys.argv[1]]))
"""


def measure(folder: Path) -> tuple[float, float]:
    """Seconds to the first paint and to the sign-in page of one start."""
    ran = subprocess.run([sys.executable, "-c", MEASURED, str(folder)], capture_output=True, text=True, check=True)
    paint, sign_in = (float(line) for line in ran.stdout.split())
    return paint, sign_in


def main(runs: int = RUNS) -> None:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as answer, tempfile.TemporaryDirectory() as folder:
            os.environ["DISPLAY"] = f":{answer.readline().strip()}"
            os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
            os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
            os.environ["SEALDESK_PASSPHRASE"] = "only for this measurement"
            measure(Path(folder))  # makes the installation and warms the caches
            times = [measure(Path(folder)) for _number in range(runs)]
    finally:
        server.terminate()
        server.wait()
    for name, column in zip(("first paint", "sign-in page"), zip(*times, strict=True), strict=True):
        sys.stdout.write(f"{name:14} median {statistics.median(column):.2f} s  ({min(column):.2f} to {max(column):.2f}, {runs} runs)\n")


def test_the_first_window_is_measured() -> None:
    main()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
