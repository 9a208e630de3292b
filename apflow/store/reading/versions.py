"""Which cases keep to which text of their workflow, and which were moved to another and nothing has happened since."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from apflow.store.tables.cases import cases
from apflow.store.tables.history import history, workflow_texts

_OF_VERSION = (
    select(workflow_texts.c.digest)
    .where(workflow_texts.c.workflow == bindparam("of_workflow"), workflow_texts.c.version == bindparam("of_version"))
    .order_by(workflow_texts.c.first_seen_at.desc())
)
_ELSEWHERE = (
    select(cases.c.reference)
    .where(cases.c.workflow == bindparam("of_workflow"), cases.c.digest != bindparam("to"), cases.c.is_open)
    .order_by(cases.c.id)
)
_JUST_MOVED = (
    select(cases.c.reference)
    .join(history, (history.c.case_id == cases.c.id) & (history.c.version == cases.c.version))
    .where(cases.c.workflow == bindparam("of_workflow"), history.c.kind == "version", history.c.name.like("moved to %"))
    .order_by(cases.c.id)
)


def text_of_version(connection: Connection, workflow: str, version: int) -> str | None:
    """The digest of the newest text of this version that some case has begun under, or None."""
    found: str | None = connection.execute(_OF_VERSION, {"of_workflow": workflow, "of_version": version}).scalar()
    return found


def cases_elsewhere(connection: Connection, workflow: str, to: str) -> Sequence[str]:
    """The open cases of the workflow that keep to another text than this, oldest first."""
    return connection.scalars(_ELSEWHERE, {"of_workflow": workflow, "to": to}).all()


def cases_just_moved(connection: Connection, workflow: str) -> Sequence[str]:
    """The cases of the workflow to which nothing has happened since they were moved, oldest first."""
    return connection.scalars(_JUST_MOVED, {"of_workflow": workflow}).all()
