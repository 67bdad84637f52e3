"""The window stands before anything heavy is imported: what that is, is asserted in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = (
    "PIL",
    "PySide6.QtNetwork",
    "PySide6.QtSvg",
    "alembic",
    "asn1crypto",
    "cryptography",
    "ezdxf",
    "fastapi",
    "fontTools",
    "gmssl_pyx",
    "keyring",
    "pydantic",
    "pypinyin",
    "qtawesome",
    "reportlab",
    "requests",
    "smartcard",
    "sqlalchemy",
    "sqlcipher3",
    "uharfbuzz",
    "uvicorn",
    "sealdesk.app",
    "sealdesk.crypto",
    "sealdesk.models",
    "sealdesk.stages",
    "sealdesk.ui.main_window",
    "sealdesk.ui.workspaces",
)

PAINTED = """
import json, sys
from PySide6.QtWidgets import QApplication
from sealdesk.cli import main
from sealdesk.ui.opening import OpeningWindow

def painted(window):
    print(json.dumps([window.isVisible(), window.step, sorted(sys.modules)]), flush=True)
    QApplication.quit()

OpeningWindow.begin = painted
sys.exit(main(["window", "--home", sys.argv[1]]))
"""


def test_nothing_heavy_is_imported_before_the_first_paint(display: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PAINTED, str(tmp_path / "home")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    visible, step, imported = json.loads(ran.stdout)
    assert visible
    assert step == "正在启动"
    assert [name for name in HEAVY if name in imported] == []
    assert ran.stderr == ""
