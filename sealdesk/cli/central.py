"""`sealdesk central`: the reference platform: make one, run it, and review registrations on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from sealdesk.cli.verb import Verb, say
from sealdesk.core.i18n import N_, _


def _configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    init = actions.add_parser("init", help="make a platform with its authority and a first shop")
    init.add_argument("--name", required=True)
    init.add_argument("--office", required=True, help="name of the approving office")
    init.add_argument("--office-code", required=True, help="its 12-digit code")
    init.add_argument("--shop", required=True)
    init.add_argument("--shop-code", required=True)
    init.add_argument("--area", required=True, help="6-digit GB/T 2260 code of the shop")
    serve = actions.add_parser("serve", help="run the platform until it is stopped")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8650)
    review = actions.add_parser("review", help="list registrations, show one, approve it or send it back")
    review.add_argument("decision", choices=("list", "show", "approve", "return"))
    review.add_argument("order", nargs="?", default="", help="the order's id or number")
    review.add_argument("--next", action="store_true", help="the oldest one that waits")
    review.add_argument("--reason", default="")
    review.add_argument("--reviewer", default="审核员")
    for action in (init, serve, review):
        action.add_argument("--home", type=Path, required=True, help="the platform's data folder")
        action.add_argument("--database", default="", help="a database URL; SQLite in the data folder by default")


def _run(parsed: argparse.Namespace) -> int:
    return {"init": _init, "serve": _serve, "review": _review}[parsed.action](parsed)


def _init(parsed: argparse.Namespace) -> int:
    from sealdesk.central.authority import Office
    from sealdesk.central.platform import ShopEntry, found_platform

    shop = ShopEntry(parsed.shop_code, parsed.shop, parsed.area)
    office = Office(parsed.office_code, parsed.office)
    platform = found_platform(parsed.home, name=parsed.name, office=office, shops=(shop,), database=parsed.database)
    say(_("The platform was made. Fingerprint of its root: {fingerprint}").format(fingerprint=platform.authority.root.fingerprint.upper()))
    platform.close()
    return 0


def _serve(parsed: argparse.Namespace) -> int:
    from sealdesk.central.platform import open_platform
    from sealdesk.central.server import run

    platform = open_platform(parsed.home, database=parsed.database)
    say(_("The platform listens at {address}").format(address=f"http://{parsed.host}:{parsed.port}"))
    run(platform, parsed.host, parsed.port)
    return 0


def _review(parsed: argparse.Namespace) -> int:
    from sealdesk.central import review
    from sealdesk.central.platform import open_platform

    platform = open_platform(parsed.home, database=parsed.database)
    try:
        waiting = review.list_orders(platform)
        if parsed.decision == "list":
            for line in waiting:
                say(f"{line.number}  {line.submitted_at}  {line.shop}  {line.unit}  {', '.join(line.seals)}")
            return 0
        if parsed.next and not waiting:
            say(_("No registration waits."))
            return 1
        order = waiting[0].id if parsed.next else parsed.order
        if parsed.decision == "show":
            sheet = review.show_order(platform, order)
            say(sheet.registration.model_dump_json(indent=2))
            for decision in sheet.decisions:
                say(decision)
        elif parsed.decision == "approve":
            say(_("Permit {number} was issued.").format(number=review.approve(platform, order, parsed.reviewer)))
        else:
            review.return_(platform, order, parsed.reason, parsed.reviewer)
            say(_("The registration was sent back."))
        return 0
    finally:
        platform.close()


VERB = Verb("central", N_("Run the reference platform and review registrations"), _configure, _run)
