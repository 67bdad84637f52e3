"""`sealdesk store`: back the local store up, check a backup, or put one back. Only while the window is closed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sealdesk.cli.passphrases import from_terminal
from sealdesk.cli.verb import Verb, say
from sealdesk.core import paths
from sealdesk.core.clock import CHINA, SystemClock, parse_stamp
from sealdesk.core.i18n import N_, _
from sealdesk.core.single import SingleProgram

if TYPE_CHECKING:
    from sealdesk.models.keystore import KeyStore


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("backup", "check", "restore"))
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--yes", action="store_true", help=_("put the backup back without asking"))


def _run(parsed: argparse.Namespace) -> int:
    home = paths.home()
    paths.ensure_private(home)
    single = SingleProgram(home)
    single.take()
    try:
        from sealdesk.models.keystore import open_keystore

        keystore = open_keystore(home, from_terminal)
        if parsed.action == "backup":
            return _backup(home, keystore, parsed.file.absolute())
        if parsed.action == "check":
            return _check(home, keystore, parsed.file.absolute())
        return _restore(home, keystore, parsed.file.absolute(), agreed=parsed.yes)
    finally:
        single.release()


def _backup(home: Path, keystore: KeyStore, file: Path) -> int:
    from sealdesk.models.database import open_store

    if file.exists():
        say(_("{file} is there already; choose another name.").format(file=file))
        return 1
    store = open_store(home, keystore)
    try:
        store.backup(file)
    finally:
        store.close()
    say(_("The store was backed up to {file}.").format(file=file))
    say(_("It opens only with the key in the key store of this installation."))
    return 0


def _check(home: Path, keystore: KeyStore, file: Path) -> int:
    from sealdesk.models.restore import inspect

    facts = inspect(home, keystore, file)
    last = f"{parse_stamp(facts.last_record_at).astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if facts.last_record_at else "–"
    told = _("The backup is whole: {orders} orders, {records} audit records, the last of {last}.")
    say(told.format(orders=facts.orders, records=facts.records, last=last))
    return 0


def _restore(home: Path, keystore: KeyStore, file: Path, *, agreed: bool) -> int:
    from sealdesk.models.restore import restore

    _check(home, keystore, file)
    if not agreed and not _agreed():
        say(_("Nothing was changed. To put it back without a question, add --yes."))
        return 1
    aside = restore(home, keystore, file, SystemClock().now())
    say(_("The backup is in its place."))
    if aside is not None:
        say(_("The store that was there is kept as {file}.").format(file=aside))
    say(_("What was done after the backup comes again from the platform where the platform knows it; the audit trail shows the gap."))
    return 0


def _agreed() -> bool:
    """Whether the person at the terminal wants it; without a terminal nobody does."""
    if not sys.stdin.isatty():
        return False
    return input(_("Put this backup in the place of the store? Type YES:") + " ").strip() == "YES"


VERB = Verb("store", N_("Back up, check or put back the local store"), _configure, _run)
