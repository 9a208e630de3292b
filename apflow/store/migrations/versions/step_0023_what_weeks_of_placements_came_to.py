"""What a week of a placement came to before its hours or its cost changed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    placement = sa.ForeignKey("placements.id", name=op.f("fk_placement_weeks_placement_id_placements"))
    op.create_table(
        "placement_weeks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), placement, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("has_breaks", sa.Boolean(), nullable=False),
        sa.Column("cost", sa.String(14), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_weeks")),
        sa.UniqueConstraint("placement_id", "until", name="uq_placement_weeks_once"),
    )
