"""`sealdesk demo`: the program on an embedded platform with a software key and chips; with `--walk` it walks the main job by itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from sealdesk.cli.verb import Verb
from sealdesk.core.i18n import N_


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--walk", action="store_true", help="walk the main job without a window and leave a folder that can be verified")
    parser.add_argument("--folder", type=Path, default=None, help="where the demonstration lives (default: out/demo or out/walk)")
    parser.add_argument("--act", default="", help=argparse.SUPPRESS)


def _run(parsed: argparse.Namespace) -> int:
    if parsed.act:
        from sealdesk.cli.demo.walk import play

        return play(parsed.act, parsed.folder)
    if parsed.walk:
        from sealdesk.cli.demo.walk import walk

        return walk(parsed.folder or Path("out") / "walk")
    from sealdesk.cli.demo.screen import show

    return show(parsed.folder or Path("out") / "demo")


VERB = Verb("demo", N_("Show the program with sample data"), _configure, _run)
