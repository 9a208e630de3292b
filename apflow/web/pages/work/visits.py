"""Planning the year's routine visits: everybody on the list, the week proposed for each, and taking the plan on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.response import Redirect

from apflow.beyond.keys import Key
from apflow.committing import TooBusy
from apflow.core.days.calendar import local_date
from apflow.core.definition.council import RoutineVisits
from apflow.core.errors import NotFound, Refusal
from apflow.core.people.actor import Actor
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.records import visits as kept
from apflow.web.asking.filling import key_from, new_key
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, one, submitted_form
from apflow.web.identity import require
from apflow.web.lists.planner import PLAN, may_plan
from apflow.web.lists.year_of_visits import ROUTINE, Year, arranged_from, week_of, weeks_ahead, year_of
from apflow.web.render import page
from apflow.web.site import Site

ADDRESS = "/visits/planned"
_VISIT = "visit"  # What providers' cases call the visits they open.
_MOST = 500


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """A provider whose visit could not be planned, and why."""

    reference: str
    title: str
    reason: str


@get(ADDRESS, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The plan as it stands, with a week proposed for everybody who has none."""
    site, _ = _planner(request)
    count = request.query_params.get("planned", "")
    return _page(request, site, planned=int(count) if count.isdecimal() and len(count) < 5 else 0)


@post(ADDRESS, include_in_schema=False)
async def accept(request: Request[Any, Any, Any]) -> Response[Any]:
    """Plan the visits that are ticked, one command a provider; those that are refused are listed with the reason."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    return await in_thread(_accept, request, await submitted_form(request))


def _accept(request: Request[Any, Any, Any], submitted: Submitted) -> Response[Any]:
    site, actor = _planner(request)
    chosen = list(dict.fromkeys(submitted.get("plan", ())))[:_MOST]
    if not chosen:
        return _page(request, site, error="Tick at least one provider whose visit is to be planned.")
    year, key = _year(site), key_from(submitted)
    titles = {row.listed.reference: row.listed.title for row in year.rows}
    refused = []
    for reference in chosen:
        reason = _plan(site, actor, year, submitted, reference, key)
        if reason:
            refused.append(NotPlanned(reference, titles.get(reference, reference), reason))
    site.wake()
    count = len(chosen) - len(refused)
    if refused:
        return _page(request, site, planned=count, refused=refused)
    return Redirect(f"{ADDRESS}?{urlencode({'planned': count})}", status_code=303)


def _plan(site: Site, actor: Actor, year: Year, submitted: Submitted, reference: str, key: str) -> str:
    """Plan one provider's visit in the week that was shown; why it could not be, else nothing."""
    week, seen = week_of(year.weeks, one(submitted, f"by-{reference}")), one(submitted, f"seen-{reference}")
    if week is None:
        return "The week that was proposed is not a school week of the coming year. Look at what is proposed now."
    now = site.now()
    answers = {
        "routine_from": arranged_from(week.first_day, _limits(site), local_date(now)).isoformat(),
        "routine_by": week.last_day.isoformat(),
        "routine_kind": ROUTINE,
    }
    version = int(seen) if seen.isdecimal() and len(seen) < 9 else None
    try:
        each = Key(f"{key}-{reference}"[:120])
        site.handler.fire(reference, PLAN, answers, actor=actor, now=now, seen=version, key=each)
    except NotFound:
        return "There is no such provider on the list any more."
    except Refusal as refusal:
        return f"{refusal.message}"
    except (TooBusy, StoreUnavailable) as fault:
        return f"{fault.message} Try again in a minute."
    return ""


def _page(
    request: Request[Any, Any, Any],
    site: Site,
    *,
    planned: int = 0,
    refused: Sequence[NotPlanned] = (),
    error: str = "",
) -> Response[Any]:
    return page(
        request,
        "visits/planned.html",
        status=409 if refused else 422 if error else 200,
        year=_year(site),
        limits=_limits(site),
        known_until=site.library.calendar.school.known_until,
        planned=planned,
        refused=refused,
        error=error,
        key=new_key(),
    )


def _year(site: Site) -> Year:
    definition, today = site.current(), local_date(site.now())
    states = list(definition.workflow.public_list.states) if definition.workflow.public_list else []
    with site.store.reading() as connection:
        listed = kept.listed(connection, definition.name, states, _VISIT)
    return year_of(listed, _limits(site), weeks_ahead(site.library.calendar, _limits(site), today), today)


def _planner(request: Request[Any, Any, Any]) -> tuple[Site, Actor]:
    """Who asks; to anyone who may not plan visits this page does not exist."""
    site: Site = request.app.state.site
    actor = require(request).actor
    if not may_plan(site, actor):
        raise NotFound
    return site, actor


def _limits(site: Site) -> RoutineVisits:
    limits = site.council.routine_visits
    assert limits is not None
    return limits


ROUTES = [show, accept]
