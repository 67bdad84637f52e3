"""Signed heads of the audit trail: sent once a day, kept by the platform, and a trail whose end was cut off is found out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sealdesk.crypto.records import sign_record
from sealdesk.stages.administration.rules import KeyProofError, SignAuditHead
from sealdesk.workflow import audit, audit_heads, facts


def due(place: Any) -> Any:
    return place.ask(lambda session: audit_heads.due(session, place.actor, place.engine._ground.clock.now()))


def record_of(place: Any, content: dict[str, Any]) -> str:
    """The content, signed with the maker's key."""
    intermediates = place.ask(lambda session: facts.trust(session)).intermediates
    return sign_record(content, place.key, (place.certificate, *intermediates)).to_json()


def sign(place: Any) -> dict[str, Any]:
    content = due(place)
    place.do(SignAuditHead(record_of(place, content)))
    return dict(content)


def cut(place: Any, count: int, *, own_heads: bool = False) -> None:
    """Take records off the trail's end, as somebody with the store's key could; and the desk's own copies of the heads."""

    def work(session: Any) -> None:
        connection = session.connection()
        for trigger in ("audit_refuses_update", "audit_refuses_delete", "audit_refuses_replace"):
            connection.exec_driver_sql(f"drop trigger if exists {trigger}")
        connection.exec_driver_sql(f"delete from audit where seq > {count}")
        if own_heads:
            connection.exec_driver_sql("delete from outbox where kind = 'audit.head'")

    place.change(work)


def check(place: Any, *records: str) -> audit_heads.HeadsVerdict:
    found: audit_heads.HeadsVerdict = place.ask(lambda session: audit_heads.check(session, records))
    return found


def test_nothing_is_due_before_the_enrolment(opened: Any) -> None:
    place = opened(enrol=False)
    assert due(place) is None
    assert check(place) == audit_heads.HeadsVerdict(0, None, None, 0)


def test_head_is_due_once_a_day(place: Any) -> None:
    place.submitted()
    content = sign(place)
    assert content["count"] == place.ask(audit.verify).count - 1  # signing is a record of its own
    assert due(place) is None
    now = place.engine._ground.clock.now()
    assert place.ask(lambda session: audit_heads.due(session, place.actor, now + timedelta(days=1))) is not None


def test_platform_keeps_the_head_and_the_trail_holds_it(place: Any) -> None:
    place.submitted()
    content = sign(place)
    state = place.exchange()
    assert (state.waiting, state.decisions) == (0, 0)
    client = place.client()
    (record,) = client.audit_heads().records
    client.close()
    verdict = check(place, record)
    assert (verdict.count, verdict.newest.head, verdict.holds) == (1, content["head"], True)
    place.submitted()
    assert check(place, record).holds  # a trail that grew still holds it


@pytest.mark.parametrize("own_heads", [False, True])
def test_cut_trail_is_found_out_although_its_chain_is_whole(place: Any, own_heads: bool) -> None:
    place.submitted()
    content = sign(place)
    place.exchange()
    client = place.client()
    kept = client.audit_heads().records
    client.close()
    cut(place, content["count"] - 1, own_heads=own_heads)
    assert place.ask(audit.verify).broken_at is None
    assert check(place).holds is own_heads  # without its own copies the desk alone cannot know
    verdict = check(place, *kept)
    assert (verdict.missing.count, verdict.missing.operator) == (content["count"], "李师傅")
    assert str(content["count"]) in verdict.sentence()
    place.submitted()  # new records in the places of those that were cut off
    assert not check(place, *kept).holds


def test_head_that_is_not_signed_by_a_makers_key_is_refused_and_counted(place: Any) -> None:
    content = due(place)
    other = record_of(place, {**content, "operator": "别人"})
    forged = json.dumps({**json.loads(other), "content": json.loads(record_of(place, content))["content"]})
    with pytest.raises(KeyProofError):
        place.do(SignAuditHead(forged))
    assert (check(place, forged).forged, check(place, forged).holds) == (1, False)


@pytest.mark.parametrize("change", [{"count": 10_000}, {"head": "0" * 64}, {"installation": "00000000-0000-4000-8000-0000000000ee"}])
def test_head_of_another_trail_is_not_sent(place: Any, change: dict[str, Any]) -> None:
    with pytest.raises(KeyProofError):
        place.do(SignAuditHead(record_of(place, {**due(place), **change})))
    assert place.outbox() == []


def test_record_that_is_no_record_is_counted(place: Any) -> None:
    assert check(place, "nonsense").forged == 1


def test_platform_refuses_the_head_of_another_installation(place: Any, opened: Any) -> None:
    other = opened("two")
    named = other.ask(installation)
    place.change(lambda session: facts.write(session, facts.INSTALLATION, named))
    place.do(SignAuditHead(record_of(place, due(place))))
    assert place.exchange().decisions == 1
    client = other.client()
    assert client.audit_heads().records == []
    client.close()


def installation(session: Any) -> Any:
    return facts.read(session, facts.INSTALLATION)
