"""Why a placement was recorded late."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("placements", sa.Column("late_because", sa.String(300)))
