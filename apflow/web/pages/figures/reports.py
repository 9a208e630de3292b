"""What the council could not answer before: pupils, hours, cost, attendance, time and outcomes, on one page."""

from typing import Any

from litestar import Request, Response, get

from apflow.provision.provided import OUTCOME, Line, line_of, lines_by_group
from apflow.records.figures.provision import provided_between
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.saved import listed_as
from apflow.web.lists.view import View
from apflow.web.records.asked_time import AskedTime, asked_time
from apflow.web.records.recording import Keeping, keeping
from apflow.web.render import page

_ADDRESS = "/reports"
_HEADINGS = ("By", "Name", "Pupils", "Placements", "Hours", "Cost in pounds", "Placements without a cost")
_OF_SESSIONS = ("Sessions attended", "Sessions absent", "Attendance")
_OF_TIME = ("School days in alternative provision", "School days a pupil", "Placements ended", "Section 19 on record")


@get(_ADDRESS, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The tables. Nobody is named, so nobody's record is looked at."""
    keeper = keeping(request)
    asked = asked_time(request, keeper)
    groups, total = _lines(keeper, asked)
    return page(
        request,
        "records/report.html",
        asked=asked,
        groups=groups,
        total=total,
        outcomes=OUTCOME,
        **listed_as(request, View(_ADDRESS, 1 + sum(map(len, groups.values())), asked.query)),
        status=422 if asked.error else 200,
    )


def _table(asked_for: AskedFor) -> Table:
    """The same lines, one after the other."""
    keeper = keeping(asked_for.request)
    asked = asked_time(asked_for.request, keeper)
    groups, total = _lines(keeper, asked)
    lines = [("All", total), *((group, line) for group, lines in groups.items() for line in lines)]
    rows = [_cells(group, line) for group, line in lines]
    return Table(f"provision-{asked.stem}", "What was provided", (*_HEADINGS, *_OF_SESSIONS, *_OF_TIME), rows)


def _lines(keeper: Keeping, asked: AskedTime) -> tuple[dict[str, list[Line]], Line]:
    with keeper.site.store.reading() as connection:
        provided = provided_between(connection, keeper.site.library, asked.first, asked.until)
    return lines_by_group(provided), line_of("Everything", provided)


def _cells(group: str, line: Line) -> list[Any]:
    told = (line.pupils, line.placements, line.hours, line.cost, line.without_cost, line.attended, line.absent)
    return [group, line.name, *told, line.attendance, line.pupil_days, line.days_each, line.ended, line.considered]


ROUTES = [show, *files_of(_ADDRESS, _table)]
