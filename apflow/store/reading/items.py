"""How the items of many cases stand, without what was said of them."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from apflow.store.tables.cases import case_items, cases

Standing = frozenset[tuple[str, str]]


def standing_of(connection: Connection, references: Iterable[str]) -> dict[str, Standing]:
    """Which statuses the touched items of each case have, each with its collection, by the case's reference."""
    query = (
        select(cases.c.reference, case_items.c.collection, case_items.c.status)
        .join(case_items, case_items.c.case_id == cases.c.id)
        .where(cases.c.reference.in_(list(references)))
        .distinct()
    )
    found: dict[str, set[tuple[str, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.reference, set()).add((row.collection, row.status))
    return {reference: frozenset(standing) for reference, standing in found.items()}
