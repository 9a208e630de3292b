"""Pauses of placements."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    placement = sa.ForeignKey("placements.id", name=op.f("fk_placement_pauses_placement_id_placements"))
    op.create_table(
        "placement_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), placement, nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_pauses")),
        sa.UniqueConstraint("placement_id", "paused_on", name="uq_placement_pauses_once"),
        sa.CheckConstraint("resumed_on >= paused_on", name=op.f("ck_placement_pauses_in_order")),
    )
