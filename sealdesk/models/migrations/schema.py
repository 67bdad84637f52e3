"""The schema as the tables' modules declare it, for comparing it with what the steps make."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData

from sealdesk.models import audit, burns, deliveries, orders, outbox, permits, search, templates, units, users
from sealdesk.models.base import Base

TABLE_MODULES = (audit, burns, deliveries, orders, outbox, permits, search, templates, units, users)
"""Every module that declares tables; importing them fills the metadata."""


def metadata() -> MetaData:
    """The metadata of all tables."""
    return Base.metadata


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic should compare this thing; the search index's virtual tables and their shadows are made by hand."""
    return not (kind == "table" and name is not None and name.startswith(search.VIRTUAL_TABLES))
