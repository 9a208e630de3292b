"""Pupils of whom somebody was told how long they are away, by which rule, counted from which day."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    table = "long_absences_told"
    op.create_table(
        table,
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pupil_id", "rule", "since", name=op.f("pk_long_absences_told")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_long_absences_told_pupil_id_pupils")),
    )
