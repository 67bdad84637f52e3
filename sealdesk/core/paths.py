"""Where the program's own files and a person's data lie; nothing else decides on a folder.

`SEALDESK_HOME` names another data folder (tests, demonstrations, a second installation).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs


def resources() -> Path:
    """The folder of texts, icons, layouts and samples that ships with the program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    return Path(__file__).resolve().parents[2] / "resources"


def home() -> Path:
    """The data folder of this installation (not created here)."""
    named = os.environ.get("SEALDESK_HOME")
    if named:
        return Path(named)
    return Path(platformdirs.user_data_dir("sealdesk", appauthor=False, roaming=False))


def ensure_private(folder: Path) -> Path:
    """Make `folder` (and its parents) readable by its owner only, and return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
