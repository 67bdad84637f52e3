"""Faults that an emulated token can be told to show: cut lines, torn writes, silence, slowness, lies; decided by count or by command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FaultKind(Enum):
    """What goes wrong."""

    CUT_BEFORE = "the line is cut before the command is executed"
    CUT_INSIDE = "the power goes in the middle of a write: half of it is stored"
    CUT_AFTER = "the command is executed, then the line is cut before the answer"
    EMPTY_ANSWER = "executed, and the reader reports success with an empty answer"
    MUTE = "the card never answers"
    SLOW = "the answer takes `seconds` longer"
    LIE = "`answer` is sent instead; nothing is executed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, for the APDU number `at` (1 is the next one), or for the next command with the byte `ins`, or for every one."""

    kind: FaultKind
    at: int | None = None
    ins: int | None = None
    seconds: float = 0.0
    answer: bytes = b""
    repeated: bool = False


class Faults:
    """The faults that wait to happen. `count` is the number of APDUs seen."""

    def __init__(self, *faults: Fault) -> None:
        self._waiting = list(faults)
        self.count = 0

    def add(self, fault: Fault) -> None:
        """Let `fault` wait; its `at` counts from now."""
        if fault.at is not None:
            fault = Fault(fault.kind, self.count + fault.at, fault.ins, fault.seconds, fault.answer, fault.repeated)
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def next(self, ins: int) -> Fault | None:
        """Count an APDU and take the fault that is due for it, if any."""
        self.count += 1
        for fault in self._waiting:
            if fault.at not in (None, self.count) or fault.ins not in (None, ins):
                continue
            if not fault.repeated:
                self._waiting.remove(fault)
            return fault
        return None
