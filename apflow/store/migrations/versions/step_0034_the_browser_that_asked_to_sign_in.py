"""Which browser asked for a sign-in code, as only there can it be typed."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("sign_in_links", sa.Column("asked_by", sa.String(length=64)))
