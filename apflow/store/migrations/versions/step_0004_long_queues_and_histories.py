"""Indexes for the order of work and for what a case's page shows, however long a queue or a history is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

FREE = sa.text("closed_at IS NULL AND claimed_by IS NULL AND each IS NULL")
EACH = sa.text("closed_at IS NULL AND claimed_by IS NULL AND each IS NOT NULL")
HELD = sa.text("closed_at IS NULL AND claimed_by IS NOT NULL")
OUTSIDE = sa.text("actor_audience NOT IN ('staff', 'clock')")


def upgrade() -> None:
    op.drop_index("ix_tasks_open_role", "tasks")
    op.drop_index("ix_tasks_open_claimed", "tasks")
    in_order = ["role", "due_at", "id"]
    op.create_index("ix_tasks_free", "tasks", in_order, sqlite_where=FREE, postgresql_where=FREE)
    op.create_index("ix_tasks_each", "tasks", in_order, sqlite_where=EACH, postgresql_where=EACH)
    of_holder = ["role", "claimed_by", "due_at", "id"]
    op.create_index("ix_tasks_held", "tasks", of_holder, sqlite_where=HELD, postgresql_where=HELD)
    of_case = ["case_id", "version"]
    op.create_index("ix_history_outside", "history", of_case, sqlite_where=OUTSIDE, postgresql_where=OUTSIDE)
    op.drop_index("ix_messages_case_id", "messages")
    op.create_index("ix_messages_of_case", "messages", ["case_id", "queued_at"])
    op.create_index("ix_looks_of_case", "looks", ["case_id", "at"])
