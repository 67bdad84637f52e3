"""The whole route, driven at random: whatever is tried in whatever order, no seal leaves without a countersigned permit."""

from __future__ import annotations

import json
from collections import Counter as Tally
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from sealdesk.core.errors import DeviceError, UserError
from sealdesk.crypto.records import SignedRecord
from sealdesk.domain.access import PLATFORM
from sealdesk.stages.acceptance.rules import AcceptOrder, CountersignPermit, ReceivePermit
from sealdesk.stages.logistics.rules import DeliverOrder
from sealdesk.stages.production.rules import BeginBurning, FinishBurning, MarkSealMade, RecordExport, SpoilChip
from sealdesk.stages.registration.rules import CancelOrder, ReturnOrder, SaveDraft, SubmitOrder
from sealdesk.workflow import audit

BEYOND = ("order.accepted", "order.produced", "order.delivered")
NOBODY_ID = "99999999-9999-4999-8999-999999999999"


class Route(RuleBasedStateMachine):
    """Tries commands on an order of its own; keeps only what must have happened before."""

    counter: ClassVar[Any]
    start: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.seal = f"{next(self.counter.numbers):08d}-2222-4222-8222-222222222222"
        self.draft = replace(self.start, seals=(replace(self.start.seals[1], id=self.seal),))
        self.order = self.counter.draft(self.draft)
        self.good_permit = ""
        self.countersigned = False
        self.burn = NOBODY_ID

    def attempt(self, command: object, actor: Any = None) -> bool:
        before, state = Tally(self.counter.outbox()), self.counter.state(self.order)
        try:
            self.value = self.counter.do(command, actor)
        except (UserError, DeviceError):
            assert (Tally(self.counter.outbox()), self.counter.state(self.order)) == (before, state)
            return False
        return True

    @rule()
    def save(self) -> None:
        self.attempt(SaveDraft(self.order, self.draft))

    @rule()
    def submit(self) -> None:
        self.attempt(SubmitOrder(self.order))

    @rule()
    def send_back(self) -> None:
        self.attempt(ReturnOrder(self.order, "x", "审核员", 2), PLATFORM)

    @rule()
    def good_permit_arrives(self) -> None:
        if self.counter.seal_states(self.order):
            record = self.counter.permit(self.order)
            if self.attempt(permit(self.order, record), PLATFORM):
                self.good_permit = record

    @rule()
    def bad_permit_arrives(self) -> None:
        if not self.counter.seal_states(self.order):
            return
        if self.attempt(permit(self.order, self.counter.permit(self.order, handler="别人")), PLATFORM):
            self.good_permit = ""

    @rule()
    def countersign(self) -> None:
        record = self.good_permit or "{}"
        if record != "{}":
            record = self.counter.countersignature(self.order, record)
        number = number_in(self.good_permit) if self.good_permit else "2026000000"
        if self.attempt(CountersignPermit(self.order, number, record)):
            assert self.good_permit
            self.countersigned = True

    @rule()
    def accept(self) -> None:
        if self.attempt(AcceptOrder(self.order)):
            assert self.countersigned

    @rule()
    def export(self) -> None:
        if self.attempt(RecordExport(self.seal, ("svg",))):
            assert self.countersigned

    @rule()
    def burn_chip(self) -> None:
        if self.attempt(BeginBurning(self.seal, f"CHIP-{self.order}-{next(self.counter.numbers)}")):
            assert self.countersigned
            self.burn = self.value

    @rule()
    def spoil(self) -> None:
        self.attempt(SpoilChip(self.burn, "坏"))

    @rule()
    def finish(self) -> None:
        self.attempt(FinishBurning(self.burn))

    @rule()
    def by_hand(self) -> None:
        assert not self.attempt(MarkSealMade(self.seal))

    @rule()
    def deliver_at_once(self) -> None:
        assert not self.attempt(DeliverOrder(NOBODY_ID))

    @rule()
    def cancel(self) -> None:
        if self.attempt(CancelOrder(self.order)):
            assert not self.countersigned

    def teardown(self) -> None:
        if self.counter.state(self.order) in BEYOND:
            assert self.countersigned
        assert self.counter.ask(audit.verify).broken_at is None


def permit(order_id: str, record: str) -> Any:
    return ReceivePermit(order_id, 3, record)


def number_in(record: str) -> str:
    return str(json.loads(SignedRecord.from_json(record).content)["number"])


def test_the_route_holds_in_whatever_order_things_are_tried(counter, draft):
    run_state_machine_as_test(
        type("Run", (Route,), {"counter": counter, "start": draft}),
        settings=settings(max_examples=4, stateful_step_count=25, deadline=None),
    )


@pytest.mark.long
def test_the_route_holds_in_very_many_orders(counter, draft):
    run_state_machine_as_test(
        type("Run", (Route,), {"counter": counter, "start": draft}),
        settings=settings(max_examples=30, stateful_step_count=40, deadline=None),
    )
