"""Where the pupil went, of placements kept by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("placements", sa.Column("destination", sa.String(20)))
