"""One placement's attendance for the council's staff: its plans with their forms, and what was marked and corrected."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from apflow.core.errors import NotFound
from apflow.provision.sessions import EVERY_SESSION, week_of
from apflow.records.placements.attendance_plans import ARRANGERS, ATTENDANCE_PLAN, SETTINGS, answers_of_plan
from apflow.store.records.attendance import Attending, history_of, plans_of
from apflow.store.records.pauses import pauses_of
from apflow.store.records.placements import placement
from apflow.web.concurrency import threaded
from apflow.web.pages.records.pupils import full_name
from apflow.web.records.attending import day_from, staff_attending
from apflow.web.records.marks import MARKS
from apflow.web.records.recording import (
    Keeping,
    Look,
    Sheet,
    changes,
    here,
    keeping,
    needed,
    record_of,
    sheet_page,
    take,
    when_placed,
)
from apflow.web.records.week import week_words, weeks_of
from apflow.web.render import page

_HISTORY_SHOWN = 50


@get("/placements/{number:int}/attendance", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The plans of a placement, this week's codes, and everything that was marked."""
    who = staff_attending(request)
    days = week_of(day_from(request.query_params.get("day", ""), who.today))
    with who.site.store.reading() as connection:
        row = needed(placement(connection, number))
        of = Attending(days[0], min(days[-1], who.today), placements=(number,))
        weeks = weeks_of(who.coding.sessions(connection, of))
        plans = plans_of(connection, [number]).get(number, [])
        pauses = pauses_of(connection, [number]).get(number, [])
        history = history_of(connection, number, limit=_HISTORY_SHOWN)
        happened = [one for plan in plans for one in changes(connection, ATTENDANCE_PLAN, plan.id)]
    who.note("Attendance of a placement", [row.pupil_id])
    table = who.attendance.in_force(days[0])
    return page(
        request,
        "attendance/placement.html",
        row=row,
        name=full_name(row),
        when=when_placed(row),
        week=week_words(days),
        before=days[0] - timedelta(days=7),
        after=days[0] + timedelta(days=7),
        is_this_week=who.today in days,
        weeks=weeks,
        plans=plans,
        pauses=pauses,
        sessions=EVERY_SESSION,
        settings=SETTINGS,
        arrangers=ARRANGERS,
        reasons=table.reasons if table else {},
        codes=table.codes if table else {},
        marks=MARKS,
        history=history,
        changes=happened,
        **here(request),
    )


@get("/placements/{number:int}/attendance/new", include_in_schema=False)
@threaded
def ask_new(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The form of another plan, as the one before, from another day on."""
    return sheet_page(request, _new(keeping(request), number))


@post("/placements/{number:int}/attendance/new", include_in_schema=False)
async def add_new(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Add it."""
    return await take(request, lambda keeper: _new(keeper, number))


@get("/attendance-plans/{number:int}/change", include_in_schema=False)
@threaded
def ask_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The form with what was agreed."""
    return sheet_page(request, _known(keeping(request), number))


@post("/attendance-plans/{number:int}/change", include_in_schema=False)
async def make_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Change it."""
    return await take(request, lambda keeper: _known(keeper, number))


def _new(keeper: Keeping, number: int) -> Sheet:
    _attends(keeper)
    with keeper.site.store.reading() as connection:
        row = needed(placement(connection, number))
        plans = plans_of(connection, [number]).get(number, [])
    back = f"/placements/{number}/attendance"
    answers = {"from_on": row.starts_on.isoformat(), "setting": "provider", "arranged_by": "school"}
    if plans:
        answers = answers_of_plan(plans[0]) | {"from_on": keeper.by.today.isoformat()}
    return Sheet(
        ATTENDANCE_PLAN,
        f"Add an attendance plan at {row.provider}",
        f"{back}/new",
        back,
        full_name(row),
        answers=answers,
        within={"placement_id": number},
        look=Look("Add an attendance plan", row.pupil_id),
    )


def _known(keeper: Keeping, number: int) -> Sheet:
    _attends(keeper)
    with keeper.site.store.reading() as connection:
        plan = record_of(connection, ATTENDANCE_PLAN, number)
        row = needed(placement(connection, plan.placement_id))
    return Sheet(
        ATTENDANCE_PLAN,
        f"Change the attendance plan at {row.provider}",
        f"/attendance-plans/{number}/change",
        f"/placements/{row.id}/attendance",
        full_name(row),
        plan.version,
        answers_of_plan(plan),
        number,
        look=Look("Change an attendance plan", row.pupil_id),
    )


def _attends(keeper: Keeping) -> None:
    if keeper.site.library.attendance is None:
        raise NotFound


ROUTES = [show, ask_new, add_new, ask_change, make_change]
