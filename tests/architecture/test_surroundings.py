"""The fixtures that everybody relies on do what they promise."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backends import SecretService

from sealdesk.core import i18n, paths


def test_nobodys_own_data_folder_is_in_reach(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert paths.home().is_relative_to(tmp_path_factory.getbasetemp())


def test_a_home_is_new_for_each_test(sealdesk_home: Path) -> None:
    assert paths.home() == sealdesk_home
    assert not sealdesk_home.exists()


def test_the_texts_are_compiled() -> None:
    i18n.use_language("zh_CN")
    assert i18n._("Cancelled.") == "已取消。"


def test_the_language_is_english_again() -> None:
    assert i18n._("Cancelled.") == "Cancelled."


@pytest.mark.allowed_logs("^WARNING sealdesk.test: announced")
def test_an_announced_warning_is_allowed() -> None:
    logging.getLogger("sealdesk.test").warning("announced")


FAILING = """
import logging, warnings
import pytest

def test_log():
    logging.getLogger("sealdesk.x").error("not announced")

def test_warning():
    warnings.warn("not announced", stacklevel=1)

def test_qt(qapp):
    from PySide6.QtCore import qWarning
    qWarning("not announced")

def test_thread():
    import threading
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
"""


@pytest.mark.long
def test_whatever_is_not_announced_fails_its_test(tmp_path: Path) -> None:
    """Log lines, Python's and Qt's warnings, and exceptions that end a thread."""
    (tmp_path / "test_it.py").write_text(FAILING)
    tests = Path(__file__).resolve().parents[1]
    shutil.copy(tests / "conftest.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(tests.parent / "pyproject.toml"), "-p", "no:cacheprovider", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tests.parent)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "3 failed, 1 passed, 1 error" in done.stdout, done.stdout + done.stderr
    assert "unexpected log lines:\nERROR sealdesk.x: not announced" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS have a key store of their own")
@pytest.mark.usefixtures("secret_service")
def test_the_key_store_is_a_real_one_here_and_in_child_processes() -> None:
    assert isinstance(keyring.get_keyring(), SecretService.Keyring)
    keyring.set_password("sealdesk test", "somebody", "秘密")
    code = "import keyring, sys; sys.exit(keyring.get_password('sealdesk test', 'somebody') != '秘密')"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    keyring.delete_password("sealdesk test", "somebody")
    assert keyring.get_password("sealdesk test", "somebody") is None


def test_without_asking_there_is_no_key_store() -> None:
    assert os.environ["PYTHON_KEYRING_BACKEND"] == "keyring.backends.fail.Keyring"


def test_windows_are_shown_on_a_real_display_in_a_chinese_typeface(qapp: object) -> None:
    from PySide6.QtGui import QFontMetrics, QGuiApplication
    from PySide6.QtWidgets import QApplication

    assert isinstance(qapp, QApplication)
    assert QGuiApplication.platformName() in ("xcb", "windows", "cocoa")
    assert QFontMetrics(QApplication.font()).inFontUcs4(ord("章"))
