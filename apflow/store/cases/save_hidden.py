"""Saving whom a case is hidden from, beside its fields, which say so."""

from sqlalchemy import Connection, delete, insert

from apflow.core.people.permission import hidden_from
from apflow.store.cases.unit import Unit
from apflow.store.tables.cases import hidden_cases


def hides_otherwise(unit: Unit) -> bool:
    """Whether the case is hidden from others than before, or may be by another version of its policy."""
    before, after = unit.snapshot.fields, unit.outcome.fields
    if unit.definition.digest != unit.snapshot.digest and unit.snapshot.id is not None:
        return True
    return hidden_from(unit.definition, before) != hidden_from(unit.definition, after)


def save_hidden(connection: Connection, unit: Unit, case_id: int) -> None:
    """Write it where that is so."""
    if not hides_otherwise(unit):
        return
    connection.execute(delete(hidden_cases).where(hidden_cases.c.case_id == case_id))
    people = sorted(hidden_from(unit.definition, unit.outcome.fields))
    if people:
        connection.execute(insert(hidden_cases), [{"case_id": case_id, "person_id": person} for person in people])
