"""Placements: the list, and the forms that begin from a pupil."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.core.days.calendar import local_date
from apflow.provision.weekly import Agreed
from apflow.records.asking import called
from apflow.records.people.pupils import ROLES
from apflow.records.placements.places import PLACEMENT, answers_of_placement
from apflow.records.placements.weeks import in_words
from apflow.store.records.pauses import pauses_of
from apflow.store.records.placements import Wanted, count_placements, list_placements, placement, running_at
from apflow.store.records.pupils import pupil, working_with
from apflow.store.records.weekly import agreed_of
from apflow.web.case.opened import open_case
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, searched_files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.saved import listed_as
from apflow.web.lists.searching import search_of, searched, searching_of
from apflow.web.lists.spreadsheet import Cells
from apflow.web.lists.view import MOST_ROWS, View
from apflow.web.pages.records.pupils import full_name
from apflow.web.records.recording import (
    A_PAGE,
    MATCHES,
    Keeping,
    Look,
    Sheet,
    here,
    keeping,
    needed,
    sheet_page,
    take,
    when_placed,
)
from apflow.web.records.stopped import stopped
from apflow.web.render import page

_HEADINGS = (
    *("Surname", "First name", "Provider", "Site", "Commissioner"),
    *("Hours a week", "Hours a week, with changes to come", "From", "Until", "Began"),
)


@get("/placements", include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """The placements that run today, or all of them, or of these the ones that were searched for."""
    keeper, sought = keeping(request), search_of(request, "/placements")
    every, today = request.query_params.get("all") == "yes", local_date(keeper.site.now())
    wanted = Wanted(sought.text, None if every else today)
    number, size = (1, MATCHES) if sought.text else (page_number(request.query_params), A_PAGE)
    with keeper.site.store.reading() as connection:
        paging = Paging(number, count_placements(connection, wanted), size)
        rows = list_placements(connection, wanted, limit=size, offset=paging.first)
        agreed = agreed_of(connection, rows)
        tags = stopped(keeper.site, connection, keeper.actor, [row.reference for row in rows])
    keeper.note("Search for placements" if sought.text else "List of placements", [row.pupil_id for row in rows])
    return page(
        request,
        "records/placements.html",
        rows=[(row, in_words(agreed[row.id], today), when_placed(row)) for row in rows],
        stopped=tags,
        sought=sought,
        every=every,
        paging=paging,
        pages=paging.shown("/placements?all=yes&" if every else "/placements?"),
        **listed_as(request, _view(wanted, paging.total)),
        **here(request),
    )


@get("/cases/{reference:str}/placed", include_in_schema=False)
@threaded
def placed_here(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Who is placed today at the provider that the case is about, and who works with those in care."""
    keeper = keeping(request)
    opened = open_case(keeper.site, keeper.actor, reference)
    today = local_date(keeper.site.now())
    with keeper.site.store.reading() as connection:
        rows = running_at(connection, opened.snapshot.id or 0, today)
        around = working_with(connection, [row.pupil_id for row in rows if row.looked_after])
        agreed = agreed_of(connection, rows)
        tags = stopped(keeper.site, connection, keeper.actor, [*{row.reference for row in rows}, reference])
    keeper.note(f"Placed at {opened.title}", [row.pupil_id for row in rows])
    return page(
        request,
        "records/placed.html",
        opened=opened,
        stopped=tags,
        in_care=[row for row in rows if row.looked_after],
        others=[row for row in rows if not row.looked_after],
        around={row.pupil_id: [one for one in around if one.pupil_id == row.pupil_id] for row in rows},
        roles=ROLES,
        hours={row.id: in_words(agreed[row.id], today) for row in rows},
        today=today,
    )


def _view(wanted: Wanted, total: int) -> View:
    which = {"all": "yes"} if wanted.on is None else {}
    typed = {"q": wanted.text, **which} if wanted.text else {}
    return View("/placements", total, urlencode(which), typed, names_children=True)


def _table(asked: AskedFor) -> Table:
    """The placements that are listed, and all of them; each pupil in it is noted."""
    keeper, text = keeping(asked.request), searched(asked.one("q"))
    today = keeper.by.today
    wanted = Wanted(text, None if asked.one("all") == "yes" else today)
    with keeper.site.store.reading() as connection:
        rows = list_placements(connection, wanted, limit=MOST_ROWS)
        agreed = agreed_of(connection, rows)
    where = "Search for placements" if text else "List of placements"
    keeper.note(asked.noted(where), [row.pupil_id for row in rows])
    cells = [_cells(row, agreed[row.id], today) for row in rows]
    return Table(f"placements-{today.isoformat()}", "Placements", _HEADINGS, cells)


def _cells(row: Row[Any], agreed: Agreed, today: date) -> Cells:
    hours = round(Decimal(agreed.on(today).minutes) / 60, 2)
    where = (row.surname, row.forename, row.provider, row.site, row.commissioner)
    until = None if row.never_began else row.ends_on
    return (*where, hours, in_words(agreed, today), row.starts_on, until, "No" if row.never_began else "")


@get("/pupils/{number:int}/placements/new", include_in_schema=False)
@threaded
def ask_new(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The empty form, with the home school as the commissioner it most often is."""
    return sheet_page(request, _new(keeping(request), number))


@post("/pupils/{number:int}/placements/new", include_in_schema=False)
async def add_new(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Add it."""
    return await take(request, lambda keeper: _new(keeper, number))


@get("/placements/{number:int}/change", include_in_schema=False)
@threaded
def ask_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The form with what we have; of a placement that a case keeps, that case."""
    keeper = keeping(request)
    with keeper.site.store.reading() as connection:
        kept_by = needed(placement(connection, number)).kept_by
    if kept_by:
        return Redirect(f"/cases/{kept_by}", status_code=303)  # It is changed there, and only there.
    return sheet_page(request, _known(keeper, number))


@post("/placements/{number:int}/change", include_in_schema=False)
async def make_change(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Change it."""
    return await take(request, lambda keeper: _known(keeper, number))


def _new(keeper: Keeping, number: int) -> Sheet:
    with keeper.site.store.reading() as connection:
        row = needed(pupil(connection, number))
    back = f"/pupils/{number}"
    answers = {"commissioner": called(row.school_name, row.school_urn)} if row.school_name else {}
    address, within = f"{back}/placements/new", {"pupil_id": number}
    look = Look("Add a placement", number)
    return Sheet(PLACEMENT, look.where, address, back, full_name(row), answers=answers, within=within, look=look)


def _known(keeper: Keeping, number: int) -> Sheet:
    with keeper.site.store.reading() as connection:
        row = needed(placement(connection, number))
        pauses, agreed = pauses_of(connection, [number]).get(number, ()), agreed_of(connection, [row])[number]
    return Sheet(
        PLACEMENT,
        f"Change the placement at {row.provider}",
        f"/placements/{number}/change",
        f"/pupils/{row.pupil_id}",
        full_name(row),
        row.version,
        answers_of_placement(row, pauses, agreed.since),
        number,
        look=Look("Change a placement", row.pupil_id),
    )


ROUTES = [
    *(listed, searching_of("/placements", keeping), *searched_files_of("/placements", _table), placed_here),
    *(ask_new, add_new, ask_change, make_change),
]
