"""The audit trail: nothing in it can be changed without being found."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DatabaseError

from sealdesk.models.audit import AuditRow
from sealdesk.workflow import audit

COLUMNS = [column.key for column in AuditRow.__table__.columns]


@pytest.fixture
def trail(bench, commands):
    """A trail of five records, one of them refused."""
    for number, outcome in enumerate(("done", "done", "refuse", "done", "done")):
        try:
            bench.do(commands["Note"](f"s{number}", f"第{number}条", outcome))
        except commands["RefusedError"]:
            assert outcome == "refuse"
    return bench


def test_a_whole_trail_is_found_whole(trail):
    verdict = trail.ask(audit.verify)
    assert (verdict.count, verdict.broken_at, len(verdict.head)) == (5, None, 64)
    assert [entry.subject for entry in trail.ask(lambda session: list(audit.entries_about(session, "s3")))] == ["s3"]


def test_an_empty_trail_is_whole(bench):
    assert bench.ask(audit.verify) == audit.Verdict(0, audit.GENESIS, None)


@pytest.mark.parametrize("seq", [1, 3, 5])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_of_any_record_is_found(trail, column, seq):
    changed = {
        "seq": "99",
        "at": "'2026-11-23T02:00:00.001Z'",
        "arguments": """'{"subject":"s9"}'""",
        "result": "'undone'",
        "hash": f"'{'ab' * 32}'",
        "previous": f"'{'cd' * 32}'",
    }.get(column, f"{column} || 'x'")
    trail.tamper(f"update audit set {column} = {changed} where seq = {seq}")
    assert trail.ask(audit.verify).broken_at == seq


@pytest.mark.parametrize(
    "change",
    [
        "at = 'yesterday'",
        "at = replace(at, 'Z', '+00:00')",
        "arguments = 'not json'",
        "arguments = arguments || ' '",
        "arguments = '{\"x\":1e999}'",
        "previous = 'xyz'",
        "arguments = replace(arguments, '{', '{\"text\":\"first\",')",
    ],
)
def test_what_cannot_even_be_read_is_found(trail, change):
    trail.tamper(f"update audit set {change} where seq = 2")
    assert trail.ask(audit.verify).broken_at == 2


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("delete from audit where seq = 1", 1),
        ("delete from audit where seq = 3", 3),
        ("update audit set seq = case seq when 2 then 103 when 3 then 102 else seq end", 2),
        (
            f"insert into audit ({', '.join(COLUMNS)}) select 6, {', '.join(COLUMNS[1:-2])}, hash, 'ff' from audit where seq = 5",
            6,
        ),
    ],
)
def test_records_taken_away_exchanged_or_added_are_found(trail, statement, broken_at):
    trail.tamper(statement)
    assert trail.ask(audit.verify).broken_at == broken_at


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set code = 'x'",
        "delete from audit where seq = 5",
        "insert or replace into audit select * from audit where seq = 2",
    ],
)
def test_the_store_itself_refuses_changes(trail, statement):
    with pytest.raises(DatabaseError, match="audit trail"), trail.store.write() as session:
        session.connection().exec_driver_sql(statement)
    assert trail.ask(audit.verify).broken_at is None
