"""Who of the staff is away, and who covers for them; those away on one day are never many, and are read whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select
from sqlalchemy.orm import aliased

from apflow.core.definition.council import Council
from apflow.core.people.actor import Actor
from apflow.core.people.permission import passes_on
from apflow.store.driver.hot import Compiled
from apflow.store.tables.away import covers, times_away
from apflow.store.tables.people import people

_cover = aliased(people, name="cover")
_NOT_ENDED = times_away.c.ended_at.is_(None)
_LISTED = (
    select(times_away, people.c.name, people.c.roles, people.c.is_active)
    .join(people, people.c.id == times_away.c.person_id)
    .order_by(times_away.c.first_on, people.c.name, times_away.c.id)
)
# Read with every part of a queue. Past times are passed over by the index, so that only those of today are read.
_ON = Compiled(
    select(
        times_away.c.person_id,
        people.c.name,
        people.c.roles,
        times_away.c.last_on,
        _cover.c.id.label("cover_id"),
        _cover.c.name.label("cover_name"),
        _cover.c.roles.label("cover_roles"),
    )
    .join(people, and_(people.c.id == times_away.c.person_id, people.c.is_active))
    .outerjoin(covers, covers.c.away_id == times_away.c.id)
    .outerjoin(_cover, and_(_cover.c.id == covers.c.person_id, _cover.c.is_active))
    .where(times_away.c.last_on >= bindparam("day"), times_away.c.first_on <= bindparam("day"), _NOT_ENDED)
    .order_by(people.c.name, _cover.c.name)
)


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody who is away today until a day, and who was named to cover for them."""

    person: int
    name: str
    roles: frozenset[str]
    last_on: date
    named: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """Everybody who is away on a day, by id."""

    absences: Mapping[int, Absence]

    def __contains__(self, person: object) -> bool:
        return person in self.absences

    def of(self, person: int | None) -> Absence | None:
        """Their absence; None while they are here."""
        return self.absences.get(person or 0)

    def covers_of(self, person: int | None) -> list[Actor]:
        """Who covers for somebody; in place of whoever is away themselves those who cover for them."""
        found: dict[int | None, Actor] = {}
        asked, waiting = {person}, [person]
        while waiting:
            absence = self.of(waiting.pop(0))
            for one in absence.named if absence else ():
                if one.id not in self.absences:
                    found.setdefault(one.id, one)
                elif one.id not in asked:
                    asked.add(one.id)
                    waiting.append(one.id)
        return list(found.values())

    def covers_in(self, person: int | None, role: str, council: Council) -> list[Actor]:
        """Those of them who have the role, or look after the work of those who have it."""
        return [one for one in self.covers_of(person) if passes_on(council, one, role)]

    def covered_by(self, person: int | None) -> frozenset[int]:
        """For whom somebody covers."""
        return frozenset(away for away in self.absences if any(one.id == person for one in self.covers_of(away)))


def away_on(connection: Connection, day: date) -> Away:
    """Who is away on a day."""
    found: dict[int, list[Any]] = {}
    for row in _ON.all(connection, {"day": day}):
        found.setdefault(row.person_id, []).append(row)
    return Away({person: _absence(rows) for person, rows in found.items()})


def _absence(rows: Sequence[Any]) -> Absence:
    first, named = rows[0], (row for row in rows if row.cover_id)
    covering = (Actor(row.cover_id, row.cover_name, frozenset(row.cover_roles)) for row in named)
    return Absence(first.person_id, first.name, frozenset(first.roles), first.last_on, tuple(covering))


def times_from(connection: Connection, day: date, person: int | None = None) -> Sequence[Row[Any]]:
    """The times away that are not over by a day, somebody's or everybody's, the next first."""
    query = _LISTED.where(times_away.c.last_on >= day, _NOT_ENDED)
    return connection.execute(query if person is None else query.where(times_away.c.person_id == person)).all()


def times_within(connection: Connection, person: int, first: date, last: date) -> Sequence[Row[Any]]:
    """When somebody is away on any of these days."""
    theirs = (times_away.c.person_id == person, times_away.c.first_on <= last, times_away.c.last_on >= first)
    return connection.execute(_LISTED.where(*theirs, _NOT_ENDED)).all()


def time_away(connection: Connection, number: int) -> Row[Any] | None:
    """One time away; numbers too large for a key are nobody's."""
    return connection.execute(_LISTED.where(times_away.c.id == number)).one_or_none() if number < 2**31 else None


def named_in(connection: Connection, times: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Who was named to cover in each of these times away, by name; those too who have left."""
    query = select(people, covers.c.away_id).join(covers, covers.c.person_id == people.c.id)
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query.where(covers.c.away_id.in_(list(times))).order_by(people.c.name, people.c.id)):
        found.setdefault(row.away_id, []).append(row)
    return found


def set_covers(connection: Connection, time: int, named: Iterable[int]) -> None:
    """Let these cover in a time away, and nobody else."""
    connection.execute(delete(covers).where(covers.c.away_id == time))
    rows = [{"away_id": time, "person_id": person} for person in named]
    if rows:
        connection.execute(insert(covers), rows)


def covered_by(
    connection: Connection, actor: Actor, on: date | None, *, but: frozenset[str]
) -> tuple[tuple[str, int], ...]:
    """Those for whom the person covers on the day, each with a role of theirs that the person has or looks after."""
    if on is None:
        return ()
    away, roles = away_on(connection, on), (actor.roles | actor.leads) - but
    theirs = ((role, away.absences[one]) for one in away.covered_by(actor.id) for role in roles)
    return tuple(sorted((role, absence.person) for role, absence in theirs if role in absence.roles))
