"""What pages list of cases: those of a person that wait on others, and all of them by filter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, asc, exists, func, nulls_last, or_, select

from apflow.core.days.duration import Duration, Unit
from apflow.core.firing.typed import clean
from apflow.core.people.actor import Actor
from apflow.store.reading.hidden import is_shown_to
from apflow.store.reading.named import Side, has, naming
from apflow.store.reading.sight import Sight, is_in_sight
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks, timers

COUNTED = 10_000
OF_ONE_PERSON = 2_000
# Or has run and is over: one that is not wanted for now is neither.
_RUNS = (timers.c.stopped_at.is_(None), or_(timers.c.next_at.is_not(None), timers.c.ended))


@dataclass(frozen=True, slots=True)
class CaseRowView:
    """One case in a list. `due_at` is the earliest deadline that still runs, `unit` what that is counted in."""

    reference: str
    title: str
    workflow: str
    digest: str
    state: str
    awaiting: str | None
    is_open: bool
    assigned_to: int | None
    assigned_name: str | None
    opened_at: datetime
    entered_at: datetime
    changed_at: datetime
    due_at: datetime | None
    unit: Unit
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunningView:
    """One deadline of a case: when it is due, and what it is counted in."""

    name: str
    due_at: datetime
    unit: Unit


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list: each with every word of `text` in its name or reference, or in whom it names on `sides`.

    `assigned` is a person's id, or 0 for nobody; `seen_states` limits a role's sight.
    `party` is somebody it is about or a colleague of theirs; `names` is somebody it is about themselves. `seen_by` is
    a person, and in which ways they may see a case; what is hidden from `shown_to` is left out.
    """

    text: str = ""
    states: tuple[str, ...] = ()
    awaiting: str = ""
    assigned: int | None = None
    party: int | None = None
    names: int | None = None
    open_only: bool = False
    overdue_at: datetime | None = None
    seen_states: tuple[str, ...] | None = None
    workflow: str = ""
    seen_by: tuple[int, Sequence[Sight]] | None = None
    shown_to: int | None = None
    sides: tuple[Side, ...] = ()


def task_reference(connection: Connection, task: int) -> str | None:
    """The reference of the case a task belongs to, open or closed."""
    query = select(cases.c.reference).join(tasks, tasks.c.case_id == cases.c.id).where(tasks.c.id == task)
    return connection.execute(query).scalar_one_or_none()


def waiting_on_others(
    connection: Connection, actor: Actor, *, limit: int, among: int = OF_ONE_PERSON
) -> list[CaseRowView]:
    """The open cases this person has whose next move is someone else's, those that wait longest first.

    Looked for `among` so many of the cases they have: nobody has more, unless something has gone wrong with them.
    """
    theirs = cases.alias("theirs")
    had = select(theirs.c.id).where(theirs.c.is_open, theirs.c.assigned_to == actor.id).limit(among)
    query = (
        _case_query()
        .where(cases.c.id.in_(had))
        .where(or_(cases.c.awaiting.is_(None), cases.c.awaiting.not_in(sorted(actor.roles))))
        .order_by(cases.c.entered_at, cases.c.id)
        .limit(limit)
    )
    return [_case_row(row) for row in connection.execute(query)]


def fields_of(connection: Connection, references: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """What each of these cases holds, by its reference."""
    query = select(cases.c.reference, cases.c.fields).where(cases.c.reference.in_(list(references)))
    return {row.reference: row.fields for row in connection.execute(query)}


def sides_of(connection: Connection, person: int, references: Iterable[str]) -> dict[str, frozenset[str]]:
    """In which roles the person is a party of these cases, by the case's reference."""
    query = (
        select(cases.c.reference, case_parties.c.role)
        .join(case_parties, case_parties.c.case_id == cases.c.id)
        .where(case_parties.c.person_id == person, cases.c.reference.in_(list(references)))
    )
    found: dict[str, frozenset[str]] = {}
    for row in connection.execute(query):
        found[row.reference] = found.get(row.reference, frozenset()) | {row.role}
    return found


def running_of(connection: Connection, references: Iterable[str]) -> dict[str, dict[str, RunningView]]:
    """Each deadline that runs on these cases, by its name, by the case's reference."""
    query = (
        select(cases.c.reference, timers.c.name, timers.c.due_at, timers.c.within)
        .join(timers, timers.c.case_id == cases.c.id)
        .where(cases.c.reference.in_(list(references)), *_RUNS)
    )
    found: dict[str, dict[str, RunningView]] = {}
    for row in connection.execute(query):
        found.setdefault(row.reference, {})[row.name] = RunningView(row.name, row.due_at, _unit(row.within))
    return found


def named_for_of(connection: Connection, person: int, references: Iterable[str]) -> dict[str, int]:
    """Whom these cases name where the person is there as a colleague of theirs alone, by the case's reference."""
    query = (
        select(cases.c.reference, case_parties.c.colleague_of)
        .join(case_parties, case_parties.c.case_id == cases.c.id)
        .where(case_parties.c.person_id == person, cases.c.reference.in_(list(references)))
        .order_by(case_parties.c.colleague_of.is_(None).desc(), case_parties.c.role)
    )
    found: dict[str, int] = {}
    for row in connection.execute(query):
        found.setdefault(row.reference, person if row.colleague_of is None else row.colleague_of)
    return found


def doers_of(connection: Connection, references: Iterable[str]) -> dict[str, Mapping[str, int]]:
    """Who last did each event of these cases that keeps them from another, by the case's reference."""
    query = select(cases.c.reference, cases.c.doers).where(cases.c.reference.in_(list(references)))
    return {row.reference: row.doers for row in connection.execute(query)}


def list_cases(connection: Connection, wanted: CaseFilter, *, limit: int, offset: int = 0) -> list[CaseRowView]:
    """The cases the filter chooses, last changed first."""
    query = _chosen(_case_query(), wanted).order_by(cases.c.changed_at.desc(), cases.c.id.desc())
    return [_case_row(row) for row in connection.execute(query.limit(limit).offset(offset))]


def those_that_go_on_first(connection: Connection, wanted: CaseFilter, *, limit: int) -> list[CaseRowView]:
    """The cases the filter chooses: those that go on, by their earliest deadline, and then the last to be over."""
    query = _chosen(_case_query(), wanted).order_by(cases.c.is_open.desc(), nulls_last(asc("due_at")))
    query = query.order_by(cases.c.changed_at.desc(), cases.c.id.desc())
    return [_case_row(row) for row in connection.execute(query.limit(limit))]


def count_cases(connection: Connection, wanted: CaseFilter, *, most: int = COUNTED) -> int:
    """How many cases the filter chooses; one more than `most` when there are more than that."""
    found = _chosen(select(cases.c.id), wanted).limit(most + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def count_by_state(connection: Connection, wanted: CaseFilter, *, most: int = COUNTED) -> dict[str, int] | None:
    """How many cases stand in each state, of those the filter would choose whatever their state.

    None when that would be more than `most` cases to look through.
    """
    anywhere = CaseFilter(
        wanted.text,
        awaiting=wanted.awaiting,
        assigned=wanted.assigned,
        party=wanted.party,
        names=wanted.names,
        seen_states=wanted.seen_states,
        workflow=wanted.workflow,
        shown_to=wanted.shown_to,
        sides=wanted.sides,
    )
    found = _chosen(select(cases.c.state), anywhere).limit(most + 1).subquery()
    query = select(found.c.state, func.count().label("count_")).group_by(found.c.state)
    counts = {row.state: int(row.count_) for row in connection.execute(query)}
    return counts if sum(counts.values()) <= most else None


def cases_after(
    connection: Connection, wanted: CaseFilter, *, after: int, limit: int
) -> Sequence[tuple[int, CaseRowView]]:
    """A page of cases by rising id, for cursors; each with the id to go on from."""
    query = _chosen(_case_query().add_columns(cases.c.id), wanted).where(cases.c.id > after).order_by(cases.c.id)
    return [(row.id, _case_row(row)) for row in connection.execute(query.limit(limit))]


def _case_query() -> Select[Any]:
    runs = and_(timers.c.case_id == cases.c.id, *_RUNS)
    due = select(func.min(timers.c.due_at)).where(runs).scalar_subquery()
    within = select(timers.c.within).where(runs).order_by(timers.c.due_at, timers.c.id).limit(1).scalar_subquery()
    shown = (people.c.name.label("assigned_name"), due.label("due_at"), within.label("within"))
    return select(cases, *shown).outerjoin(people, people.c.id == cases.c.assigned_to)


def _chosen(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    if words := clean(wanted.text).split():
        called = and_(*(has(word, cases.c.title, cases.c.reference) for word in words))
        query = query.where(or_(called, cases.c.id.in_(naming(words, wanted.sides))) if wanted.sides else called)
    if wanted.workflow:
        query = query.where(cases.c.workflow == wanted.workflow)
    if wanted.states:
        query = query.where(cases.c.state.in_(wanted.states))
    if wanted.awaiting:
        query = query.where(cases.c.awaiting == wanted.awaiting)
    if wanted.assigned is not None:
        holder = cases.c.assigned_to
        query = query.where(holder == wanted.assigned if wanted.assigned else holder.is_(None))
    if wanted.party is not None:
        mine = exists().where(case_parties.c.case_id == cases.c.id, case_parties.c.person_id == wanted.party)
        query = query.where(mine)
    if wanted.names is not None:
        of_case = (case_parties.c.case_id == cases.c.id, case_parties.c.person_id == wanted.names)
        query = query.where(exists().where(*of_case, case_parties.c.colleague_of.is_(None)))
    if wanted.open_only:
        query = query.where(cases.c.is_open)
    if wanted.overdue_at is not None:
        late = exists().where(timers.c.case_id == cases.c.id, *_RUNS, timers.c.due_at < wanted.overdue_at)
        query = query.where(late)
    if wanted.seen_states is not None:
        query = query.where(cases.c.state.in_(wanted.seen_states))
    if wanted.shown_to is not None:
        query = query.where(is_shown_to(wanted.shown_to))
    if wanted.seen_by is not None:
        query = query.where(is_in_sight(*wanted.seen_by))
    return query


def _case_row(row: Any) -> CaseRowView:
    return CaseRowView(
        reference=row.reference,
        title=row.title,
        workflow=row.workflow,
        digest=row.digest,
        state=row.state,
        awaiting=row.awaiting,
        is_open=row.is_open,
        assigned_to=row.assigned_to,
        assigned_name=row.assigned_name,
        opened_at=row.opened_at,
        entered_at=row.entered_at,
        changed_at=row.changed_at,
        due_at=row.due_at,
        unit=_unit(row.within),
        fields=row.fields,
    )


def _unit(within: str | None) -> Unit:
    return Duration.parse(within).unit if within else Unit.WORKING_DAY
