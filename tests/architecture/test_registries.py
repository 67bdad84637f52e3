"""What is registered is complete, and says in Chinese what people see of it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from sealdesk.core import i18n
from sealdesk.domain.access import ROLES
from sealdesk.domain.machine import Machine
from sealdesk.hardware.drivers import DRIVERS
from sealdesk.stages import STAGES
from sealdesk.workflow.commands import Handling, Stage
from tools import texts

ROOT = Path(__file__).resolve().parents[2]
ALWAYS_THERE = {"platform.apply", "program.run", ""}
HANDLINGS = [(stage, handling) for stage in STAGES for handling in stage.handlings]


def folders(path: str) -> list[Path]:
    return sorted(file.parent for file in (ROOT / path).glob("*/__init__.py"))


def is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", i18n._(text)))


def test_every_folder_of_a_stage_is_registered_and_complete() -> None:
    assert sorted(stage.name for stage in STAGES) == [folder.name for folder in folders("sealdesk/stages")]
    for folder in folders("sealdesk/stages"):
        assert {"rules.py", "service.py", "queries.py"} <= {file.name for file in folder.iterdir()}, folder.name


def test_every_driver_is_registered_and_ships_its_emulator() -> None:
    registered = {recognise.__module__.split(".")[3] for recognise in DRIVERS}
    assert registered == {folder.name for folder in folders("sealdesk/hardware/drivers")}
    for folder in folders("sealdesk/hardware/drivers"):
        names = {file.stem for file in folder.iterdir()}
        assert {"driver", "session", "emulator"} <= names, folder.name
    assert list((ROOT / "sealdesk/hardware").rglob("CHECKLIST.md"))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_stages_and_permissions_have_chinese_titles_and_names_of_their_owner(stage: Stage) -> None:
    i18n.use_language("zh_CN")
    assert is_chinese(stage.title)
    for permission in stage.permissions:
        assert permission.name.startswith(f"{stage.name}."), permission.name
        assert is_chinese(permission.title), permission.title


def test_no_permission_and_no_command_is_declared_twice() -> None:
    names = [permission.name for stage in STAGES for permission in stage.permissions]
    assert sorted(names) == sorted(set(names))
    commands = [handling.command.__name__ for _stage, handling in HANDLINGS]
    assert sorted(commands) == sorted(set(commands))


def test_every_command_asks_for_a_permission_that_somebody_declares() -> None:
    declared = {permission.name for stage in STAGES for permission in stage.permissions} | ALWAYS_THERE
    assert {handling.permission for _stage, handling in HANDLINGS} - declared == set()


@pytest.mark.parametrize(("stage", "handling"), HANDLINGS, ids=lambda value: getattr(getattr(value, "command", None), "__name__", ""))
def test_every_command_has_a_chinese_line_for_the_history_that_can_be_filled(stage: Stage, handling: Handling[Any]) -> None:
    i18n.use_language("zh_CN")
    assert is_chinese(handling.sentence), f"{stage.name}: {handling.sentence}"
    named = {field.partition("!")[0].partition(".")[0] for field in texts.placeholders(handling.sentence)}
    assert named <= {"actor", *(field.name for field in fields(handling.command))}


def test_every_state_has_a_chinese_title() -> None:
    from sealdesk.domain import orders, seals

    i18n.use_language("zh_CN")
    machines = {value for module in (orders, seals) for value in vars(module).values() if isinstance(value, Machine)}
    assert machines
    assert [state.title for machine in machines for state in machine.states.values() if not is_chinese(state.title)] == []


def test_every_role_has_a_chinese_title() -> None:
    i18n.use_language("zh_CN")
    assert [role.title for role in ROLES if not is_chinese(role.title)] == []
