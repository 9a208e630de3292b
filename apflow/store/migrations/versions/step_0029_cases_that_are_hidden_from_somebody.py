"""Cases that are hidden from somebody whom they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "hidden_cases",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_hidden_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hidden_cases_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hidden_cases_person_id_people")),
    )
    op.create_index(op.f("ix_hidden_cases_person_id"), "hidden_cases", ["person_id"])
