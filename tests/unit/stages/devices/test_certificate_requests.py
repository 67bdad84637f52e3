"""A chip's certificate that does not come: asked for again by the burning and by hand, without a second key or a lost try."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from sealdesk.domain.access import PLATFORM
from sealdesk.models.outbox import DONE, PARKED, WAITING, OutboxRow
from sealdesk.stages.production import burning, queries
from sealdesk.stages.production.queries import Asking
from sealdesk.stages.production.rules import (
    AskForCertificateAgain,
    CertificateHeldError,
    CertificateRefusedError,
    CertificateWaitingError,
    FinishBurning,
    ReceiveCertificate,
)
from sealdesk.workflow.decisions import EXCHANGE, DropMessage
from sealdesk.workflow.uow import MissingError

READER = "读卡器"


@pytest.fixture
def counter(counter_with_order):
    """The counter with an accepted order."""
    return counter_with_order


@pytest.fixture
def seal_id(accepted) -> str:
    """The accepted chip seal."""
    return accepted.chip_seal


@pytest.fixture
def card(workplace, monkeypatch):
    """A new chip in the reader; nobody waits long for a certificate."""
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 0.5)
    return workplace.insert(READER, workplace.chip())


def burn(workplace, seal_id):
    return burning.burn(workplace.desk, seal_id, READER).result(60)


def requests(workplace) -> list[OutboxRow]:
    def read(session):
        rows = session.query(OutboxRow).filter(OutboxRow.kind == "certificate.request").order_by(OutboxRow.seq).all()
        session.expunge_all()
        return rows

    return workplace.counter.ask(read)


def set_request(workplace, **values) -> None:
    def work():
        with workplace.counter.store.write() as session:
            session.query(OutboxRow).filter(OutboxRow.kind == "certificate.request").update(values)

    workplace.counter.lane.call(work)


def standing(workplace, seal_id) -> queries.CertificateRequested:
    burn_id = workplace.counter.ask(lambda session: queries.live_burn(session, seal_id)).id
    return workplace.counter.ask(lambda session: queries.certificate_requested(session, burn_id))


def burn_id_of(workplace, seal_id) -> str:
    return str(workplace.counter.ask(lambda session: queries.live_burn(session, seal_id)).id)


class SilentPlatform:
    """Takes what is sent in one of three ways and sends no certificate; `nudge` is what the burning calls."""

    def __init__(self, workplace, state: str, reason: str = "") -> None:
        self._workplace = workplace
        self.values = {"state": state, "reason": reason}
        self.seen: list[tuple[str, str]] = []

    def nudge(self) -> None:
        def work():
            with self._workplace.counter.store.write() as session:
                for row in session.query(OutboxRow).filter(OutboxRow.kind == "certificate.request", OutboxRow.state == WAITING):
                    self.seen.append((row.key, row.body["request"]))
                    for name, value in self.values.items():
                        setattr(row, name, value)

        self._workplace.counter.lane.call(work)


def silence(workplace, monkeypatch, state: str, reason: str = "") -> SilentPlatform:
    silent = SilentPlatform(workplace, state, reason)
    monkeypatch.setattr(workplace.platform, "nudge", silent.nudge)
    return silent


def test_a_refused_request_is_told_at_once_and_asked_again_by_starting_again(workplace, card, seal_id, monkeypatch):
    silent = silence(workplace, monkeypatch, PARKED, "平台不认识这个订单。")
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 60.0)  # a refusal is not waited out
    with pytest.raises(CertificateRefusedError) as raised:
        burn(workplace, seal_id)
    assert "平台不认识这个订单。" in str(raised.value)
    point = workplace.counter.ask(lambda session: queries.live_burn(session, seal_id)).public_point
    assert standing(workplace, seal_id).asking is Asking.REFUSED
    monkeypatch.undo()
    burn(workplace, seal_id)
    (row,) = requests(workplace)
    assert (row.state, row.key != silent.seen[0][0], row.body["request"]) == (DONE, True, silent.seen[0][1])
    assert workplace.counter.ask(lambda session: queries.live_burn(session, seal_id)).public_point == point
    assert workplace.counter.row(seal_id, "state") == "seal.made"
    assert len(card.state.applications[0].containers) == 1


def test_a_request_that_a_person_dropped_is_asked_again_by_starting_again(workplace, counter, card, seal_id, monkeypatch):
    silence(workplace, monkeypatch, PARKED, "拒绝")
    with pytest.raises(CertificateRefusedError):
        burn(workplace, seal_id)
    (row,) = requests(workplace)
    counter.bus._take(EXCHANGE)  # the bus of these tests knows the stages alone
    counter.do(DropMessage(row.seq, row.subject))
    assert standing(workplace, seal_id).asking is Asking.DROPPED
    monkeypatch.undo()
    burn(workplace, seal_id)
    first, second = requests(workplace)
    assert (first.body, first.key != second.key) == (second.body, True)


def test_an_answered_request_without_a_certificate_is_asked_again_once_while_waiting(workplace, card, seal_id, monkeypatch):
    silent = silence(workplace, monkeypatch, DONE)
    monkeypatch.setattr(burning, "ANSWER_OVERDUE_S", 0.3)
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 1.2)
    with pytest.raises(CertificateWaitingError):
        burn(workplace, seal_id)
    assert len(requests(workplace)) == 2  # not one for each look
    silent.nudge()
    assert {request for _key, request in silent.seen} == {requests(workplace)[0].body["request"]}


def test_an_answer_that_is_long_overdue_is_asked_for_again_at_the_start(workplace, card, seal_id, monkeypatch):
    silence(workplace, monkeypatch, DONE)
    with pytest.raises(CertificateWaitingError):
        burn(workplace, seal_id)
    set_request(workplace, answered_at=workplace.counter.clock.now())
    monkeypatch.undo()
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 0.5)
    with pytest.raises(CertificateWaitingError):  # it was taken just now: its certificate may be on the way
        burn(workplace, seal_id)
    workplace.counter.clock.advance(timedelta(seconds=burning.ANSWER_OVERDUE_S))
    burn(workplace, seal_id)
    assert len(requests(workplace)) == 2
    assert workplace.counter.row(seal_id, "state") == "seal.made"


def test_a_request_that_is_not_in_the_outbox_any_more_is_made_again_with_the_same_key(workplace, card, seal_id, monkeypatch):
    silence(workplace, monkeypatch, DONE)
    with pytest.raises(CertificateWaitingError):
        burn(workplace, seal_id)
    point = workplace.counter.ask(lambda session: queries.live_burn(session, seal_id)).public_point

    def lose():
        with workplace.counter.store.write() as session:
            session.query(OutboxRow).filter(OutboxRow.kind == "certificate.request").delete()

    workplace.counter.lane.call(lose)
    assert standing(workplace, seal_id).asking is Asking.NOT_YET
    monkeypatch.undo()
    burn(workplace, seal_id)
    assert len(requests(workplace)) == 1
    assert workplace.counter.ask(lambda session: queries.live_burn(session, seal_id)).public_point == point


def test_a_request_behind_a_refused_message_of_its_order_says_so(workplace, counter, card, seal_id, monkeypatch):
    silence(workplace, monkeypatch, WAITING)

    def refuse():
        with counter.store.write() as session:
            session.query(OutboxRow).filter(OutboxRow.kind == "order.accept").update({"state": PARKED, "reason": "状态不对。"})

    counter.lane.call(refuse)
    monkeypatch.setattr(burning, "CERTIFICATE_WAIT_S", 60.0)
    with pytest.raises(CertificateHeldError) as raised:
        burn(workplace, seal_id)
    assert "状态不对。" in str(raised.value)
    assert standing(workplace, seal_id) == queries.CertificateRequested(Asking.HELD, "状态不对。")


def test_asking_again_by_hand_hurries_a_waiting_request_and_doubles_nothing(workplace, counter, card, seal_id, monkeypatch):
    silence(workplace, monkeypatch, WAITING)
    with pytest.raises(CertificateWaitingError):
        burn(workplace, seal_id)
    later = counter.clock.now().replace(year=2030)
    set_request(workplace, not_before=later)
    key = requests(workplace)[0].key
    for _time in range(2):
        counter.do(AskForCertificateAgain(burn_id_of(workplace, seal_id)))
    (row,) = requests(workplace)
    assert (row.key, row.state, row.not_before) == (key, WAITING, None)


def test_asking_again_by_hand_sends_an_answered_request_once(workplace, counter, card, seal_id, monkeypatch):
    silence(workplace, monkeypatch, DONE)
    with pytest.raises(CertificateWaitingError):
        burn(workplace, seal_id)
    for _time in range(3):
        counter.do(AskForCertificateAgain(burn_id_of(workplace, seal_id)))
    first, second = requests(workplace)
    assert (first.body, first.state, second.state) == (second.body, DONE, WAITING)


def test_asking_again_when_the_certificate_is_there_sends_nothing(workplace, counter, card, seal_id, monkeypatch):
    silence(workplace, monkeypatch, DONE)
    with pytest.raises(CertificateWaitingError):
        burn(workplace, seal_id)
    (row,) = requests(workplace)
    issued = workplace.platform.issue_rightly(row.body)
    counter.do(ReceiveCertificate(row.subject, seal_id, 4, issued), PLATFORM)
    counter.do(AskForCertificateAgain(burn_id_of(workplace, seal_id)))
    assert len(requests(workplace)) == 1
    burn(workplace, seal_id)
    assert base64.b64decode(issued[0]) == card.state.applications[0].containers[0].certificate


def test_there_is_nothing_to_ask_again_for_before_the_chip_asked_and_after_it_is_finished(workplace, counter, card, seal_id):
    with counter.refused(MissingError):
        counter.do(AskForCertificateAgain("99999999-9999-4999-8999-999999999999"))
    burn(workplace, seal_id)
    burn_id = burn_id_of(workplace, seal_id)
    counter.do(FinishBurning(burn_id))
    with counter.refused(MissingError):
        counter.do(AskForCertificateAgain(burn_id))
