"""The rows of one real transition, as the driver holds them: what the raw reference writes again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, text

from apflow.store.driver.engine import Store

TABLES = ("cases", "history", "tasks", "timers", "messages")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """One row of each table that a transition writes: as the case stood, and as it came in."""

    case: Row
    history: Row
    task: Row
    timer: Row
    message: Row
    texts: Row


def sample_of(store: Store, reference: str) -> Sample:
    """The case as it is now, with the newest row of each of the other tables."""
    with store.reading() as connection:

        def newest(table: str) -> Row:
            query = text(f"SELECT * FROM {table} WHERE case_id = :id ORDER BY id DESC LIMIT 1")
            return _row(connection.execute(query, {"id": case["id"]}))

        case = _row(connection.execute(text("SELECT * FROM cases WHERE reference = :r"), {"r": reference}))
        return Sample(
            case=case,
            history=newest("history"),
            task=newest("tasks"),
            timer=newest("timers"),
            message=newest("messages"),
            texts=_row(connection.execute(text("SELECT * FROM workflow_texts LIMIT 1"))),
        )


def _row(result: CursorResult[Any]) -> Row:
    return {str(name): value for name, value in result.mappings().one().items()}
