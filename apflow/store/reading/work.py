"""A person's work: the open tasks they could do, in the order of what is due, from any place on.

A task is in one of three indexes: free to be taken, for each of several people, or held by somebody. Every part of a
person's work is a short run of some of them, so that what a page costs does not grow with the queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from apflow.core.days.calendar import local_date
from apflow.core.people.actor import Actor
from apflow.core.queue import Part, tomorrow
from apflow.store.driver.hot import Compiled
from apflow.store.people.away import covered_by
from apflow.store.reading.gone import holders_gone
from apflow.store.reading.hidden import hidden_of
from apflow.store.reading.work_rows import Place, WorkRow, rows_at
from apflow.store.tables.base import UTCDateTime
from apflow.store.tables.cases import case_items, case_parties, hidden_cases
from apflow.store.tables.work import EACH, FREE, HELD, PUT_OFF, tasks

COUNTED = 500

Whose = Literal["free", "each", "held"]
ANYBODYS: frozenset[Whose] = frozenset({"free"})
OWN: frozenset[Whose] = frozenset({"each", "held"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks: whose they are, and due from `since` up to but not at `until`; perhaps those without a date too.

    Those that are put off at `at`, or those that are not, where `put_off` says which of the two.
    Those of a role in `own` only where it is on a case that the person is on in that role, as outsiders are. On a `day`
    what those have who are away then, and for whom the person covers, is theirs as well.
    """

    whose: frozenset[Whose] = ANYBODYS | OWN
    since: datetime | None = None
    until: datetime | None = None
    undated: bool = True
    own: frozenset[str] = frozenset()
    put_off: bool | None = None
    at: datetime | None = None
    day: date | None = None


def wanted_of(part: Part, now: datetime) -> Wanted:
    """The tasks of one part of a person's work."""
    today = local_date(now)
    match part:
        case Part.OVERDUE:
            return Wanted(until=now, undated=False, day=today)
        case Part.TODAY:
            return Wanted(since=now, until=tomorrow(now), undated=False, day=today)
        case Part.TO_CLAIM:
            return Wanted(ANYBODYS, since=tomorrow(now))
        case Part.YOURS:
            return Wanted(OWN, since=tomorrow(now), put_off=False, at=now, day=today)
        case Part.PUT_OFF:
            return Wanted(frozenset({"held"}), since=tomorrow(now), put_off=True, at=now, day=today)


def work_of(
    connection: Connection, actor: Actor, wanted: Wanted | None = None, *, after: Place | None = None, limit: int
) -> list[WorkRow]:
    """The first of the open tasks this person could do, theirs and those nobody has, that come after the place."""
    return rows_at(connection, actor, places_of(connection, actor, wanted or Wanted(), after=after, limit=limit))


def places_of(
    connection: Connection, actor: Actor, wanted: Wanted, *, after: Place | None = None, limit: int
) -> list[Place]:
    """Where those tasks stand; read from the indexes alone, which is quick enough for counting some hundreds."""
    is_past_them = after is not None and after.due_at is None and not wanted.undated
    if is_past_them or not actor.roles:
        return []
    gone = tuple((role, holders_gone(connection, role)) for role in sorted(actor.roles))
    shape = _Shape(
        gone,
        wanted.whose,
        since=wanted.since is not None,
        until=wanted.until is not None,
        undated=wanted.undated,
        after=_kind(after),
        limit=limit,
        own=wanted.own & actor.roles,
        hides=bool(hidden_of(connection, actor.id)),
        put_off=wanted.put_off,
        covered=covered_by(connection, actor, wanted.day, but=wanted.own),
    )
    values = {"me": actor.id, "key": str(actor.id), "since": wanted.since, "until": wanted.until}
    values |= {"at": wanted.at} if wanted.at else {}
    values |= {"after_due": after.due_at, "after_task": after.task} if after else {}
    return [Place(row.due_at, row.id) for row in _first(shape).all(connection, values)]


def _kind(after: Place | None) -> Literal["dated", "undated"] | None:
    if after is None:
        return None
    return "undated" if after.due_at is None else "dated"


# --- The first tasks, from the indexes ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a statement is compiled for. `gone` has each role with those who hold its tasks no longer.

    It `hides` where some case is hidden from whoever asks. What those who are `covered` hold of a role
    is read beside their own.
    """

    gone: tuple[tuple[str, tuple[int, ...]], ...]
    whose: frozenset[Whose]
    since: bool
    until: bool
    undated: bool
    after: Literal["dated", "undated"] | None
    limit: int
    own: frozenset[str]
    hides: bool
    put_off: bool | None
    covered: tuple[tuple[str, int], ...] = ()


@lru_cache(maxsize=256)
def _first(shape: _Shape) -> Compiled:
    """A run of each index, as long as the whole may be, and the first of them all."""
    # A limit that is bound would have PostgreSQL plan for a tenth of the table.
    limit = literal_column(str(shape.limit), Integer)
    whose = _whose(shape)
    runs = [_run_of(one, shape, limit) for one in whose] if shape.after != "undated" else []
    runs += [_undated_run_of(one, shape, limit) for one in whose] if shape.undated else []
    every = union_all(*(select(run.subquery()) for run in runs)).subquery()
    due = every.c.due_at
    return Compiled(select(every.c.id, due).order_by(due.is_(None), due, every.c.id).limit(limit))


def _whose(shape: _Shape) -> list[ColumnElement[bool]]:
    """The conditions that each choose one run of one index, and together all that is wanted."""
    found: list[ColumnElement[bool]] = []
    for role, gone in shape.gone:
        of_role = tasks.c.role == role if role not in shape.own else and_(tasks.c.role == role, _IS_ON_IT)
        if shape.hides:
            of_role = and_(of_role, ~_IS_HIDDEN)
        if "free" in shape.whose:
            found.append(and_(FREE, of_role))
            found += [and_(HELD, of_role, tasks.c.claimed_by == person, tasks.c.each.is_(None)) for person in gone]
        if "each" in shape.whose:
            found.append(and_(EACH, of_role, ~_HAS_DONE_OWN_PART))
        if "held" in shape.whose:
            held = and_(_HELD_AND[shape.put_off], of_role, tasks.c.claimed_by == bindparam("me"))
            found.append(and_(held, or_(tasks.c.each.is_(None), ~_HAS_DONE_OWN_PART)))
    return [*found, *(_held_by(*one, shape) for one in shape.covered if "held" in shape.whose)]


def _held_by(role: str, person: int, shape: _Shape) -> ColumnElement[bool]:
    """What somebody has of a role that they could pass on."""
    held = _HELD_AND[shape.put_off]
    theirs = and_(held, tasks.c.role == role, tasks.c.claimed_by == person, tasks.c.each.is_(None))
    return and_(theirs, ~_IS_HIDDEN) if shape.hides else theirs


_UNTIL, _AT = tasks.c.put_off_until, bindparam("at", type_=UTCDateTime)
_HELD_AND: Mapping[bool | None, ColumnElement[bool]] = {
    None: and_(HELD),
    True: and_(PUT_OFF, _UNTIL > _AT),
    False: and_(HELD, or_(_UNTIL.is_(None), _UNTIL <= _AT)),
}
_HAS_DONE_OWN_PART = exists().where(
    case_items.c.case_id == tasks.c.case_id,
    case_items.c.collection == tasks.c.each,
    case_items.c.key == bindparam("key"),
)

_IS_ON_IT = exists().where(
    case_parties.c.case_id == tasks.c.case_id,
    case_parties.c.role == tasks.c.role,
    case_parties.c.person_id == bindparam("me"),
)


_IS_HIDDEN = exists().where(hidden_cases.c.case_id == tasks.c.case_id, hidden_cases.c.person_id == bindparam("me"))


def _run_of(whose: ColumnElement[bool], shape: _Shape, limit: Any) -> Select[Any]:
    due = tasks.c.due_at
    query = select(tasks.c.id, due).where(whose, due.is_not(None))
    if shape.since:
        query = query.where(due >= bindparam("since", type_=UTCDateTime))
    if shape.until:
        query = query.where(due < bindparam("until", type_=UTCDateTime))
    if shape.after == "dated":
        after = tuple_(bindparam("after_due", type_=UTCDateTime), bindparam("after_task", type_=Integer))
        query = query.where(tuple_(due, tasks.c.id) > after)
    return query.order_by(due, tasks.c.id).limit(limit)


def _undated_run_of(whose: ColumnElement[bool], shape: _Shape, limit: Any) -> Select[Any]:
    due = tasks.c.due_at
    query = select(tasks.c.id, due).where(whose, due.is_(None))
    if shape.after == "undated":
        query = query.where(tasks.c.id > bindparam("after_task", type_=Integer))
    return query.order_by(due, tasks.c.id).limit(limit)


# --- What a page shows of each ------------------------------------------------------------------------
