"""The steps of the schema: they make what the tables declare, each has its old file, and a failed one leaves no trace."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

import sealdesk.models
from sealdesk.models import failures, migrations
from sealdesk.models.connection import connect
from sealdesk.models.database import Store
from sealdesk.models.migrations import schema, steps
from sealdesk.models.orders import OrderRow, SealRow

TRIGGERS = {
    "audit_refuses_update", "audit_refuses_delete", "audit_refuses_replace",
    "units_leave_search", "orders_leave_search", "seals_leave_search", "permits_leave_search",
}  # fmt: skip

STEP = '''
"""A step for the tests."""
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    {body}
'''


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A second step with this body, as a later version of the program would bring it."""

    def add(body: str) -> None:
        folder = tmp_path / "migrations"
        (folder / "versions").mkdir(parents=True)
        for file in (migrations.FOLDER / "env.py", *(migrations.FOLDER / "versions").glob("0*.py")):
            (folder / file.relative_to(migrations.FOLDER)).write_text(file.read_text("utf-8"), "utf-8")
        (folder / "versions" / "0002_later.py").write_text(STEP.format(body=body), "utf-8")
        monkeypatch.setattr(migrations, "FOLDER", folder)
        monkeypatch.setattr(migrations, "REVISIONS", ("0001", "0002"))

    return add


def test_migrated_schema_is_what_the_tables_declare(store: Store) -> None:
    with store.read() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"include_name": schema.is_ours, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, schema.metadata()) == []


def test_named_constraints_and_partial_indexes_are_what_the_tables_declare(store: Store) -> None:
    """What the comparison above does not see."""
    from sqlalchemy import create_engine

    by_hand = ("search_words", "alembic", *TRIGGERS)

    def statements(rows: list[tuple[str, str]]) -> dict[str, list[str]]:
        # Constraints stand in any order.
        return {name: sorted(re.sub(r"[\s\"]+", "", sql)[:-1].split(",")) for name, sql in rows if not name.startswith(by_hand)}

    question = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    declared = create_engine("sqlite://")
    with declared.begin() as connection:
        schema.metadata().create_all(connection)
        wanted = [(str(name), str(sql)) for name, sql in connection.exec_driver_sql(question)]
    declared.dispose()
    with store.read() as session:
        made = [(str(name), str(sql)) for name, sql in session.execute(text(question))]
    assert statements(made) == statements(wanted)


def test_no_trigger_got_lost(store: Store) -> None:
    """A step that rebuilds a table drops its triggers without a word and has to make them again."""
    with store.read() as session:
        assert set(session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()) == TRIGGERS


def test_every_module_with_tables_is_compared() -> None:
    folder = Path(next(iter(sealdesk.models.__path__)))
    with_tables = {file.stem for file in folder.glob("*.py") if "__tablename__ =" in file.read_text("utf-8")}
    assert {module.__name__.rpartition(".")[2] for module in schema.TABLE_MODULES} == with_tables


def test_known_revisions_are_the_steps_in_their_order() -> None:
    script = ScriptDirectory.from_config(steps.configuration())
    assert tuple(step.revision for step in reversed(list(script.walk_revisions()))) == migrations.REVISIONS
    assert script.get_heads() == [migrations.REVISIONS[-1]]


def test_step_that_rebuilds_a_parent_keeps_its_children(
    store: Store, key: bytes, order: Callable[..., OrderRow], later: Callable[[str], None]
) -> None:
    """With foreign keys on, the rebuilt table would take the rows of its CASCADE children along, silently."""
    with store.write() as session:
        session.add(order("D1"))
    store.close()
    later('with op.batch_alter_table("orders", recreate="always") as batch:\n        batch.add_column(sa.Column("colour", sa.String(10)))')
    with contextlib.closing(Store.open(store.path, key)) as upgraded:
        assert upgraded.revision() == "0002"
        with upgraded.read() as session:
            assert session.scalar(select(func.count()).select_from(SealRow)) == 1
            assert session.execute(text("SELECT colour FROM orders")).all() == [(None,)]
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_upgrade_makes_a_backup_first(store: Store, key: bytes, order: Callable[..., OrderRow], later: Callable[[str], None]) -> None:
    with store.write() as session:
        session.add(order("D1"))
    store.close()
    later('op.execute("DELETE FROM seals")\n    op.execute("DELETE FROM orders")')
    Store.open(store.path, key).close()
    copy = store.path.with_name("store-before-0002.db")
    with contextlib.closing(connect(copy, key)) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (1,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_failing_step_leaves_the_store_as_it_was(
    store: Store, key: bytes, order: Callable[..., OrderRow], later: Callable[[str], None]
) -> None:
    with store.write() as session:
        session.add(order("D1"))
    store.close()
    later('op.execute("DROP TABLE burns")\n    op.execute("DELETE FROM goods")\n    raise KeyError("a slip of the pen")')
    with pytest.raises(failures.MigrationFailedError) as caught:
        Store.open(store.path, key)
    assert "0002" in str(caught.value)
    with contextlib.closing(connect(store.path, key)) as connection:
        assert connection.execute("SELECT count(*) FROM burns").fetchone() == (0,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_step_that_leaves_orphans_is_undone(store: Store, key: bytes, order: Callable[..., OrderRow], later: Callable[[str], None]) -> None:
    with store.write() as session:
        session.add(order("D1"))
    store.close()
    later('op.execute("UPDATE seals SET order_id = 1")')
    with pytest.raises(failures.MigrationFailedError) as caught:
        Store.open(store.path, key)
    assert caught.value.orphans == 1
    with contextlib.closing(connect(store.path, key)) as connection:
        assert connection.execute("SELECT order_id FROM seals").fetchone() == ("order-D1",)


def test_step_with_broken_sql_is_a_failed_migration(store: Store, key: bytes, later: Callable[[str], None]) -> None:
    store.close()
    later('op.execute("DELETE FROM no_such_table")')
    with pytest.raises(failures.MigrationFailedError):
        Store.open(store.path, key)


def test_older_program_refuses_a_store_of_the_later_one(
    store: Store, key: bytes, later: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    later("pass")
    Store.open(store.path, key).close()
    monkeypatch.setattr(migrations, "REVISIONS", ("0001",))
    with pytest.raises(failures.NewerStoreError):
        Store.open(store.path, key)
