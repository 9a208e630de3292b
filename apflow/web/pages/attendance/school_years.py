"""A school's own term dates and INSET days: what it goes by, and the form, for its own people and for staff."""

from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.core.errors import NotFound
from apflow.provision.school_years import school_year, year_words
from apflow.records.attendance.school_years import (
    SCHOOL_YEAR,
    answers_of_year,
    half_terms_of,
    school_days_of,
    years_there_are,
)
from apflow.records.door import may_keep
from apflow.store.records.attendance import schools_of
from apflow.store.records.records import record
from apflow.store.records.school_years import year_of, years_of
from apflow.store.tables.places import commissioners
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.records.recording import Keeping, Sheet, changes, here, keep, needed, sheet_page, take
from apflow.web.render import page
from apflow.web.site import Site

_DATES = "/schools/{number:int}/term-dates"
_YEAR = _DATES + "/{year:int}"


@get("/term-dates", include_in_schema=False)
@threaded
def begin(request: Request[Any, Any, Any]) -> Response[Any]:
    """The schools whose dates are one's own to keep; who has one alone is led to it."""
    user, site = require(request), _site(request)
    with site.store.reading() as connection:
        schools = schools_of(connection, user.actor.id or 0)
    if len(schools) == 1:
        return Redirect(f"/schools/{schools[0].id}/term-dates", status_code=303)
    return page(request, "records/term_dates_of.html", schools=schools)


@get(_DATES, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The half-terms and INSET days that the school is counted by, year by year."""
    keeper, school = _school(request, number)
    library, today = keeper.site.library, keeper.by.today
    with keeper.site.store.reading() as connection:
        own = {row.year: row for row in years_of(connection, number)}
        days = school_days_of(connection, library, number)
        happened = [one for row in own.values() for one in changes(connection, SCHOOL_YEAR, row.id)]
    years = [year for year in years_there_are(library.calendar.school) if year >= school_year(today)]
    shown = [
        {
            "year": year,
            "words": year_words(year),
            "half_terms": half_terms_of(days, year),
            "inset": answers_of_year(own.get(year), library, year)["inset"],
            "is_own": year in own,
            "has_own_terms": year in own and bool(own[year].half_terms),
        }
        for year in years
    ]
    return page(
        request,
        "records/term_dates.html",
        school=school,
        years=shown,
        back=_back(keeper, school),
        changes=happened,
        **here(request),
    )


@get(_YEAR, include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], number: FromPath[int], year: FromPath[int]) -> Response[Any]:
    """The form, with what the school is counted by now."""
    keeper, school = _school(request, number)
    return sheet_page(request, _sheet(keeper, school, year))


@post(_YEAR, include_in_schema=False)
async def save(request: Request[Any, Any, Any], number: FromPath[int], year: FromPath[int]) -> Response[Any]:
    """Keep them."""

    def kept(keeper: Keeping, sheet: Sheet) -> str:
        leads_to = keep(keeper, sheet)
        keeper.recount(number)
        return leads_to

    return await take(
        request,
        lambda keeper: _sheet(keeper, _of(keeper, number), year),
        kept,
        lambda request: _school(request, number)[0],
    )


def _site(request: Request[Any, Any, Any]) -> Site:
    site: Site = request.app.state.site
    return site


def _school(request: Request[Any, Any, Any], number: int) -> tuple[Keeping, Row[Any]]:
    """The school, for staff who keep records and for whoever acts for it; to anybody else there is none."""
    site, user = _site(request), require(request)
    with site.store.reading() as connection:
        own = any(row.id == number for row in schools_of(connection, user.actor.id or 0))
    if not (own or may_keep(site.council, user.actor)):
        raise NotFound
    keeper = Keeping(site, user.actor, {"commissioner_id": number} if own else {})
    return keeper, _of(keeper, number)


def _back(keeper: Keeping, school: Row[Any]) -> tuple[str, str]:
    """What the dates were reached from, and where that is."""
    if may_keep(keeper.site.council, keeper.actor):
        return school.name, f"/schools/{school.id}"
    with keeper.site.store.reading() as connection:
        is_one_of_several = len(schools_of(connection, keeper.actor.id or 0)) > 1
    return ("Your schools", "/term-dates") if is_one_of_several else ("Home", "/home")


def _of(keeper: Keeping, number: int) -> Row[Any]:
    with keeper.site.store.reading() as connection:
        found = needed(record(connection, commissioners, number))
    if found.kind != "school":
        raise NotFound
    return found


def _sheet(keeper: Keeping, school: Row[Any], year: int) -> Sheet:
    if year not in years_there_are(keeper.site.library.calendar.school):
        raise NotFound
    with keeper.site.store.reading() as connection:
        known = year_of(connection, school.id, year)
    back = f"/schools/{school.id}/term-dates"
    sheet = Sheet(
        SCHOOL_YEAR,
        f"Term dates and INSET days of {year_words(year)}",
        f"{back}/{year}",
        back,
        school.name,
        answers=answers_of_year(known, keeper.site.library, year),
        within={"commissioner_id": school.id, "year": year},
    )
    return sheet if known is None else replace(sheet, seen=known.version, number=known.id)


ROUTES = [begin, show, ask, save]
