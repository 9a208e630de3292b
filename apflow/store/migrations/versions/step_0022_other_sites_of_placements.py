"""Other sites of the provider that a placement is at as well."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("placements", sa.Column("also_at", JSON))
    op.add_column("placements", sa.Column("also_called", sa.String(600)))
    op.add_column("placements", sa.Column("site_days", sa.String(200)))
