"""Many cases loaded at once are what each of them is loaded as alone."""

from sqlalchemy import event

from apflow.handler import Handler
from apflow.store.cases.loading import load_case, load_cases
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, OLIVE, enquire
from tests.brought import bring_to
from tests.store.witness import case_of

STATES = ("gathering_evidence", "panel", "gathering_evidence")


def test_many_cases_are_loaded_as_each_of_them_is(store: Store, handler: Handler) -> None:
    references = [enquire(handler), *(bring_to(handler, state) for state in STATES)]
    handler.alert(references[1], "mail_failed", "The mailbox is full.", now=MONDAY)
    task = case_of(store, references[1]).tasks[0]
    handler.claim(references[1], task.id, actor=OLIVE, now=MONDAY)

    with store.reading() as connection:
        together = load_cases(connection, [*references, "AP-NONE-SUCH"])
        alone = {reference: load_case(connection, reference) for reference in references}

    assert together == alone


def test_many_cases_take_as_many_statements_as_few(store: Store, handler: Handler) -> None:
    references = [enquire(handler) for _ in range(5)]
    asked: list[str] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def watch(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with store.reading() as connection:
        load_cases(connection, references[:1])
        few = len(asked)
        load_cases(connection, references)

    assert len(asked) - few in (few, few - 1)  # Beginning to read may be a statement of its own.


def test_cases_loaded_together_are_found_by_an_index(store: Store, handler: Handler) -> None:
    """A table read from end to end would cost a sweep more the more cases there are."""
    references = [enquire(handler) for _ in range(3)]
    asked: list[tuple[str, list[object]]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def watch(_connection: object, _cursor: object, statement: str, parameters: list[object], *_: object) -> None:
        asked.append((statement, parameters))

    with store.reading() as connection:
        load_cases(connection, references)
        told = [(sql, values) for sql, values in asked if sql.startswith("SELECT")]
        plans = [_plan(connection, sql, values) for sql, values in told] if store.is_sqlite else []

    assert not any(line.startswith("SCAN") and "json_each" not in line for plan in plans for line in plan)


def _plan(connection: object, sql: str, values: list[object]) -> list[str]:
    driver = connection.connection.driver_connection  # type: ignore[attr-defined]
    return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
