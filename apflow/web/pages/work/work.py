"""My work: what to do, most pressing first, and what waits on others."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect
from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.people.actor import Actor
from apflow.core.people.doers import is_for_another, is_for_whom_it_names
from apflow.core.putting_off import why_not
from apflow.core.queue import Group
from apflow.core.standing import is_urgent
from apflow.store.people.away import away_on
from apflow.store.people.people import keep_opens_next, opens_next
from apflow.store.reading.news import latest_from_outside
from apflow.store.reading.queues import CaseRowView, doers_of, named_for_of, waiting_on_others
from apflow.store.reading.work_rows import WorkRow
from apflow.web.away import told_of
from apflow.web.case.in_sight import in_sight
from apflow.web.case.opened import as_staff, audience_of
from apflow.web.case.timeline import Line, Told
from apflow.web.case.told_apart import key_facts_lines
from apflow.web.case.undone import undone_of
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import one, submitted_form
from apflow.web.handed import handed_of
from apflow.web.identity import require
from apflow.web.lists.places import from_text, to_text
from apflow.web.lists.queue import Count, Listed, overview, part_named, whole_part
from apflow.web.render import page
from apflow.web.sides import beside_titles
from apflow.web.site import Site

WAITING = "Waiting on others"
_WAITING_SHOWN = 50


@get("/work", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The page everyone of the staff begins with; or one part of it by itself, from some place on."""
    site: Site = request.app.state.site
    actor = require(request).actor
    if audience_of(site, actor) != STAFF:
        return Redirect("/home", status_code=303)
    actor = as_staff(site, actor)
    params, now = request.query_params, site.now()
    part, after = part_named(params.get("only", "")), from_text(params.get("after", ""))
    with site.store.reading() as connection:
        groups = [whole_part(connection, actor, part, after, now)] if part else overview(connection, actor, now)
        groups = [
            replace(group, rows=_urgent_first(site, _seen(site, connection, group.rows, actor))) for group in groups
        ]
        waiting = [] if part else waiting_on_others(connection, actor, limit=_WAITING_SHOWN + 1)
        handed = handed_of(site, connection, actor, params)
        opens = opens_next(connection, actor.id or 0)
        away = away_on(connection, local_date(now))
        said = _said_of(site, connection, actor, [row for group in groups for row in group.rows], waiting)
    return page(
        request,
        "work/part.html" if part else "work/work.html",
        me=actor.id,
        full=[group for group in groups if group.rows],
        empty=[*_empty(groups), *([] if waiting else [WAITING])],
        waiting=waiting[:_WAITING_SHOWN],
        waiting_count=Count(min(len(waiting), _WAITING_SHOWN), len(waiting) > _WAITING_SHOWN),
        whom=_whom(site, waiting),
        **said,
        away=away.absences,
        my_time_away=told_of(away, actor.id, away.covers_of(actor.id)),
        covering=[away.absences[person] for person in sorted(away.covered_by(actor.id))],
        handed=handed,
        opens_next=opens,
        count=Count.sum([group.count for group in groups]),
        part=part,
        here={"only": part.name.lower(), "after": to_text(after) if after else ""} if part else {},
    )


def _said_of(
    site: Site, connection: Connection, actor: Actor, rows: Sequence[WorkRow], waiting: Sequence[CaseRowView]
) -> dict[str, Any]:
    """What is said in each row, and what the reader can do with its task."""
    every: list[WorkRow | CaseRowView] = [*rows, *waiting]
    definitions = {digest: site.handler.definition(connection, digest) for digest in {row.digest for row in every}}
    for_others = _for_others(connection, actor, rows, definitions)
    return {
        "labels": _labels(definitions, every),
        "units": {row.task: definitions[row.digest].unit_of(row.state, row.name) for row in rows},
        "news": _news(connection, actor, rows, definitions),
        "beside": beside_titles(connection, definitions, every, actor),
        "key_facts": key_facts_lines(connection, definitions, every, actor),
        "undone": undone_of(site, connection, ((row.workflow, row.reference) for row in rows), actor),
        "for_others": for_others,
        "urgent": {row.task for row in rows if _is_urgent(site, row)},
        "theirs_alone": {row.task for row in rows if _is_theirs_alone(definitions[row.digest], row)},
        "to_put_off": _to_put_off(rows, definitions, actor, for_others, site.now()),
    }


def _empty(groups: Sequence[Listed]) -> list[str]:
    """The headings of those that have nothing; that nothing is put off nobody misses."""
    return [group.title for group in groups if not group.rows and group.title != Group.PUT_OFF]


def _seen(site: Site, connection: Connection, rows: Sequence[WorkRow], actor: Actor) -> list[WorkRow]:
    """Without work that outlived its case's being theirs to read."""
    return [row for _, row in in_sight(site, connection, rows, actor)]


def _urgent_first(site: Site, rows: Sequence[WorkRow]) -> list[WorkRow]:
    """Of what is shown together, before what has only been late for longer."""
    return sorted(rows, key=lambda row: not _is_urgent(site, row))


def _is_urgent(site: Site, row: WorkRow) -> bool:
    """Whether it is what the nightly check calls urgent when it is not done in time, or has become so."""
    nightly = site.council.nightly_check
    return nightly is not None and is_urgent(nightly, row.workflow, row.name)


def _news(
    connection: Connection, actor: Actor, rows: Sequence[WorkRow], definitions: Mapping[str, Definition]
) -> dict[str, Line]:
    """By reference, the last thing an outsider did to each case where it is news to the reader."""
    digests = {row.reference: row.digest for row in rows if row.news}
    latest = latest_from_outside(connection, digests)
    told = {digest: Told(definition, actor) for digest, definition in definitions.items()}
    return {reference: told[digests[reference]].brief(entry) for reference, entry in latest.items()}


def _for_others(
    connection: Connection, actor: Actor, rows: Sequence[WorkRow], definitions: Mapping[str, Definition]
) -> set[int]:
    """The tasks that somebody else must do, as the reader did the step before."""
    kept_apart = [row for row in rows if definitions[row.digest].watched_events]
    references = {row.reference for row in kept_apart}
    doers = doers_of(connection, references) if kept_apart else {}
    sides = named_for_of(connection, actor.id or 0, references) if kept_apart else {}
    return {
        row.task
        for row in kept_apart
        if is_for_another(
            definitions[row.digest], row.state, doers[row.reference], row.name, sides.get(row.reference, actor.id)
        )
    }


def _to_put_off(
    rows: Sequence[WorkRow], definitions: Mapping[str, Definition], actor: Actor, for_others: Set[int], now: datetime
) -> set[int]:
    """The tasks that the reader can put off."""
    return {
        row.task
        for row in rows
        if (row.claimed_by == actor.id or row.task not in for_others) and not why_not(definitions[row.digest], row, now)
    }


def _is_theirs_alone(definition: Definition, row: WorkRow) -> bool:
    """Whether only whoever has the task can do it, so that it is neither put back nor passed on."""
    return row.claimed_by is not None and is_for_whom_it_names(definition, row.state, row.name)


def _labels(definitions: Mapping[str, Definition], rows: Sequence[WorkRow | CaseRowView]) -> dict[tuple[str, str], str]:
    """The staff's label of each state that the rows are in."""
    return {(row.digest, row.state): definitions[row.digest].state(row.state).label.staff for row in rows}


def _whom(site: Site, waiting: Sequence[CaseRowView]) -> dict[str, str]:
    """Whom each case waits for."""
    roles = site.council.roles
    return {row.reference: roles[row.awaiting].title for row in waiting if row.awaiting and row.awaiting in roles}


@post("/work/next", include_in_schema=False)
async def keep_next(request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep whether the next task is to open by itself once one is finished."""
    opens = one(await submitted_form(request), "opens") == "yes"
    return await in_thread(_keep_next, request.app.state.site, require(request).actor, opens)


def _keep_next(site: Site, actor: Actor, opens: bool) -> Response[Any]:
    with site.store.writing() as connection:
        keep_opens_next(connection, actor.id or 0, opens)
    return Redirect("/work#next", status_code=303)


ROUTES = [show, keep_next]
