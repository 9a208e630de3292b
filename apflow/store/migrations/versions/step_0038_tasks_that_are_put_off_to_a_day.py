"""To which day whoever has a task has put it off, and who goes on to their next task at once."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

_HELD = sa.text("closed_at IS NULL AND claimed_by IS NOT NULL")
_PUT_OFF = sa.text("closed_at IS NULL AND put_off_until IS NOT NULL")
_ORDER = ["role", "claimed_by", "due_at", "id", "put_off_until"]


def upgrade() -> None:
    op.add_column("people", sa.Column("opens_next", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tasks", sa.Column("put_off_until", sa.DateTime(timezone=True)))
    op.drop_index("ix_tasks_held", "tasks")
    op.create_index("ix_tasks_held", "tasks", _ORDER, sqlite_where=_HELD, postgresql_where=_HELD)
    op.create_index("ix_tasks_put_off", "tasks", _ORDER, sqlite_where=_PUT_OFF, postgresql_where=_PUT_OFF)
