"""When it is asked again whether a pupil's record must be held back; of those held back already, from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("record_holds", sa.Column("ask_again_on", sa.Date()))
    op.execute("UPDATE record_holds SET ask_again_on = DATE(held_at)")
    with op.batch_alter_table("record_holds") as table:
        table.alter_column("ask_again_on", existing_type=sa.Date(), nullable=False)
