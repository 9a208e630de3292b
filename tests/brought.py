"""Cases already on their way: what came of bringing one there is kept, and written into the next test's database.

To bring a case to a state takes some twenty commands; most tests of pages and of the store begin with one that stands
somewhere, and are about what comes then.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

from apflow import testing
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables import metadata
from apflow.testing import MONDAY, a_handler, add_people, shipped_library

_PEOPLE = select(metadata.tables["people"]).order_by("id")
_READ_BY_NOBODY = {"people", "sessions", "api_tokens", "tries"}  # Who has signed in is nothing to a case.
_TABLES = [table for table in metadata.sorted_tables if table.name not in _READ_BY_NOBODY]
_IS_ANYTHING_THERE = text("SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {table.name})" for table in _TABLES))
_Asked = tuple[str, str]  # The state, and the answers in words.
_asked: Counter[_Asked] = Counter()
_known: dict[_Asked, "_Brought"] = {}


@dataclass(frozen=True)
class _Brought:
    """One case as it stands, and the people that it was brought there by."""

    reference: str
    people: Sequence[Any]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]

    def put_into(self, store: Store) -> bool:
        """Whether it could be: only where the same people are, and nothing that the case might depend on."""
        with store.writing() as connection:
            if connection.execute(_PEOPLE).all() != self.people:
                return False
            if connection.execute(_IS_ANYTHING_THERE).scalar_one():
                return False
            for name, rows in self.rows.items():
                connection.execute(insert(metadata.tables[name]), rows)
            if not store.is_sqlite:
                _count_on(connection, [metadata.tables[name] for name in self.rows])
        return True


def bring_to(handler: Handler, state: str, *, now: datetime = MONDAY, **answers: Any) -> str:
    """The same as `apflow.testing.bring_to` does; what is asked for again comes in a tenth of the time."""
    if now == MONDAY and _is_usual(handler):
        asked = state, repr(sorted(answers.items()))
        _asked[asked] += 1
        if _asked[asked] > 1:
            if asked not in _known:
                _known[asked] = _brought(state, answers)
            if _known[asked].put_into(handler.store):
                return _known[asked].reference
    return testing.bring_to(handler, state, now=now, **answers)


def _brought(state: str, answers: Mapping[str, Any]) -> _Brought:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder)}/brought.db")
        metadata.create_all(store.engine)
        add_people(store)
        reference = testing.bring_to(a_handler(store), state, **answers)
        with store.reading() as connection:
            found = {table.name: _rows(connection, table) for table in _TABLES}
            people = connection.execute(_PEOPLE).all()
        store.close()
    return _Brought(reference, people, {name: rows for name, rows in found.items() if rows})


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _is_usual(handler: Handler) -> bool:
    return handler.library is shipped_library() and handler.letters == a_handler(handler.store).letters


def _count_on(connection: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL give out no number that has been given."""
    for table in tables:
        if table.autoincrement_column is not None:
            name, column = table.name, table.autoincrement_column.name
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'), max({column})) FROM {name}")
            )
