"""The command line: headless verbs, each a module with `VERB`; without a verb the window opens.

What is printed here is the verbs' product; the rest of the program logs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sealdesk.cli.audit import VERB as AUDIT
from sealdesk.cli.central import VERB as CENTRAL
from sealdesk.cli.demo import VERB as DEMO
from sealdesk.cli.devices import VERB as DEVICES
from sealdesk.cli.face import VERB as FACE
from sealdesk.cli.store import VERB as STORE
from sealdesk.cli.verb import Verb
from sealdesk.cli.window import VERB as WINDOW
from sealdesk.core.errors import SealdeskError, UserCancelled
from sealdesk.core.i18n import _, use_language

VERBS: tuple[Verb, ...] = (WINDOW, DEMO, AUDIT, CENTRAL, FACE, DEVICES, STORE)
"""All verbs; the first one is meant when none is given."""


def main(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit code: 0 done, 1 refused or failed, 2 misused."""
    use_language("zh_CN")
    parser = argparse.ArgumentParser(prog="sealdesk")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    for verb in VERBS:
        verb.configure(verbs.add_parser(verb.name, help=_(verb.help), description=_(verb.help)))
    parsed = parser.parse_args(list(arguments) or [VERBS[0].name])
    chosen = next(verb for verb in VERBS if verb.name == parsed.verb)
    try:
        return chosen.run(parsed)
    except (UserCancelled, KeyboardInterrupt):
        return 1
    except SealdeskError as error:
        advice = error.advise()
        sys.stderr.write(f"{error}\n{advice}\n" if advice else f"{error}\n")
        return 1
