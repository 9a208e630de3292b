"""Marking a day's sessions: the provider's page, the form it sends, and what it sends when the connection returns."""

from collections.abc import Sequence
from datetime import date
from json import JSONDecodeError
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import SerializationException
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.core.errors import Invalid, Refusal
from apflow.records.attendance.marking import Became, Taken
from apflow.records.people.alike import told_apart
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.records.attendance import Attending, providers_of, schools_of
from apflow.web.asking.filling import key_from, new_key
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, one, submitted_form
from apflow.web.lists.files import files_of
from apflow.web.records.attending import Attends, attending, day_from
from apflow.web.records.marks import MARKS, Half, halves_of, said_in_form, said_in_json
from apflow.web.records.other_days import other_days
from apflow.web.records.to_attend import to_attend
from apflow.web.records.today import todays_page, todays_table
from apflow.web.render import page

_PROVIDER = "/attendance/providers/{reference:str}"


@get("/attendance", include_in_schema=False)
@threaded
def begin(request: Request[Any, Any, Any]) -> Response[Any]:
    """The council's day for staff; for others their own page, or a choice of theirs."""
    who = attending(request)
    if who.is_staff:
        return todays_page(request, who)
    with who.site.store.reading() as connection:
        waiting = to_attend(who.site, connection, who.actor)
        providers = providers_of(connection, who.actor.id or 0, who.party_role)
        schools = schools_of(connection, who.actor.id or 0)
    theirs = [(f"/attendance/providers/{row.reference}", row.title) for row in providers]
    theirs += [(f"/attendance/schools/{row.id}", row.name) for row in schools]
    if len(theirs) == 1:
        return Redirect(theirs[0][0], status_code=303)
    return page(request, "attendance/which.html", theirs=theirs, waiting=waiting)


@get(_PROVIDER, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """The sessions of one day at one provider."""
    who = attending(request)
    day = day_from(request.query_params.get("day", ""), who.today)
    saved = request.query_params.get("saved", "")
    return _page(request, who, reference, day, saved=int(saved) if saved.isdecimal() and len(saved) < 4 else None)


@post(_PROVIDER, include_in_schema=False)
async def save(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """What the form says; without a script this is all there is."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    return await in_thread(_save, request, reference, await submitted_form(request))


@post(_PROVIDER + "/marks", include_in_schema=False)
async def send(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Marks that were kept in a browser: what became of each, so that it can let go of them."""
    if request.scope.get("user") is None:
        return Response({"message": "Sign in to send what you marked."}, status_code=401)
    try:
        sent = await request.json()
    except (SerializationException, JSONDecodeError, UnicodeDecodeError, RecursionError):
        sent = None
    return await in_thread(_send, request, reference, sent)


def _save(request: Request[Any, Any, Any], reference: str, submitted: Submitted) -> Response[Any]:
    who = attending(request)
    day = day_from(one(submitted, "day"), who.today)
    row, halves = _halves(who, reference, day)
    said = said_in_form(submitted, halves, day, key_from(submitted))
    try:
        taken = who.marking.mark(Attending(day, day, case_id=row.id), said, "provider") if said else []
    except StoreUnavailable as fault:
        return _page(request, who, reference, day, error=f"{fault.message} Try again in a minute.", typed=submitted)
    who.site.wake()
    others = [one for one in taken if one.became in (Became.CHANGED, Became.REFUSED)]
    if others:
        return _page(request, who, reference, day, others=others)
    kept = sum(one.became is Became.KEPT for one in taken)
    return Redirect(f"/attendance/providers/{row.reference}?day={day.isoformat()}&saved={kept}", status_code=303)


def _send(request: Request[Any, Any, Any], reference: str, sent: Any) -> Response[Any]:
    who = attending(request)
    try:
        with who.site.store.reading() as connection:
            row = who.provider(connection, reference)
        said = said_in_json(sent)
        days = [one.day for one in said] or [who.today]
        taken = who.marking.mark(Attending(min(days), max(days), case_id=row.id), said, "provider")
    except Invalid as refusal:
        return Response({"message": refusal.message}, status_code=422)
    except StoreUnavailable as fault:
        return Response({"message": fault.message}, status_code=503)
    except Refusal as refusal:
        return Response({"message": refusal.message}, status_code=404 if refusal.code == "not-found" else 409)
    who.site.wake()
    return Response({"taken": [_told(one) for one in taken]}, status_code=200)


def _told(taken: Taken) -> dict[str, Any]:
    return {
        "key": taken.key,
        "became": str(taken.became),
        "number": taken.number,
        "stands": taken.stands,
        "message": taken.message,
    }


def _halves(who: Attends, reference: str, day: date) -> tuple[Row[Any], list[Half]]:
    with who.site.store.reading() as connection:
        row = who.provider(connection, reference)
        return row, halves_of(who.coding.sessions(connection, Attending(day, day, case_id=row.id)))


def _page(
    request: Request[Any, Any, Any],
    who: Attends,
    reference: str,
    day: date,
    *,
    saved: int | None = None,
    others: Sequence[Taken] = (),
    error: str = "",
    typed: Submitted | None = None,
) -> Response[Any]:
    row, halves = _halves(who, reference, day)
    with who.site.store.reading() as connection:
        elsewhere = other_days(who, connection, row.id, day)
    who.note(f"Attendance at {row.title}", [due.placement.pupil_id for half in halves for due in half.every])
    table, not_due = who.attendance.in_force(day), [due for half in halves for due in half.not_due]
    return page(
        request,
        "attendance/marking.html",
        status=503 if error else 409 if others else 200,
        provider=row,
        day=day,
        is_today=day == who.today,
        days=elsewhere,
        closed=who.site.library.calendar.school.why_closed(day),
        halves=halves,
        not_due=len({due.placement.id for due in not_due}),
        apart=told_apart(due.placement for half in halves for due in half.every),
        paused=list({due.placement.id: due for due in not_due if due.is_paused}.values()),
        are_closed=not all(due.is_paused for due in not_due),
        came_anyway=any(due.mark for due in not_due),
        reasons=table.offered("provider") if table else ({}, {}),
        every_reason=table.reasons if table else {},
        kept_from=who.kept_from_provider(table),
        marks=MARKS,
        person=who.actor.id,
        key=new_key(),
        saved=saved,
        others=others,
        error=error,
        typed=typed or {},
        is_for_the_council=who.is_for_the_council(day),
        is_staff_here=who.is_staff,
    )


ROUTES = [begin, *files_of("/attendance", todays_table), show, save, send]
