"""The command line: verbs, their refusals in words, and their exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from sealdesk.cli import VERBS, main
from sealdesk.face.templates import TEMPLATES


def test_every_verb_explains_itself(capsys):
    for verb in VERBS:
        with pytest.raises(SystemExit) as ended:
            main([verb.name, "--help"])
        assert ended.value.code == 0
        assert verb.name in capsys.readouterr().out


def test_templates_are_listed(capsys):
    assert main(["face", "templates"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(TEMPLATES)


@pytest.mark.parametrize("ending", ["svg", "pdf", "dxf", "plt", "png", "tif", "bmp", "ga241", "upd"])
def test_a_template_is_rendered_in_every_format(tmp_path: Path, ending: str):
    out = tmp_path / f"face.{ending}"
    assert main(["face", "render", "--template", "unit.enterprise.40", "--set", "name=青石科技有限公司", "--out", str(out)]) == 0
    assert out.stat().st_size > 500


def test_a_rendering_that_cannot_be_is_refused_in_words(tmp_path: Path, capsys):
    assert main(["face", "render", "--template", "unit.enterprise.40", "--out", str(tmp_path / "x.svg")]) == 1
    assert "name" in capsys.readouterr().out
    assert main(["face", "render", "--template", "no.such", "--out", str(tmp_path / "x.svg")]) == 1
    assert main(["face", "render", "--template", "unit.enterprise.40", "--set", "name=青石", "--out", str(tmp_path / "x.doc")]) == 2
    assert not list(tmp_path.iterdir())


def test_checks_are_printed_as_json(capsys):
    code = main(["face", "check", "--template", "unit.enterprise.40", "--set", "name=青石科技有限公司"])
    found = json.loads(capsys.readouterr().out)
    assert code == (1 if any(entry["severity"] == "error" for entry in found) else 0)


def test_a_platform_is_made_once(tmp_path: Path, capsys):
    arguments = ["central", "init", "--home", str(tmp_path / "p"), "--name", "平台"]
    arguments += ["--office", "临江市公安局", "--office-code", "220681000000", "--shop", "精工印章"]
    arguments += ["--shop-code", "220681000007", "--area", "220681"]
    assert main(arguments) == 0
    assert main(arguments) == 1
    assert main(["central", "review", "list", "--home", str(tmp_path / "p")]) == 0
    assert main(["central", "review", "approve", "--next", "--home", str(tmp_path / "p")]) == 1
    assert main(["central", "review", "approve", "2206", "--home", str(tmp_path / "p")]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_verbs_are_explained_in_the_language_of_the_program(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "校验或查看审计日志" in capsys.readouterr().out


def test_passphrase_that_cannot_be_asked_for_is_refused_in_words(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEALDESK_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("SEALDESK_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["audit", "verify"]) == 1
    assert "SEALDESK_PASSPHRASE" in capsys.readouterr().err
