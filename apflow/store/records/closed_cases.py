"""Closed cases that are not erased yet: which there are, what still leans on one, and what holds one back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, String, cast, exists, insert, or_, select, update

from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import case_items, cases
from apflow.store.tables.findings import STANDS, findings
from apflow.store.tables.messages import WAITING, messages
from apflow.store.tables.places import sites
from apflow.store.tables.pupils import placements, pupils
from apflow.store.tables.records import case_holds, erased_cases
from apflow.store.tables.work import signals, tasks

_ERASED = exists().where(erased_cases.c.case_id == cases.c.id)
_LIGHT = [
    cases.c[name]
    for name in (
        *("id", "reference", "workflow", "digest", "title", "state", "is_open", "entered_at", "changed_at", "fields"),
        *("parent_id", "kind"),
    )
]
_REFERENCE = re.compile(r'"([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})"')  # A whole answer, not a word within one.


def closed_before(connection: Connection, bounds: Mapping[str, datetime]) -> Sequence[Row[Any]]:
    """Closed cases not yet erased: by workflow those that were closed, and last added to, before a moment."""
    found: list[Row[Any]] = []
    for workflow, moment in bounds.items():
        query: Select[Any] = select(*_LIGHT).where(cases.c.workflow == workflow, ~cases.c.is_open, ~_ERASED)
        found += connection.execute(query.where(cases.c.entered_at < moment, cases.c.changed_at < moment))
    return found


def closed_case(connection: Connection, reference: str) -> Row[Any] | None:
    """The case of this reference, if it is closed."""
    query: Select[Any] = select(*_LIGHT).where(cases.c.reference == reference, ~cases.c.is_open)
    return connection.execute(query).first()


def all_above(connection: Connection, rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    """The cases that each of these belongs to, by its number: what began it, what began that, and so on."""
    line = {row.id: row for row in rows}
    wanted = set(line)
    missing = {row.parent_id for row in line.values()} - {None} - set(line)
    while missing:
        found = connection.execute(select(*_LIGHT).where(cases.c.id.in_(sorted(missing)))).all()
        line |= {row.id: row for row in found}
        missing = {row.parent_id for row in found} - {None} - set(line)
    return {number: _line(line, number) for number in wanted}


def _line(known: Mapping[int, Row[Any]], number: int) -> list[Row[Any]]:
    above: list[Row[Any]] = []
    parent = known[number].parent_id
    while parent is not None:
        above.append(known[parent])
        parent = known[parent].parent_id
    return above


def open_below(connection: Connection, number: int) -> Sequence[Row[Any]]:
    """The open cases that this one began, or that those began in their turn."""
    below = select(cases.c.id).where(cases.c.parent_id == number).cte("below", recursive=True)
    below = below.union_all(select(cases.c.id).where(cases.c.parent_id == below.c.id))
    query: Select[Any] = select(*_LIGHT).where(cases.c.id.in_(select(below.c.id)), cases.c.is_open)
    return connection.execute(query.order_by(cases.c.id)).all()


def open_naming(connection: Connection, references: Iterable[str]) -> dict[str, list[Row[Any]]]:
    """By reference, the open cases that have it as a whole answer, or have the case among their items."""
    wanted = set(references)
    found: dict[str, list[Row[Any]]] = {}
    if not wanted:
        return found
    query: Select[Any] = select(*_LIGHT, cast(cases.c.fields, String).label("said")).where(cases.c.is_open)
    for row in connection.execute(query.order_by(cases.c.id)):
        for reference in wanted.intersection(_REFERENCE.findall(row.said)) - {row.reference}:
            found.setdefault(reference, []).append(row)
    among: Select[Any] = select(*_LIGHT, case_items.c.key).join(case_items, case_items.c.case_id == cases.c.id)
    for row in connection.execute(among.where(cases.c.is_open, case_items.c.key.in_(sorted(wanted)))):
        found.setdefault(row.key, []).append(row)
    return found


def named_by(connection: Connection, fields: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """The cases whose references are whole answers among these."""
    said = {value for value in fields.values() if isinstance(value, str) and _REFERENCE.fullmatch(f'"{value}"')}
    return connection.execute(select(*_LIGHT).where(cases.c.reference.in_(sorted(said)))).all() if said else []


def is_worked_on(connection: Connection, row: Row[Any]) -> bool:
    """Whether a task, an e-mail, a word to another case or a finding of the night is still open on it."""
    on_it = (
        select(tasks.c.id).where(tasks.c.case_id == row.id, tasks.c.closed_at.is_(None)),
        select(messages.c.id).where(messages.c.case_id == row.id, WAITING),
        select(signals.c.id).where(
            or_(signals.c.from_case == row.id, signals.c.to_case == row.id), signals.c.done_at.is_(None)
        ),
        select(findings.c.id).where(findings.c.about == row.reference, STANDS),
    )
    return any(connection.execute(query.limit(1)).first() is not None for query in on_it)


def keeps_pupils(connection: Connection, row: Row[Any]) -> bool:
    """Whether pupils who were placed at this provider, if it is one, are still on record."""
    if row.workflow not in PROVIDERS:
        return False
    query = (
        select(placements.c.id)
        .join(sites, sites.c.id == placements.c.site_id)
        .join(pupils, pupils.c.id == placements.c.pupil_id)
        .where(sites.c.case_id == row.id, pupils.c.erased_at.is_(None))
    )
    return connection.execute(query.limit(1)).first() is not None


def are_on_record(connection: Connection, of: Iterable[int], placed: Iterable[int]) -> bool:
    """Whether one of these pupils, or of those of these placements, is on record and not erased."""
    by_placement = select(placements.c.pupil_id).where(placements.c.id.in_(sorted(set(placed))))
    one_of_them = or_(pupils.c.id.in_(sorted(set(of))), pupils.c.id.in_(by_placement))
    query = select(pupils.c.id).where(one_of_them, pupils.c.erased_at.is_(None))
    return connection.execute(query.limit(1)).first() is not None


def case_holds_of(connection: Connection, numbers: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """What holds each of these cases back now."""
    live = case_holds.c.case_id.in_(sorted(set(numbers))), case_holds.c.ended_at.is_(None)
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(select(case_holds).where(*live).order_by(case_holds.c.id)):
        found.setdefault(row.case_id, []).append(row)
    return found


def hold_case_back(connection: Connection, case: int, said: Mapping[str, Any], who: str, at: datetime) -> None:
    """Hold a case back, for the reason and until it is asked again on the day that were `said`."""
    values = {**said, "case_id": case, "held_by": who, "held_at": at}
    connection.execute(insert(case_holds).values(values))


def end_case_holds(connection: Connection, case: int, who: str, at: datetime) -> int:
    """Let go whatever holds the case back; how many holds that were."""
    live = (case_holds.c.case_id == case) & case_holds.c.ended_at.is_(None)
    return connection.execute(update(case_holds).where(live).values(ended_by=who, ended_at=at)).rowcount
