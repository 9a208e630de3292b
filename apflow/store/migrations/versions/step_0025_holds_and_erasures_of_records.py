"""Why records of pupils are held back from erasure, and when one was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("pupils", sa.Column("erased_at", TIME))
    op.create_table(
        "record_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(300), nullable=False),
        sa.Column("held_by", sa.String(120), nullable=False),
        sa.Column("held_at", TIME, nullable=False),
        sa.Column("ended_by", sa.String(120)),
        sa.Column("ended_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_holds")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_record_holds_pupil_id_pupils")),
    )
    op.create_index(op.f("ix_record_holds_pupil_id"), "record_holds", ["pupil_id"])
