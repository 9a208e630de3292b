"""Limits that hold across processes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("times", JSON, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", name="pk_tries"),
    )
    op.create_index("ix_tries_last_at", "tries", ["last_at"])
