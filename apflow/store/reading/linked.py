"""Reading the cases that are items of another: what they are called, and how they stand."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, select

from apflow.core.snapshot import Linked
from apflow.store.tables.cases import cases

_LINKED = select(cases.c.reference, cases.c.workflow, cases.c.title, cases.c.state, cases.c.version).where(
    cases.c.reference.in_(bindparam("references", expanding=True))
)


def linked_cases(connection: Connection, references: Iterable[str]) -> Mapping[str, Linked]:
    """Those of the references that are cases."""
    wanted = [reference for reference in references if reference.isprintable()]
    rows = connection.execute(_LINKED, {"references": wanted}) if wanted else ()
    return {row.reference: Linked(row.workflow, row.title, row.state, row.version) for row in rows}
