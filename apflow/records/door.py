"""The one door to the records that are not cases: allowed, read, checked, written and logged in one transaction."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table
from sqlalchemy.exc import IntegrityError

from apflow.core.commands import HandOver
from apflow.core.conditions import Facts
from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.definition.council import Council
from apflow.core.definition.fields import FieldSpec, no_further_ahead
from apflow.core.errors import Invalid, NotFound, Stale
from apflow.core.firing.answers import read_answers
from apflow.core.people.actor import Actor
from apflow.core.people.permission import reads_pupils
from apflow.letters.messages import Letters
from apflow.loader import Library
from apflow.store.cases.unit import Conflict
from apflow.store.driver.engine import Store
from apflow.store.records.records import add_record, change_record, changes_of, log_change, record

T = TypeVar("T")
HandingOver = Callable[[Connection, Iterable[str], HandOver, datetime], Sequence[str]]
_NOTHING: Mapping[str, int] = MappingProxyType({})
ON_A_PAGE = "On a page"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Undone(Exception):
    """Nothing of this is kept."""


@dataclass(frozen=True, slots=True)
class Handed:
    """The cases that name somebody else from now on, as a record does: of whom it is, who was named, and who is."""

    called: str
    was: str
    name: str
    email: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class By:
    """Who changes records, when, and through what: a page, or a file by its name.

    `named` keeps whom and what a file's rows have named so far, as they name the same again and again. `case` is the
    number of the case that keeps the record: what may be done there has been decided there. `own` is what people keep
    themselves: their school, say, by the column that names it. With `letters` whoever is to know of it is written to.
    `hand_over` is how cases are handed over in the same transaction, and `handed` keeps what has been, if it is given.
    """

    actor: Actor
    now: datetime
    library: Library
    through: str = ON_A_PAGE
    named: dict[tuple[str, ...], Row[Any]] | None = None
    case: int | None = None
    own: Mapping[str, int] = field(default_factory=dict)
    letters: Letters | None = None
    hand_over: HandingOver | None = None
    handed: "list[Handed] | None" = None

    @property
    def council(self) -> Council:
        return self.library.council

    @property
    def today(self) -> date:
        return local_date(self.now)


@dataclass(frozen=True, slots=True)
class Place:
    """Which record the answers are for: its number, None for a new one, and what it belongs to."""

    id: int | None
    within: Mapping[str, Any]
    by: By

    @property
    def today(self) -> date:
        return self.by.today


Values = Callable[[Connection, Mapping[str, Any], Place], dict[str, Any]]
Differing = Mapping[str, tuple[Any, Any]]
After = Callable[[Connection, Mapping[str, Any], Place], Differing]


@dataclass(frozen=True)
class Kind:
    """One kind of record: its table, its form, how answers become columns, and what people call those.

    `values` raises Invalid with an error by question. `unique` is the question whose answer no two records share, and
    `others` are the columns that name another record, each with its table and the column to call it by. `own_of` is the
    column that names those who may keep the record themselves, such as a school. `beside` writes what stands in another
    table, from the answers and the columns that they became, and says what of that was and is now. `after` does what
    follows from a change once it is written, from the new columns, and says so in the same way.
    """

    name: str
    title: str
    table: Table
    form: Mapping[str, FieldSpec]
    values: Values
    labels: Mapping[str, str]
    unique: str = ""
    others: Mapping[str, tuple[Table, str]] = field(default_factory=dict)
    own_of: str = ""
    beside: "Callable[[Connection, int, Mapping[str, Any], Mapping[str, Any]], Differing] | None" = None
    after: After | None = None


def may_keep(council: Council, actor: Actor) -> bool:
    """Whether the person is of the staff who may read what is about children; these records are nobody else's."""
    return reads_pupils(council, actor)


def add(store: Store, kind: Kind, answers: Mapping[str, Any], by: By, within: Mapping[str, Any] = _NOTHING) -> int:
    """Add one record and return its number; Invalid with every mistake in the answers."""
    return whole(store, lambda connection: added(connection, kind, answers, by, within))


def change(store: Store, kind: Kind, record_id: int, seen: int, answers: Mapping[str, Any], by: By) -> bool:
    """Change one record as it was seen, and say whether anything differs; Stale when it has been changed since."""
    return whole(store, lambda connection: changed(connection, kind, record_id, answers, by, seen=seen))


def added(
    connection: Connection, kind: Kind, answers: Mapping[str, Any], by: By, within: Mapping[str, Any] = _NOTHING
) -> int:
    """Add one record inside a transaction that has begun."""
    place = Place(None, within, by)
    said = _said(kind, answers, place)
    values = kind.values(connection, said, place) | dict(within)
    row = {**values, "version": 1, "changed_at": by.now}
    number = add_record(connection, kind.table, row, [kind.unique] if kind.unique else [])
    if number is None:
        raise Invalid({kind.unique: f"{kind.form[kind.unique].label}: another record has it already"})
    new = {name: (None, value) for name, value in values.items()}
    _log(connection, kind, number, "added", {**new, **_beside(connection, kind, number, said, values)}, by)
    return number


def changed(
    connection: Connection,
    kind: Kind,
    record_id: int,
    answers: Mapping[str, Any],
    by: By,
    *,
    seen: int | None = None,
) -> bool:
    """Change one record inside a transaction that has begun; as it is now, where nobody was shown it before."""
    before = record(connection, kind.table, record_id)
    if before is None:
        raise NotFound
    was = dict(before._mapping)
    place = Place(record_id, was, by)
    said = _said(kind, answers, place)
    values = kind.values(connection, said, place)
    differing: dict[str, tuple[Any, Any]] = {
        name: (was[name], value) for name, value in values.items() if was[name] != value
    }
    if seen is not None and seen != before.version:
        raise Stale(list(_since(connection, kind, record_id, before.version - seen)))
    beside = _beside(connection, kind, record_id, said, values)
    if not differing and not beside:
        return False
    new = {name: value for name, (_, value) in differing.items()} | {"changed_at": by.now}
    if not change_record(connection, kind.table, record_id, before.version, new):
        raise Stale
    after = kind.after(connection, values, place) if kind.after is not None else {}
    _log(connection, kind, record_id, "changed", {**differing, **beside, **after}, by)
    return True


def told(kind: Kind, fields: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """A logged change in words: what, from what, to what."""
    for name, label in kind.labels.items():
        before, after = fields.get(name, (None, None))
        if before != after:
            yield label, _said_of(kind, name, before), _said_of(kind, name, after)


def _said_of(kind: Kind, name: str, value: Any) -> str:
    """One logged value as the form has it, where it is one of those to choose from."""
    asked = [kind.form[name]] if name in kind.form else kind.form.values()
    chosen = (spec.options[value] for spec in asked if isinstance(value, str) and value in spec.options)
    return next(chosen, in_words(value))


def in_words(value: Any) -> str:
    """One logged value as people read it."""
    match value:
        case None | "" | {}:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case [[_, *_], *_]:
            return "; ".join(" to ".join(in_words(day) for day in half) for half in value)
        case list():
            return ", ".join(in_words(one) for one in value) or "nothing"
        case dict():
            return ", ".join(f"{day.title()} {first} to {last}" for day, (first, last) in value.items())
        case str() if _DAY.fullmatch(value):
            return words.short_day(date.fromisoformat(value))
        case _:
            return str(value)


def tried(store: Store, work: Callable[[Connection], object]) -> None:
    """Do the work in a transaction that is undone, to see what would come of it; Stale as where it is kept."""
    try:
        with suppress(_Undone), store.writing() as connection:
            work(connection)
            raise _Undone
    except (IntegrityError, Conflict) as error:
        raise Stale from error


def whole(store: Store, work: Callable[[Connection], T]) -> T:
    """Do the work in one transaction; Stale where somebody saved the same in the same moment."""
    try:
        return store.write(work)
    except (IntegrityError, Conflict) as error:
        raise Stale from error  # Somebody saved the same in the same moment; looking again finds what they did.


def _said(kind: Kind, answers: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    by = place.by
    if not (by.case is not None or may_keep(by.council, by.actor) or _is_theirs(kind, place)):
        raise NotFound
    furthest = by.council.furthest_date if by.case is None else None  # What a case says was looked at there.
    form = no_further_ahead(kind.form, furthest.ahead) if furthest else kind.form
    return read_answers(form, answers, Facts(fields={}, today=by.today.isoformat()), {})


def mistakes(kind: Kind, answers: Mapping[str, Any], by: By) -> dict[str, str]:
    """What the questions of a record refuse of these answers, each by itself; what is not answered is no mistake."""
    try:
        _said(kind, answers, Place(None, _NOTHING, by))
    except Invalid as refusal:
        return {name: why for name, why in refusal.errors.items() if name in answers}
    return {}


def _beside(
    connection: Connection, kind: Kind, number: int, said: Mapping[str, Any], values: Mapping[str, Any]
) -> Differing:
    return kind.beside(connection, number, said, values) if kind.beside is not None else {}


def _is_theirs(kind: Kind, place: Place) -> bool:
    """Whether it is a record that those whom it belongs to keep themselves, and they who keep it."""
    return kind.own_of in place.by.own and place.within.get(kind.own_of) == place.by.own[kind.own_of]


def _since(connection: Connection, kind: Kind, record_id: int, how_many: int) -> Iterator[str]:
    for row in reversed(changes_of(connection, kind.name, record_id, limit=how_many)):
        what = ", ".join(label for label, _, _ in told(kind, row.fields))
        yield f"{row.actor_name} changed this on {words.moment(row.at)}: {what}"


def _log(
    connection: Connection,
    kind: Kind,
    record_id: int,
    action: str,
    differing: Mapping[str, tuple[Any, Any]],
    by: By,
) -> None:
    log_change(
        connection,
        kind=kind.name,
        record_id=record_id,
        action=action,
        fields={name: [_plain(connection, kind, name, one) for one in both] for name, both in differing.items()},
        through=by.through[:300],
        actor=(by.actor.id, by.actor.name),
        at=by.now,
    )


def _plain(connection: Connection, kind: Kind, name: str, value: Any) -> Any:
    """The value as the log keeps it; another record by its name and number, as it is called today."""
    if isinstance(value, date):
        return value.isoformat()
    if name in kind.others and value is not None:
        table, called = kind.others[name]
        other = record(connection, table, value)
        return f"{getattr(other, called)} ({value})" if other else str(value)
    return value
