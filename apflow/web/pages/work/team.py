"""The team at a glance, for whoever passes its work on: who has how much, what is late, and what somebody has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get
from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.core.queue import is_put_off, tomorrow
from apflow.store.people import people
from apflow.store.people.away import Absence, away_on
from apflow.store.reading.team import Load, TeamTask, late_tasks, loads, tasks_of
from apflow.web.away import TimeShown, left_alone, times_shown, told_of
from apflow.web.case.in_sight import in_sight
from apflow.web.case.undone import Undone, undone_of
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.leading import led_by
from apflow.web.lists.saved import listed_as
from apflow.web.lists.view import View
from apflow.web.render import page
from apflow.web.site import Site

ADDRESS = "/team"
_MOST = 500
_HEADINGS = ("Task", "What was found", "Case", "Reference", "State", "Who has it", "Due", "Put off until")
_NOTHING = Load(None, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class _Team:
    """Who is in it, by id, how much each has, the tasks that are looked at, who is away and whose work is alone."""

    names: Mapping[int, str]
    loads: Mapping[int | None, Load]
    rows: Sequence[tuple[Definition, TeamTask]]
    who: int | None
    undone: Mapping[str, Undone]
    away: Mapping[int, str]
    times: Sequence[TimeShown]
    alone: Sequence[tuple[Absence, Sequence[str]]]

    @property
    def lines(self) -> list[tuple[int | None, str, Load]]:
        """A line for each, those with most overdue first, and one for what nobody has."""
        lines = [(person, name, self.loads.get(person, _NOTHING)) for person, name in self.names.items()]
        lines.sort(key=lambda line: (-line[2].late, -line[2].every, line[1]))
        return [*lines, (None, "Nobody yet", self.loads.get(None, _NOTHING))]


@get(ADDRESS, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The page."""
    team = _team(request)
    units = {row.task: definition.unit_of(row.state, row.name) for definition, row in team.rows}
    return page(
        request,
        "work/team.html",
        lines=team.lines,
        rows=[row for _, row in team.rows],
        labels={row.task: definition.state(row.state).label.staff for definition, row in team.rows},
        units=units,
        who=team.who,
        name=team.names.get(team.who or 0, ""),
        is_cut=len(team.rows) >= _MOST,
        undone=team.undone,
        **listed_as(request, View(ADDRESS, len(team.rows), f"who={team.who}" if team.who else "")),
        away=team.away,
        times=team.times,
        alone=team.alone,
    )


def _table(asked: AskedFor) -> Table:
    """The tasks that the page lists."""
    site: Site = asked.request.app.state.site
    team = _team(asked.request)
    cells = [
        (
            row.title,
            team.undone[row.reference].note if row.reference in team.undone else "",
            row.case_title,
            row.reference,
            definition.state(row.state).label.staff,
            row.holder or "",
            local_date(row.due_at) if row.due_at else None,
            local_date(row.put_off_until) if is_put_off(row.put_off_until, site.now()) else None,
        )
        for definition, row in team.rows
    ]
    return Table(f"team-{local_date(site.now()).isoformat()}", "The team", _HEADINGS, cells)


def _team(request: Request[Any, Any, Any]) -> _Team:
    """What is asked for; to anybody who leads no team this page does not exist."""
    site: Site = request.app.state.site
    actor = require(request).actor
    roles = led_by(site, actor)
    if not roles:
        raise NotFound
    now = site.now()
    night = tomorrow(now)
    with site.store.reading() as connection:
        held = people.holding(connection, roles)
        names = {id: name for members in held.values() for id, name in members.items()}
        known = {str(id): id for id in names}
        who = known.get(request.query_params.get("who", ""))
        week = night + timedelta(days=7)
        counted = loads(connection, roles, now=now, tomorrow=night, week=week, shown_to=actor.id or 0)
        rows = _rows(site, connection, actor, roles, who)
        shown = ((definition.name, row.reference) for definition, row in rows)
        undone = undone_of(site, connection, shown, actor)
        away = away_on(connection, local_date(now))
        times, alone = times_shown(connection, site), left_alone(connection, site, away)
    told = {person: told_of(away, person, away.covers_of(person)) for person in away.absences}
    return _Team(names, {load.person: load for load in counted}, rows, who, undone, told, times, alone)


def _rows(
    site: Site, connection: Connection, actor: Actor, roles: Sequence[str], who: int | None
) -> list[tuple[Definition, TeamTask]]:
    if who is None:
        found = late_tasks(connection, roles, now=site.now(), limit=_MOST)
    else:
        found = tasks_of(connection, roles, who, limit=_MOST)
    return in_sight(site, connection, found, actor)


ROUTES = [show, *files_of(ADDRESS, _table)]
