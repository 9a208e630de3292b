"""The council's view of a day's attendance: provider by provider what is marked, and whose absences are a pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Request, Response
from sqlalchemy import Connection, Row

from apflow.records.attendance.coding import CodedSession
from apflow.store.records.attendance import Attending, patterns, placed
from apflow.web.lists.files import AskedFor, Table
from apflow.web.lists.view import View
from apflow.web.records.attending import Attends, day_from, staff_attending
from apflow.web.records.stopped import stopped
from apflow.web.render import page

_HEADINGS = ("Provider", "Reference", "Sessions", "Not marked", "Absent", "Without a reason")


@dataclass(frozen=True, slots=True)
class AtProvider:
    """One provider's day in numbers."""

    title: str
    reference: str
    sessions: Sequence[CodedSession]

    @property
    def unmarked(self) -> int:
        return sum(one.mark is None for one in self.sessions)

    @property
    def absent(self) -> int:
        return sum(one.mark is not None and one.mark.mark == "absent" for one in self.sessions)

    @property
    def unexplained(self) -> int:
        return sum(one.coded is not None and one.coded.is_unexplained for one in self.sessions)


def todays_page(request: Request[Any, Any, Any], who: Attends) -> Response[Any]:
    """One day over all providers; whoever is named on it is noted."""
    day = day_from(request.query_params.get("day", ""), who.today)
    with who.site.store.reading() as connection:
        providers = _by_provider(_planned(who, connection, day))
        known = patterns(connection)
        looked = Attending(min(known.values(), default=day), who.today, placements=tuple(sorted(known)))
        rows: Sequence[Row[Any]] = placed(connection, looked) if known else []
        references = [*(at.reference for at in providers), *(row.reference for row in rows)]
        tags = stopped(who.site, connection, who.actor, references)
    who.note("Attendance of the day", [row.pupil_id for row in rows])
    return page(
        request,
        "attendance/today.html",
        day=day,
        closed=who.site.library.calendar.school.why_closed(day),
        providers=providers,
        stopped=tags,
        patterns=[(row, known[row.id]) for row in rows],
        pattern=who.attendance.pattern,
        view=View("/attendance", len(providers), f"day={day.isoformat()}"),
    )


def todays_table(asked: AskedFor) -> Table:
    """The same day provider by provider; nobody is named in it."""
    who = staff_attending(asked.request)
    day = day_from(asked.one("day"), who.today)
    with who.site.store.reading() as connection:
        providers = _by_provider(_planned(who, connection, day))
    cells = [(at.title, at.reference, len(at.sessions), at.unmarked, at.absent, at.unexplained) for at in providers]
    return Table(f"attendance-{day.isoformat()}", "Attendance", _HEADINGS, cells)


def _planned(who: Attends, connection: Connection, day: date) -> list[CodedSession]:
    return [one for one in who.coding.sessions(connection, Attending(day, day)) if one.is_planned]


def _by_provider(sessions: Sequence[CodedSession]) -> list[AtProvider]:
    found: dict[str, list[CodedSession]] = {}
    for one in sessions:
        found.setdefault(one.placement.reference, []).append(one)
    made = [AtProvider(every[0].placement.provider, reference, every) for reference, every in found.items()]
    return sorted(made, key=lambda at: (-at.unmarked, at.title.casefold()))
