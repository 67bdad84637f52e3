"""The bus: all or nothing, refused attempts kept, messages only with the commit, nothing secret in the trail."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sealdesk.core.clock import SystemClock
from sealdesk.core.errors import PermissionDeniedError, UserCancelled
from sealdesk.crypto.digests import sm3
from sealdesk.domain.access import Actor
from sealdesk.domain.events import Touched
from sealdesk.domain.units import Person
from sealdesk.models.outbox import OutboxRow
from sealdesk.workflow import audit, facts
from sealdesk.workflow.bus import Bus

RAW = b"\x01" * 500


@pytest.fixture
def note(commands):
    return commands["Note"]


def trail(bench):
    return list(reversed(bench.ask(lambda session: audit.latest_entries(session, 100))))


def test_a_command_writes_fact_message_and_record_together(bench, note):
    outcome = bench.do(note("s", "hello"))
    assert (outcome.value, outcome.touched) == ("hello", Touched.OUTBOX)
    assert bench.ask(lambda session: facts.read(session, "s")) == "hello"
    (row,) = bench.ask(lambda session: session.query(OutboxRow).all())
    assert (row.kind, row.subject, row.body, row.state, len(row.key)) == ("test.said", "s", {"text": "hello"}, "waiting", 36)
    (entry,) = trail(bench)
    assert (entry.actor, entry.command, entry.subject, entry.result) == ("小王", "Note", "s", "done")


@pytest.mark.parametrize(("outcome", "error"), [("refuse", "RefusedError"), ("cancel", UserCancelled), ("break", ZeroDivisionError)])
def test_whatever_goes_wrong_leaves_neither_fact_nor_message(bench, note, commands, outcome, error):
    with pytest.raises(commands.get(error, error)):
        bench.do(note("s", "hello", outcome))
    assert bench.ask(lambda session: facts.read(session, "s")) is None
    assert bench.ask(lambda session: session.query(OutboxRow).count()) == 0
    kept = [(entry.result, entry.code) for entry in trail(bench)]
    assert kept == ([("refused", "test.refused")] if outcome == "refuse" else [])


def test_what_goes_with_a_command_stands_or_falls_with_it(bench, note):
    bench.do(note("s"), also=lambda session: facts.write(session, "place", 7))
    assert bench.ask(lambda session: facts.read(session, "place")) == 7

    def fail(session):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bench.do(note("t"), also=fail)
    assert bench.ask(lambda session: facts.read(session, "t")) is None


def test_without_the_permission_nothing_is_tried_and_the_attempt_is_kept(bench, note):
    stranger = Actor("x", "陌生人", frozenset({"test.other"}))
    with pytest.raises(PermissionDeniedError) as denied:
        bench.do(note("s"), stranger)
    assert "Take notes" in str(denied.value)
    assert bench.bus.why_not(stranger, note) is not None
    assert bench.bus.why_not(bench.actor, note) is None
    assert [(entry.actor, entry.result, entry.code) for entry in trail(bench)] == [("陌生人", "refused", "user.permission")]
    assert bench.ask(lambda session: facts.read(session, "s")) is None


def test_an_unknown_command_is_a_bug(bench, commands):
    with pytest.raises(KeyError):
        bench.do(commands["Unknown"]())
    assert trail(bench) == []


def test_a_command_has_one_handler(bench, commands):
    with pytest.raises(ValueError, match="twice"):
        Bus(bench.store, bench.lane, SystemClock(), (commands["STAGE"], commands["STAGE"]))


def test_the_bus_works_on_its_own_lane_only(bench, note):
    with pytest.raises(RuntimeError):
        bench.bus.execute(bench.actor, note("s"))


def test_listeners_hear_of_changes_after_the_commit_and_of_nothing_else(bench, note, commands):
    heard = []

    def listen(touched):
        heard.append((touched, bench.ask(lambda session: facts.read(session, "s"))))

    end = bench.bus.subscribe(listen)
    bench.do(note("s", "one"))
    with pytest.raises(commands["RefusedError"]):
        bench.do(note("s", "two", "refuse"))
    bench.do(note("t", "three", "silent"))
    end()
    bench.do(note("s", "four"))
    assert heard == [(Touched.OUTBOX, "one")]


@pytest.mark.allowed_logs("a listener failed")
def test_a_listener_that_fails_does_not_make_the_change_look_refused(bench, note):
    heard = []
    bench.bus.subscribe(lambda touched: 1 / 0)
    bench.bus.subscribe(heard.append)
    assert bench.do(note("s", "hello")).value == "hello"
    assert heard == [Touched.OUTBOX]


def test_secrets_are_left_out_personal_data_masked_and_bulky_data_named_by_their_digest(bench, note):
    person = Person("林知夏", "resident_id", "220699199309089282", "19900000002")
    bench.do(note("s", "t", person=person, secret="hush-7391", personal="220699199309089282", bulky="x" * 9000, raw=RAW))
    (entry,) = trail(bench)
    assert "secret" not in entry.arguments
    assert entry.arguments["personal"] == "220*************82"
    assert entry.arguments["person"] == {"name": "林知夏", "document": "220*************82"}
    assert entry.arguments["raw"] == f"sm3:{sm3(RAW).hex()}"
    assert entry.arguments["bulky"].startswith("sm3:")
    stored = bench.ask(lambda session: session.execute(text("select arguments from audit")).scalar())
    for kept_out in ("hush-7391", "220699199309089282", "x" * 20):
        assert kept_out not in stored
    assert len(stored) < 600


def test_short_personal_data_are_masked_whole(bench, note):
    bench.do(note("s", personal="1234"))
    assert trail(bench)[0].arguments["personal"] == "****"


def test_a_sentence_is_found_by_the_commands_name(bench):
    assert bench.bus.sentence("Note") == "{actor} noted {text}"
    assert bench.bus.sentence("Forgotten") == ""
