"""Times away of the council's staff: from when until when, who covers, and ending one early.

Nobody gains a role by covering: who covers sees and does what they may themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.council import Council
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.words import short_day
from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.core.people.permission import passes_on
from apflow.records.asking import question
from apflow.records.door import By, Differing, Kind, Place, changed, whole
from apflow.store.driver.engine import Store
from apflow.store.people import people
from apflow.store.people.away import named_in, set_covers, times_within
from apflow.store.records.colleagues import hold_people
from apflow.store.tables.away import times_away
from apflow.store.tables.people import people as accounts

COVERS = "covers"
_DAYS = {
    "first_on": question("date", "First day away", hint="Today, if it is about somebody who fell ill this morning"),
    "last_on": question("date", "Last day away", not_before=["first_on"]),
}


def leads(council: Council, actor: Actor) -> bool:
    """Whether they look after the work of others, and so may say of anybody of the staff when they are away."""
    return any(council.roles[role].passes_on for role in actor.roles if role in council.roles)


def form_for(council: Council, person: Row[Any], able: Sequence[Row[Any]]) -> dict[str, FieldSpec]:
    """The questions, with those of the staff to choose from, each with which of the person's roles they have."""
    if not able:
        return _DAYS
    theirs = _staff_roles(council, person)
    options = {str(one.id): _as_offered(council, one, theirs) for one in able}
    hint = "Several, or a manager, where nobody has all the roles. They see and do what they may themselves"
    return {**_DAYS, COVERS: question("many", "Who covers?", options=options, optional=True, hint=hint)}


def able_to_cover(connection: Connection, council: Council, person: Row[Any]) -> list[Row[Any]]:
    """Everybody active who has one of the person's roles, or looks after the work of those who do; by name."""
    theirs = _staff_roles(council, person)
    return [row for row in people.everyone(connection) if row.id != person.id and _taken_by(council, row.roles, theirs)]


def answers_of(row: Row[Any], named: Iterable[Row[Any]]) -> dict[str, Any]:
    """The record as its form shows it."""
    return {
        "first_on": row.first_on.isoformat(),
        "last_on": row.last_on.isoformat(),
        COVERS: [str(one.id) for one in named if one.is_active],
    }


def without_cover(council: Council, held: Iterable[str], named: Iterable[Iterable[str]]) -> list[str]:
    """As what of their roles nobody of those named covers, in the council's words."""
    theirs = [role for role in council.roles if role in held and council.is_staff([role])]
    covered = {role for roles in named for role in _taken_by(council, roles, theirs)}
    return [council.roles[role].title for role in theirs if role not in covered]


def kind_for(form: Mapping[str, FieldSpec]) -> Kind:
    """The kind of record, asked by this form."""
    return replace(TIME_AWAY, form=form)


def end(store: Store, row: Row[Any], by: By) -> bool:
    """They are back: from now on nobody covers for them; whether it had not been ended before."""
    return whole(store, lambda connection: changed(connection, _ENDING, row.id, {}, by))


def _values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    first, last = date.fromisoformat(said["first_on"]), date.fromisoformat(said["last_on"])
    person, named = place.within["person_id"], [int(one) for one in said.get(COVERS) or ()]
    if place.within.get("ended_at"):
        raise Invalid({"first_on": "This has been ended. Say anew when they are away"})
    if last < place.today:
        raise Invalid({"last_on": "The last day away has passed. Give today or a day to come"})
    hold_people(connection, [person, *named])  # So that two who name each other come one after the other.
    for other in times_within(connection, person, first, last):
        if other.id != place.id:
            raise Invalid({"first_on": f"It is said already that {other.name} is away {_days(other)}: change that"})
    for one in named:
        for other in times_within(connection, one, first, last):
            raise Invalid({COVERS: f"{other.name} is away {_days(other)}, so cannot cover then. Choose somebody else"})
    values = {"first_on": first, "last_on": last}
    new = {"added_by": place.by.actor.id, "added_at": place.by.now}
    return values if place.id is not None else {**values, **new}


def _cover(connection: Connection, number: int, said: Mapping[str, Any], _values: Mapping[str, Any]) -> Differing:
    before = named_in(connection, [number]).get(number, [])
    named = [int(one) for one in said.get(COVERS) or ()]
    if {row.id for row in before} == set(named):
        return {}
    set_covers(connection, number, named)
    return {COVERS: (_logged(before), _logged(named_in(connection, [number]).get(number, [])))}


def _logged(named: Iterable[Row[Any]]) -> list[str]:
    return [f"{row.name} ({row.id})" for row in named]


def _end(_connection: Connection, _said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    return {} if place.within["ended_at"] else {"ended_at": place.by.now, "ended_by": place.by.actor.id}


def _staff_roles(council: Council, person: Row[Any]) -> list[str]:
    """The roles of theirs that are the council's staff's, in the order of its settings."""
    return [role for role in council.roles if role in person.roles and council.is_staff([role])]


def _as_offered(council: Council, one: Row[Any], theirs: Sequence[str]) -> str:
    taken = _taken_by(council, one.roles, theirs)
    if not set(taken) <= set(one.roles):
        return f"{one.name}, who can only pass the work on to others"
    titles = " and ".join(council.roles[role].title for role in taken)
    return one.name if len(taken) == len(theirs) else f"{one.name}, as {titles} only"


def _taken_by(council: Council, roles: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Which of these roles somebody has, or passes on the work of."""
    actor = Actor(None, "", frozenset(roles))
    return [role for role in theirs if passes_on(council, actor, role)]


def _days(row: Row[Any]) -> str:
    first, last = short_day(row.first_on), short_day(row.last_on)
    return f"on {first}" if first == last else f"from {first} to {last}"


TIME_AWAY = Kind(
    "time away",
    "Time away",
    times_away,
    _DAYS,
    _values,
    {"first_on": "First day away", "last_on": "Last day away", COVERS: "Who covers", "ended_at": "Ended"},
    others=dict.fromkeys(("person_id", "added_by", "ended_by"), (accounts, "name")),
    own_of="person_id",
    beside=_cover,
)
_ENDING = replace(TIME_AWAY, form={}, values=_end, beside=None)
