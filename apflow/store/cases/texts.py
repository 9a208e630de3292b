"""The workflow texts that cases pin."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from apflow.core.errors import ApflowError
from apflow.loader import Source
from apflow.store.driver.inserts import insert_new
from apflow.store.tables.history import workflow_texts

_BY_DIGEST = select(workflow_texts.c.text).where(workflow_texts.c.digest == bindparam("digest"))


class TextMissing(ApflowError):
    """The workflow text that a case pins is not in the database."""


def pinned_text(connection: Connection, digest: str) -> str:
    """The exact text with this digest."""
    text = connection.execute(_BY_DIGEST, {"digest": digest}).scalar_one_or_none()
    if text is None:
        raise TextMissing
    return str(text)


def keep_text(connection: Connection, source: Source, now: datetime) -> None:
    """Keep the text that a new case pins, once."""
    values = {"digest": source.digest, "workflow": source.workflow.workflow, "version": source.workflow.version}
    kept = {**values, "text": source.text, "first_seen_at": now}
    insert_new(connection, workflow_texts, kept, unique=["digest"])
