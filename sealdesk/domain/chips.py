"""Chips: what is written on one, in which order, and how a burning that was interrupted is judged from what the chip holds.

The steps are the same for every driver; `sealdesk.hardware` knows how a chip is spoken to.
"""

from __future__ import annotations

from enum import StrEnum

from sealdesk.core.i18n import N_


class BurnStep(StrEnum):
    """The steps of burning a chip seal, in their order (manual, 芯片印章; engineering, cards).

    The identity is read and tied to the order first; the PIN becomes the card's PIN last, so that an interrupted chip can always be
    finished
    with the factory PIN.
    """

    IDENTIFY = "identify"
    KEY = "key"
    CERTIFICATE = "certificate"
    IMPORT = "import"
    DATA = "data"
    VERIFY = "verify"
    PIN = "pin"


BURN_STEP_TITLES: dict[BurnStep, str] = {
    BurnStep.IDENTIFY: N_("Read the chip and tie it to the order"),
    BurnStep.KEY: N_("Make the key pair on the chip"),
    BurnStep.CERTIFICATE: N_("Have the certificate issued"),
    BurnStep.IMPORT: N_("Write the certificate"),
    BurnStep.DATA: N_("Write the permit, the face and the seal data"),
    BurnStep.VERIFY: N_("Read everything back and compare"),
    BurnStep.PIN: N_("Change to the card's PIN"),
}

FILE_ORDER = "ORDER"
"""Which seal this chip belongs to: canonical JSON with order, seal and seal code; written first."""
FILE_PERMIT = "PERMIT"
"""The permit as a signed record."""
FILE_FACE = "FACE"
"""The compressed GA 241 picture of the face."""
FILE_QUERY = "QUERY"
"""The query information as a record signed with the maker's key; written by the production signature."""
FILE_DELIVERY = "DELIVERY"
"""The delivery record signed with the maker's key; written at hand-over."""

OPEN = "open"
DONE = "done"
SPOILED = "spoiled"
