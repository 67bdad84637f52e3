"""The exchange between a workplace and the platform, step by step over real HTTP."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from sealdesk.central import review
from sealdesk.central.server import ServerThread
from sealdesk.models.burns import BurnRow
from sealdesk.models.orders import OrderRow
from sealdesk.models.outbox import OutboxRow
from sealdesk.stages.acceptance.rules import AcceptOrder
from sealdesk.stages.production.rules import AskForCertificateAgain
from sealdesk.stages.registration.rules import SubmitOrder
from sealdesk.workflow import facts, outbox
from sealdesk.workflow.decisions import DropChange, DropMessage, ResendMessage
from sealdesk.workflow.uow import MissingError


def test_engine_does_nothing_before_the_enrolment_and_works_after_it(opened: Any) -> None:
    place = opened(enrol=False)
    state = place.exchange()
    assert (state.online, state.offline_since, state.message) == (False, None, "This installation has not been set up yet.")
    place.enrol()
    assert place.exchange().online


def test_submitted_order_reaches_the_platform_with_its_papers(place: Any) -> None:
    order_id = place.submitted()
    assert place.engine.state().waiting == 0  # nobody looked yet
    state = place.exchange()
    assert (state.online, state.waiting, state.decisions) == (True, 0, 0)
    assert place.outbox() == [("registration.submit", "done")]
    assert place.order(order_id) == ("order.submitted", 1)
    known = place.client().order(order_id)
    assert (known.state, known.rev, [seal.state for seal in known.seals]) == ("submitted", 1, ["registered"])


def test_returned_registration_can_be_edited_and_submitted_again(place: Any, platform: Any) -> None:
    order_id = place.submitted()
    place.exchange()
    review.return_(platform, order_id, "营业执照看不清", "王警官")
    place.exchange()
    assert place.order(order_id) == ("order.returned", 2)
    assert place.ask(lambda session: session.get(OrderRow, order_id).return_reason) == "营业执照看不清"
    place.do(SubmitOrder(order_id))
    place.exchange()
    assert place.order(order_id) == ("order.submitted", 3)
    assert place.client().order(order_id).state == "submitted"


def test_permit_arrives_holds_and_is_countersigned_and_accepted(place: Any, platform: Any) -> None:
    order_id = place.accepted()
    place.exchange()
    assert place.order(order_id) == ("order.accepted", 4)
    known = place.client().order(order_id)
    assert (known.state, known.rev) == ("accepted", 4)
    code = place.ask(lambda session: session.get(OrderRow, order_id).seals[0].seal_code)
    assert known.seals[0].seal_code == code
    assert len(code) == 13
    assert code.startswith("220681")


def test_certificate_of_a_chip_is_asked_for_and_arrives_in_one_exchange(place: Any, seals: Any) -> None:
    order_id = place.accepted(seals.chip(), seals.rubber())
    place.exchange()
    seal_id, burn_id = place.begin_chip(order_id, "CHIP-1")
    place.exchange()
    certificates = place.ask(lambda session: session.get(BurnRow, burn_id).certificates)
    assert len(certificates) == 2
    known = place.client().order(order_id)
    assert place.order(order_id)[1] == known.rev == 6  # the request and what was issued are a revision each
    rubber = place.ask(lambda session: next(row.id for row in session.get(OrderRow, order_id).seals if row.id != seal_id))
    place.make(rubber)
    place.exchange()
    assert {seal.id: seal.state for seal in place.client().order(order_id).seals} == {seal_id: "accepted", rubber: "made"}


def test_certificate_that_was_lost_on_the_way_is_asked_for_again_and_is_the_same(place: Any, seals: Any) -> None:
    order_id = place.accepted(seals.chip())
    _seal_id, burn_id = place.begin_chip(order_id, "CHIP-1")
    place.exchange()

    def lose(session: Any) -> Any:
        row = session.get(BurnRow, burn_id)
        issued, row.certificates = row.certificates, None
        return issued

    issued = place.change(lose)
    place.exchange()
    assert place.ask(lambda session: session.get(BurnRow, burn_id).certificates) is None
    for _time in range(2):  # a second click while the first waits
        place.do(AskForCertificateAgain(burn_id))
    place.exchange()
    assert place.ask(lambda session: session.get(BurnRow, burn_id).certificates) == issued
    assert place.order(order_id)[1] == place.client().order(order_id).rev == 8


def test_messages_given_offline_go_out_in_order_when_the_platform_is_back(place: Any, server: ServerThread, seals: Any) -> None:
    order_id = place.permitted(seals.rubber())
    server.stop()
    place.countersign(order_id)
    place.do(AcceptOrder(order_id))
    seal_id = place.ask(lambda session: session.get(OrderRow, order_id).seals[0].id)
    place.make(seal_id)
    state = place.exchange()
    assert not state.online
    assert state.offline_since is not None
    assert state.waiting == 3
    first = state.offline_since
    assert place.exchange().offline_since == first
    server.start()
    state = place.exchange()
    assert (state.online, state.offline_since, state.waiting) == (True, None, 0)
    assert place.client().order(order_id).state == "produced"
    assert [kind for kind, _state in place.outbox()] == ["registration.submit", "permit.countersign", "order.accept", "seal.made"]


def test_loss_and_return_of_the_platform_are_logged_once(place: Any, server: ServerThread, caplog: pytest.LogCaptureFixture) -> None:
    place.exchange()
    with caplog.at_level(logging.INFO, "sealdesk.sync.engine"):
        server.stop()
        place.exchange()
        place.exchange()
        server.start()
        place.exchange()
        place.exchange()
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["the platform is lost", "the platform is back"]


def test_lost_answer_is_asked_for_again_with_the_same_key_and_nothing_is_doubled(place: Any, faults: Any, platform: Any) -> None:
    order_id = place.submitted()
    faults.lose = 1.0
    assert not place.exchange().online
    faults.lose = 0.0
    place.exchange()
    assert place.client().order(order_id).rev == 1
    assert place.outbox() == [("registration.submit", "done")]


def test_refused_message_is_parked_with_a_sentence_and_holds_back_its_own_order_only(opened: Any, seals: Any) -> None:
    first, second = opened("one"), opened("two", seals.OTHER_SHOP)
    first.submitted(seals.unit())
    first.exchange()
    refused = second.submitted(seals.unit())  # the same unit has this seal already, at another shop
    other = second.submitted(seals.rubber())
    state = second.exchange()
    assert (state.online, state.waiting, state.decisions) == (True, 0, 1)
    [parked] = second.ask(outbox.parked_messages)
    assert parked.subject == refused
    assert seals.UNIT.name in parked.reason
    assert parked.about
    assert second.client().order(other).state == "submitted"


def test_parked_message_goes_again_under_a_new_key_or_is_dropped(opened: Any, seals: Any, platform: Any) -> None:
    first, second = opened("one"), opened("two", seals.OTHER_SHOP)
    taken = first.submitted(seals.unit())
    first.exchange()
    refused = second.submitted(seals.unit())
    second.exchange()
    [parked] = second.ask(outbox.parked_messages)
    second.do(ResendMessage(parked.seq, parked.subject))
    assert second.exchange().decisions == 1  # still refused
    review.return_(platform, taken, "错了", "王警官")
    second.do(ResendMessage(parked.seq, parked.subject))
    assert second.exchange().decisions == 0
    assert second.client().order(refused).state == "submitted"
    with pytest.raises(MissingError):
        second.do(ResendMessage(parked.seq, parked.subject))


def test_refused_submission_that_is_given_up_becomes_an_order_that_can_be_edited(opened: Any, seals: Any) -> None:
    first, second = opened("one"), opened("two", seals.OTHER_SHOP)
    first.submitted(seals.unit())
    first.exchange()
    refused = second.submitted(seals.unit())
    second.exchange()
    [parked] = second.ask(outbox.parked_messages)
    second.do(DropMessage(parked.seq, parked.subject))
    assert second.order(refused) == ("order.returned", 0)
    assert second.ask(lambda session: session.get(OrderRow, refused).return_reason) == parked.reason
    assert second.exchange().decisions == 0
    with pytest.raises(MissingError):
        second.do(DropMessage(parked.seq, parked.subject))


def test_change_that_is_left_aside_lets_the_order_go_on(place: Any, platform: Any) -> None:
    order_id = place.submitted()
    place.exchange()
    place.change(lambda session: setattr(session.get(OrderRow, order_id), "state", "order.draft"))
    review.return_(platform, order_id, "看不清", "王警官")
    place.exchange()
    [aside] = place.ask(outbox.changes_aside)
    place.do(DropChange(aside.seq, aside.subject))
    assert place.order(order_id) == ("order.draft", 2)
    place.do(SubmitOrder(order_id))
    assert place.exchange().decisions == 0
    assert place.client().order(order_id).state == "submitted"


def test_stale_message_fetches_the_change_first_and_goes_again(place: Any, platform: Any, seals: Any) -> None:
    order_id = place.accepted(seals.chip(), seals.rubber())
    place.exchange()
    place.begin_chip(order_id, "CHIP-1")
    rubber = place.ask(lambda session: next(row.id for row in session.get(OrderRow, order_id).seals if row.carrier == "physical"))
    place.make(rubber)  # goes out right behind the request, before what was issued is known
    state = place.exchange()
    assert (state.waiting, state.decisions) == (0, 0)
    assert place.order(order_id)[1] == place.client().order(order_id).rev


def test_message_that_stays_stale_is_parked_after_three_times(place: Any, platform: Any) -> None:
    order_id = place.submitted()
    place.exchange()
    review.return_(platform, order_id, "看不清", "王警官")
    place.exchange()
    with platform.store.write() as work:  # a change that never comes through the feed
        work.subjects.order(order_id).rev += 5
    place.do(SubmitOrder(order_id))
    state = place.exchange()
    assert state.decisions == 1
    assert "changed at the platform" in place.ask(outbox.parked_messages)[0].reason


def test_change_that_cannot_be_applied_is_kept_aside_and_the_next_ones_are_applied(place: Any, platform: Any) -> None:
    broken, sound = place.submitted(), place.submitted()
    place.exchange()
    place.change(lambda session: setattr(session.get(OrderRow, broken), "state", "order.accepted"))
    review.return_(platform, broken, "一", "王警官")
    review.return_(platform, sound, "二", "王警官")
    state = place.exchange()
    assert (state.online, state.decisions) == (True, 1)
    assert place.order(sound)[0] == "order.returned"
    [aside] = place.ask(outbox.changes_aside)
    assert (aside.subject, aside.kind) == (broken, "registration.returned")
    assert "In production" in aside.reason
    place.change(lambda session: setattr(session.get(OrderRow, broken), "state", "order.submitted"))
    assert place.engine.retry_change(aside.seq).result(30)
    assert place.order(broken) == ("order.returned", 2)
    assert place.exchange().decisions == 0


@pytest.mark.allowed_logs("could not be applied")
def test_defect_in_a_handler_is_logged_and_does_not_stop_the_feed(
    place: Any, platform: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sealdesk.sync import pull

    order_id = place.submitted()
    place.exchange()
    review.return_(platform, order_id, "看不清", "王警官")
    monkeypatch.setitem(pull.COMMANDS, "registration.returned", lambda change, body: object())
    assert place.exchange().decisions == 1
    assert "could not be applied" in caplog.text


def test_two_workplaces_of_one_shop_do_not_disturb_each_other(opened: Any, platform: Any) -> None:
    first, second = opened("one"), opened("two")
    mine, other = first.submitted(), second.submitted()
    first.exchange()
    second.exchange()
    review.approve(platform, mine, "王警官")
    review.return_(platform, other, "看不清", "王警官")
    assert first.exchange().decisions == second.exchange().decisions == 0
    assert first.order(mine)[0] == "order.permitted"
    assert second.order(other)[0] == "order.returned"


def test_restored_platform_gets_again_what_it_lost_and_nothing_twice(place: Any, platform: Any) -> None:
    kept, lost = place.submitted(), place.submitted()
    place.exchange()
    with platform.store.write() as work:  # put back to before the second order
        row = work.subjects.order(lost)
        for command in work.commands_about(lost):
            work.remove(command)
        work.remove(row)
    platform.new_epoch()
    state = place.exchange()
    assert (state.waiting, state.decisions) == (0, 0)
    assert [place.client().order(order).rev for order in (kept, lost)] == [1, 1]
    assert place.outbox() == [("registration.submit", "done")] * 2


def test_order_that_the_platform_put_back_goes_on_from_there(place: Any, platform: Any) -> None:
    order_id = place.submitted()
    place.exchange()
    review.return_(platform, order_id, "看不清", "王警官")
    place.exchange()
    place.change(lambda session: setattr(session.get(OrderRow, order_id), "rev", 9))
    place.do(SubmitOrder(order_id))
    state = place.exchange()
    assert (state.waiting, state.decisions) == (0, 0)
    assert place.order(order_id) == ("order.submitted", 3)


def test_papers_that_are_lost_here_park_the_message(place: Any) -> None:
    order_id = place.submitted()
    attachment = place.ask(lambda session: session.query(OutboxRow).one().attachments[0])
    place.attachments.remove(attachment)
    state = place.exchange()
    assert (state.online, state.decisions) == (True, 1)
    assert "missing" in place.ask(outbox.parked_messages)[0].reason
    assert place.order(order_id)[1] == 0


def test_large_paper_goes_in_pieces_and_on_after_a_break(place: Any, faults: Any) -> None:
    faults.chance.seed(5)
    faults.lose = faults.refuse = 0.15
    big = bytes(range(256)) * 4000  # a megabyte, four pieces
    order_id = place.drafted(paper=big)
    place.do(SubmitOrder(order_id))
    for _round in range(20):
        if place.exchange().waiting == 0 and place.engine.state().online:
            break
    faults.lose = faults.refuse = 0.0
    assert faults.count > 0
    assert place.client().order(order_id).rev == 1


def test_closed_installation_is_told_so_and_keeps_its_messages(place: Any, platform: Any) -> None:
    place.submitted()
    with platform.store.write() as work:
        installation = place.ask(lambda session: facts.read(session, facts.INSTALLATION))
        work.subjects.installation(installation).closed_at = "2026-01-01T00:00:00.000Z"
    state = place.exchange()
    assert (state.online, state.waiting, state.decisions) == (False, 1, 0)
    assert "does not recognise" in state.message


def test_revocation_lists_are_fetched_and_older_ones_are_not_taken(place: Any, platform: Any) -> None:
    before = place.ask(lambda session: facts.trust(session).revocations[0].number)
    platform.revoke(platform.issue_maker(place.shop.code, "离职者", place.key.public), "cessation_of_operation")
    place.exchange()
    trust = place.ask(facts.trust)
    assert trust.revocations[0].number > before
    assert len(trust.revocations[0].entries) == 1


def test_listeners_hear_of_working_and_of_the_end(place: Any) -> None:
    place.submitted()
    place.said.clear()
    place.exchange()
    assert [(state.working, state.online, state.waiting) for state in place.said] == [(True, False, 1), (False, True, 0)]


def test_nudges_are_one_exchange_and_the_ticker_works_by_itself(place: Any, seals: Any, tmp_path: Any, platform: Any, server: Any) -> None:
    import threading

    from sealdesk.sync.engine import SyncEngine

    done = threading.Event()
    engine = SyncEngine(place.lanes, place.store, place.bus, place.attachments, place.client, place.bus._clock, interval_s=0.5)
    engine.subscribe(lambda state: done.set() if state.online and not state.working else None)
    try:
        assert done.wait(30)
    finally:
        engine.close()


def test_engine_knows_how_far_the_platforms_clock_is_ahead(place: Any, opened: Any) -> None:
    assert opened("new", enrol=False).engine.platform_ahead() is None
    assert place.engine.platform_ahead() is None  # nobody answered yet
    place.exchange()
    assert abs(place.engine.platform_ahead()) < timedelta(seconds=30)
    fast = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    for told, expected in ((fast, timedelta(minutes=10)), ("no date", timedelta(minutes=10))):
        place.engine._client._note_time(told)
        assert abs(place.engine.platform_ahead() - expected) < timedelta(seconds=30)
