"""What each thing found at night is of, part by part, and when people were last told which."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0042"
down_revision = "0041"

_PARTS = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("findings") as table:
        table.alter_column("said", type_=sa.Text(), existing_type=sa.String(length=2000), existing_nullable=False)
        table.drop_column("told_said")
    op.add_column("findings", sa.Column("parts", _PARTS))
    op.add_column("findings", sa.Column("asked_at", sa.DateTime(timezone=True)))
    op.add_column("findings", sa.Column("named_at", sa.DateTime(timezone=True)))
