"""What kinds of things a change touched; a screen that shows one of them reloads, the others stay as they are."""

from __future__ import annotations

from enum import Flag, auto


class Touched(Flag):
    """Kinds of facts, as flags of an outcome."""

    NOTHING = 0
    ORDERS = auto()
    UNITS = auto()
    SEALS = auto()
    PERMITS = auto()
    CHIPS = auto()
    DELIVERIES = auto()
    USERS = auto()
    OUTBOX = auto()
    SETTINGS = auto()
    TEMPLATES = auto()

    def nouns(self) -> frozenset[str]:
        """The flags as lower-case nouns, such as `{"orders", "seals"}`."""
        return frozenset(str(flag.name).lower() for flag in self)
