"""`sealdesk window`: the desktop program. Without a verb this one is meant."""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sealdesk.cli.passphrases import VARIABLE
from sealdesk.cli.verb import Verb
from sealdesk.core.i18n import N_, _

if TYPE_CHECKING:
    from sealdesk.app import Program
    from sealdesk.core.lanes import Task
    from sealdesk.core.single import SingleProgram
    from sealdesk.ui.opening import Ask, Opened


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, help="another data folder")


def _run(parsed: argparse.Namespace) -> int:
    return open_window(parsed.home)


def open_window(home: Path | None, *, pcsc: bool = True) -> int:
    """Open the program on the installation in `home` and return when its window was closed.

    The window is painted before anything heavy is imported or opened; what fails then stands in it.
    """
    from sealdesk.core import diagnostics, logs, paths
    from sealdesk.core.settings import SETTINGS_FILE, Settings
    from sealdesk.core.single import SingleProgram
    from sealdesk.ui import app

    home = paths.home() if home is None else home
    crash = diagnostics.CrashHandler(home)
    with contextlib.suppress(OSError):  # told in the window: the installation cannot be opened then
        paths.ensure_private(home)
        logs.set_up(home)
        crash.install()
    installation = Installation(home, SingleProgram(home), pcsc=pcsc)
    try:
        return app.run(installation.open, Settings(home / SETTINGS_FILE))
    finally:
        installation.close()
        crash.uninstall()


class Installation:
    """An installation on its way to the window. `open` may be called again after it failed."""

    def __init__(self, home: Path, single: SingleProgram, *, pcsc: bool) -> None:
        self._home = home
        self._single = single
        self._pcsc = pcsc
        self._program: Program | None = None

    def open(self, task: Task, ask: Ask) -> Opened:
        """Open it and make its workspaces known; runs on a lane.

        Raises:
            StorageError: the store, its key, its disk or another open program stands in the way.
        """
        steps = (_("Loading the program"), _("Opening the local store"), _("Preparing the workspaces"))
        task.report(steps[0], 0, len(steps))
        self._hold()
        self._close_program()  # of a try before that failed late
        from sealdesk.app import bootstrap
        from sealdesk.ui.entrance import Entrance
        from sealdesk.ui.opening import Opened

        task.check()
        task.report(steps[1], 1, len(steps))
        given = os.environ.get(VARIABLE)
        self._program = program = bootstrap(
            self._home,
            passphrase_source=lambda request: given if given and request.attempt == 1 else ask(request),
            pcsc=self._pcsc,
        )
        task.check()
        task.report(steps[2], 2, len(steps))
        from sealdesk.ui.workspaces import WORKSPACES

        entrance = Entrance(program.desk, program.office, program.keep_token)
        task.check()
        return Opened(entrance, program.desk.signed_in, WORKSPACES)

    def close(self) -> None:
        """Close what was opened."""
        self._close_program()
        self._single.release()

    def _close_program(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.close()

    def _hold(self) -> None:
        from sealdesk.core import paths
        from sealdesk.core.single import LockNotMadeError

        try:
            paths.ensure_private(self._home)
        except OSError as error:
            raise LockNotMadeError(file=self._home.name, reason=error.strerror or "") from error
        self._single.take()


VERB = Verb("window", N_("Open the desktop program"), _configure, _run)
