"""Which colleague of an earlier contact somebody is the same as."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    with op.batch_alter_table("colleagues") as table:
        table.add_column(sa.Column("carried_from", sa.Integer()))
        table.create_foreign_key(op.f("fk_colleagues_carried_from_colleagues"), "colleagues", ["carried_from"], ["id"])
