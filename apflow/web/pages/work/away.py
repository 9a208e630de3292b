"""When people of the staff are away and who covers: one's own times and, for whoever leads a team, everybody's."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotFound, Stale
from apflow.records.people.away import able_to_cover, answers_of, end, form_for, kind_for, leads
from apflow.store.people.away import away_on, named_in, time_away
from apflow.store.people.people import everyone, person
from apflow.web.away import times_shown
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.records.recording import Keeping, Sheet, keep, needed, sheet_page, take
from apflow.web.render import page
from apflow.web.site import Site

ADDRESS = "/away"
_NEW, _CHANGE, _END = (f"{ADDRESS}/{one}" for one in ("new/{number:int}", "{number:int}/change", "{number:int}/end"))
_BANNERS = {"added": "Kept", "changed": "Saved", "same": "Nothing was different", "ended": "Ended"}
WebRequest = Request[Any, Any, Any]


@get(ADDRESS, include_in_schema=False)
@threaded
def show(request: WebRequest) -> Response[Any]:
    """The times away to come and under way."""
    site, actor = _site(request), require(request).actor
    is_leader = leads(site.council, actor)
    with site.store.reading() as connection:
        times = times_shown(connection, site, None if is_leader else actor.id)
        away = away_on(connection, local_date(site.now()))
        others = [row for row in everyone(connection) if _may_say(site, request, row)] if is_leader else []
    return page(
        request,
        "away/times.html",
        own=[time for time in times if time.row.person_id == actor.id],
        others=[time for time in times if time.row.person_id != actor.id],
        people=[row for row in others if row.id != actor.id],
        me=actor.id,
        is_leader=is_leader,
        covering=[away.absences[one] for one in sorted(away.covered_by(actor.id))],
        banner=_BANNERS.get(request.query_params.get("done", "")),
    )


@get(f"{ADDRESS}/new", include_in_schema=False)
@threaded
def choose(request: WebRequest) -> Response[Any]:
    """On to the form for whoever was chosen."""
    _site(request)
    who = request.query_params.get("who", "")
    is_number = who.isascii() and who.isdecimal() and len(who) < 10
    return Redirect(f"{ADDRESS}/new/{int(who)}" if is_number else ADDRESS, status_code=303)


@get(_NEW, include_in_schema=False)
@threaded
def ask(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """The empty form."""
    return sheet_page(request, _new(request, number))


@post(_NEW, include_in_schema=False)
async def add(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """Keep when they are away."""
    return await take(request, lambda _: _new(request, number), keep, lambda request: _keeper(request, number))


@get(_CHANGE, include_in_schema=False)
@threaded
def ask_change(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """The form as it was last answered."""
    return sheet_page(request, _known(request, number))


@post(_CHANGE, include_in_schema=False)
async def change(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """Change it."""
    return await take(
        request, lambda _: _known(request, number), keep, lambda request: _keeper(request, _time(request, number)[0])
    )


@post(_END, include_in_schema=False)
@threaded
def end_early(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """They are back, or are not going; whoever else said so in the same moment has said it for both."""
    who, row = _time(request, number)
    keeper = _keeper(request, who)
    with suppress(Stale):
        end(keeper.site.store, row, keeper.by)
    return Redirect(f"{ADDRESS}?done=ended", status_code=303)


def _new(request: WebRequest, who: int) -> Sheet:
    row = _person(request, who)
    return _sheet(request, row, f"{ADDRESS}/new/{who}", {}, {"person_id": who})


def _known(request: WebRequest, number: int) -> Sheet:
    who, time = _time(request, number)
    with _site(request).store.reading() as connection:
        named = named_in(connection, [number]).get(number, [])
    sheet = _sheet(
        request, _person(request, who), f"{ADDRESS}/{number}/change", answers_of(time, named), {"person_id": who}
    )
    return replace(sheet, seen=time.version, number=number)


def _sheet(
    request: WebRequest, row: Row[Any], address: str, answers: Mapping[str, Any], within: Mapping[str, Any]
) -> Sheet:
    site, actor = _site(request), require(request).actor
    with site.store.reading() as connection:
        form = form_for(site.council, row, able_to_cover(connection, site.council, row))
    heading = "When are you away, and who covers?" if row.id == actor.id else "When are they away, and who covers?"
    caption = "" if row.id == actor.id else row.name
    return Sheet(kind_for(form), heading, address, ADDRESS, caption, answers=answers, within=within)


def _time(request: WebRequest, number: int) -> tuple[int, Row[Any]]:
    """A time away that has not been ended, and whose it is; to whoever may not say so there is none."""
    with _site(request).store.reading() as connection:
        row = needed(time_away(connection, number))
    _person(request, row.person_id)
    if row.ended_at is not None:
        raise NotFound
    return row.person_id, row


def _keeper(request: WebRequest, who: int) -> Keeping:
    _person(request, who)
    return Keeping(_site(request), require(request).actor, {"person_id": who})


def _person(request: WebRequest, who: int) -> Row[Any]:
    """Somebody of the staff of whom whoever asks may say when they are away."""
    site = _site(request)
    with site.store.reading() as connection:
        row = needed(person(connection, who) if who < 2**31 else None)
    if not _may_say(site, request, row):
        raise NotFound
    return row


def _may_say(site: Site, request: WebRequest, row: Row[Any]) -> bool:
    actor = require(request).actor
    is_theirs = row.id == actor.id or leads(site.council, actor)
    return bool(row.is_active and site.council.is_staff(row.roles) and is_theirs)


def _site(request: WebRequest) -> Site:
    """The installation; to anybody outside the council there are no such pages."""
    site: Site = request.app.state.site
    if not site.council.is_staff(require(request).actor.roles):
        raise NotFound
    return site


ROUTES = [show, choose, ask, add, ask_change, change, end_early]
