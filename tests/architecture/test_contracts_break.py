"""Every import contract of pyproject.toml is broken once, on a copy of the tree, and notices."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STAGE_FILES = ("rules", "service", "queries")


@dataclass(frozen=True, slots=True)
class Breach:
    """A module with an import that `contract` must refuse."""

    contract: str
    module: str
    imports: str
    partner: str = ""  # a second module, imported by the first
    partner_imports: str = ""

    def __str__(self) -> str:
        return f"{self.contract}: {self.module} -> {self.imports}"


BREACHES = [
    Breach("layers", "core.breach", "sealdesk.domain"),
    Breach("layers", "domain.breach", "sealdesk.wire"),
    Breach("layers", "crypto.breach", "sealdesk.face"),
    Breach("layers", "face.breach", "sealdesk.models"),
    Breach("layers", "models.breach", "sealdesk.hardware"),
    Breach("layers", "documents.breach", "sealdesk.workflow"),
    Breach("layers", "workflow.breach", "sealdesk.stages"),
    Breach("layers", "stages.alpha.breach", "sealdesk.sync"),
    Breach("layers", "sync.breach", "sealdesk.central"),
    Breach("layers", "ui.breach", "sealdesk.central"),
    Breach("layers", "central.breach", "sealdesk.ui"),
    Breach("layers", "ui.breach", "sealdesk.app"),
    Breach("layers", "breach", "sealdesk.core"),  # a package that no layer names
    Breach("acyclic", "domain.breach", "sealdesk.domain.partner", "domain.partner", "sealdesk.domain.breach"),
    Breach("acyclic", "stages.alpha.breach", "sealdesk.stages.alpha.partner", "stages.alpha.partner", "sealdesk.stages.alpha.breach"),
    Breach("stages", "stages.alpha.breach", "sealdesk.stages.beta.rules"),
    Breach("drivers", "hardware.drivers.alpha.breach", "sealdesk.hardware.drivers.beta"),
    Breach("templates", "face.templates.alpha.breach", "sealdesk.face.templates.beta"),
    Breach("window", "ui.breach", "sealdesk.models"),
    Breach("window", "ui.breach", "sealdesk.hardware"),
    Breach("window", "ui.breach", "sealdesk.sync"),
    Breach("window", "ui.breach", "sealdesk.wire"),
    Breach("window", "ui.breach", "requests"),
    Breach("window", "ui.breach", "sqlalchemy"),
    Breach("window", "ui.breach", "smartcard"),
    Breach("qt", "stages.alpha.breach", "PySide6.QtCore"),
    Breach("qt", "face.breach", "PySide6.QtGui"),
    Breach("qt", "cli.breach", "PySide6.QtWidgets"),
    Breach("cards", "hardware.drivers.alpha.breach", "smartcard.System"),
    Breach("http", "sync.breach", "requests"),
    Breach("http", "central.breach", "requests"),
    Breach("tables", "stages.alpha.breach", "sqlalchemy.orm"),
    Breach("tables", "central.breach", "sqlalchemy"),
    Breach("tables", "documents.breach", "sqlalchemy"),
]

ALLOWED = [
    Breach("qt", "ui.breach", "PySide6.QtWidgets"),
    Breach("tables", "stages.alpha.service", "sqlalchemy"),
    Breach("tables", "workflow.breach", "sqlalchemy"),
    Breach("stages", "stages.alpha.breach", "sealdesk.stages.alpha.rules"),
    Breach("layers", "stages.alpha.breach", "sealdesk.domain"),
]

NAMED_IN_CONTRACTS = {
    "__main__": "",
    "app": "",
    "cli": "",
    "central.store": "",
    "documents.permit": "",
    "face.raster": "import PySide6.QtGui",
    "hardware.pcsc": "import smartcard",
    "models.database": "import sqlalchemy",
    "sync.http": "import requests",
    "ui.main_window": "",
    "workflow.bus": "",
}
"""Modules without which a contract cannot be checked at all."""


def contracts() -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return [contract["id"] for contract in tomllib.load(file)["tool"]["importlinter"]["contracts"]]


def write(tree: Path, module: str, text: str) -> None:
    """Write a module below `sealdesk`, making its packages on the way."""
    file = (tree / "sealdesk").joinpath(*module.split(".")).with_suffix(".py")
    file.parent.mkdir(parents=True, exist_ok=True)
    for folder in file.relative_to(tree).parents[:-1]:
        (tree / folder / "__init__.py").touch()
    file.write_text(f'"""Made up."""\n{text}\n', encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the product with two strangers more in each family that must not know each other."""
    shutil.copytree(ROOT / "sealdesk", tmp_path / "sealdesk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module, text in NAMED_IN_CONTRACTS.items():
        file = (tmp_path / "sealdesk").joinpath(*module.split("."))
        if not file.with_suffix(".py").exists() and not (file / "__init__.py").exists():
            write(tmp_path, module, text)
    for stranger in ("alpha", "beta"):
        write(tmp_path, f"hardware.drivers.{stranger}.session", "")
        write(tmp_path, f"face.templates.{stranger}.layout", "")
        for name in STAGE_FILES:
            write(tmp_path, f"stages.{stranger}.{name}", "")
    return tmp_path


def lint(tree: Path, contract: str) -> tuple[int, str]:
    """Exit code and output of import-linter for one contract."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(limit_to_contracts=(sys.argv[1],), no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code, contract], cwd=tree, capture_output=True, text=True, check=False)
    output = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    assert "1 kept" in output or "1 broken" in output, output  # otherwise it has not looked at all
    return done.returncode, output


def commit(tree: Path, breach: Breach) -> None:
    write(tree, breach.module, f"import {breach.imports}")
    if breach.partner:
        write(tree, breach.partner, f"import {breach.partner_imports}")


@pytest.mark.long
@pytest.mark.parametrize("breach", BREACHES, ids=str)
def test_a_breach_breaks_its_contract(tree: Path, breach: Breach) -> None:
    commit(tree, breach)
    code, output = lint(tree, breach.contract)
    assert code == 1
    assert re.search(r"\bbreach\b", output), output


@pytest.mark.long
@pytest.mark.parametrize("passage", ALLOWED, ids=str)
def test_what_the_architecture_allows_is_not_refused(tree: Path, passage: Breach) -> None:
    commit(tree, passage)
    _code, output = lint(tree, passage.contract)
    assert f"sealdesk.{passage.module} ->" not in output


def test_no_contract_is_left_untried() -> None:
    assert set(contracts()) == {breach.contract for breach in BREACHES}
