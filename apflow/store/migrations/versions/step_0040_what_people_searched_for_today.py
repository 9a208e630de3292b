"""What people searched for today."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "searches",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_searches")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_searches_person_id_people")),
    )
    op.create_index("ix_searches_at", "searches", ["at"])
