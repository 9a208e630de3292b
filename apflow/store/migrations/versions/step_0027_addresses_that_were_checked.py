"""When it was checked that an address is that of somebody who works with a pupil."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("professionals", sa.Column("email_checked_on", sa.Date()))
