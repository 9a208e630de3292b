"""Which pupil a placement is about, for those on both sides of it; and a school's own pupils, to refer one of them."""

from collections.abc import Sequence, Set
from contextlib import suppress
from datetime import date
from operator import attrgetter
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotFound
from apflow.core.people.permission import reads_pupils
from apflow.provision.ages import school_year
from apflow.records.people.alike import told_apart
from apflow.store.reading.queues import CaseFilter, those_that_go_on_first
from apflow.store.records.attendance import Attending, placed
from apflow.store.records.offered import own_pupils
from apflow.store.records.pupils import pupil
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.pupil import may_look_up, pupil_of
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.looks import note_looks
from apflow.web.pages.records.pupils import tags
from apflow.web.records.stopped import stopped, stopped_at
from apflow.web.render import page
from apflow.web.site import Site

REFER = "refer_a_pupil"
_MOST = 200


@get("/cases/{reference:str}/pupil", include_in_schema=False)
@threaded
def of_case(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """The pupil, as far as whoever asks needs to know; the council's own staff go to the record."""
    site: Site = request.app.state.site
    opened = open_case(site, require(request).actor, reference)
    number = pupil_of(opened)
    if number is None or not may_look_up(opened):
        raise NotFound
    if reads_pupils(site.council, opened.actor):
        return Redirect(f"/pupils/{number}", status_code=303)
    with site.store.reading() as connection:
        row = pupil(connection, number)
    if row is None:
        raise NotFound
    note_looks(site, opened.actor, f"Placement {opened.reference}", [number])
    year = school_year(row.born, row.years_out, local_date(site.now()))
    return page(request, "provider/pupil.html", opened=opened, row=row, year=year, tags=tags(row))


@get("/my-pupils", include_in_schema=False)
@threaded
def mine(request: Request[Any, Any, Any]) -> Response[Any]:
    """The pupils of the commissioner for whom whoever asks acts, each with a way to refer them, and with cases."""
    site: Site = request.app.state.site
    user = require(request)
    if REFER not in site.can_start(user.actor.roles):
        raise NotFound
    today = local_date(site.now())
    with site.store.reading() as connection:
        rows = own_pupils(connection, user.actor.id or 0, today)
        cases = those_that_go_on_first(connection, CaseFilter(party=user.actor.id, workflow="placement"), limit=_MOST)
        attending = _attending(connection, rows, today)
        tags = stopped(site, connection, user.actor, [one.reference for one in attending])
        places = [case.fields["site"] for case in cases if case.is_open and case.fields.get("site")]
        at_sites = stopped_at(site, connection, user.actor, places)
    note_looks(site, user.actor, "Pupils of a school", [row.id for row in rows])
    theirs: dict[int, list[tuple[Opened, str]]] = {}
    for case in cases:
        with suppress(NotFound):  # One that another school writes to them as a provider is out of their sight.
            opened = open_case(site, user.actor, case.reference)
            label = opened.definition.state(opened.snapshot.state).label.to(opened.audience)
            theirs.setdefault(pupil_of(opened) or 0, []).append((opened, label))
    known = {opened.reference for ones in theirs.values() for opened, _ in ones}
    return page(
        request,
        "provider/pupils.html",
        refer=REFER,
        rows=rows,
        apart=told_apart(rows, "id"),
        placed=theirs,
        attending=_without_a_case(attending, known),
        today=today,
        stopped=tags,
        stopped_at=at_sites,
    )


def _attending(connection: Connection, rows: Sequence[Row[Any]], today: date) -> list[Row[Any]]:
    """The placements on record that run or are to come: of those on the school's own roll, and those it pays for."""
    schools = tuple({row.home_school_id for row in rows if row.home_school_id == row.commissioner_id})
    on_roll = placed(connection, Attending(today, date.max, schools=schools))
    paid = placed(connection, Attending(today, date.max, commissioners=tuple({row.commissioner_id for row in rows})))
    return list({one.id: one for one in (*on_roll, *paid)}.values())


def _without_a_case(attending: Sequence[Row[Any]], known: Set[str]) -> dict[int, list[Row[Any]]]:
    """By pupil those that no case shown here speaks for, by their first day."""
    found: dict[int, list[Row[Any]]] = {}
    for one in sorted(attending, key=attrgetter("starts_on", "id")):
        if one.kept_by not in known:
            found.setdefault(one.pupil_id, []).append(one)
    return found


ROUTES = [of_case, mine]
