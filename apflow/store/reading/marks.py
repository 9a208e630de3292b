"""How far the history of each case had come, and whether it still holds what it held then."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select, tuple_

from apflow.store.tables.cases import cases
from apflow.store.tables.history import history

_EVERY = select(cases.c.reference, cases.c.version, cases.c.head).order_by(cases.c.id)
_STANDING = (
    select(cases.c.reference, cases.c.version, history.c.hash)
    .outerjoin(
        history,
        and_(
            history.c.case_id == cases.c.id,
            tuple_(cases.c.reference, history.c.version).in_(bindparam("marked", expanding=True)),
        ),
    )
    .where(cases.c.reference.in_(bindparam("references", expanding=True)))
)


class Mark(NamedTuple):
    """A case at its `version`: `head` is the hash of the entry that it had come to."""

    reference: str
    version: int
    head: str


def every_mark(connection: Connection) -> Iterator[Mark]:
    """One for each case, the oldest first."""
    for row in connection.execute(_EVERY).yield_per(1_000):
        yield Mark(row.reference, row.version, row.head)


def gone_from(connection: Connection, marked: Sequence[Mark]) -> Iterator[tuple[str, str]]:
    """The reference, and a sentence, of each case whose history does not hold any more what was marked."""
    given = {
        "marked": [(one.reference, one.version) for one in marked],
        "references": [one.reference for one in marked],
    }
    there = {row.reference: row for row in connection.execute(_STANDING, given)}
    for one in marked:
        row = there.get(one.reference)
        if row is None:
            yield one.reference, "the case is gone"
        elif row.version < one.version or row.hash is None:
            yield one.reference, f"its history was cut after it had come to entry {one.version}"
        elif row.hash != one.head:
            yield one.reference, f"its history up to entry {one.version} was written anew"
