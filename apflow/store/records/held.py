"""Where something is held about one pupil beside the record: the cases, by their numbers or in their words."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, func, or_, select, true

from apflow.store.records.records import like
from apflow.store.tables.cases import IS_OPEN, case_items, cases


def cases_about(
    connection: Connection,
    naming: Iterable[tuple[str, str, Sequence[int]]],
    begun_by: Iterable[tuple[str, str]] = (),
) -> list[str]:
    """The references of cases with one of these numbers in a field (workflow, field, numbers), and all that came of it.

    That are the cases below them, and those that were begun there and have joined another case since: of each workflow
    in `begun_by` the field keeps the reference of the case that it was begun by.
    """
    return _about(connection, list(naming), list(begun_by), set(), true())


def open_cases_about(
    connection: Connection,
    naming: Iterable[tuple[str, str, Sequence[int]]],
    begun_by: Iterable[tuple[str, str]],
    kept_by: Iterable[int],
) -> list[str]:
    """The same of open cases alone, by their index; with what came of the cases `kept_by` which a placement is."""
    return _about(connection, list(naming), list(begun_by), set(kept_by), IS_OPEN)


def _about(
    connection: Connection,
    naming: Sequence[tuple[str, str, Sequence[int]]],
    begun_by: Sequence[tuple[str, str]],
    known: AbstractSet[int],
    among: ColumnElement[bool],
) -> list[str]:
    numbers = set(known)
    for workflow, field, named in naming:
        there = (cases.c.workflow == workflow, cases.c.fields[field].as_integer().in_(named))
        numbers |= set(connection.execute(select(cases.c.id).where(among, *there)).scalars())
    newest = set(numbers)
    while newest:
        newest = _come_of(connection, newest, begun_by, among) - numbers
        numbers |= newest
    found = select(cases.c.reference).where(among, cases.c.id.in_(numbers))
    return list(connection.execute(found.order_by(cases.c.opened_at, cases.c.id)).scalars())


def _come_of(
    connection: Connection, numbers: set[int], begun_by: Iterable[tuple[str, str]], among: ColumnElement[bool]
) -> set[int]:
    """The cases that were begun by these, wherever they belong now."""
    below = set(connection.execute(select(cases.c.id).where(among, cases.c.parent_id.in_(numbers))).scalars())
    references = set(connection.execute(select(cases.c.reference).where(cases.c.id.in_(numbers))).scalars())
    for workflow, field in begun_by:
        there = cases.c.fields[field].as_string().in_(references)
        below |= set(connection.execute(select(cases.c.id).where(among, cases.c.workflow == workflow, there)).scalars())
    return below


def cases_in_whose_words(connection: Connection, names: Sequence[str]) -> list[tuple[str, str]]:
    """The reference and workflow of cases whose answers, or those of one of whose items, have all of these names."""
    of_items = select(case_items.c.case_id).where(*(_says(case_items.c.data, name) for name in names))
    whole = and_(*(_says(cases.c.fields, name) for name in names))
    query = select(cases.c.reference, cases.c.workflow).where(or_(whole, cases.c.id.in_(of_items)))
    return [(row.reference, row.workflow) for row in connection.execute(query.order_by(cases.c.id))]


def _says(answers: Any, name: str) -> ColumnElement[bool]:
    return func.lower(cast(answers, String)).like(like(name), escape="\\")
