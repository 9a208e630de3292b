"""How many years a pupil is ahead of the usual school year, so that it moves up, in place of the year itself.

What was given is taken for the year that the pupil was in when the record was last changed.
"""

import sqlalchemy as sa
from alembic import op

from apflow.provision.ages import usual_year

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.execute("ALTER TABLE pupils RENAME COLUMN year TO years_out")
    pupils = sa.table(
        "pupils",
        sa.column("id", sa.Integer()),
        sa.column("born", sa.Date()),
        sa.column("years_out", sa.Integer()),
        sa.column("changed_at", sa.DateTime()),
    )
    connection = op.get_bind()
    given = sa.select(pupils).where(pupils.c.years_out.is_not(None))
    for row in connection.execute(given).all():
        out = row.years_out - usual_year(row.born, row.changed_at.date())
        connection.execute(sa.update(pupils).where(pupils.c.id == row.id).values(years_out=out))
