"""What schools have said of their own school years."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from apflow.store.driver.hot import Compiled
from apflow.store.tables.cases import cases
from apflow.store.tables.terms import school_years

# Read with every command to a case that goes by a school's days.
_OF_SCHOOL = Compiled(
    select(school_years).where(school_years.c.commissioner_id == bindparam("school")).order_by(school_years.c.year)
)


def years_of(connection: Connection, school: int) -> Sequence[Row[Any]]:
    """Every year that the school has dates of its own for, the earliest first."""
    return _OF_SCHOOL.all(connection, {"school": school})


def every_year(connection: Connection, since: int) -> Sequence[Row[Any]]:
    """What every school has said of this year and those after it."""
    return connection.execute(select(school_years).where(school_years.c.year >= since)).all()


def year_of(connection: Connection, school: int, year: int) -> Row[Any] | None:
    """What it has said of this one."""
    return next((row for row in years_of(connection, school) if row.year == year), None)


def naming(connection: Connection, workflow: str, field: str, number: int | None) -> Iterator[tuple[str, int]]:
    """The open cases of the workflow that name this record, or any, in the field; each with the record's number."""
    named = cases.c.fields[field].as_integer()
    query = select(cases.c.reference, named.label("number")).where(cases.c.workflow == workflow, cases.c.is_open)
    query = query.where(named == number if number is not None else named.is_not(None))
    yield from ((row.reference, row.number) for row in connection.execute(query.order_by(cases.c.id)).all())


def open_cases_of(connection: Connection, workflow: str, field: str, school: int | None) -> Sequence[str]:
    """The open cases of the workflow that name this school, or any, in the field; by reference."""
    return [reference for reference, _ in naming(connection, workflow, field, school)]
