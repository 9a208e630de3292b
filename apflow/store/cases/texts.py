"""The workflow texts that cases pin."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, select

from apflow.core.errors import ApflowError
from apflow.loader import Source
from apflow.store.driver.inserts import insert_new
from apflow.store.tables.cases import cases
from apflow.store.tables.history import workflow_texts

_BY_DIGEST = select(workflow_texts.c.text).where(workflow_texts.c.digest == bindparam("digest"))
_IN_USE = (
    select(workflow_texts.c.digest, workflow_texts.c.workflow, workflow_texts.c.version, workflow_texts.c.text)
    .where(exists().where(cases.c.digest == workflow_texts.c.digest))
    .order_by(workflow_texts.c.workflow, workflow_texts.c.version, workflow_texts.c.digest)
)
_HOW_MANY = select(func.count()).where(cases.c.digest == bindparam("digest"))


class TextMissing(ApflowError):
    """The workflow text that a case pins is not in the database."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that cases keep to, and of which workflow and version it is."""

    digest: str
    workflow: str
    version: int
    text: str


def pinned_text(connection: Connection, digest: str) -> str:
    """The exact text with this digest."""
    text = connection.execute(_BY_DIGEST, {"digest": digest}).scalar_one_or_none()
    if text is None:
        raise TextMissing
    return str(text)


def texts_in_use(connection: Connection) -> list[KeptText]:
    """Every text that some case keeps to, open or closed."""
    return [KeptText(*row) for row in connection.execute(_IN_USE)]


def cases_under(connection: Connection, digest: str) -> int:
    """How many cases keep to the text."""
    return int(connection.execute(_HOW_MANY, {"digest": digest}).scalar_one())


def keep_text(connection: Connection, source: Source, now: datetime) -> None:
    """Keep the text that a new case pins, once."""
    values = {"digest": source.digest, "workflow": source.workflow.workflow, "version": source.workflow.version}
    kept = {**values, "text": source.text, "first_seen_at": now}
    insert_new(connection, workflow_texts, kept, unique=["digest"])
