"""`sealdesk audit`: verify the audit trail's chain, or tell it in sentences."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sealdesk.cli.passphrases import from_terminal
from sealdesk.cli.verb import Verb, say
from sealdesk.core import paths
from sealdesk.core.clock import CHINA
from sealdesk.core.errors import PlatformError
from sealdesk.core.i18n import N_, _

if TYPE_CHECKING:
    from sealdesk.models.database import Store
    from sealdesk.models.keystore import KeyStore
    from sealdesk.workflow.audit_heads import HeadsVerdict


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("verify", "show"))
    parser.add_argument("--limit", type=int, default=50)


def _run(parsed: argparse.Namespace) -> int:
    from sealdesk.models.database import open_store
    from sealdesk.models.keystore import open_keystore
    from sealdesk.stages import STAGES
    from sealdesk.stages.administration.queries import trail
    from sealdesk.workflow import audit, audit_heads

    sentences = {handling.command.__name__: handling.sentence for stage in STAGES for handling in stage.handlings}
    home = paths.home()
    keystore = open_keystore(home, from_terminal)
    store = open_store(home, keystore)
    try:
        kept = _kept(store, keystore) if parsed.action == "verify" else ()
        with store.read() as session:
            if parsed.action == "show":
                for line in reversed(trail(session, lambda command: sentences.get(command, ""), parsed.limit)):
                    refused = f"  ✗ {line.reason}" if line.refused else ""
                    say(f"{line.seq:6}  {line.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}  {line.sentence}{refused}")
                return 0
            verdict, heads = audit.verify(session), audit_heads.check(session, kept or ())
    finally:
        store.close()
    if verdict.broken_at is not None:
        say(_("The audit trail is broken at record {number}.").format(number=verdict.broken_at))
        return 1
    say(_("The audit trail is whole: {count} records, head {head}.").format(count=verdict.count, head=verdict.head))
    return _told(heads, platform_asked=kept is not None)


def _kept(store: Store, keystore: KeyStore) -> tuple[str, ...] | None:
    """The signed heads that the platform keeps, or None when it cannot be asked now."""
    from sealdesk.app import platform_client

    client = platform_client(store, keystore)
    if client is None:
        return None
    try:
        return tuple(client.audit_heads().records)
    except PlatformError as error:
        say(str(error))
        return None
    finally:
        client.close()


def _told(heads: HeadsVerdict, *, platform_asked: bool) -> int:
    if not platform_asked:
        say(_("The platform was not asked; only the heads signed on this computer were compared."))
    say(heads.sentence())
    return 0 if heads.holds else 1


VERB = Verb("audit", N_("Verify or show the audit trail"), _configure, _run)
