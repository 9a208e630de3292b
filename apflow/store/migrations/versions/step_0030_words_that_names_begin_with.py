"""The words that pupils' names begin with, and how items stand, so that neither is looked for among thousands."""

import sqlalchemy as sa
from alembic import op

from apflow.core.screening.screening import first_words

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    words = op.create_table(
        "pupil_words",
        sa.Column("word", sa.String(length=100), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "pupil_id", name=op.f("pk_pupil_words")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_pupil_words_pupil_id_pupils")),
    )
    op.create_index(op.f("ix_pupil_words_pupil_id"), "pupil_words", ["pupil_id"])
    op.create_index("ix_case_items_standing", "case_items", ["collection", "status"])
    there = op.get_bind().execute(sa.text("SELECT id, forename, surname FROM pupils WHERE erased_at IS NULL")).all()
    rows = [
        {"word": word[:100], "pupil_id": pupil.id}
        for pupil in there
        for word in sorted(first_words(pupil.forename, pupil.surname))
    ]
    if rows:
        op.bulk_insert(words, rows)
