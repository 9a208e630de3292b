"""When people are away, and who covers for them."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "times_away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_times_away_in_order")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_times_away_ended_whole")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_times_away_person_id_people")),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name=op.f("fk_times_away_added_by_people")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_times_away_ended_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_times_away")),
    )
    op.create_index(op.f("ix_times_away_person_id"), "times_away", ["person_id"])
    op.create_index(op.f("ix_times_away_last_on"), "times_away", ["last_on"])
    op.create_table(
        "covers",
        sa.Column("away_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["away_id"], ["times_away.id"], name=op.f("fk_covers_away_id_times_away")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_covers_person_id_people")),
        sa.PrimaryKeyConstraint("away_id", "person_id", name=op.f("pk_covers")),
    )
