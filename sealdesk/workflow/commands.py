"""What a command is, and how a stage declares its commands.

A command is one frozen dataclass in the imperative; whatever alters business data is one. Fields marked `SECRET` never reach the audit
trail,
fields marked `PERSONAL` reach it masked, fields marked `BULKY` as their SM3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from sealdesk.crypto.digests import sm3
from sealdesk.domain.access import Permission
from sealdesk.domain.units import Person
from sealdesk.workflow.uow import UnitOfWork

C = TypeVar("C")

SECRET: Mapping[str, str] = {"audit": "secret"}
PERSONAL: Mapping[str, str] = {"audit": "personal"}
BULKY: Mapping[str, str] = {"audit": "bulky"}


@dataclass(frozen=True, slots=True)
class Handling(Generic[C]):
    """How one command is handled.

    `permission` is a permission's name; `subject` tells which thing the command is about (an id); `sentence` is the marked text of the
    history
    line, with the fields of the command and `{actor}` as placeholders.
    """

    command: type[C]
    permission: str
    handler: Callable[[C, UnitOfWork], Any]
    subject: Callable[[C], str]
    sentence: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the work: its name, title, permissions and commands."""

    name: str
    title: str
    permissions: tuple[Permission, ...]
    handlings: tuple[Handling[Any], ...]


def audited(command: object) -> dict[str, Any]:
    """The arguments of a command as the audit trail keeps them: secrets left out, personal data masked, bulky data as digests."""
    if not is_dataclass(command):
        raise TypeError(type(command).__name__)
    kept: dict[str, Any] = {}
    for field in fields(command):
        kind = field.metadata.get("audit", "")
        value = getattr(command, field.name)
        if kind == "secret":
            continue
        if kind == "bulky":
            kept[field.name] = _digest(value)
        elif kind == "personal":
            kept[field.name] = _mask(str(value))
        else:
            kept[field.name] = _plain(value)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, Person):
        return {"name": value.name, "document": _mask(value.document_number)}
    if is_dataclass(value) and not isinstance(value, type):
        return audited(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return _digest(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, frozenset, set)):
        return [_plain(item) for item in (sorted(value) if isinstance(value, (frozenset, set)) else value)]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def _digest(value: Any) -> str:
    content = value if isinstance(value, bytes) else repr(_plain(value)).encode()
    return f"sm3:{sm3(content).hex()}"


def _mask(text: str) -> str:
    if len(text) <= 4:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"
