"""Since when work is left undone, and what people were last told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("checks", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.add_column("findings", sa.Column("since", sa.DateTime(timezone=True)))
    op.add_column("findings", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.add_column("findings", sa.Column("told_said", sa.String(length=2000)))
