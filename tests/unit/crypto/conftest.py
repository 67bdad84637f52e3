"""The independent judge of the crypto tests: the openssl command line."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def openssl(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run openssl in the test's folder; arguments that are bytes become files there. The caller looks at the return code."""

    def run(*arguments: str | bytes) -> subprocess.CompletedProcess[bytes]:
        words: list[str] = ["openssl"]
        for number, argument in enumerate(arguments):
            if isinstance(argument, bytes):
                name = f"argument-{number}"
                (tmp_path / name).write_bytes(argument)
                words.append(name)
            else:
                words.append(argument)
        return subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=60, check=False)

    return run
