"""The home school's page: a week of its pupils with the codes and why, reasons for absences, its register's file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.core.days.duration import Unit
from apflow.core.errors import Invalid
from apflow.provision.attendance import Mark
from apflow.provision.sessions import HALVES, week_of
from apflow.records.attendance.coding import Unexplained
from apflow.records.attendance.marking import Became, Said
from apflow.records.people.alike import told_apart
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.records.attendance import Attending
from apflow.web.asking.filling import key_from, new_key
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, one, submitted_form
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.view import View
from apflow.web.records.attending import Attends, attending, day_from
from apflow.web.records.marks import MARKS
from apflow.web.records.stopped import stopped
from apflow.web.records.to_attend import explain_by, still_open
from apflow.web.records.week import HEADINGS, PupilsWeek, cells_of, week_words, weeks_of
from apflow.web.render import page

_SCHOOL = "/attendance/schools/{number:int}"
_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Left:
    """The absences without a reason: of the week shown, the oldest of other weeks, and the week's of too long ago."""

    here: Sequence[Unexplained]
    elsewhere: Sequence[Unexplained]
    count_elsewhere: int
    too_late: Sequence[Unexplained]

    @property
    def named(self) -> Sequence[Unexplained]:
        return (*self.here, *self.elsewhere, *self.too_late)


@get(_SCHOOL, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """One week of the school's pupils."""
    return _page(request, attending(request), number, request.query_params.get("day", ""))


def _register(asked: AskedFor) -> Table:
    """The same week for the school's register."""
    who = attending(asked.request)
    _, days, weeks = _weeks(who, asked.request.path_params["number"], asked.one("day"))
    who.note("Register for a school", [week.pupil.pupil_id for week in weeks])
    cells = [cells for week in weeks for cells in cells_of(week)]
    return Table(f"attendance-{days[0].isoformat()}", "Attendance", HEADINGS, cells)


@post(_SCHOOL, include_in_schema=False)
async def explain(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The reason that the school has found for an absence; the code follows from it."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    return await in_thread(_explain, request, number, await submitted_form(request))


def _explain(request: Request[Any, Any, Any], number: int, submitted: Submitted) -> Response[Any]:
    who, text = attending(request), one(submitted, "week") or one(submitted, "day")
    with who.site.store.reading() as connection:
        who.school(connection, number)
    try:
        said = _said(submitted)
        (taken,) = who.marking.mark(Attending(said.day, said.day, school_id=number), [said], "school")
    except Invalid as refusal:
        return _page(request, who, number, text, error=refusal.message)
    except StoreUnavailable as fault:
        return _page(request, who, number, text, error=f"{fault.message} Try again in a minute.", status=503)
    who.site.wake()
    if taken.became in (Became.CHANGED, Became.REFUSED):
        return _page(request, who, number, text, error=taken.message, status=409)
    week = day_from(text, who.today)  # They go on from the week they looked at.
    return Redirect(f"/attendance/schools/{number}?day={week.isoformat()}&saved=yes", status_code=303)


def _said(submitted: Submitted) -> Said:
    reason = one(submitted, "reason")
    if not reason:
        raise Invalid({"reason": "Choose the reason that the family gave"})
    try:
        day, half = date.fromisoformat(one(submitted, "day")), one(submitted, "half")
        placement, seen = int(one(submitted, "placement")), int(one(submitted, "seen"))
        if half not in HALVES or not 0 < placement < 2**31:
            raise ValueError
    except ValueError as error:
        raise Invalid({"reason": "We could not tell which absence that was. Choose it again"}) from error
    key = f"{key_from(submitted)}-{placement}-{half}-{reason}"[:120]
    return Said(placement, day, half, Mark.ABSENT, reason, key, seen)


def _weeks(who: Attends, number: int, text: str) -> tuple[Row[Any], tuple[date, ...], list[PupilsWeek]]:
    days = week_of(day_from(text, who.today))
    with who.site.store.reading() as connection:
        school = who.school(connection, number)
        of = Attending(days[0], min(days[-1], who.today), school_id=number)
        return school, days, weeks_of(who.coding.sessions(connection, of))


def _page(
    request: Request[Any, Any, Any], who: Attends, number: int, text: str, *, error: str = "", status: int = 422
) -> Response[Any]:
    school, days, weeks = _weeks(who, number, text)
    paging = Paging(page_number(request.query_params), len(weeks), _A_PAGE)
    shown = weeks[paging.first : paging.first + _A_PAGE]
    left = _left(who, number, days)
    rows = [*(week.pupil for week in shown), *(one.session.placement for one in left.named)]
    who.note(f"Attendance of {school.name}", [row.pupil_id for row in rows])
    with who.site.store.reading() as connection:
        tags = stopped(who.site, connection, who.actor, [name for week in shown for name in week.providers])
    table = who.attendance.in_force(days[0])
    base = f"/attendance/schools/{number}"
    return page(
        request,
        "attendance/school.html",
        status=status if error else 200,
        school=school,
        base=base,
        day=days[0],
        week=week_words(days),
        before=days[0] - timedelta(days=7),
        after=days[0] + timedelta(days=7),
        is_this_week=who.today in week_of(days[0]),
        weeks=shown,
        stopped=tags,
        apart=told_apart([*(week.pupil for week in weeks), *rows]),
        left=left,
        explain_by=explain_by,
        unit=Unit.SCHOOL_DAY,
        reasons=table.offered("school") if table else ({}, {}),
        codes=table.codes if table else {},
        marks=MARKS,
        view=View(f"{base}/register", len(weeks), f"day={days[0].isoformat()}"),
        paging=paging,
        pages=paging.shown(f"{base}?day={days[0].isoformat()}&"),
        key=new_key(),
        error=error,
        saved=request.query_params.get("saved") == "yes",
        is_staff_here=who.is_staff,
    )


def _left(who: Attends, number: int, days: tuple[date, ...]) -> "Left":
    """What has no reason of all weeks of which it can still be given, and of the week that is looked at in any case."""
    of = still_open(who, schools=(number,))
    with who.site.store.reading() as connection:
        found = who.coding.unexplained(connection, of)
        if days[0] < of.first:
            before = replace(of, first=days[0], last=min(days[-1], of.first - timedelta(days=1)))
            found = [*who.coding.unexplained(connection, before), *found]
    here = [one for one in found if one.session.day in days]
    elsewhere = [one for one in found if one.session.day not in days]
    return Left(
        [one for one in here if not who.is_for_the_council(one.session.day)],
        elsewhere[:_A_PAGE],
        len(elsewhere),
        [one for one in here if who.is_for_the_council(one.session.day)],
    )


ROUTES = [show, *files_of(f"{_SCHOOL}/register", _register), explain]
