"""What a save writes of a case: statement by statement, or all of it in one go.

On PostgreSQL one go is one statement, which is one round trip; on SQLite it is one statement after the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from apflow.store.cases.save_barred import bars_otherwise, names_readers
from apflow.store.cases.save_hidden import hides_otherwise
from apflow.store.cases.unit import Conflict, Unit
from apflow.store.driver.hot import Compiled, Step, run_in_turn, run_together

_FEW = 8  # As many rows of one statement as are done one by one.


class Writes:
    """The statements of one save, in order; nothing comes of any of them without the row that the first changes."""

    def __init__(self, connection: Connection, unit: Unit) -> None:
        self.connection = connection
        self._waiting: list[Step] | None = [] if _can_wait(connection, unit) else None
        self._changes_first = False

    def change(self, statement: Compiled, values: Mapping[str, Any]) -> None:
        """The first: change the row that must be as it was; Conflict when it is not, at once or at `done`."""
        if self._waiting is not None:
            self._waiting.append((statement, values))
            self._changes_first = True
        elif statement.run(self.connection, values) != 1:
            raise Conflict

    def add(self, statement: Compiled, *rows: Mapping[str, Any]) -> None:
        """Do this for each of the rows, of which there is one at least, now or at `done`."""
        if self._waiting is not None and len(rows) > _FEW and self.connection.dialect.name == "sqlite":
            self._do_what_waits()  # Those of an e-mail to hundreds are one statement, not as many.
            statement.run(self.connection, *rows)
        elif self._waiting is None:
            statement.run(self.connection, *rows)
        else:
            self._waiting += [(statement, row) for row in rows]

    def done(self) -> None:
        """Everything is written when this returns."""
        self._do_what_waits()
        self._waiting = None

    def _do_what_waits(self) -> None:
        if self._waiting and _changed_first(self.connection, self._waiting) != 1 and self._changes_first:
            raise Conflict
        self._waiting, self._changes_first = [], False


def _changed_first(connection: Connection, waiting: Sequence[Step]) -> int:
    """Do all of it; how many rows the first has changed."""
    if connection.dialect.name == "sqlite":
        return run_in_turn(connection, waiting)
    return run_together(connection, waiting)


def _can_wait(connection: Connection, unit: Unit) -> bool:
    """Whether it can all be written at the end; on SQLite nobody else writes until then in any case."""
    return connection.dialect.name == "sqlite" or go_together(connection, unit)


def go_together(connection: Connection, unit: Unit) -> bool:
    """Whether nothing that is written depends on another part of it: the parts of one statement see nothing of each
    other, and come in no order."""
    outcome = unit.outcome
    if connection.dialect.name != "postgresql" or unit.snapshot.id is None or unit.parties:
        return False
    if unit.definition.digest != unit.snapshot.digest:
        return False  # The case's row is written twice then.
    if any(question in unit.outcome.entry.answers for question, _ in unit.definition.taken.values()):
        return False  # The record that it takes from is held until the commit.
    if hides_otherwise(unit) or bars_otherwise(unit):
        return False
    if outcome.token is not None or outcome.cleared or outcome.resumed or unit.read is not None:
        return False  # And what was read must be looked at again once the case's own row is held.
    changed = [change.task for change in outcome.tasks]
    clocks = [deadline.name for deadline in (*outcome.stopped, *outcome.altered, *outcome.started)]
    return len(set(changed)) == len(changed) and len(set(clocks)) == len(clocks)


def is_one_statement(connection: Connection, unit: Unit) -> bool:
    """Whether a save writes all there is in one statement, which then needs no transaction."""
    outcome = unit.outcome
    reads_relatives = unit.snapshot.children and outcome.entry.kind == "event"
    reads_others = reads_relatives or unit.snapshot.linked or unit.told or unit.pauses is not None
    more = (
        unit.was_closed
        or unit.receipt
        or outcome.uploads
        or outcome.signals
        or reads_others
        or unit.heard
        or unit.child
        or unit.again
        or names_readers(unit)
    )
    return not more and go_together(connection, unit)
