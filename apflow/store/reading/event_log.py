"""The history for machines that look for how work really goes: some cases at a time, and nothing that was said."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.people import people

_SOME = 200
_parent = cases.alias("parent")
_CASES = (
    select(
        cases.c.id,
        cases.c.reference,
        cases.c.workflow,
        cases.c.title,
        cases.c.kind,
        _parent.c.reference.label("parent"),
        _parent.c.workflow.label("parent_workflow"),
    )
    .outerjoin(_parent, _parent.c.id == cases.c.parent_id)
    .where(cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(_SOME)
)
_ENTRIES = (
    select(
        history.c.case_id,
        history.c.version,
        history.c.kind,
        history.c.name,
        history.c.actor_id,
        history.c.actor_name,
        history.c.actor_audience,
        history.c.from_state,
        history.c.to_state,
        history.c.at,
        history.c.payload["item"].label("item"),
        people.c.roles,
    )
    .outerjoin(people, people.c.id == history.c.actor_id)
    .where(history.c.case_id.between(bindparam("first"), bindparam("last")))
    .order_by(history.c.case_id, history.c.version)
)


def cases_with_history(store: Store, workflows: Sequence[str]) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Each case of these workflows with its entries, oldest first; each some in a look of their own."""
    after = 0
    while True:
        with store.reading() as connection:
            some = _some(connection, after)
        if not some:
            return
        yield from ((case, entries) for case, entries in some if case.workflow in workflows)
        after = some[-1][0].id


def _some(connection: Connection, after: int) -> list[tuple[Row[Any], list[Row[Any]]]]:
    found: list[Row[Any]] = list(connection.execute(_CASES, {"after": after}))
    if not found:
        return []
    of_case: dict[int, list[Row[Any]]] = {case.id: [] for case in found}
    entries: list[Row[Any]] = list(connection.execute(_ENTRIES, {"first": found[0].id, "last": found[-1].id}))
    for row in entries:
        if row.case_id in of_case:
            of_case[row.case_id].append(row)
    return [(case, of_case[case.id]) for case in found]
