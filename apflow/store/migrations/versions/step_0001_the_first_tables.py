"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    for add in (_people, _signing_in, _texts, _cases, _parts, _history, _beside, _messages, _tasks, _timers):
        add()


def _numbered(table: str) -> tuple[sa.Column[Any], sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]


def _to(target: str, source: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, name=op.f(f"fk_{source}_{target.partition('.')[0]}"))


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _people() -> None:
    op.create_table(
        "people",
        *_numbered("people"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("agency", sa.String(60)),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_people_email_small")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )


def _signing_in() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), _to("people.id", "api_tokens_person_id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_tokens")),
    )
    op.create_index("ix_api_tokens_person_id", "api_tokens", ["person_id"])
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), _to("people.id", "sessions_person_id"), nullable=False),
        *_needed(TIME, "created_at", "seen_at", "expires_at"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), _to("people.id", "sign_in_links_person_id"), nullable=False),
        sa.Column("code_hash", sa.String(64)),
        sa.Column("next_path", sa.String(300)),
        *_needed(TIME, "created_at", "expires_at"),
        sa.Column("used_at", TIME),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    op.create_index("ix_sign_in_links_person_id", "sign_in_links", ["person_id"])


def _texts() -> None:
    op.create_table(
        "workflow_texts",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("workflow", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_workflow_texts")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "command_results",
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_command_results")),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        *_numbered("cases"),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("workflow", sa.String(60), nullable=False),
        sa.Column("digest", sa.String(64), _to("workflow_texts.digest", "cases_digest"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("awaiting", sa.String(60)),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("assigned_to", sa.Integer(), _to("people.id", "cases_assigned_to")),
        *_needed(TIME, "opened_at", "entered_at", "changed_at"),
        sa.Column("head", sa.String(64), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_cases_version")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    op.create_index("ix_cases_assigned_to", "cases", ["assigned_to"])
    op.create_index("ix_cases_changed", "cases", ["changed_at", "id"])
    op.create_index("ix_cases_open", "cases", ["workflow", "state"], **_where("is_open"))
    op.create_index("ix_cases_title", "cases", ["title"])


def _parts() -> None:
    op.create_table(
        "case_items",
        sa.Column("case_id", sa.Integer(), _to("cases.id", "case_items_case_id"), nullable=False),
        *_needed(sa.String(60), "collection", "key", "status"),
        sa.Column("data", JSON, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "collection", "key", name=op.f("pk_case_items")),
    )
    op.create_table(
        "case_parties",
        sa.Column("case_id", sa.Integer(), _to("cases.id", "case_parties_case_id"), nullable=False),
        sa.Column("person_id", sa.Integer(), _to("people.id", "case_parties_person_id"), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_parties")),
    )
    op.create_index("ix_case_parties_person_id", "case_parties", ["person_id"])


def _history() -> None:
    op.create_table(
        "history",
        *_numbered("history"),
        sa.Column("case_id", sa.Integer(), _to("cases.id", "history_case_id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("actor_id", sa.Integer(), _to("people.id", "history_actor_id")),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("actor_audience", sa.String(30), nullable=False),
        *_needed(sa.String(60), "from_state", "to_state"),
        *_needed(TIME, "at", "recorded_at"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("payload", JSON),
        *_needed(sa.String(64), "salt", "committed", "hash"),
        sa.CheckConstraint(
            "kind IN ('event', 'task', 'reminder', 'escalation', 'alert')", name=op.f("ck_history_kind")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_history_version")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_history_case_version")),
    )
    op.create_index("ix_history_at", "history", ["at"])


def _beside() -> None:
    op.create_table(
        "drafts",
        sa.Column("person_id", sa.Integer(), _to("people.id", "drafts_person_id"), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        *_needed(sa.String(60), "event", "item"),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("saved_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "reference", "event", "item", name=op.f("pk_drafts")),
    )
    op.create_table(
        "looks",
        sa.Column("person_id", sa.Integer(), _to("people.id", "looks_person_id"), nullable=False),
        sa.Column("case_id", sa.Integer(), _to("cases.id", "looks_case_id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "case_id", name=op.f("pk_looks")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("staged_by", sa.Integer(), _to("people.id", "uploads_staged_by")),
        sa.Column("staged_at", TIME, nullable=False),
        sa.Column("case_id", sa.Integer(), _to("cases.id", "uploads_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_case_id", "uploads", ["case_id"])
    op.create_index("ix_uploads_staged_at", "uploads", ["staged_at"])


def _messages() -> None:
    op.create_table(
        "messages",
        *_numbered("messages"),
        sa.Column("case_id", sa.Integer(), _to("cases.id", "messages_case_id")),
        sa.Column("notice", sa.String(120), nullable=False),
        sa.Column("deadline", sa.String(60)),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("to_person", sa.Integer(), _to("people.id", "messages_to_person")),
        sa.Column("to_name", sa.String(120), nullable=False),
        sa.Column("to_email", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        *_needed(sa.String(), "text", "html"),
        sa.Column("invitation", sa.String()),
        sa.Column("at_most_once", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        *_needed(TIME, "queued_at", "next_at"),
        *_needed(sa.Integer(), "attempts", "token"),
        *_optional(TIME, "claimed_until", "data_begun_at", "sent_at", "doubted_at", "alerted_at"),
        sa.Column("error", sa.String(500)),
        sa.CheckConstraint("status <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_messages_sent_when")),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'uncertain', 'failed')", name=op.f("ck_messages_status")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
    )
    op.create_index("ix_messages_case_id", "messages", ["case_id"])
    op.create_index(
        "ix_messages_untold",
        "messages",
        ["id"],
        **_where("status IN ('failed', 'uncertain') AND alerted_at IS NULL AND case_id IS NOT NULL"),
    )
    op.create_index("ix_messages_waiting", "messages", ["next_at"], **_where("status IN ('queued', 'sending')"))


def _tasks() -> None:
    op.create_table(
        "tasks",
        *_numbered("tasks"),
        sa.Column("case_id", sa.Integer(), _to("cases.id", "tasks_case_id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("each", sa.String(60)),
        sa.Column("is_alert", sa.Boolean(), nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("claimed_by", sa.Integer(), _to("people.id", "tasks_claimed_by")),
        sa.Column("closed_at", TIME),
        sa.Column("closed_by", sa.Integer(), _to("people.id", "tasks_closed_by")),
        sa.Column("closed_how", sa.String(20)),
        sa.CheckConstraint("closed_how IN ('done', 'cancelled')", name=op.f("ck_tasks_closed_how")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_how IS NULL)", name=op.f("ck_tasks_closed_whole")),
    )
    op.create_index("ix_tasks_open_case", "tasks", ["case_id"], **_where("closed_at IS NULL"))
    op.create_index("ix_tasks_open_claimed", "tasks", ["claimed_by"], **_where("closed_at IS NULL"))
    op.create_index("ix_tasks_open_role", "tasks", ["role", "due_at"], **_where("closed_at IS NULL"))


def _timers() -> None:
    op.create_table(
        "timers",
        *_numbered("timers"),
        sa.Column("case_id", sa.Integer(), _to("cases.id", "timers_case_id"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        *_needed(TIME, "started_at", "anchor_at"),
        sa.Column("within", sa.String(40), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("next_at", TIME),
        sa.Column("rungs", JSON, nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        *_needed(sa.Boolean(), "provisional", "ended"),
        sa.Column("stopped_at", TIME),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("claimed_until", TIME),
        sa.CheckConstraint("NOT ended OR next_at IS NULL", name=op.f("ck_timers_ended_rests")),
    )
    op.create_index("ix_timers_next", "timers", ["next_at"], **_where("stopped_at IS NULL"))
    op.create_index("uq_timers_running", "timers", ["case_id", "name"], unique=True, **_where("stopped_at IS NULL"))
