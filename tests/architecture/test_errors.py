"""Every error on purpose has a code of its own, a sentence of its own, its Chinese, and the facts its sentence names."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from types import ModuleType
from typing import Any

import pytest

import sealdesk
from sealdesk.core import i18n
from sealdesk.core.errors import Fault, ProblemsError, SealdeskError
from tools import texts

CORE = "sealdesk.core.errors"
NOT_IMPORTED = re.compile(r"\.__main__$|\.migrations\.")  # these act when they are imported


@pytest.fixture(scope="module")
def error_classes() -> list[type[SealdeskError]]:
    """Every subclass of SealdeskError in the product."""
    for module in pkgutil.walk_packages(sealdesk.__path__, "sealdesk."):
        if not NOT_IMPORTED.search(module.name):
            importlib.import_module(module.name)
    found: set[type[SealdeskError]] = set()
    waiting = [SealdeskError]
    while waiting:
        for child in waiting.pop().__subclasses__():
            if child not in found:
                found.add(child)
                waiting.append(child)
    return sorted((cls for cls in found if cls.__module__.startswith("sealdesk.")), key=lambda cls: f"{cls.__module__}.{cls.__qualname__}")


def test_every_error_has_a_code_of_its_own(error_classes: list[type[SealdeskError]]) -> None:
    assert [str(cls) for cls in error_classes if "code" not in vars(cls)] == []
    codes = [cls.code for cls in error_classes]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", code)] == []


def test_every_error_has_a_sentence_of_its_own(error_classes: list[type[SealdeskError]]) -> None:
    assert [str(cls) for cls in error_classes if cls is not Fault and not vars(cls).get("sentence")] == []


def test_every_error_says_it_in_chinese(error_classes: list[type[SealdeskError]]) -> None:
    i18n.use_language("zh_CN")
    found = []
    for cls in error_classes:
        for text in (cls.sentence, cls.advice):
            if text and not re.search(r"[\u4e00-\u9fff]", i18n._(text)):
                found.append(f"{cls.__qualname__}: {text!r}")
    assert not found, "\n".join(found)


def facts_named(cls: type[SealdeskError]) -> set[str]:
    """The facts that the class's sentence and advice are filled with."""
    fields = [field for text in (cls.sentence, cls.advice) for field in texts.placeholders(text)]
    return {field.partition("!")[0].partition(".")[0] for field in fields}


def takes_facts_as_they_are(cls: type[SealdeskError]) -> bool:
    """Whether neither the class nor a base outside `core.errors` makes facts in an `__init__` of its own."""
    return not any("__init__" in vars(base) for base in cls.__mro__ if issubclass(base, SealdeskError) and base.__module__ != CORE)


def test_every_error_is_raised_with_the_facts_that_its_sentence_names(error_classes: list[type[SealdeskError]], product: Any) -> None:
    """Otherwise filling the sentence fails in front of the person."""
    watched = {cls for cls in error_classes if takes_facts_as_they_are(cls) and cls is not ProblemsError}
    found = []
    for file in product:
        module = sys.modules.get(file.name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Call):
                cls = meant(node.func, module)
                given = {keyword.arg for keyword in node.keywords}
            elif isinstance(node, ast.Raise) and not isinstance(node.exc, ast.Call):
                cls, given = meant(node.exc, module), set()
            else:
                continue
            if cls in watched and None not in given and facts_named(cls) - given:
                found.append(f"{file.name}:{node.lineno} {cls.__name__} without {', '.join(sorted(facts_named(cls) - given))}")
    assert not found, "\n".join(found)


def meant(node: ast.AST | None, module: ModuleType | None) -> Any:
    """What `Name` or `package.Name` stands for in the module, or None."""
    if isinstance(node, ast.Attribute):
        return getattr(meant(node.value, module), node.attr, None) if isinstance(node.value, ast.Name) else None
    return getattr(module, node.id, None) if isinstance(node, ast.Name) else None
