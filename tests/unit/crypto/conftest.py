"""The independent judge of the crypto tests, the openssl command line, and a small authority to test with."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sealdesk.crypto.certificates import Certificate, Subject, issue, new_serial
from sealdesk.crypto.sm2 import PrivateKey

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


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


@dataclass(frozen=True)
class Authority:
    """A root, an authority below it, and a person below that, valid for a year around `now`."""

    now: datetime
    root_key: PrivateKey
    root: Certificate
    middle_key: PrivateKey
    middle: Certificate
    leaf_key: PrivateKey
    leaf: Certificate


@pytest.fixture(scope="session")
def authority() -> Authority:
    """One set of keys and certificates for all tests; they only read it."""
    begin, end = NOW - timedelta(days=100), NOW + timedelta(days=265)
    keys = [PrivateKey.generate() for _ in range(3)]
    signs = ("key_cert_sign", "crl_sign")
    root = issue(None, keys[0], keys[0].public, Subject("测试根"), new_serial(), begin, end, True, 1, signs)
    middle = issue(root, keys[0], keys[1].public, Subject("某市公安局", "某市公安局"), new_serial(), begin, end, True, 0, signs)
    subject = Subject("张三", "某某刻章有限公司", "生产部", "OP-0001")
    leaf = issue(middle, keys[1], keys[2].public, subject, new_serial(), begin, end, False)
    return Authority(NOW, keys[0], root, keys[1], middle, keys[2], leaf)
