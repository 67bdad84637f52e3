"""The source as data: every Python file of the repository, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Python file, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path below the repository, with slashes."""
        return self.path.relative_to(ROOT).as_posix()


def _files(*folders: str) -> tuple[SourceFile, ...]:
    def read() -> Iterator[SourceFile]:
        for folder in folders:
            start = ROOT / folder
            yield from map(_file, sorted(start.rglob("*.py")) if start.is_dir() else [start])

    return tuple(read())


@cache
def _file(path: Path) -> SourceFile:
    text = path.read_text(encoding="utf-8")
    return SourceFile(path, text, ast.parse(text, str(path)))


@pytest.fixture(scope="session")
def product() -> tuple[SourceFile, ...]:
    """The files of the product."""
    return _files("sealdesk")


@pytest.fixture(scope="session")
def everything() -> tuple[SourceFile, ...]:
    """The files of the product, the tests, the tools and dev.py."""
    return _files("sealdesk", "tests", "tools", "dev.py")
