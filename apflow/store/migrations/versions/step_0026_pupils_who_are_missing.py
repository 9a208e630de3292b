"""Placements whose pupil is missing from them, once somebody has been told."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "missing_pupils",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_missing_pupils")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_missing_pupils_placement_id_placements")
        ),
    )
