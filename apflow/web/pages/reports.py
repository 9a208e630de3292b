"""What the council could not answer before: pupils, hours, cost and attendance, on one page and in one file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Request, Response, get

from apflow.core.calendar import local_date
from apflow.core.words import short_day
from apflow.provision.provided import Line, line_of, lines_by_group
from apflow.records.provision import provided_between
from apflow.web.concurrency import threaded
from apflow.web.recording import keeping
from apflow.web.render import page
from apflow.web.spreadsheet import csv_of

_ADDRESS = "/reports"
_HEADINGS = ("By", "Name", "Pupils", "Placements", "Hours", "Cost in pounds", "Placements without a cost")
_OF_SESSIONS = ("Sessions attended", "Sessions absent", "Attendance", "Placements ended")


@dataclass(frozen=True, slots=True)
class Asked:
    """The days that were asked for, and the lines of the report."""

    first: date
    last: date
    groups: dict[str, list[Line]]
    total: Line


@get(_ADDRESS, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The four tables. Nobody is named, so nobody's record is looked at."""
    asked, error = _asked(request)
    return page(
        request,
        "records/report.html",
        asked=asked,
        error=error,
        status=422 if error else 200,
        period=f"{short_day(asked.first)} to {short_day(asked.last)}",
    )


@get(f"{_ADDRESS}.csv", include_in_schema=False)
@threaded
def as_csv(request: Request[Any, Any, Any]) -> Response[Any]:
    """The same lines for a spreadsheet."""
    asked, _ = _asked(request)
    lines = [("All", asked.total), *((group, line) for group, lines in asked.groups.items() for line in lines)]
    body = csv_of((*_HEADINGS, *_OF_SESSIONS), (_cells(group, line) for group, line in lines))
    name = f"provision-{asked.first.isoformat()}-to-{asked.last.isoformat()}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: Request[Any, Any, Any]) -> tuple[Asked, str]:
    """What the address asks for; this school year so far, and why, when that makes no sense."""
    keeper = keeping(request)
    today = local_date(keeper.site.now())
    begins = date(today.year - (today.month < 9), 9, 1)
    first, last = _day(request, "first", begins), _day(request, "last", today)
    error = ""
    if first is None or last is None or last < first:
        error, first, last = "Give two dates, the earlier one first. This school year is shown instead.", begins, today
    with keeper.site.store.reading() as connection:
        provided = provided_between(connection, first, last, keeper.site.library.calendar.school)
    return Asked(first, last, lines_by_group(provided), line_of("Everything", provided)), error


def _day(request: Request[Any, Any, Any], name: str, otherwise: date) -> date | None:
    text = request.query_params.get(name, "")
    try:
        day = date.fromisoformat(text) if text else otherwise
    except ValueError:
        return None
    return day if abs(day.year - otherwise.year) < 30 else None


def _cells(group: str, line: Line) -> list[str]:
    told = (line.pupils, line.placements, line.hours, line.cost, line.without_cost, line.attended, line.absent)
    return [group, line.name, *map(str, told), line.attendance, str(line.ended)]


ROUTES = [show, as_csv]
