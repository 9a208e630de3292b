"""Who considered section 19, when, and on what evidence, of placements kept by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("placements") as table:
        table.add_column(sa.Column("considered_by", sa.String(120)))
        table.add_column(sa.Column("considered_on", sa.Date()))
        table.add_column(sa.Column("considered_evidence", sa.String(3000)))
