"""dev.py: what it says when it cannot help itself, and what it hands back to whoever waits for the outcome."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import dev


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="only Debian has its packages")
def test_without_rights_the_missing_packages_stand_in_one_line_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "privilege", lambda: None)
    with pytest.raises(dev.SetupError) as caught:
        dev.install_packages(["dpkg", "sealdesk-no-such-package"])
    assert "\nsudo apt-get update && sudo apt-get install -y --no-install-recommends sealdesk-no-such-package\n" in str(caught.value)


def test_nothing_is_installed_when_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "privilege", lambda: pytest.fail("asked for rights"))
    dev.install_packages(["dpkg"])


def test_a_setup_that_cannot_be_made_ends_with_1_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_packages: list[str]) -> None:
        raise dev.SetupError("run this line")

    monkeypatch.setattr(dev, "prepare", refuse)
    assert dev.main(["test"]) == 1
    assert "run this line" in capsys.readouterr().err


def test_only_an_environment_that_stands_where_it_was_made_is_used(tmp_path: Path) -> None:
    assert dev.works(dev.PYTHON) == (sys.prefix == str(dev.VENV))
    assert not dev.works(str(tmp_path / "python"))


@pytest.mark.parametrize(
    ("display", "arguments", "walks"), [("", [], True), (":7", [], False), (":7", ["--walk"], True), ("", ["--walk"], True)]
)
@pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS always have a screen")
def test_the_demonstration_walks_by_itself_without_a_screen(
    monkeypatch: pytest.MonkeyPatch, display: str, arguments: list[str], walks: bool
) -> None:
    started: list[list[str]] = []
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(dev, "prepare", lambda _packages: None)
    monkeypatch.setattr(dev, "run", lambda words: started.append(words) or 0)
    assert dev.main(["demo", "--out", "somewhere", *arguments]) == 0
    [words] = started
    assert words[1:4] == ["-m", "sealdesk", "demo"]
    assert words.count("--walk") == (1 if walks else 0)
    assert "somewhere" in words


@pytest.mark.long
@pytest.mark.parametrize(
    ("lint", "body", "code", "closing"), [([], "pass", 0, "1 passed"), (["mypy"], "pass", 1, "1 passed"), ([], "1/0", 1, "1 failed")]
)
def test_the_outcome_is_that_of_the_worst_part_and_the_closing_line_comes_last(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, lint: list[str], body: str, code: int, closing: str
) -> None:
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    {body}\n", encoding="utf-8")
    monkeypatch.setattr(dev, "lint", lambda: lint)
    monkeypatch.setattr(dev, "PYTHON", sys.executable)
    assert dev.run_tests(False, ["--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(tmp_path / "test_it.py")]) == code
    lines = capfd.readouterr().out.strip().splitlines()
    assert closing in lines[-1]
    assert any("lint failed: mypy" in line for line in lines) == bool(lint)
