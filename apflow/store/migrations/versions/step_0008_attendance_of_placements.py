"""Attendance of placements: plans, marks and what was chased; and what a placement costs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    for add in (_plans, _marks, _chases, _patterns):
        add()
    op.add_column("placements", sa.Column("cost", sa.String(14)))


def _to(target: str, table: str, name: str) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{name}_{target}"))
    return sa.Column(name, sa.Integer(), key, nullable=False)


def _plans() -> None:
    table = "attendance_plans"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        _to("placements", table, "placement_id"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("setting", sa.String(20), nullable=False),
        sa.Column("arranged_by", sa.String(10), nullable=False),
        sa.Column("sessions", JSON, nullable=False),
        sa.Column("is_supervised", sa.Boolean(), nullable=False),
        sa.Column("authorised", sa.String(120)),
        sa.Column("reporter", sa.String(120)),
        sa.Column("part_time_from", sa.Date()),
        sa.Column("part_time_until", sa.Date()),
        sa.Column("part_time_agreed", sa.String(120)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.CheckConstraint(
            "setting IN ('provider', 'dual_registered', 'another_school', 'home_or_online')",
            name=op.f("ck_attendance_plans_setting"),
        ),
        sa.CheckConstraint("arranged_by IN ('council', 'school')", name=op.f("ck_attendance_plans_arranged_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_plans")),
        sa.UniqueConstraint("placement_id", "from_on", name="uq_attendance_plans_once"),
    )


def _marks() -> None:
    table = "session_marks"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        _to("placements", table, "placement_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", sa.String(2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(60)),
        sa.Column("key", sa.String(120), nullable=False),
        _to("people", table, "person_id"),
        sa.Column("person_name", sa.String(120), nullable=False),
        sa.Column("marked_at", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint("half IN ('am', 'pm')", name=op.f("ck_session_marks_half")),
        sa.CheckConstraint("mark IN ('present', 'late', 'absent')", name=op.f("ck_session_marks_mark")),
        sa.CheckConstraint("reason IS NULL OR mark = 'absent'", name=op.f("ck_session_marks_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_marks")),
        sa.UniqueConstraint("placement_id", "day", "half", "number", name="uq_session_marks_in_order"),
        sa.UniqueConstraint("person_id", "key", name="uq_session_marks_once"),
    )
    op.create_index("ix_session_marks_day", table, ["day"])


def _chases() -> None:
    table = "session_chases"
    op.create_table(
        table,
        _to("cases", table, "case_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", sa.String(2), nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "day", "half", "step", name=op.f("pk_session_chases")),
    )


def _patterns() -> None:
    table = "absence_patterns"
    op.create_table(
        table,
        _to("placements", table, "placement_id"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_absence_patterns")),
    )
