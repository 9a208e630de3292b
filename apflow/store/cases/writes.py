"""What a save writes of a case: statement by statement, or on PostgreSQL all of it as one, which is one round trip."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from apflow.store.cases.unit import Conflict, Unit
from apflow.store.driver.hot import Compiled, Step, run_together


class Writes:
    """The statements of one save, in order; nothing comes of any of them without the row that the first changes."""

    def __init__(self, connection: Connection, unit: Unit) -> None:
        self.connection = connection
        self._waiting: list[Step] | None = [] if go_together(connection, unit) else None

    def change(self, statement: Compiled, values: Mapping[str, Any]) -> None:
        """The first: change the row that must be as it was; Conflict when it is not, at once or at `done`."""
        if self._waiting is not None:
            self._waiting.append((statement, values))
        elif statement.run(self.connection, values) != 1:
            raise Conflict

    def add(self, statement: Compiled, *rows: Mapping[str, Any]) -> None:
        """Do this for each of the rows, now or at `done`."""
        if self._waiting is not None:
            self._waiting += [(statement, row) for row in rows]
        elif rows:
            statement.run(self.connection, *rows)

    def done(self) -> None:
        """Everything is written when this returns."""
        if self._waiting is not None:
            first, *others = self._waiting
            if run_together(self.connection, first, others) != 1:
                raise Conflict
            self._waiting = None


def go_together(connection: Connection, unit: Unit) -> bool:
    """Whether nothing that is written depends on another part of it: the parts of one statement see nothing of each
    other, and come in no order."""
    outcome = unit.outcome
    if connection.dialect.name != "postgresql" or unit.snapshot.id is None or unit.parties:
        return False
    if unit.definition.digest != unit.snapshot.digest:
        return False  # The case's row is written twice then.
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
    more = unit.receipt or outcome.uploads or outcome.signals or reads_others or unit.heard or unit.child
    return not more and go_together(connection, unit)
