"""Term dates and INSET days of single schools."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    school = sa.ForeignKey("commissioners.id", name=op.f("fk_school_years_commissioner_id_commissioners"))
    op.create_table(
        "school_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commissioner_id", sa.Integer(), school, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("half_terms", JSON, nullable=False),
        sa.Column("inset", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_years")),
        sa.UniqueConstraint("commissioner_id", "year", name="uq_school_years_once"),
    )
