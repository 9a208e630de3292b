"""By which version of its case an e-mail that was written again was first written."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.add_column("messages", sa.Column("of_version", sa.Integer()))
