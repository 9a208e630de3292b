"""How pages say that somebody is away, and who covers for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.definition.words import short_day
from apflow.core.people.actor import Actor
from apflow.records.people.away import without_cover
from apflow.store.people.away import Absence, Away, away_on, named_in, times_from
from apflow.store.reading.team import roles_with_work
from apflow.web.site import Site


@dataclass(frozen=True)
class TimeShown:
    """A time away as a page shows it: whether it has begun, who covers, and as what nobody does."""

    row: Row[Any]
    is_now: bool
    covered: str
    uncovered: Sequence[str]


def covered_words(names: Sequence[str]) -> str:
    """Who covers; that nobody does."""
    *others, last = names or ("nobody",)
    return f"{', '.join(others)} and {last} cover" if others else f"{last} covers"


def told_of(away: Away, person: int | None, covering: Sequence[Actor]) -> str:
    """That somebody is away, and who covers for them; nothing of whoever is here."""
    absence = away.of(person)
    if absence is None:
        return ""
    return f"away until {short_day(absence.last_on)}; {covered_words([one.name for one in covering])}"


def times_shown(connection: Connection, site: Site, who: int | None = None) -> list[TimeShown]:
    """Somebody's times away that are not over, or everybody's, with who covers on the day, or was named to."""
    today = local_date(site.now())
    rows = [row for row in times_from(connection, today, who) if row.is_active]
    named, away = named_in(connection, (row.id for row in rows)), away_on(connection, today)
    return [
        _shown(site, row, named.get(row.id, []), row.first_on <= today, away.covers_of(row.person_id)) for row in rows
    ]


def _shown(site: Site, row: Row[Any], named: Sequence[Row[Any]], is_now: bool, covering: Sequence[Any]) -> TimeShown:
    covers = covering if is_now else [one for one in named if one.is_active]
    uncovered = without_cover(site.council, row.roles, [one.roles for one in covers]) if covers else []
    return TimeShown(row, is_now, covered_words([one.name for one in covers]), uncovered)


def left_alone(connection: Connection, site: Site, away: Away) -> list[tuple[Absence, list[str]]]:
    """Those who are away today with open work that nobody covers, each with the titles of the roles it is for."""
    found = []
    for absence in away.absences.values():
        roles = roles_with_work(connection, absence.person, site.council.roles)
        alone = [
            site.council.roles[role].title for role in roles if not away.covers_in(absence.person, role, site.council)
        ]
        found += [(absence, alone)] if alone else []
    return found
