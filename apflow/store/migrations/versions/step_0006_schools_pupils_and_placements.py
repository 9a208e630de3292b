"""Schools, pupils and placements, and what is kept of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    for add in (_commissioners, _sites, _establishments, _pupils, _professionals, _placements, _kept, _imports):
        add()


def _numbered(table: str) -> tuple[sa.Column[Any], sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _text(limit: int, name: str, *, needed: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(limit), nullable=not needed)


def _needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _to(target: str, table: str, name: str, *, needed: bool = True) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{name}_{target}"))
    return sa.Column(name, sa.Integer(), key, nullable=not needed)


def _changing() -> list[sa.Column[Any]]:
    return [*_needed(sa.Integer(), "version"), *_needed(TIME, "changed_at")]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _commissioners() -> None:
    op.create_table(
        "commissioners",
        *_numbered("commissioners"),
        _text(20, "kind", needed=True),
        _text(200, "name", needed=True),
        _text(200, "sought", needed=True),
        _text(6, "urn"),
        _text(120, "contact_name"),
        _text(254, "email"),
        _text(40, "phone"),
        _text(10, "postcode"),
        sa.Column("ended_on", sa.Date()),
        *_changing(),
        sa.CheckConstraint("kind IN ('school', 'service', 'parent', 'learner')", name=op.f("ck_commissioners_kind")),
        sa.UniqueConstraint("urn", name=op.f("uq_commissioners_urn")),
    )
    _index("commissioners", "sought")


def _sites() -> None:
    op.create_table(
        "proprietors",
        *_numbered("proprietors"),
        _text(200, "name", needed=True),
        _text(200, "sought", needed=True),
        sa.UniqueConstraint("sought", name=op.f("uq_proprietors_sought")),
    )
    op.create_table(
        "sites",
        *_numbered("sites"),
        _to("cases", "sites", "case_id"),
        _to("proprietors", "sites", "proprietor_id"),
        _text(120, "name", needed=True),
        _text(300, "address"),
        _text(10, "postcode"),
        sa.Column("hours", JSON, nullable=False),
        sa.Column("ended_on", sa.Date()),
        *_changing(),
    )
    _index("sites", "case_id", "proprietor_id")
    red = _to("proprietors", "red_lights", "proprietor_id")
    op.create_table(
        "red_lights",
        red,
        *_needed(sa.Date(), "since"),
        _text(64, "key", needed=True),
        sa.Column("answers", JSON, nullable=False),
        _text(20, "reference"),
        sa.PrimaryKeyConstraint("proprietor_id", name=op.f("pk_red_lights")),
    )


def _establishments() -> None:
    op.create_table(
        "establishments",
        _text(6, "urn", needed=True),
        _text(200, "name", needed=True),
        _text(120, "kind", needed=True),
        _text(60, "status", needed=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        _text(120, "council", needed=True),
        _text(8, "ukprn"),
        _text(10, "postcode"),
        sa.Column("opened_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.PrimaryKeyConstraint("urn", name=op.f("pk_establishments")),
    )


def _pupils() -> None:
    op.create_table(
        "pupils",
        *_numbered("pupils"),
        _text(13, "upn"),
        _text(100, "surname", needed=True),
        _text(100, "forename", needed=True),
        _text(220, "sought", needed=True),
        *_needed(sa.Date(), "born"),
        sa.Column("year", sa.Integer()),
        *_needed(sa.Boolean(), "ehcp", "sen_support", "looked_after"),
        _text(10, "plan"),
        _to("commissioners", "pupils", "home_school_id", needed=False),
        *_changing(),
        sa.CheckConstraint("plan IN ('cp', 'cin')", name=op.f("ck_pupils_plan")),
        sa.UniqueConstraint("upn", name=op.f("uq_pupils_upn")),
    )
    _index("pupils", "sought", "home_school_id")


def _professionals() -> None:
    op.create_table(
        "professionals",
        *_numbered("professionals"),
        _to("pupils", "professionals", "pupil_id"),
        _text(40, "role", needed=True),
        _text(120, "name", needed=True),
        _text(254, "email"),
        _text(40, "phone"),
        sa.Column("ended_on", sa.Date()),
        *_changing(),
    )
    _index("professionals", "pupil_id")


def _placements() -> None:
    op.create_table(
        "placements",
        *_numbered("placements"),
        _to("pupils", "placements", "pupil_id"),
        _to("sites", "placements", "site_id"),
        _to("commissioners", "placements", "commissioner_id"),
        *_needed(sa.Integer(), "minutes"),
        sa.Column("sessions", sa.Integer()),
        *_needed(sa.Boolean(), "has_breaks"),
        *_needed(sa.Date(), "starts_on"),
        sa.Column("ends_on", sa.Date()),
        *_changing(),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_placements_in_order")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_placements_some_time")),
        sa.UniqueConstraint("pupil_id", "site_id", "commissioner_id", "starts_on", name="uq_placements_once"),
    )
    _index("placements", "site_id", "commissioner_id")


def _kept() -> None:
    op.create_table(
        "record_changes",
        *_numbered("record_changes"),
        _text(20, "kind", needed=True),
        *_needed(sa.Integer(), "record_id"),
        _text(10, "action", needed=True),
        sa.Column("fields", JSON, nullable=False),
        _text(300, "through", needed=True),
        _to("people", "record_changes", "actor_id", needed=False),
        _text(120, "actor_name", needed=True),
        *_needed(TIME, "at"),
        sa.CheckConstraint("action IN ('added', 'changed')", name=op.f("ck_record_changes_action")),
    )
    op.create_index("ix_record_changes_of", "record_changes", ["kind", "record_id", "id"])
    op.create_table(
        "record_reads",
        *_numbered("record_reads"),
        _to("pupils", "record_reads", "pupil_id"),
        _to("people", "record_reads", "person_id"),
        _text(120, "page", needed=True),
        *_needed(TIME, "at"),
    )
    op.create_index("ix_record_reads_of", "record_reads", ["pupil_id", "id"])
    _index("record_reads", "person_id")


def _imports() -> None:
    op.create_table(
        "import_files",
        _text(64, "id", needed=True),
        _text(20, "kind", needed=True),
        _text(255, "name", needed=True),
        sa.Column("content", sa.LargeBinary()),
        _to("people", "import_files", "person_id", needed=False),
        *_needed(TIME, "staged_at"),
        sa.Column("done_at", TIME),
        sa.Column("counts", JSON),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
    )
    _index("import_files", "person_id", "staged_at")
