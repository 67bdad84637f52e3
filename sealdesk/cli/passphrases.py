"""Where the passphrase of the key file comes from when the system has no key store: the environment, or the terminal."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

from sealdesk.core.errors import StorageError
from sealdesk.core.i18n import N_, _

if TYPE_CHECKING:  # the key store costs half a second, and every verb imports this module
    from sealdesk.models.keystore import PassphraseRequest

VARIABLE = "SEALDESK_PASSPHRASE"


class PassphraseMissingError(StorageError):
    """The key file needs a passphrase and nobody can be asked. Facts: variable."""

    code = "storage.passphrase.missing"
    sentence = N_("The data is locked with a passphrase, and nobody can be asked for it here.")
    advice = N_("Run this in a terminal, or put the right passphrase into {variable}.")


def from_terminal(request: PassphraseRequest) -> str:
    """The passphrase from `SEALDESK_PASSPHRASE`, else asked on the terminal.

    Raises:
        PassphraseMissingError: there is no terminal, or the environment's passphrase was wrong.
    """
    given = os.environ.get(VARIABLE)
    if given and request.attempt == 1:
        return given
    if not sys.stdin.isatty():
        raise PassphraseMissingError(variable=VARIABLE)
    question = _("Choose a passphrase for the key file: ") if request.is_new else _("Passphrase of the key file: ")
    return getpass.getpass(question)
