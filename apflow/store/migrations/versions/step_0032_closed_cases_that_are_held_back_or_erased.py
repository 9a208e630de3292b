"""Why closed cases are held back from erasure, and when one was erased, by whom, by which rule and why."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "case_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.Column("ask_again_on", sa.Date(), nullable=False),
        sa.Column("held_by", sa.String(length=120), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=120)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_holds")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_holds_case_id_cases")),
    )
    op.create_index(op.f("ix_case_holds_case_id"), "case_holds", ["case_id"])
    op.create_table(
        "erased_cases",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_by", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.String(length=300), nullable=False),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_erased_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_erased_cases_case_id_cases")),
    )
