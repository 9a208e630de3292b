"""Which reminders go in one e-mail, and in which."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

_A_PART = sa.text("told_in IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("together", sa.String(length=20)))
        table.add_column(sa.Column("told_in", sa.Integer()))
        table.create_foreign_key(op.f("fk_messages_told_in_messages"), "messages", ["told_in"], ["id"])
    op.create_index("ix_messages_told_in", "messages", ["told_in"], sqlite_where=_A_PART, postgresql_where=_A_PART)
