"""Run by Alembic, on the connection that `apflow.store.migrate` has opened and will commit."""

from alembic import context

from apflow.store.migrations.types import render_plainly
from apflow.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_item=render_plainly,
    # Written as batches whichever database a step is drawn up on; only SQLite then carries them out as such.
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
