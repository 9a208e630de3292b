"""Colleagues of whom we write to, and who of a case's outsiders is there as one."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

NOW = sa.text("ended_at IS NULL")
TIME = sa.DateTime(timezone=True)
_PEOPLE = ("person_id", "colleague_id", "added_by", "ended_by")


def upgrade() -> None:
    op.create_table(
        "colleagues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("ended_by", sa.Integer()),
        sa.Column("ended_at", TIME),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleagues")),
        *(sa.ForeignKeyConstraint([one], ["people.id"], name=op.f(f"fk_colleagues_{one}_people")) for one in _PEOPLE),
        sa.CheckConstraint("person_id <> colleague_id", name=op.f("ck_colleagues_other")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_colleagues_ended_whole")),
    )
    op.create_index("ix_colleagues_of", "colleagues", ["person_id", "role"])
    op.create_index(
        "uq_colleagues_now",
        "colleagues",
        ["colleague_id", "person_id", "role"],
        unique=True,
        sqlite_where=NOW,
        postgresql_where=NOW,
    )
    with op.batch_alter_table("case_parties") as table:
        table.add_column(sa.Column("colleague_of", sa.Integer()))
        table.create_foreign_key(op.f("fk_case_parties_colleague_of_people"), "people", ["colleague_of"], ["id"])
        table.drop_constraint(op.f("pk_case_parties"), type_="primary")
        table.create_primary_key(op.f("pk_case_parties"), ["case_id", "person_id", "role"])
