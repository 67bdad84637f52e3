"""Sizes, names and manners of the source that no linter knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

FILE_LINES = 500
FUNCTION_LINES = 60
PUBLIC_METHODS = 20
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "stuff"}
ALLOWED_NAMES = {"sealdesk/hardware/manager.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring: saying more is never punished."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_no_file_is_longer_than_500_lines(everything: Any) -> None:
    counted = {file.name: file.text.count("\n") for file in everything}
    assert {name: lines for name, lines in counted.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_60_lines(everything: Any) -> None:
    found = [
        f"{file.name}:{function.lineno} {function.name}: {length(function)} lines"
        for file in everything
        for function in functions(file.tree)
        if length(function) > FUNCTION_LINES
    ]
    assert not found, "\n".join(found)


def test_no_class_has_more_than_20_public_methods(product: Any) -> None:
    found = []
    for file in product:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ClassDef):
                public = {part.name for part in node.body if isinstance(part, Function) and not part.name.startswith("_")}
                if len(public) > PUBLIC_METHODS:
                    found.append(f"{file.name}:{node.lineno} {node.name}: {len(public)} public methods")
    assert not found, "\n".join(found)


def test_modules_are_named_after_what_they_hold(everything: Any) -> None:
    found = [
        file.name for file in everything if file.name not in ALLOWED_NAMES and FORBIDDEN_NAMES & {*file.path.parent.parts, file.path.stem}
    ]
    assert not found, "\n".join(found)


def test_every_folder_of_the_product_is_a_package(product: Any) -> None:
    folders = {file.path.parent for file in product}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_every_module_begins_with_a_sentence_on_what_it_is_for(everything: Any) -> None:
    found = []
    for file in everything:
        text = ast.get_docstring(file.tree)
        if text is None or not text.split("\n\n")[0].rstrip().endswith((".", ":", "。")):
            found.append(file.name)
    assert not found, "\n".join(found)


def test_nothing_is_printed(product: Any) -> None:
    found = [
        f"{file.name}:{node.lineno}"
        for file in product
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not found, "\n".join(found)


def test_no_exception_is_caught_without_a_name(everything: Any) -> None:
    found = [
        f"{file.name}:{node.lineno}"
        for file in everything
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not found, "\n".join(found)


def test_the_rasteriser_draws_with_qtgui_and_knows_no_widgets(product: Any) -> None:
    [raster] = [file for file in product if file.name == "sealdesk/face/raster.py"]
    imported: set[str] = set()
    for node in ast.walk(raster.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("PySide6"):
            imported |= {f"PySide6.{alias.name}" for alias in node.names} if node.module == "PySide6" else {node.module}
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names if alias.name.startswith("PySide6")}
    assert imported
    assert imported <= {"PySide6.QtGui", "PySide6.QtCore"}


def test_numpy_stays_out_of_the_product(product: Any) -> None:
    found = []
    for file in product:
        for node in ast.walk(file.tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [file.name for name in names if name.split(".")[0] == "numpy"]
    assert not found, "\n".join(found)
