"""What the census asks of a child: sex, middle names, home postcode and unique learner number."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("pupils") as table:
        table.add_column(sa.Column("sex", sa.String(1)))
        table.add_column(sa.Column("middle_names", sa.String(100)))
        table.add_column(sa.Column("postcode", sa.String(10)))
        table.add_column(sa.Column("uln", sa.String(10)))
        table.create_unique_constraint(op.f("uq_pupils_uln"), ["uln"])
