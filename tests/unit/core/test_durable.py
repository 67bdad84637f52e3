"""A file that is written whole holds the old content or the new, for its owner only, and leaves nothing beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sealdesk.core import durable


def test_content_is_replaced_whole_and_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    durable.write_whole(file, b"old")
    durable.write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["keys.json"]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("call", ["fsync", "write"])
def test_disk_that_refuses_leaves_the_old_content_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    file = tmp_path / "keys.json"
    durable.write_whole(file, b"old")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    if call == "fsync":
        monkeypatch.setattr(durable.os, "fsync", full)
    else:
        monkeypatch.setattr(durable.os, "fdopen", full)
    with pytest.raises(OSError, match="No space"):
        durable.write_whole(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["keys.json"]


def test_content_is_on_the_disk_before_it_gets_its_name_and_the_name_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt":
        return
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def replaced(self: Path, target: Path) -> Path:
        order.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    durable.write_whole(tmp_path / "keys.json", b"new")
    assert order == ["file", "name", "folder"]
