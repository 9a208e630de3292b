"""Child cases, pauses, overrides and editions."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
WAITING = sa.text("done_at IS NULL")


def upgrade() -> None:
    _cases()
    _history()
    _timers()
    _signals()
    _editions()


def _needed(name: str, kind: Any, **also: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **also)


def _cases() -> None:
    with op.batch_alter_table("cases") as table:
        table.add_column(_needed("doers", JSON, server_default="{}"))
        table.add_column(_needed("overrides", JSON, server_default="{}"))
        table.add_column(sa.Column("parent_id", sa.Integer()))
        table.add_column(sa.Column("kind", sa.String(60)))
        table.add_column(_needed("has_children", sa.Boolean(), server_default=sa.false()))
        table.create_foreign_key(op.f("fk_cases_parent_id_cases"), "cases", ["parent_id"], ["id"])
    op.create_index(op.f("ix_cases_parent_id"), "cases", ["parent_id"])


def _history() -> None:
    with op.batch_alter_table("history") as table:
        table.drop_constraint(op.f("ck_history_kind"), type_="check")
        table.create_check_constraint(
            op.f("ck_history_kind"), "kind IN ('event', 'task', 'reminder', 'escalation', 'alert', 'override', 'child')"
        )


def _timers() -> None:
    with op.batch_alter_table("timers") as table:
        table.add_column(sa.Column("paused_at", TIME))
        table.add_column(_needed("paused_days", sa.Integer(), server_default="0"))


def _signals() -> None:
    op.create_table(
        "signals",
        _needed("id", sa.Integer()),
        _needed("from_case", sa.Integer()),
        sa.Column("to_case", sa.Integer()),
        _needed("purpose", sa.String(10)),
        _needed("kind", sa.String(60)),
        sa.Column("workflow", sa.String(60)),
        _needed("event", sa.String(60)),
        _needed("answers", JSON),
        _needed("sent_at", TIME),
        sa.Column("done_at", TIME),
        sa.Column("result", sa.String(2000)),
        _needed("token", sa.Integer()),
        sa.Column("claimed_until", TIME),
        sa.ForeignKeyConstraint(["from_case"], ["cases.id"], name=op.f("fk_signals_from_case_cases")),
        sa.ForeignKeyConstraint(["to_case"], ["cases.id"], name=op.f("fk_signals_to_case_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.CheckConstraint("purpose IN ('begin', 'tell', 'ended')", name=op.f("ck_signals_purpose")),
    )
    op.create_index(op.f("ix_signals_from_case"), "signals", ["from_case"])
    op.create_index("ix_signals_waiting", "signals", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)


def _editions() -> None:
    op.create_table(
        "editions",
        _needed("id", sa.Integer()),
        _needed("at", TIME),
        sa.Column("actor_id", sa.Integer()),
        _needed("actor_name", sa.String(120)),
        _needed("why", sa.String(2000)),
        _needed("digest", sa.String(64)),
        _needed("sentences", JSON),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_editions_actor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
    )
    op.create_table(
        "edition_files",
        _needed("edition_id", sa.Integer()),
        _needed("path", sa.String(200)),
        _needed("text", sa.Text()),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_edition_files_edition_id_editions")),
        sa.PrimaryKeyConstraint("edition_id", "path", name=op.f("pk_edition_files")),
    )
