"""`sealdesk window`: the desktop program. Without a verb this one is meant."""

from __future__ import annotations

import argparse
from pathlib import Path

from sealdesk.cli.verb import Verb
from sealdesk.core.i18n import N_


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, help="another data folder")


def _run(parsed: argparse.Namespace) -> int:
    return open_window(parsed.home)


def open_window(home: Path | None, *, pcsc: bool = True) -> int:
    """Open the program on the installation in `home` and return when its window was closed."""
    from sealdesk.app import bootstrap
    from sealdesk.cli.passphrases import from_terminal
    from sealdesk.core import diagnostics, logs, paths
    from sealdesk.ui import app
    from sealdesk.ui.entrance import Entrance
    from sealdesk.ui.workspaces import WORKSPACES

    home = paths.home() if home is None else home
    paths.ensure_private(home)
    logs.set_up(home)
    crash = diagnostics.CrashHandler(home)
    crash.install()
    program = bootstrap(home, passphrase_source=from_terminal, pcsc=pcsc)
    try:
        entrance = Entrance(program.desk, program.office, program.keep_token)
        return app.run(entrance, program.desk.signed_in, WORKSPACES, program.desk.settings)
    finally:
        program.close()
        crash.uninstall()


VERB = Verb("window", N_("Open the desktop program"), _configure, _run)
