"""What every test may rely on: a home of its own, a real display, a real key store, and no surprise in the logs.

Nothing here stands in for a component: the display is an X server, the key store is a Secret Service on a message bus. Both are
started once for each test process, when the first test asks for them.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeoutError
from pytestqt.qtbot import QtBot

from sealdesk.core import i18n
from tools import texts

SECRETS = "org.freedesktop.secrets"

# A slow or busy machine is no defect of what is tested.
# The same examples each time, so that what lands is what was tested; `--hypothesis-profile=explore` looks for new ones.
_HYPOTHESIS: dict[str, Any] = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("sealdesk", derandomize=True, database=None, **_HYPOTHESIS)
hypothesis.settings.register_profile("explore", print_blob=True, **_HYPOTHESIS)
hypothesis.settings.load_profile("sealdesk")


LONG = (
    "accuracy",
    "device/test_interruptions.py",
    "device/test_manager.py",
    "device/test_token.py",
    "sync/test_audit_heads.py",
    "sync/test_exchange.py",
    "ui/administration",
    "ui/counter/test_acceptance.py",
    "ui/counter/test_registration.py",
    "ui/templates",
    "ui/test_parts_gallery.py",
    "unit/central/test_commands.py",
    "unit/central/test_review.py",
    "unit/documents/test_papers.py",
    "unit/face/test_shop_letters.py",
    "unit/stages/devices/test_burning.py",
    "unit/stages/devices/test_certificate_requests.py",
    "unit/stages/test_templates_letters.py",
    "unit/stages/test_templates_proofs.py",
    "unit/stages/test_templates_scans.py",
)
"""Whole files and folders that count as long, by what they took; single tests carry the mark themselves."""


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Collect here what the program's own collector would find while a window runs."""
    if not gc.isenabled() and gc.get_count()[0] > 100 * gc.get_threshold()[0]:
        gc.collect()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long, so that the quick ones stay quick; what reads the whole tree does so in one process."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here / "architecture"):
            item.add_marker(pytest.mark.xdist_group("architecture"))
        if item.path.relative_to(here).as_posix().startswith(LONG):
            item.add_marker(pytest.mark.long)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the texts once, before the test processes start; let Qt know which thread is the main one.

    Faces are drawn on lanes too, and the first thread that Qt meets counts as its main one.
    """
    QThread.currentThread()
    if not hasattr(config, "workerinput") and texts.stale():
        texts.compile_catalogues()


NAMESPACES = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"], ["unshare", "--mount", "--propagation", "unchanged"])
"""Ways to get mounts of one's own: as root, as a person, and inside another root, whose propagation cannot be changed."""


@pytest.fixture(scope="session")
def own_mounts() -> list[str]:
    """What to put before a command so that it has mounts of its own; empty in a container that allows none."""
    for prefix in NAMESPACES:
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return list(prefix)
    return []


# ---- surroundings


@pytest.fixture(scope="session", autouse=True)
def _apart_from_the_person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reaches the data, the key store or the desktop of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        runtime = tmp_path_factory.mktemp("runtime")
        runtime.chmod(0o700)
        patch.setenv("SEALDESK_HOME", str(tmp_path_factory.mktemp("nobody") / "home"))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        if sys.platform == "linux":
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
                patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A test that changes the language changes it for itself."""
    yield
    i18n.use_language("en")


@pytest.fixture
def sealdesk_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a new installation: named, not made yet."""
    home = tmp_path / "home"
    monkeypatch.setenv("SEALDESK_HOME", str(home))
    return home


# ---- logs


class _Surprises(logging.Handler):
    """Keeps what sealdesk's own loggers say at WARNING and above, from whatever thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            text += f" [{record.exc_info[1]!r}]"
        self.said.append(text)


@pytest.fixture(autouse=True)
def _no_surprises_in_the_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning or an error in the logs fails the test that did not announce it with `@pytest.mark.allowed_logs("pattern")`."""
    surprises = _Surprises()
    logger = logging.getLogger("sealdesk")
    logger.addHandler(surprises)
    try:
        yield
    finally:
        logger.removeHandler(surprises)
    allowed = [str(pattern) for mark in request.node.iter_markers("allowed_logs") for pattern in mark.args]
    unexpected = [text for text in surprises.said if not any(re.search(pattern, text) for pattern in allowed)]
    if unexpected:
        pytest.fail("unexpected log lines:\n" + "\n".join(unexpected), pytrace=False)


# ---- processes


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A screen of its own of 1920×1080, as the value of DISPLAY; on Windows and macOS the real one (an empty text)."""
    if sys.platform != "linux":
        yield ""
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    try:
        assert number, "Xvfb did not start"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DISPLAY", f":{number}")
            patch.setenv("QT_QPA_PLATFORM", "xcb")
            yield f":{number}"
    finally:
        _end(server)


@pytest.fixture(scope="session")
def qapp(display: str, qapp: object) -> object:
    """pytest-qt's application, on the test display, with a typeface that has Chinese characters (Windows keeps its own)."""
    import pylopdf_fonts_zh_cn
    from PySide6.QtGui import QFont, QFontDatabase

    if sys.platform != "win32":
        families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(pylopdf_fonts_zh_cn.sans_path())))
        font = QFont(families[0])
        font.setPixelSize(13)
        QApplication.setFont(font)
    return qapp


PATIENCE_MS = 60_000
"""How long a window may take for anything: a slow or busy machine is no defect of what is tested."""


class PatientBot(QtBot):
    """pytest-qt's bot for machines of any speed; only what never happens takes its whole time."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        try:
            super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))
        except QtTimeoutError as error:
            focus, active = QApplication.focusWidget(), QApplication.activeWindow()
            raise AssertionError(f"{error}; the focus is at {focus!r}, the active window is {active!r}") from error

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=max(timeout, PATIENCE_MS), **more)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=max(timeout, PATIENCE_MS))


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with patience."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def _message_bus() -> Iterator[str]:
    """A session bus of its own; gives its address."""
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert bus.stdout is not None
    try:
        address = bus.stdout.readline().decode().strip()
        assert address, "dbus-daemon did not start"
        yield address
    finally:
        _end(bus)
        bus.stdout.close()


@pytest.fixture(scope="session")
def _secret_service_address(_message_bus: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An unlocked GNOME key store on that bus, empty and thrown away afterwards."""
    folder = tmp_path_factory.mktemp("keyring")
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": _message_bus, "XDG_DATA_HOME": str(folder), "HOME": str(folder)}
    # Without --foreground the daemon outlives the session.
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert daemon.stdin is not None
    daemon.stdin.write(b"only for tests")
    daemon.stdin.close()
    try:
        question = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner"]
        while b"true" not in subprocess.run([*question, f"string:{SECRETS}"], env=environment, capture_output=True, check=True).stdout:
            assert daemon.poll() is None, "gnome-keyring-daemon ended"
            time.sleep(0.05)
        yield _message_bus
    finally:
        _end(daemon)


@pytest.fixture
def secret_service(_secret_service_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A real Secret Service, here and for child processes; gives the address of its bus."""
    from keyring.backends import SecretService

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", _secret_service_address)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.SecretService.Keyring")
    monkeypatch.setattr("keyring.core._keyring_backend", SecretService.Keyring())
    return _secret_service_address
