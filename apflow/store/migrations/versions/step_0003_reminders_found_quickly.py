"""Reminders found quickly, however many messages a case has had."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

REMINDS = sa.text("deadline IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_messages_reminders", "messages", ["case_id", "deadline"], sqlite_where=REMINDS, postgresql_where=REMINDS
    )
