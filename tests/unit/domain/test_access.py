"""Permissions: what an actor holds, and what no person ever holds."""

from __future__ import annotations

import pytest

from sealdesk.domain.access import EVERYTHING, NOT_FOR_PEOPLE, PLATFORM, PROGRAM, ROLES, Actor
from sealdesk.stages import STAGES

CLERK = Actor("c", "小王", frozenset({"registration.edit"}))
ADMINISTRATOR = Actor("a", "李师傅", frozenset({EVERYTHING}))


def test_an_actor_may_what_he_holds_and_nothing_else():
    assert CLERK.may("registration.edit")
    assert CLERK.may("")
    assert not CLERK.may("registration")
    assert not CLERK.may("registration.edit.more")
    assert not CLERK.may(EVERYTHING)


def test_the_senior_administrator_may_all_that_people_may():
    for stage in STAGES:
        for permission in stage.permissions:
            assert ADMINISTRATOR.may(permission.name)


@pytest.mark.parametrize("permission", sorted(NOT_FOR_PEOPLE))
def test_nobody_speaks_for_the_platform_or_the_program(permission):
    assert not ADMINISTRATOR.may(permission)
    assert [actor.id for actor in (PLATFORM, PROGRAM) if actor.may(permission)] == [permission.partition(".")[0]]


def test_every_command_asks_for_a_declared_permission():
    declared = {permission.name for stage in STAGES for permission in stage.permissions} | NOT_FOR_PEOPLE
    unguarded = [handling.command.__name__ for stage in STAGES for handling in stage.handlings if not handling.permission]
    assert {handling.permission for stage in STAGES for handling in stage.handlings} <= declared | {""}
    # Both belong to everybody's own sign-in; the handler of a signed head proves its signature and the trail.
    assert sorted(unguarded) == ["RecordSignIn", "SignAuditHead"]


def test_platform_and_program_may_nothing_else():
    for actor in (PLATFORM, PROGRAM):
        assert not any(actor.may(permission.name) for stage in STAGES for permission in stage.permissions)


def test_roles_have_different_names():
    assert len({role.name for role in ROLES}) == len(ROLES)
