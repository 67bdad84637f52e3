"""`sealdesk devices`: which readers there are and what is in them. Tries no PIN."""

from __future__ import annotations

import argparse

from sealdesk.cli.verb import Verb, say
from sealdesk.core.i18n import N_, _


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list",), nargs="?", default="list")


def _run(_parsed: argparse.Namespace) -> int:
    from sealdesk.hardware.drivers.gmt0017.profile import load_profiles
    from sealdesk.hardware.manager import DeviceManager
    from sealdesk.hardware.monitor import PcscReaders

    devices = DeviceManager(load_profiles(), (PcscReaders(),))
    try:
        devices.settle()
        for problem in devices.problems():
            say(str(problem))
        for state in devices.readers():
            token = "" if state.token is None else f"{state.token.kind} {state.token.label} {state.token.serial}"
            say(f"{state.reader}: {state.state} {token}".rstrip())
        if not devices.readers():
            say(_("No reader is connected."))
    finally:
        devices.close()
    return 0


VERB = Verb("devices", N_("List readers, keys and chips"), _configure, _run)
