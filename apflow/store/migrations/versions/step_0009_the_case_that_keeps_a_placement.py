"""Which case keeps a placement."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("placements") as table:
        table.add_column(sa.Column("case_id", sa.Integer()))
        table.create_foreign_key(op.f("fk_placements_case_id_cases"), "cases", ["case_id"], ["id"])
        table.create_unique_constraint(op.f("uq_placements_case_id"), ["case_id"])
