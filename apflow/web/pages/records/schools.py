"""Schools and other commissioners: the list, one of them, and its forms."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from sqlalchemy import Connection

from apflow.records.door import By, Handed, add, change, changed, tried
from apflow.records.people.commissioners import COMMISSIONER, IN_SHORT, answers_of
from apflow.store.records.commissioners import count_commissioners, list_commissioners
from apflow.store.records.establishments import establishment
from apflow.store.records.handed_over import called
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.saved import listed_as
from apflow.web.lists.searching import searched
from apflow.web.lists.view import MOST_ROWS, View
from apflow.web.records.recording import (
    A_PAGE,
    CheckFirst,
    Keeping,
    Sheet,
    changes,
    here,
    keeping,
    record_of,
    sheet_page,
    take,
)
from apflow.web.render import page

_NEW = "/schools/new"
_HEADINGS = ("Name", "What they are", "URN", "Until")


@get("/schools", include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """Everyone who commissions, found by name, URN or kind."""
    keeper, text = keeping(request), searched(request.query_params.get("q", ""))
    kind = _kind(request.query_params.get("kind", ""))
    with keeper.site.store.reading() as connection:
        total = count_commissioners(connection, text, kind)
        paging = Paging(page_number(request.query_params), total, A_PAGE)
        rows = list_commissioners(connection, text, kind, limit=A_PAGE, offset=paging.first)
    query = urlencode([(name, value) for name, value in (("q", text), ("kind", kind)) if value])
    return page(
        request,
        "records/schools.html",
        rows=rows,
        text=text,
        kind=kind,
        kinds=IN_SHORT,
        paging=paging,
        pages=paging.shown(f"/schools?{query}&" if query else "/schools?"),
        **listed_as(request, View("/schools", total, query)),
        **here(request),
    )


def _kind(asked: str) -> str:
    return asked if asked in IN_SHORT else ""


def _table(asked: AskedFor) -> Table:
    """Everyone who is listed."""
    keeper, text, kind = keeping(asked.request), searched(asked.one("q")), _kind(asked.one("kind"))
    with keeper.site.store.reading() as connection:
        rows = list_commissioners(connection, text, kind, limit=MOST_ROWS)
    cells = [(row.name, IN_SHORT[row.kind], row.urn, row.ended_on) for row in rows]
    return Table(f"schools-{keeper.by.today.isoformat()}", "Schools and commissioners", _HEADINGS, cells)


@get(_NEW, include_in_schema=False)
@threaded
def ask_new(request: Request[Any, Any, Any]) -> Response[Any]:
    """The empty form."""
    return sheet_page(request, _new(keeping(request)))


@post(_NEW, include_in_schema=False)
async def add_new(request: Request[Any, Any, Any]) -> Response[Any]:
    """Add one."""
    return await take(request, _new, _add)


@get("/schools/{number:int}", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """One of them, with what the national register says of it."""
    keeper = keeping(request)
    with keeper.site.store.reading() as connection:
        row = record_of(connection, COMMISSIONER, number)
        registered = establishment(connection, row.urn) if row.urn else None
        happened = changes(connection, COMMISSIONER, number)
    return page(
        request,
        "records/school.html",
        row=row,
        kind=IN_SHORT[row.kind],
        registered=registered,
        changes=happened,
        **here(request),
    )


@get("/schools/{number:int}/change", include_in_schema=False)
@threaded
def ask_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The form with what we have."""
    return sheet_page(request, _known(keeping(request), number))


@post("/schools/{number:int}/change", include_in_schema=False)
async def make_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Change it."""
    return await take(request, lambda keeper: _known(keeper, number), _change)


def _new(_keeper: Keeping) -> Sheet:
    return Sheet(COMMISSIONER, "Add a school or other commissioner", _NEW, "/schools", answers={"kind": "school"})


def _add(keeper: Keeping, sheet: Sheet) -> str:
    return f"/schools/{add(keeper.site.store, COMMISSIONER, sheet.answers, keeper.by)}?done=added"


def _change(keeper: Keeping, sheet: Sheet) -> str:
    """Save it; but where cases are handed over with it, that is shown first."""
    number, handed = sheet.number or 0, list[Handed]()
    by = replace(keeper.by, handed=handed)
    if not sheet.is_checked:
        tried(keeper.site.store, lambda connection: _changed(connection, number, sheet, by))
    if handed:
        with keeper.site.store.reading() as connection:
            going = called(connection, handed[0].cases)
        raise CheckFirst("records/handing_over.html", handed=handed[0], going=going, titles=_titles(keeper))
    differs = change(keeper.site.store, COMMISSIONER, number, sheet.seen, sheet.answers, by)
    keeper.site.wake()  # Whoever it is written to from now on is told of it, and of colleagues.
    return f"{sheet.back}?done={('handed' if handed else 'changed') if differs else 'same'}"


def _changed(connection: Connection, number: int, sheet: Sheet, by: By) -> bool:
    return changed(connection, COMMISSIONER, number, sheet.answers, by, seen=sheet.seen)


def _titles(keeper: Keeping) -> dict[str, str]:
    """What the kinds of cases are called."""
    library = keeper.site.library
    return {name: library.current(name).workflow.title for name in library.sources}


def _known(keeper: Keeping, number: int) -> Sheet:
    with keeper.site.store.reading() as connection:
        row = record_of(connection, COMMISSIONER, number)
    back = f"/schools/{number}"
    heading, address = "Change the details", f"{back}/change"
    return Sheet(COMMISSIONER, heading, address, back, row.name, row.version, answers_of(row), number)


ROUTES = [listed, *files_of("/schools", _table), ask_new, add_new, show, ask_change, make_change]
