"""The acts of the walk: what a clerk, a technician and the platform's office do, through the same desk that the window uses.

Each act is one run of the program, from signing in to closing (or to being killed): so every act begins with what the act before left on
the disk, and with nothing else.
"""

from __future__ import annotations

import mimetypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sealdesk.app import Program, bootstrap
from sealdesk.cli.demo.world import KEY_READER, World
from sealdesk.cli.passphrases import from_terminal
from sealdesk.cli.verb import say
from sealdesk.core.errors import ProblemsError
from sealdesk.core.lanes import Job, Progress
from sealdesk.domain import orders
from sealdesk.domain.deliveries import CheckedPapers
from sealdesk.domain.orders import ProofKind
from sealdesk.domain.pin import Pin
from sealdesk.stages.acceptance import countersigning
from sealdesk.stages.acceptance.queries import waiting_orders
from sealdesk.stages.acceptance.rules import AcceptOrder
from sealdesk.stages.administration import enrolment, sign_in
from sealdesk.stages.administration.enrolment import FirstUser
from sealdesk.stages.logistics import handing_over, papers
from sealdesk.stages.logistics.queries import deliverable_orders
from sealdesk.stages.production import artwork, burning, queries
from sealdesk.stages.production.rules import MarkSealMade
from sealdesk.stages.registration.queries import open_order, order_lines
from sealdesk.stages.registration.rules import AttachProof, Draft, DraftSeal, SaveDraft, SubmitOrder
from sealdesk.stages.signature import signing
from sealdesk.stages.signature.queries import signature_plan, waiting_chips
from sealdesk.workflow import audit, facts
from sealdesk.workflow.desk import Desk

T = TypeVar("T")
WAIT_S = 60.0
WAITING_MARK = "@waiting-for-platform"
REQUEST_S = 0.5
"""By then the request for the certificate is in the outbox, and the burning waits."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Do a step and print it with the time it took."""
    began = time.perf_counter()
    yield
    say(f"  {title}  {time.perf_counter() - began:6.2f} s")


class Act:
    """One run of the program in the demonstration's world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.program: Program = bootstrap(world.home, passphrase_source=from_terminal, pcsc=False)
        self.program.software.insert(KEY_READER, world.key_file)
        self.program.devices.settle()
        self.desk: Desk = self.program.desk

    def close(self) -> None:
        """Close the program in order."""
        if not self.program.close():
            raise RuntimeError("a lane did not end")

    def pin(self) -> Pin:
        """The PIN of the demonstration's key."""
        return Pin(self.world.key_pin)

    def finish(self, job: Job[T]) -> T:
        """Wait for a job that a person would watch."""
        return job.result(WAIT_S)

    def enrol(self) -> None:
        """The first run: compare the fingerprint, prove the key, become the senior administrator."""
        program, world = self.program, self.world
        authority = self.finish(enrolment.fetch_authority(self.desk, program.office, world.address))
        if authority.fingerprint != world.root_fingerprint:
            raise RuntimeError("the platform's root is not the one of the letter")
        first = FirstUser(authority, world.user, world.display_name, "", world.password)
        self.finish(enrolment.enrol(self.desk, program.office, program.keep_token, first, "", self.pin()))

    def sign_in(self) -> None:
        """Sign in with name, password, key and PIN; works without the platform."""
        world = self.world
        job = sign_in.sign_in(self.desk, world.user, "", world.password, "", self.pin())
        self.desk = self.desk.signed_in(self.finish(job))

    def exchange(self) -> None:
        """One whole exchange with the platform."""
        self.finish(self.desk.sync.exchange())

    def register(self) -> str:
        """Type a unit with two seals (its address not as on the licence), attach papers, keep it as a draft; returns the order's id."""
        world, order_id = self.world, str(uuid4())
        unit = replace(world.unit, address=world.unit.address.split(" ")[0])
        seals = (
            DraftSeal(str(uuid4()), "01", world.unit_template, {"name": unit.name}, "seal.photosensitive"),
            DraftSeal(str(uuid4()), "04", world.contract_template, {"name": unit.name}, "seal.chip"),
        )
        self.desk.do(SaveDraft(order_id, Draft(unit, replace(world.handler, name=""), seals)))
        self.desk.do(SaveDraft(order_id, Draft(unit, world.handler, seals)))
        for kind in (ProofKind.UNIT_CERTIFICATE, ProofKind.PRINCIPAL_ID, ProofKind.HANDLER_ID):
            self._attach(order_id, kind)
        return order_id

    def draft(self, number: int, template: str) -> None:
        """Leave a draft of another sample unit."""
        unit, handler = self.world.customer(number)
        seal = DraftSeal(str(uuid4()), "01", template, {"name": unit.name}, "seal.copper")
        self.desk.do(SaveDraft(str(uuid4()), Draft(unit, handler, (seal,))))

    def submit_refused(self, order_id: str) -> str:
        """Submit without the power of attorney; returns the sentences of the refusal."""
        try:
            self.desk.do(SubmitOrder(order_id))
        except ProblemsError as error:
            return "; ".join(str(problem) for problem in error.problems)
        raise RuntimeError("an order without power of attorney was accepted")

    def submit(self, order_id: str) -> None:
        """Add the power of attorney and submit."""
        self._attach(order_id, ProofKind.POWER_OF_ATTORNEY)
        self.desk.do(SubmitOrder(order_id))

    def resubmit(self, order_id: str) -> str:
        """Read the reason of the return, edit what it asks for, submit again; returns the reason."""
        (line,) = self.desk.tell(lambda session: order_lines(session, (orders.RETURNED,)))
        order = self.desk.tell(lambda session: open_order(session, order_id))
        assert order is not None
        unit = replace(order.draft.unit, address=self.world.unit.address)
        self.desk.do(SaveDraft(order_id, replace(order.draft, unit=unit)))
        self.desk.do(SubmitOrder(order_id))
        return line.return_reason

    def countersign_and_accept(self) -> None:
        """签收证明 with the key, then 通过承接."""
        (order,) = self.desk.tell(waiting_orders)
        self.finish(countersigning.countersign(self.desk, (order.id,), KEY_READER, self.pin()))
        self.desk.do(AcceptOrder(order.id))

    def make_physical(self, folder: Path) -> None:
        """Export the face of the physical seal and mark it made."""
        ticket = next(t for t in self.desk.tell(queries.queue) if t.carrier == "physical")
        formats = ("svg", "pdf", "png", "dxf", "plt", "tif")
        self.finish(artwork.export(self.desk, ticket.seal_id, folder, formats, dpi=1200.0, material=""))
        self.desk.do(MarkSealMade(ticket.seal_id))

    def burn(self, reader: str, chip_file: Path) -> burning.BurnReport:
        """Put the chip in and burn it, or finish a burning that was cut off."""
        self.program.software.insert(reader, chip_file)
        self.program.devices.settle()
        ticket = next(t for t in self.desk.tell(queries.queue) if t.carrier == "chip")
        job = burning.burn(self.desk, ticket.seal_id, reader)
        job.on_progress(self._tell_burning)
        return self.finish(job)

    def sign_and_burn_query(self, reader: str) -> None:
        """Review, sign, burn and read back the query information."""
        (chip,) = self.desk.tell(waiting_chips)
        plan = self.desk.tell(lambda session: signature_plan(session, chip.seal_id))
        assert plan is not None
        self.finish(signing.sign(self.desk, chip.seal_id, plan.information, KEY_READER, self.pin()))
        self.finish(signing.burn_signature(self.desk, chip.seal_id, reader))

    def hand_over(self, reader: str, folder: Path) -> None:
        """Check the collector, sign and burn the delivery record, print slip and mailer, finish."""
        (order,) = self.desk.tell(deliverable_orders)
        papers_seen = CheckedPapers(original_seen=True)
        begun = self.finish(handing_over.sign_delivery(self.desk, order.id, order.handler, papers_seen, KEY_READER, self.pin()))
        for seal in order.seals:
            if seal.chip_serial:
                self.finish(handing_over.burn_delivery(self.desk, order.id, seal.id, reader))
        (folder / "slip.pdf").write_bytes(self.desk.tell(lambda session: papers.delivery_slip(session, order.id)))
        mailer = self.desk.tell(lambda session: papers.pin_mailer(session, order.id))
        if mailer is None:
            raise RuntimeError("no PIN mailer for a chip seal")
        (folder / "pin-mailer.pdf").write_bytes(mailer)
        self.finish(handing_over.finish(self.desk, begun.delivery_id))

    def verify_audit(self) -> audit.Verdict:
        """Walk the audit trail."""
        verdict = self.desk.tell(audit.verify)
        if verdict.broken_at is not None:
            raise RuntimeError(f"the audit trail is broken at {verdict.broken_at}")
        return verdict

    def shop_name(self) -> str:
        """The shop as the platform knows it."""
        return self.desk.tell(facts.shop).name

    def _attach(self, order_id: str, kind: ProofKind) -> None:
        file = self.world.papers[kind]
        content = file.read_bytes()
        media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        attachment = self.finish(self.desk.keep(content))
        self.desk.do(AttachProof(order_id, kind, attachment, file.name, media_type, len(content)))

    def _tell_burning(self, progress: Progress) -> None:
        say(f"    {progress.done + 1}/{progress.total} {progress.step}")
        if progress.done == 2 and not self.desk.sync.state().online:
            threading.Timer(REQUEST_S, say, (WAITING_MARK,)).start()
