"""Brings a store's schema up to date: looks with plain SQL, and loads the migration library only when there is something to do.

The steps themselves are in `sealdesk.models.migrations`.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from sealdesk.core.errors import StorageError
from sealdesk.models import migrations
from sealdesk.models.connection import connect
from sealdesk.models.failures import DamagedStoreError, MigrationFailedError, NewerStoreError, of_sqlite

_log = logging.getLogger(__name__)

Backup = Callable[[Path, bytes, Path], Path]


def revision_of(connection: Any) -> str | None:
    """The revision written in the file, or None for a file without tables.

    Raises:
        DamagedStoreError: there are tables but no revision.
    """
    tables = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in tables:
        if tables:
            raise DamagedStoreError(file="")
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def bring_up_to_date(path: Path, key: bytes, *, backup: Backup | None) -> None:
    """Upgrade the store at `path` to the newest revision; a file without tables gets all of them.

    Args:
        path: the store.
        key: its key.
        backup: copies the store before an upgrade that may lose something; None for a store that is being made.

    Raises:
        NewerStoreError: the revision is not known here. MigrationFailedError: undone; the store is as it was.
    """
    with contextlib.closing(connect(path, key, foreign_keys=False)) as connection:
        try:
            revision = revision_of(connection)
            if revision == migrations.REVISIONS[-1]:
                return
            if revision is not None and revision not in migrations.REVISIONS:
                raise NewerStoreError(revision=revision)
            if backup is not None and revision is not None:
                copy = backup(path, key, path.with_name(f"{path.stem}-before-{migrations.REVISIONS[-1]}{path.suffix}"))
                _log.info("the store was copied to %s before its upgrade from %s", copy.name, revision)
            _migrate(connection)
        except dbapi2.Error as error:
            raise (of_sqlite(error, path.name) or StorageError()) from error


def _migrate(connection: Any) -> None:
    from sealdesk.models.migrations import steps

    try:
        steps.run(connection)
    except StorageError:
        raise
    except Exception as error:
        # Whatever a step or its library raises, the person needs to know that nothing was changed.
        failure = of_sqlite(getattr(error, "orig", error), "")
        raise (failure or MigrationFailedError(revision=migrations.REVISIONS[-1])) from error
