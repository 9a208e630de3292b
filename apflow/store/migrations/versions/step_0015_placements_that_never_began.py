"""Placements that never began."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("placements") as table:
        table.add_column(sa.Column("never_began", sa.Boolean(), nullable=False, server_default=sa.false()))
