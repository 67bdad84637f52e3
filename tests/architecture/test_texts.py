"""Every text that a person can read has its Chinese, and says the same in both languages."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tools import texts


def test_the_catalogues_are_complete_and_hold_nothing_else() -> None:
    found = texts.problems()
    assert not found, "\n".join(found)


def test_every_translation_can_be_filled_in() -> None:
    found = []
    for entry in texts.entries():
        try:
            texts.placeholders(entry.source)
            texts.placeholders(entry.target)
        except ValueError as error:
            found.append(f"{entry.file.name}: {entry.source!r}: {error}")
    assert not found, "\n".join(found)


def marked(tree: ast.AST, name: str) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name]


@pytest.mark.parametrize("mark", ["_", "N_"])
def test_no_text_is_put_together_before_it_is_looked_up(product: Any, mark: str) -> None:
    """`_(f"…")` and `_("…" + x)` never find a translation; neither does anything but a literal in `N_`."""
    found = []
    for file in product:
        for call in marked(file.tree, mark):
            argument = call.args[0] if len(call.args) == 1 and not call.keywords else None
            literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            looked_up = mark == "_" and isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.IfExp | ast.Call)
            if not literal and not looked_up:
                found.append(f"{file.name}:{call.lineno}")
    assert not found, "\n".join(found)
