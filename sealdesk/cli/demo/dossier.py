"""What the walk writes down at its end: both sides compared, the signed records, the papers, the chip as read back, and `VERIFY.md`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sealdesk.cli.demo.acts import Act
from sealdesk.cli.demo.evidence import Evidence
from sealdesk.cli.demo.world import CHIP_READER
from sealdesk.core.clock import CHINA
from sealdesk.core.i18n import _
from sealdesk.crypto.records import SignedRecord
from sealdesk.domain.orders import DELIVERED
from sealdesk.stages.acceptance.papers import permit_copy
from sealdesk.stages.logistics.queries import DeliverableOrder, deliverable_orders
from sealdesk.stages.production.artwork import artwork
from sealdesk.workflow import facts
from sealdesk.workflow.history import history_of_order
from sealdesk.workflow.signed import records_of_order


def write_dossier(act: Act) -> Iterator[str]:
    """Write the results folder; yields the lines worth reading.

    Raises:
        RuntimeError: the two sides differ, the trail is broken, or a command of `VERIFY.md` failed.
    """
    desk, evidence = act.desk, Evidence(act.world.results)
    (order,) = desk.tell(lambda session: deliverable_orders(session, (DELIVERED,)))
    yield _compare(act, order, evidence)
    verdict = act.verify_audit()
    yield _("audit trail whole: {count} records").format(count=verdict.count)
    trust = desk.tell(facts.trust)
    evidence.trust(trust.root, trust.intermediates)
    for signed in desk.tell(lambda session: records_of_order(session, order.id)):
        evidence.record(signed.name, _(signed.title), SignedRecord.from_json(signed.record))
    now = desk.clock.now()
    evidence.write("permit.pdf", desk.tell(lambda session: permit_copy(session, order.id, now)))
    _chip_faces(order, evidence)
    desk.devices.with_chip(CHIP_READER, evidence.chip).result(30)
    evidence.same(_("The permit on the chip is the one that was signed"), "permit", "PERMIT")
    evidence.same(_("The query information on the chip is the one that was signed"), "query", "QUERY")
    evidence.same(_("The delivery record on the chip is the one that was signed"), "delivery", "DELIVERY")
    _history(act, order.id, evidence)
    evidence.finish()
    yield _("{count} commands of VERIFY.md run, all succeeded").format(count=evidence.run())


def _compare(act: Act, order: DeliverableOrder, evidence: Evidence) -> str:
    """Platform and desk must hold the same facts."""
    client = act.program.client()
    if client is None:
        raise RuntimeError("not enrolled")
    theirs = act.desk.lanes.network.call(lambda: client.order(order.id))
    here: dict[str, Any] = {
        "number": order.number,
        "unit": order.unit_name,
        "state": order.state.removeprefix("order."),
        "seals": [{"id": s.id, "name": s.name, "seal_code": s.seal_code, "chip_serial": s.chip_serial} for s in order.seals],
    }
    there: dict[str, Any] = {
        "number": theirs.number,
        "unit": theirs.unit,
        "state": theirs.state,
        "seals": [{"id": s.id, "name": s.name, "seal_code": s.seal_code, "chip_serial": s.chip_serial} for s in theirs.seals],
    }
    evidence.write("facts.json", json.dumps({"desk": here, "platform": there}, ensure_ascii=False, indent=2).encode())
    if here != there:
        raise RuntimeError(f"platform and desk differ: {here} {there}")
    state = act.desk.sync.state()
    if state.waiting or state.decisions:
        raise RuntimeError(f"{state.waiting} messages still wait, {state.decisions} need a decision")
    return _("platform and desk hold the same facts")


def _chip_faces(order: DeliverableOrder, evidence: Evidence) -> None:
    for seal in order.seals:
        if seal.chip_serial:
            made = artwork(seal.spec, "", ("svg", "pdf", "png"), 1200.0, seal.seal_code, seal.seal_code)
            for name, content in made.files.items():
                evidence.write(f"faces/{name}", content)


def _history(act: Act, order_id: str, evidence: Evidence) -> None:
    lines = act.desk.tell(lambda session: history_of_order(session, order_id, act.desk.bus.sentence))
    told = [f"{line.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}  {line.sentence}  {line.about}".rstrip() for line in lines]
    evidence.write("history.txt", ("\n".join(told) + "\n").encode())
