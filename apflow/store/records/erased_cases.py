"""What is left of a closed case that was erased, and who decided on it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from apflow.store.records.retention import ERASED
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.findings import findings
from apflow.store.tables.records import erased_cases
from apflow.store.tables.work import signals

_BY_REFERENCE = select(erased_cases).join(cases, cases.c.id == erased_cases.c.case_id)


def erased_case(connection: Connection, reference: str) -> Row[Any] | None:
    """When, by whom, by which rule and why the case of this reference was erased; None of one that was not."""
    return connection.execute(_BY_REFERENCE.where(cases.c.reference == reference)).first()


def is_erased(connection: Connection, number: int) -> bool:
    """Whether the case of this number was erased."""
    return (
        connection.execute(select(erased_cases.c.case_id).where(erased_cases.c.case_id == number)).first() is not None
    )


def last_erased(connection: Connection) -> Sequence[Row[Any]]:
    """The stubs of all that were erased, the newest first."""
    query: Select[Any] = select(erased_cases, cases.c.reference, cases.c.workflow, cases.c.state, cases.c.entered_at)
    query = query.join(cases, cases.c.id == erased_cases.c.case_id).add_columns(cases.c.digest)
    return connection.execute(query.order_by(erased_cases.c.erased_at.desc(), cases.c.id)).all()


def leave_a_stub(connection: Connection, row: Row[Any]) -> None:
    """Take from the case's own row, and from beside it, what would still say whom it was about."""
    nothing: dict[str, Any] = {"title": ERASED, "overrides": {}, "doers": {}, "assigned_to": None}
    connection.execute(update(cases).where(cases.c.id == row.id).values(nothing))
    connection.execute(delete(case_parties).where(case_parties.c.case_id == row.id))
    begun = (signals.c.from_case == row.parent_id) & (signals.c.purpose == "begin") & (signals.c.kind == row.kind)
    words = or_(begun, signals.c.to_case == row.id) & signals.c.done_at.is_not(None)
    connection.execute(update(signals).where(words).values(answers={}, result=None))
    found = {"said": ERASED, "parts": None}
    connection.execute(update(findings).where(findings.c.about == row.reference).values(found))


def note_erased(connection: Connection, case: int, said: Mapping[str, str], who: str, at: datetime) -> None:
    """Note that it is erased, `because` of what and by which `rule`."""
    values = {**said, "case_id": case, "erased_at": at, "erased_by": who}
    connection.execute(insert(erased_cases).values(values))
