"""Runs the missing migration steps in one transaction. Loads Alembic: import it late."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from sealdesk.models import migrations
from sealdesk.models.failures import MigrationFailedError


def configuration() -> Config:
    """Alembic's settings without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def run(connection: Any, target: str = "head") -> None:
    """Upgrade a raw connection, whose foreign keys are off, to `target`: all steps or none.

    Raises:
        MigrationFailedError: the steps left rows that point nowhere. Whatever a step raises passes through; all is undone.
    """
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin(bound: Connection) -> None:
        bound.exec_driver_sql("BEGIN IMMEDIATE")

    config = configuration()
    with engine.begin() as bound:
        config.attributes["connection"] = bound
        command.upgrade(config, target)
        orphans = bound.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise MigrationFailedError(revision=migrations.REVISIONS[-1], orphans=len(orphans))
