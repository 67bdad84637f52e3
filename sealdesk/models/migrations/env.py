"""What Alembic runs before the steps; the connection comes from `steps`, inside a transaction that is already open."""

from __future__ import annotations

from alembic import context

from sealdesk.models.migrations.schema import is_ours, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    include_name=is_ours,
    render_as_batch=True,
    # The caller began the transaction and commits it; Alembic must not.
    transactional_ddl=True,
)
context.run_migrations()
