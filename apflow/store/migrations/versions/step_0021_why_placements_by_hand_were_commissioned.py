"""Why they were commissioned, of placements kept by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("placements", sa.Column("reason", sa.String(30), nullable=True))
