"""Of whom attendance is marked: the placements that run on a day, with what a program needs to know them by.

Names are told here and nowhere else in the API: each look at them is noted.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Request, get
from pydantic import BaseModel, Field
from sqlalchemy import Connection, Row

from apflow.provision.pauses import pause_on
from apflow.store.records.attendance import Attending, placed, plan_of, plans_of
from apflow.store.records.pauses import pauses_of
from apflow.web.api.asking import BY_A_PROGRAM, Reference
from apflow.web.api.problems import documented
from apflow.web.api.registers import Day, SchoolNumber, day_asked
from apflow.web.records.attending import Attends, attending


class PlacementOut(BaseModel):
    """One placement as it stands on the day."""

    placement: int
    pupil: int = Field(description="The number of the pupil's record.")
    name: str
    upn: str | None = Field(description="The pupil's number; told to the home school and to staff.")
    provider: str | None = Field(description="The reference of the provider's case; told to the provider and to staff.")
    provider_name: str
    site: str
    first_day: date
    last_day: date | None
    minutes_a_week: int
    sessions: list[str] = Field(description='Those planned in a week, such as "monday am"; none without a plan.')
    paused: str | None = Field(description="Since when it is paused, in words; null when it is not.")


class PlacementList(BaseModel):
    """The placements that run on a day."""

    day: date
    items: list[PlacementOut]


@get("/attendance/providers/{reference:str}/placements", sync_to_thread=True, responses=documented(400, 401, 404, 503))
def placed_there(request: Request[Any, Any, Any], reference: Reference, day: Day = None) -> PlacementList:
    """The pupils who are placed at a provider on a day. That you looked at them is noted."""
    who = attending(request)
    on = day_asked(who, day)
    with who.site.store.reading() as connection:
        row = who.provider(connection, reference)
        rows = placed(connection, Attending(on, on, case_id=row.id))
        items = _items(connection, rows, on)
    _note(who, row.title, rows)
    return PlacementList(day=on, items=_without(who, items, "upn"))


@get("/attendance/schools/{number:int}/placements", sync_to_thread=True, responses=documented(400, 401, 404, 503))
def placed_from(request: Request[Any, Any, Any], number: SchoolNumber, day: Day = None) -> PlacementList:
    """Where the pupils of a school are placed on a day. That you looked at them is noted."""
    who = attending(request)
    on = day_asked(who, day)
    with who.site.store.reading() as connection:
        row = who.school(connection, number)
        rows = placed(connection, Attending(on, on, school_id=number))
        items = _items(connection, rows, on)
    _note(who, row.name, rows)
    return PlacementList(day=on, items=_without(who, items, "provider"))


def _without(who: Attends, items: list[PlacementOut], kept_back: str) -> list[PlacementOut]:
    """What is told to whoever is not of the staff: no more than their page shows."""
    return items if who.is_staff else [item.model_copy(update={kept_back: None}) for item in items]


def _note(who: Attends, of: str, rows: Sequence[Row[Any]]) -> None:
    who.note(f"Placements of {of}, {BY_A_PROGRAM}", [row.pupil_id for row in rows])


def _items(connection: Connection, rows: Sequence[Row[Any]], on: date) -> list[PlacementOut]:
    numbers = [row.id for row in rows]
    plans, pauses = plans_of(connection, numbers), pauses_of(connection, numbers)
    found = []
    for row in rows:
        plan, pause = plan_of(plans.get(row.id, ()), on), pause_on(pauses.get(row.id, ()), on)
        found.append(
            PlacementOut(
                placement=row.id,
                pupil=row.pupil_id,
                name=f"{row.forename} {row.surname}",
                upn=row.upn,
                provider=row.reference,
                provider_name=row.provider,
                site=row.site,
                first_day=row.starts_on,
                last_day=row.ends_on,
                minutes_a_week=row.minutes,
                sessions=list(plan.sessions) if plan else [],
                paused=pause.words if pause else None,
            )
        )
    return found


ROUTES = [placed_there, placed_from]
