"""`sealdesk audit`: verify the audit trail's chain, or tell it in sentences."""

from __future__ import annotations

import argparse

from sealdesk.cli.passphrases import from_terminal
from sealdesk.cli.verb import Verb, say
from sealdesk.core import paths
from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import N_, _


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("verify", "show"))
    parser.add_argument("--limit", type=int, default=50)


def _run(parsed: argparse.Namespace) -> int:
    from sealdesk.models.database import open_store
    from sealdesk.models.keystore import open_keystore
    from sealdesk.workflow import audit

    home = paths.home()
    store = open_store(home, open_keystore(home, from_terminal))
    try:
        with store.read() as session:
            if parsed.action == "show":
                for entry in reversed(audit.latest_entries(session, parsed.limit)):
                    say(f"{entry.seq:6}  {entry.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}  {_(entry.actor)}  {entry.command}  {entry.result}")
                return 0
            verdict = audit.verify(session)
    finally:
        store.close()
    if verdict.broken_at is not None:
        say(_("The audit trail is broken at record {number}.").format(number=verdict.broken_at))
        return 1
    say(_("The audit trail is whole: {count} records, head {head}.").format(count=verdict.count, head=verdict.head))
    return 0


VERB = Verb("audit", N_("Verify or show the audit trail"), _configure, _run)
