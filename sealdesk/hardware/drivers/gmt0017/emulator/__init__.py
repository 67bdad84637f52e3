"""The card's side of GM/T 0017 in software: the same bytes as a token, state in a file, faults on demand; no connection and no reader.

It serves the demonstration and the tests, in the process itself and behind the real PC/SC service. A private key in it is only as safe
as its file.
"""

from sealdesk.hardware.drivers.gmt0017.emulator.card import Card
from sealdesk.hardware.drivers.gmt0017.emulator.faults import Fault, FaultKind, Faults
from sealdesk.hardware.drivers.gmt0017.emulator.state import CardState, StateFile, blank_state

__all__ = ["Card", "CardState", "Fault", "FaultKind", "Faults", "StateFile", "blank_state"]
