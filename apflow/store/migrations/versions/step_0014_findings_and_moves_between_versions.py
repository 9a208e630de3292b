"""What the nightly check found, and that a case was moved to another version of its workflow."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

KINDS = "kind IN ('event', 'task', 'reminder', 'escalation', 'alert', 'override', 'child', 'version')"
STANDS = sa.text("mended_at IS NULL")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _checks()
    _findings()
    with op.batch_alter_table("history") as table:
        table.drop_constraint(op.f("ck_history_kind"), type_="check")
        table.create_check_constraint(op.f("ck_history_kind"), KINDS)


def _checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("begun_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("claimed_until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("night", name=op.f("uq_checks_night")),
    )


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("workflow", sa.String(60), nullable=False),
        sa.Column("said", sa.String(2000), nullable=False),
        sa.Column("found_at", TIME, nullable=False),
        sa.Column("seen_by", sa.Integer(), nullable=False),
        sa.Column("mended_at", TIME),
        sa.Column("task_case", sa.String(20)),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.ForeignKeyConstraint(["seen_by"], ["checks.id"], name=op.f("fk_findings_seen_by_checks")),
    )
    op.create_index(op.f("ix_findings_mended_at"), "findings", ["mended_at"])
    op.create_index(
        "uq_findings_standing",
        "findings",
        ["kind", "about"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
