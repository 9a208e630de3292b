"""What every table shares: constraint names that migrations can rely on, and times that keep their zone."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, DateTime, MetaData, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


_UTC = "+00:00"


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out; SQLite would otherwise drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """SQLite keeps the text that SQLAlchemy's own type would write, made in one step."""
        return _to_text if dialect.name == "sqlite" else _to_utc

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:  # noqa: ARG002
        return from_text if dialect.name == "sqlite" else _to_utc


def _to_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


@lru_cache(maxsize=1024)  # One command writes the same few times again and again.
def _to_text(value: datetime | None) -> str | None:
    at = _to_utc(value)
    return None if at is None else at.isoformat(" ", "microseconds")[: -len(_UTC)]


def from_text(value: str | None) -> datetime | None:
    # To give it its zone afterwards would take eight times as long.
    return None if value is None else datetime.fromisoformat(value + _UTC)


def table_of(model: Any) -> Table:
    """The Core table behind a model, for statements on the hot path."""
    table: Table = model.__table__
    return table
