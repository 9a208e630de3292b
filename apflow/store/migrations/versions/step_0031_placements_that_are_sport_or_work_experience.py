"""Placements that are a sporting activity or work experience, which have codes of their own."""

from alembic import op

revision = "0031"
down_revision = "0030"

_SETTINGS = "setting IN ('provider', 'sport', 'work_experience', 'dual_registered', 'another_school', 'home_or_online')"


def upgrade() -> None:
    with op.batch_alter_table("attendance_plans") as table:
        table.drop_constraint(op.f("ck_attendance_plans_setting"), type_="check")
        table.create_check_constraint(op.f("ck_attendance_plans_setting"), _SETTINGS)
