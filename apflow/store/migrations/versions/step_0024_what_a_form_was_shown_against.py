"""The version of the case that a form was shown against which somebody has begun and not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("seen", sa.Integer))
