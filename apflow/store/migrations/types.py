"""Column types as a migration writes them: plain, so that an old step does not change when our own types do."""

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON
from sqlmodel import AutoString

from apflow.store.tables.base import UTCDateTime

_JSON = 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")'


def render_plainly(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """The source text of a column type of ours; False leaves the rest to Alembic."""
    if kind != "type":
        return False
    match item:
        case UTCDateTime():
            return "sa.DateTime(timezone=True)"
        case AutoString():
            return f"sa.String(length={item.length})" if item.length else "sa.String()"
        case JSON():
            context.imports.add("from sqlalchemy.dialects import postgresql")
            return _JSON
    return False
