"""Which commissioner a message went to, and which item a task is about."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("to_commissioner", sa.Integer()))
        table.add_column(sa.Column("pupils_there", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_messages_to_commissioner_commissioners"), "commissioners", ["to_commissioner"], ["id"]
        )
    op.add_column("tasks", sa.Column("item", sa.String(60)))
