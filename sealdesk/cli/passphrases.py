"""Where the passphrase of the key file comes from when the system has no key store: the environment, or the terminal."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

from sealdesk.core.errors import UserCancelled
from sealdesk.core.i18n import _

if TYPE_CHECKING:  # the key store costs half a second, and every verb imports this module
    from sealdesk.models.keystore import PassphraseRequest

VARIABLE = "SEALDESK_PASSPHRASE"


def from_terminal(request: PassphraseRequest) -> str:
    """The passphrase from `SEALDESK_PASSPHRASE`, else asked on the terminal.

    Raises:
        UserCancelled: there is no terminal, or the environment's passphrase was wrong.
    """
    given = os.environ.get(VARIABLE)
    if given and request.attempt == 1:
        return given
    if not sys.stdin.isatty():
        raise UserCancelled
    question = _("Choose a passphrase for the key file: ") if request.is_new else _("Passphrase of the key file: ")
    return getpass.getpass(question)
