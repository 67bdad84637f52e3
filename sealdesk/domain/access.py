"""Who may do what: permissions by name, roles as ready sets of them, and the actor of a command.

A permission is a dotted name, owner first. Each one is declared by the stage that guards it; this module holds only what all share.
"""

from __future__ import annotations

from dataclasses import dataclass

from sealdesk.core.i18n import N_


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that can be granted to a person. `title` is what the matrix of permissions shows."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf a command runs: a signed-in operator, the platform, or the program itself."""

    id: str
    name: str
    permissions: frozenset[str]
    key_fingerprint: str = ""

    def may(self, permission: str) -> bool:
        """Whether this actor holds the permission; an empty name asks for nothing."""
        if not permission or permission in self.permissions:
            return True
        return EVERYTHING in self.permissions and permission not in NOT_FOR_PEOPLE


EVERYTHING = "*"
"""Held by the senior administrator (高级管理员), who has the highest rights in every menu (manual, 系统登录)."""

NOT_FOR_PEOPLE = frozenset({"platform.apply", "program.run"})
"""What no person may do, whatever his rights: speak for the platform, whose facts have one writer, or for the program itself."""

PLATFORM = Actor("platform", N_("Platform"), frozenset({"platform.apply"}))
"""The central platform, whose messages become commands."""

PROGRAM = Actor("program", N_("sealdesk"), frozenset({"program.run"}))
"""The program itself, for upkeep that nobody asked for by hand."""


@dataclass(frozen=True, slots=True)
class Role:
    """A ready set of permissions; a person's permissions may differ from every role."""

    name: str
    title: str
    stages: tuple[str, ...]


ROLES = (
    Role("senior_administrator", N_("Senior administrator"), (EVERYTHING,)),
    Role("counter_clerk", N_("Counter clerk"), ("registration", "acceptance", "logistics")),
    Role("technician", N_("Technician"), ("production", "signature")),
    Role("accountant", N_("Accountant"), ("finance", "statistics")),
)
"""Roles of the manual's example: business people run acceptance, makers run production, accountants run finance (权限管理)."""
