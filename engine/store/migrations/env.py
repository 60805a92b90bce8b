"""Migrations run on the connection that `Database.migrate` hands over.

Room for: alembic's own start.
May not enter: anything else.
"""

from __future__ import annotations

from alembic import context

from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
